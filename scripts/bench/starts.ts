import { existsSync } from "node:fs";
import { join } from "node:path";
import { isLocked, runStart, type StartRun } from "../start/testing.ts";
import type { Opened } from "./opened.ts";

/** Seconds from `npm start`'s first instruction to "Ready", on a data folder that a start has made before. */
export async function measureStarts(rounds: number, opened: Opened): Promise<number[]> {
  const first = await runStart({ data: opened.dir });
  opened.running = () => runningOf(first);
  await first.until(/Ready in/, 300_000);
  await first.interrupt();
  const took: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const from = performance.now();
    const run = await runStart({ data: opened.dir, port: first.port });
    opened.running = () => runningOf(run);
    await run.until(/Ready in/);
    took.push((performance.now() - from) / 1000);
    await run.interrupt();
  }
  return took;
}

/** First those that would start more. */
function* runningOf(run: StartRun): Generator<number> {
  if (isLocked(run.data)) yield run.owner();
  if (run.child.pid !== undefined) yield run.child.pid;
  if (existsSync(join(run.data, "processes.json"))) yield* run.processes().values();
}

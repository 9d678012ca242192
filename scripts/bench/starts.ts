import { removeData, runStart } from "../start/testing.ts";

/** Seconds from `npm start`'s first instruction to "Ready", on a data folder that a start has made before. */
export async function measureStarts(rounds: number): Promise<number[]> {
  const first = await runStart();
  await first.until(/Ready in/, 300_000);
  await first.interrupt();
  const took: number[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const from = performance.now();
      const run = await runStart({ data: first.data, port: first.port });
      await run.until(/Ready in/);
      took.push((performance.now() - from) / 1000);
      await run.interrupt();
    }
    return took;
  } finally {
    removeData(first.data);
  }
}

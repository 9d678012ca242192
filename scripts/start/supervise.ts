import { delay, type RunningProcess } from "../services/server.ts";
import { say } from "./report.ts";

/** One that has run for so long has recovered: its next fall begins with a short wait again. */
const STEADY_AFTER = 60_000;
const LONGEST_WAIT = 30_000;

/** Starts a process again whenever it ends by itself: after 1, 2, 4 … s. */
export async function supervise(name: string, running: RunningProcess, isStopping: () => boolean): Promise<void> {
  let wait = 1_000;
  let since = Date.now();
  for (;;) {
    await running.ended();
    if (isStopping()) return;
    if (Date.now() - since > STEADY_AFTER) wait = 1_000;
    say(`${name} ended by itself; it is started again in ${wait / 1_000} s`);
    await delay(wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
    if (isStopping()) return;
    since = Date.now();
    try {
      await running.restart();
      say(`${name} runs again`);
    } catch (error) {
      if (!isStopping()) say(`${name} could not be started again: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

import { Worker } from "node:worker_threads";
import { url as inspected } from "node:inspector";
import type { Logger } from "pino";
import type { Watch } from "../ports.ts";
import { boardOver } from "./board.ts";

export const BEAT_MS = 250;

export type WatchdogPlan = {
  readonly memory: SharedArrayBuffer;
  readonly databaseUrl: string;
  readonly processName: string;
  readonly logLevel: string;
  /** So long without a beat: it is told. */
  readonly tellAfterMs: number;
  /** And so long: the process is ended. */
  readonly endAfterMs: number;
};

export type WatchdogOptions = Omit<WatchdogPlan, "memory" | "tellAfterMs"> & { readonly logger: Logger };

/**
 * A handler that never gives the thread back cannot be given up by anything on that thread. Another one listens for its beats: it tells what stands
 * where, and ends the process when it has stood for too long, so that the attempt counts as that of any handler which kills its process (RUN-4).
 */
export function startWatchdog({ logger, ...options }: WatchdogOptions): { readonly watch: Watch; stop(): Promise<void> } {
  const board = boardOver();
  // Whoever looks at the process with a debugger stops it as long as they like.
  if (inspected() !== undefined) return { watch: board, stop: () => Promise.resolve() };
  board.beat();
  const beats = setInterval(() => board.beat(), BEAT_MS);
  beats.unref();
  const plan: WatchdogPlan = { ...options, memory: board.memory, tellAfterMs: Math.min(2_000, options.endAfterMs / 2) };
  const thread = new Worker(new URL("./watchdog-thread.ts", import.meta.url), { workerData: plan });
  thread.unref();
  thread.on("error", (error) => logger.error({ err: error }, "the watchdog has ended: a handler that blocks the thread is not noticed"));
  return {
    watch: board,
    async stop() {
      clearInterval(beats);
      await thread.terminate();
    },
  };
}

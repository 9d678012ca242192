import type { Logger } from "pino";
import type { ParsedEvent } from "#hub/log/types.ts";
import type { RunResult } from "./handler-run.ts";
import type { Lease } from "./leases.ts";
import type { Clock, RunnerLog } from "./ports.ts";
import type { RunnerObserver } from "./stats.ts";
import { idsOf, tracesOf } from "./trace.ts";

export type CommittedDeps = {
  /** How long the batch at hand waited for company. */
  waitedMs(): number;
  readonly log: RunnerLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly observe?: RunnerObserver;
  wake(queue: string, jobId: string, traceparent?: string): void;
};

/** After COMMIT: figures, log lines, what the handler appended, and whom it woke. */
export function tellCommitted({ waitedMs, log, clock, logger, observe, wake }: CommittedDeps, { group, shard, replayedTo }: Lease, events: readonly ParsedEvent[], { appended, wakes }: RunResult): void {
  // A wait for company is no delay: counted as one, the audit would be alarmed about all evening.
  observe?.applied(group, events, clock.now() - waitedMs(), replayedTo);
  const [first, last] = [events[0], events.at(-1)];
  // One line a transaction, so that it costs little beside it.
  if (first !== undefined && last !== undefined && logger.isLevelEnabled("info")) {
    logger.info({ group, shard, from: first.position.toString(), to: last.position.toString(), traces: tracesOf(events) }, "events applied");
  }
  if (logger.isLevelEnabled("debug")) {
    for (const event of events) logger.debug({ group, shard, position: event.position.toString(), ...idsOf(event) }, "applied");
  }
  log.publish(appended);
  for (const [queue, jobId, traceparent] of wakes) wake(queue, jobId, traceparent);
}

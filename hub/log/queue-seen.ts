import type { EventLog } from "./append.ts";

/** Whatever waits in a process: how much may, and how often there was no room. */
export type QueueSeen = {
  readonly queue: string;
  /** Now. */
  readonly length: number;
  readonly bound: number;
  /** Since the process began: what was refused, put off, or left to Postgres for want of room. */
  readonly full: number;
};

/** The log's own: commands that wait for a batch, and events that wait for Redis. */
export function logQueues(log: Pick<EventLog, "state">): readonly QueueSeen[] {
  const { append, publish } = log.state();
  return [append.queue, ...(publish === undefined ? [] : [publish.queue])];
}

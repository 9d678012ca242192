import type { StoredEvent } from "./types.ts";

/** All events of one command, which are applied or shown together (RT-2). */
export type Frame = {
  readonly shard: number;
  readonly from: bigint;
  readonly to: bigint;
  readonly commandId: string;
  readonly events: readonly StoredEvent[];
};

/** One shard's order of events: takes them from any source, in any order, any number of times; gives frames without a gap. */
export type ShardFeed = {
  /** The last position given. */
  readonly position: bigint;
  /** The command that ends there; undefined before the first. */
  readonly lastCommand: string | undefined;
  /** True when an event is here that does not follow. */
  readonly hole: boolean;
  /** Events that wait behind a hole, and how many found no room and were left to Postgres. */
  readonly early: { readonly length: number; readonly bound: number; readonly full: number };
  /**
   * Takes whole commands and gives whole commands, in order. What `position` has passed is known already; what comes
   * after a hole is kept up to a bound and dropped past it, all of one call or none, since Postgres has it.
   */
  accept(events: readonly StoredEvent[]): Frame[];
};

export function createShardFeed(shard: number, after: bigint, most = 2_000): ShardFeed {
  let position = after;
  let lastCommand: string | undefined;
  const early = new Map<bigint, StoredEvent>();
  let full = 0;

  return {
    get position() {
      return position;
    },
    get lastCommand() {
      return lastCommand;
    },
    get hole() {
      return early.size > 0;
    },
    get early() {
      return { length: early.size, bound: most, full };
    },
    accept(events) {
      const first = events[0];
      if (first === undefined) return [];
      if (first.position > position + 1n && early.size + events.length > most) {
        full += events.length;
        return [];
      }
      for (const event of events) {
        if (event.position > position) early.set(event.position, event);
      }
      const ready: StoredEvent[] = [];
      for (let next = early.get(position + 1n); next !== undefined; next = early.get(position + 1n)) {
        early.delete(next.position);
        position = next.position;
        lastCommand = next.commandId;
        ready.push(next);
      }
      return framesOf(shard, ready);
    },
  };
}

function framesOf(shard: number, events: readonly StoredEvent[]): Frame[] {
  const frames: Frame[] = [];
  let start = 0;
  for (let i = 1; i <= events.length; i++) {
    const first = events[start];
    const last = events[i - 1];
    if (first === undefined || last === undefined || events[i]?.commandId === first.commandId) continue;
    frames.push({ shard, from: first.position, to: last.position, commandId: first.commandId, events: events.slice(start, i) });
    start = i;
  }
  return frames;
}

import type { QueueSeen } from "#hub/log/queue-seen.ts";
import { shardOf } from "#shared/shards.ts";
import type { FedLog } from "./fed-log.ts";
import { framesOf, readFrame, type RoomFrame } from "./frames.ts";
import { ownerId, type EventIndex, type Owner } from "./types.ts";

/** The socket, as far as catching up concerns it. */
export type Reader = {
  readonly owners: readonly Owner[];
  isOpen(): boolean;
  send(frame: RoomFrame): void;
  /** Resolves when the socket takes more, or is closed. */
  ready(): Promise<void>;
  /** Joins the live frames; called in the same tick in which nothing was missing. */
  goLive(): void;
};

export type CatchUpOptions = {
  readonly log: FedLog;
  readonly index: EventIndex;
  /** Events that are replayed; who missed more is better off with a snapshot. */
  readonly maxEvents: number;
  /** Runs what asks Postgres, a few at a time: after a restart of the hub everyone comes at once. */
  gate<T>(ask: () => Promise<T>): Promise<T>;
};

/**
 * Brings a socket from its positions to where the feed stands, then live, without a hole or a double (RT-2): what was
 * sent is a position, and the step to live is taken only when the position is the feed's, with no await in between.
 */
export async function catchUp(reader: Reader, positions: Map<number, bigint>, options: CatchUpOptions): Promise<"live" | "closed" | "too-old" | "ahead"> {
  const { log, index } = options;
  for (const [shard, position] of positions) {
    // Another hub may have shown this screen what our feed has not brought yet; only past the log's own end is it wrong.
    if (position > log.fed(shard) && position > (await options.gate(() => index.head(shard)))) return "ahead";
  }
  while (reader.isOpen()) {
    const behind = [...positions].find(([shard, position]) => position < log.fed(shard));
    if (behind === undefined) {
      reader.goLive();
      return "live";
    }
    const [shard, position] = behind;
    const upTo = log.fed(shard);
    const owners = reader.owners.filter((owner) => shardOf(ownerId(owner)) === shard);
    const frames = fromRing(log, owners, position) ?? (await options.gate(() => fromIndex(options, owners, shard, position, upTo)));
    if (frames === "too-old") return "too-old";
    for (const frame of frames) {
      await reader.ready();
      if (!reader.isOpen()) return "closed";
      reader.send(frame);
    }
    positions.set(shard, upTo);
  }
  return "closed";
}

function fromRing(log: FedLog, owners: readonly Owner[], position: bigint): readonly RoomFrame[] | undefined {
  const kept = owners.map((owner) => log.since(owner, position));
  if (kept.some((frames) => frames === undefined)) return undefined;
  return inOrder(kept.map((frames) => frames ?? []));
}

async function fromIndex(options: CatchUpOptions, owners: readonly Owner[], shard: number, position: bigint, upTo: bigint): Promise<readonly RoomFrame[] | "too-old"> {
  const limit = options.maxEvents + 1;
  const read = await Promise.all(owners.map((owner) => options.index.read(owner, shard, position, limit)));
  if (read.reduce((sum, events) => sum + events.length, 0) > options.maxEvents) return "too-old";
  // Postgres may be ahead of the feed; what the feed has yet to bring is left to it.
  return inOrder(read.map((events) => framesOf(events.filter((event) => event.position <= upTo)).map(readFrame)));
}

function inOrder(lists: readonly (readonly RoomFrame[])[]): readonly RoomFrame[] {
  const [only] = lists;
  if (lists.length === 1 && only !== undefined) return only;
  return lists.flat().toSorted((a, b) => (a.from < b.from ? -1 : 1));
}

/** At most `width` at a time, the rest in the order they came; who finds `most` waiting is turned away, and comes back. */
export function createGate(width: number, most: number) {
  const waiting: (() => void)[] = [];
  let running = 0;
  let full = 0;
  return {
    async ask<T>(ask: () => Promise<T>): Promise<T> {
      if (running >= width) {
        if (waiting.length >= most) {
          full++;
          throw new Error("too many screens catch up at once");
        }
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      running++;
      try {
        return await ask();
      } finally {
        running--;
        waiting.shift()?.();
      }
    },
    seen: (): QueueSeen => ({ queue: "catching-up", length: waiting.length, bound: most, full }),
  };
}

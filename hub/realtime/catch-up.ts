import type { QueueSeen } from "#hub/log/queue-seen.ts";
import { shardOf } from "#shared/shards.ts";
import type { FedLog } from "./fed-log.ts";
import type { RoomFrame } from "./frames.ts";
import { inOrder, type Missed, type SharedReads } from "./shared-reads.ts";
import { ownerId, type Owner } from "./types.ts";

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
  readonly reads: SharedReads;
};

/**
 * Brings a socket from its positions to where the feed stands, then live, without a hole or a double (RT-2): what was
 * sent is a position, and the step to live is taken only when the position is the feed's, with no await in between.
 */
export async function catchUp(reader: Reader, positions: Map<number, bigint>, options: CatchUpOptions): Promise<"live" | "closed" | "too-old" | "ahead"> {
  const { log, reads } = options;
  for (const [shard, position] of positions) {
    // Another hub may have shown this screen what our feed has not brought yet; only past the log's own end is it wrong.
    if (position > log.fed(shard) && position > (await reads.head(shard))) return "ahead";
  }
  while (reader.isOpen()) {
    const behind = [...positions].find(([shard, position]) => position < log.fed(shard));
    if (behind === undefined) {
      reader.goLive();
      return "live";
    }
    const [shard, position] = behind;
    const owners = reader.owners.filter((owner) => shardOf(ownerId(owner)) === shard);
    const missed = fromRing(log, owners, shard, position) ?? (await reads.missed(owners, shard, position));
    if (missed === "too-old") return "too-old";
    for (const frame of missed.frames) {
      await reader.ready();
      if (!reader.isOpen()) return "closed";
      reader.send(frame);
    }
    positions.set(shard, missed.upTo);
  }
  return "closed";
}

function fromRing(log: FedLog, owners: readonly Owner[], shard: number, position: bigint): Missed | undefined {
  const kept = owners.map((owner) => log.since(owner, position));
  if (kept.some((frames) => frames === undefined)) return undefined;
  return { frames: inOrder(kept.map((frames) => frames ?? [])), upTo: log.fed(shard) };
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

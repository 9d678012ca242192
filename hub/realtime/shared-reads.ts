import type { FedLog } from "./fed-log.ts";
import { framesOf, readFrame, type RoomFrame } from "./frames.ts";
import type { EventIndex, Owner } from "./types.ts";

export type SharedReadOptions = {
  readonly log: Pick<FedLog, "epoch" | "fed">;
  readonly index: EventIndex;
  /** Events that are replayed; who missed more is better off with a snapshot. */
  readonly maxEvents: number;
  /** Runs what asks Postgres, a few at a time: after a restart of the hub everyone comes at once. */
  gate<T>(ask: () => Promise<T>): Promise<T>;
};

/** Frames after the asked position, and up to which one they are all there. */
export type Missed = { readonly frames: readonly RoomFrame[]; readonly upTo: bigint };

type Found = { readonly frames: readonly RoomFrame[]; readonly whole: boolean };
type Read = { readonly from: bigint; readonly done: Promise<Found>; /** Unknown until it has begun. */ upTo: bigint | undefined };

export type SharedReads = ReturnType<typeof createSharedReads>;

/**
 * What the screens of a place have missed, from Postgres. They come back together, and miss the same: who asks while
 * another's read from the same position, or from further back, is waiting or under way takes what it brings.
 */
export function createSharedReads({ log, index, maxEvents, gate }: SharedReadOptions) {
  const reads = new Map<string, Set<Read>>();
  const heads = new Map<number, Promise<bigint>>();
  /** Who asks in the same turn joins before it begins. */
  const gateLater: typeof gate = (ask) => Promise.resolve().then(() => gate(ask));

  function begin(key: string, owners: readonly Owner[], shard: number, from: bigint): Read {
    const under = reads.get(key) ?? new Set();
    reads.set(key, under);
    const done = gateLater(async () => {
      const upTo = (read.upTo = log.fed(shard));
      const found = await Promise.all(owners.map((owner) => index.read(owner, shard, from, maxEvents + 1)));
      const whole = found.reduce((sum, events) => sum + events.length, 0) <= maxEvents;
      // Postgres may be ahead of the feed; what the feed has yet to bring is left to it.
      return { whole, frames: whole ? inOrder(found.map((events) => framesOf(events.filter((event) => event.position <= upTo)).map(readFrame))) : [] };
    });
    const read: Read = { from, done, upTo: undefined };
    under.add(read);
    const over = () => {
      under.delete(read);
      if (under.size === 0) reads.delete(key);
    };
    done.then(over, over);
    return read;
  }

  return {
    /** The owners are those of one socket that are on the shard. */
    async missed(owners: readonly Owner[], shard: number, position: bigint): Promise<Missed | "too-old"> {
      const key = [log.epoch(), shard, ...owners.flatMap(({ organizerId, merchantId }) => [organizerId, merchantId])].join(" ");
      for (;;) {
        const under = [...(reads.get(key) ?? [])].find(({ from, upTo }) => from <= position && (upTo === undefined || upTo > position));
        const read = under ?? begin(key, owners, shard, position);
        const { whole, frames } = await read.done;
        if (whole) return { frames: read.from === position ? frames : frames.filter(({ to }) => to > position), upTo: read.upTo ?? position };
        if (read.from === position) return "too-old";
        // Too much from further back: it may be little enough from here.
      }
    },

    /** The last committed position of a shard, read after it was asked for. */
    head(shard: number): Promise<bigint> {
      const waiting = heads.get(shard);
      if (waiting !== undefined) return waiting;
      const asked = gateLater(() => {
        heads.delete(shard);
        return index.head(shard);
      });
      heads.set(shard, asked);
      asked.catch(() => {
        if (heads.get(shard) === asked) heads.delete(shard);
      });
      return asked;
    },
  };
}

export function inOrder(lists: readonly (readonly RoomFrame[])[]): readonly RoomFrame[] {
  const [only] = lists;
  if (lists.length === 1 && only !== undefined) return only;
  return lists.flat().toSorted((a, b) => (a.from < b.from ? -1 : 1));
}

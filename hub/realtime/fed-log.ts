import type { Cursor } from "#hub/log/feed.ts";
import type { Frame } from "#hub/log/feed-shard.ts";
import { SHARD_COUNT, shardOf } from "#shared/shards.ts";
import { readFrame, type RoomFrame } from "./frames.ts";
import { createRing, type Ring, type RingLimits } from "./ring.ts";
import { ownerId, type Owner } from "./types.ts";

type Held = { readonly ring: Ring; readonly shard: number; holders: number; leftAt: number };

export type FedLog = ReturnType<typeof createFedLog>;

/** What the feed has brought so far: a position for each shard, and a ring for each owner with a socket (or lately with one). */
export function createFedLog(options: { readonly from: Cursor; readonly ring: RingLimits; readonly keepRingMs: number }) {
  let epoch = options.from.epoch;
  let fed = positionsOf(options.from);
  const rings = new Map<string, Held>();

  return {
    epoch: () => epoch,

    /** LOG-7: nothing of the old epoch is worth keeping. */
    restart(from: Cursor): void {
      epoch = from.epoch;
      fed = positionsOf(from);
      rings.clear();
    },

    fed: (shard: number): bigint => fed[shard] ?? 0n,

    /** Undefined for a frame that was taken before. A hole: what lies between was never brought. */
    take(frame: Frame): { readonly frame: RoomFrame; readonly hole: boolean } | undefined {
      const before = fed[frame.shard] ?? 0n;
      if (frame.to <= before) return undefined;
      const hole = frame.from !== before + 1n;
      if (hole) for (const [key, held] of rings) if (held.shard === frame.shard) rings.delete(key);
      const ready = readFrame(frame);
      fed[frame.shard] = frame.to;
      rings.get(ownerId(ready.owner))?.ring.push(ready);
      return { frame: ready, hole };
    },

    /** Keeps the owner's frames from now on. Every hold has its release. */
    hold(owner: Owner): void {
      const key = ownerId(owner);
      const shard = shardOf(key);
      const held = rings.get(key);
      if (held !== undefined) held.holders++;
      else rings.set(key, { ring: createRing(fed[shard] ?? 0n, options.ring), shard, holders: 1, leftAt: 0 });
    },

    release(owner: Owner, now: number): void {
      const held = rings.get(ownerId(owner));
      if (held === undefined) return;
      held.holders = Math.max(0, held.holders - 1);
      held.leftAt = now;
    },

    since: (owner: Owner, position: bigint): readonly RoomFrame[] | undefined => rings.get(ownerId(owner))?.ring.since(position),

    /** Forgets the rings that nobody came back for. */
    sweep(now: number): void {
      for (const [key, held] of rings) if (held.holders === 0 && now - held.leftAt > options.keepRingMs) rings.delete(key);
    },

    rings: () => rings.size,
  };
}

function positionsOf(from: Cursor): bigint[] {
  return Array.from({ length: SHARD_COUNT }, (_, shard) => from.positions[shard] ?? 0n);
}

import { SHARD_COUNT } from "#shared/shards.ts";
import { createBatchKeys } from "./batch-keys.ts";
import type { EncodedCommand } from "./encode.ts";

export type Waiting = {
  readonly encoded: EncodedCommand;
  /** Clock milliseconds. */
  readonly since: number;
};

export type QueueLimits = {
  /** Characters in a batch. */
  readonly batchSize: number;
};

/** How far a batch looks past commands that must wait for an earlier one. */
const SCAN = 512;

/**
 * Commands in arrival order per shard. A batch takes from all shards in turn, so that neither a busy nor a crowded
 * shard keeps another one waiting, and at most one command for each key (LOG-2).
 */
export function createAppendQueue<W extends Waiting>(limits: QueueLimits) {
  const shards: W[][] = Array.from({ length: SHARD_COUNT }, () => []);
  /** Shards whose lock was busy last time: one command probes, the others keep their places in the batch free. */
  const busy = new Set<number>();
  let length = 0;
  let turn = 0;

  return {
    get length() {
      return length;
    },
    push(waiting: W): void {
      shards[waiting.encoded.shard]?.push(waiting);
      length++;
    },
    /** Puts a batch's commands back before all others of their shards, in their order. */
    putBack(batch: readonly W[]): void {
      for (const waiting of [...batch].reverse()) {
        shards[waiting.encoded.shard]?.unshift(waiting);
        length++;
      }
    },
    shardWasBusy(shard: number, wasBusy: boolean): void {
      if (wasBusy) busy.add(shard);
      else busy.delete(shard);
    },
    takeBatch(most: number): W[] {
      const batch: W[] = [];
      const ids = new Set<string>();
      let size = 0;
      turn = (turn + 1) % SHARD_COUNT;
      let lanes = shards.map((_, i) => (turn + i) % SHARD_COUNT).map((shard) => candidates(shards[shard] ?? [], busy.has(shard) ? 1 : Infinity));
      while (lanes.length > 0 && batch.length < most && (batch.length === 0 || size < limits.batchSize)) {
        const open: typeof lanes = [];
        for (const lane of lanes) {
          if (batch.length >= most) break;
          const { value } = lane.next();
          if (value === undefined) continue;
          open.push(lane);
          if (ids.has(value.encoded.command.commandId)) continue;
          ids.add(value.encoded.command.commandId);
          batch.push(value);
          size += value.encoded.size;
        }
        lanes = open;
      }
      remove(batch);
      return batch;
    },
    /** Takes out everything that has waited since `before` or longer. */
    takeOlderThan(before: number): W[] {
      const old = shards.flatMap((shard) => shard.filter((waiting) => waiting.since <= before));
      remove(old);
      return old;
    },
  };

  function remove(taken: readonly W[]): void {
    if (taken.length === 0) return;
    const gone = new Set(taken);
    for (const shard of new Set(taken.map((waiting) => waiting.encoded.shard))) {
      shards[shard] = (shards[shard] ?? []).filter((waiting) => !gone.has(waiting));
    }
    length -= taken.length;
  }
}

/** Those whose keys no earlier command of the shard holds: a command that must wait keeps its keys from later ones. */
function* candidates<W extends Waiting>(shard: readonly W[], most: number): Generator<W, undefined> {
  const earlier = createBatchKeys();
  let given = 0;
  for (const waiting of shard.slice(0, SCAN)) {
    const free = earlier.admits(waiting.encoded);
    earlier.add(waiting.encoded);
    if (!free) continue;
    yield waiting;
    if (++given === most) return undefined;
  }
  return undefined;
}

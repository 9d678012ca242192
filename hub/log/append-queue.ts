import { SHARD_COUNT } from "#shared/shards.ts";
import { createBatchKeys } from "./batch-keys.ts";
import type { EncodedCommand } from "./encode.ts";

export type Waiting = {
  readonly encoded: EncodedCommand;
  /** As the clock of the queue's limits has it. */
  readonly since: number;
};

export type QueueLimits = {
  /** Characters in a batch. */
  readonly batchSize: number;
  /** Milliseconds, which never go back. */
  readonly now: () => number;
};

/** How far a batch looks past commands that must wait for an earlier one. */
const SCAN = 512;
const BUSY_PAUSE_MS = 3;
/** A commit is over by then; what holds a shard for longer, holds it for much longer. */
const SHORT_PAUSES = 8;
const MOST_PAUSE_MS = 48;

/** What one owner has waiting in its shard, in order of arrival. */
type Lane<W> = { readonly owner: string; waiting: W[] };

/**
 * Commands in arrival order per owner. A batch takes one from every owner in turn, so that neither a busy shard nor a
 * flood from one place keeps another one waiting, and at most one command for each key (LOG-2).
 */
export function createAppendQueue<W extends Waiting>(limits: QueueLimits) {
  const shards: Map<string, Lane<W>>[] = Array.from({ length: SHARD_COUNT }, () => new Map());
  /** Shards whose lock was busy last time: after a pause one command probes, the others keep their places in the batch free. */
  const busy = new Map<number, { readonly tries: number; readonly until: number }>();
  let length = 0;
  let turn = 0;

  return {
    get length() {
      return length;
    },
    /** Of the command's owner. */
    waitingOf({ shard, command }: EncodedCommand): number {
      return shards[shard]?.get(ownerOf(command))?.waiting.length ?? 0;
    },
    push(waiting: W): void {
      laneOf(waiting)?.waiting.push(waiting);
      length++;
    },
    /** Puts a batch's commands back before all others of their owners, in their order. */
    putBack(batch: readonly W[]): void {
      for (const waiting of [...batch].reverse()) {
        laneOf(waiting)?.waiting.unshift(waiting);
        length++;
      }
    },
    /** Of one try, however many commands of the shard were in it. */
    shardWasBusy(shard: number, wasBusy: boolean): void {
      if (!wasBusy) return void busy.delete(shard);
      const tries = (busy.get(shard)?.tries ?? 0) + 1;
      busy.set(shard, { tries, until: limits.now() + Math.min(MOST_PAUSE_MS, BUSY_PAUSE_MS * 2 ** Math.max(0, tries - SHORT_PAUSES)) });
    },
    isBusy: (shard: number): boolean => busy.has(shard),
    hasWaiting: (shard: number): boolean => (shards[shard]?.size ?? 0) > 0,
    /** Milliseconds until something that waits may be tried; 0 when it may now, Infinity when nothing waits. */
    restMs(): number {
      const now = limits.now();
      return shards.reduce((least, owners, shard) => (owners.size === 0 ? least : Math.min(least, Math.max(0, (busy.get(shard)?.until ?? now) - now))), Infinity);
    },
    takeBatch(most: number): W[] {
      const batch: W[] = [];
      const ids = new Set<string>();
      const taken = createBatchKeys();
      let size = 0;
      let lanes = openLanes();
      while (lanes.length > 0 && batch.length < most && (batch.length === 0 || size < limits.batchSize)) {
        const open: typeof lanes = [];
        for (const lane of lanes) {
          if (batch.length >= most) break;
          const { value } = lane.next();
          if (value === undefined) continue;
          open.push(lane);
          // Streams have one owner; who names another's waits, and is refused by the log.
          if (ids.has(value.encoded.command.commandId) || !taken.admits(value.encoded)) continue;
          ids.add(value.encoded.command.commandId);
          taken.add(value.encoded);
          batch.push(value);
          size += value.encoded.size;
        }
        lanes = open;
      }
      remove(batch);
      return batch;
    },
    /** Takes out everything that has waited since `before` or longer; of one shard, if it is named. */
    takeOlderThan(before: number, only?: number): W[] {
      const old = shards.flatMap((owners, shard) => (only ?? shard) === shard ? [...owners.values()].flatMap(({ waiting }) => waiting.filter(({ since }) => since <= before)) : []);
      remove(old);
      return old;
    },
  };

  function laneOf({ encoded }: W): Lane<W> | undefined {
    const owners = shards[encoded.shard];
    const owner = ownerOf(encoded.command);
    let lane = owners?.get(owner);
    if (lane === undefined) owners?.set(owner, (lane = { owner, waiting: [] }));
    return lane;
  }

  /** Every owner's, another one first each time. */
  function openLanes(): Generator<W, undefined>[] {
    turn++;
    const now = limits.now();
    return shards.flatMap((_, i) => {
      const shard = (turn + i) % SHARD_COUNT;
      const owners = rotated([...(shards[shard]?.values() ?? [])], turn);
      const held = busy.get(shard);
      if (held === undefined) return owners.map(({ waiting }) => candidates(waiting, Infinity));
      return held.until > now ? [] : owners.slice(0, 1).map(({ waiting }) => candidates(waiting, 1));
    });
  }

  function remove(taken: readonly W[]): void {
    if (taken.length === 0) return;
    const gone = new Set(taken);
    for (const lane of new Set(taken.map(laneOf))) {
      if (lane === undefined) continue;
      const [{ encoded }] = lane.waiting as [W];
      lane.waiting = lane.waiting.filter((waiting) => !gone.has(waiting));
      if (lane.waiting.length === 0) shards[encoded.shard]?.delete(lane.owner);
    }
    length -= taken.length;
  }
}

function ownerOf({ merchantId, organizerId }: EncodedCommand["command"]): string {
  return merchantId ?? organizerId;
}

function rotated<T>(items: readonly T[], by: number): readonly T[] {
  const at = items.length === 0 ? 0 : by % items.length;
  return at === 0 ? items : [...items.slice(at), ...items.slice(0, at)];
}

/** Those whose keys no earlier command of the owner holds: a command that must wait keeps its keys from later ones. */
function* candidates<W extends Waiting>(lane: readonly W[], most: number): Generator<W, undefined> {
  const earlier = createBatchKeys();
  let given = 0;
  for (const waiting of lane.slice(0, SCAN)) {
    const free = earlier.admits(waiting.encoded);
    earlier.add(waiting.encoded);
    if (!free) continue;
    yield waiting;
    if (++given === most) return undefined;
  }
  return undefined;
}

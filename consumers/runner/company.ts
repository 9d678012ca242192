/** So many shards whose batches each are a transaction of their own cost little beside the taps. */
const FEW_SHARDS = 4;
/** A shard whose last batch began longer ago is not busy. */
const BUSY_MS = 2_000;
const MOST_MS = 1_000;

export type Company = {
  /** Milliseconds that the batch of a shard which begins now waits for more events. */
  waitMs(shard: number): number;
};

/**
 * How long a group's batches wait in this process (RUN-3e): `lingerMs` while few shards are busy, for every four more as long again, up to a second. The work of
 * many restaurants is on all shards, and without it would be as many small transactions a second for each.
 */
export function company(lingerMs: number, now: () => number): Company {
  const began = new Map<number, number>();
  return {
    waitMs(shard) {
      if (lingerMs === 0) return 0;
      const at = now();
      began.set(shard, at);
      const busy = [...began.values()].filter((when) => at - when <= BUSY_MS).length;
      return Math.max(lingerMs, Math.min(MOST_MS, lingerMs * Math.ceil(busy / FEW_SHARDS)));
    },
  };
}

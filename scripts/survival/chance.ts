/** Choices that are the same in every run of one seed (mulberry32). */
export type Chance = {
  /** True in `share` of the cases. */
  is(share: number): boolean;
  /** A whole number from `low` to `high`, both included. */
  from(low: number, high: number): number;
  pick<T>(list: readonly T[]): T;
};

export function chance(seed: number): Chance {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const from = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    is: (share) => next() < share,
    from,
    pick<T>(list: readonly T[]): T {
      const picked = list[from(0, list.length - 1)];
      if (picked === undefined) throw new Error("nothing to pick from");
      return picked;
    },
  };
}

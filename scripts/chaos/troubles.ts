import type { Trouble } from "../survival/check/unseen.ts";

export type Troubles = {
  readonly all: readonly Trouble[];
  /** Keeps from when to when something was done; what throws is never over. */
  during<T>(fault: string, done: () => Promise<T>): Promise<T>;
};

export function keepTroubles(now: () => number = Date.now): Troubles {
  const all: { readonly fault: string; readonly from: number; to: number }[] = [];
  return {
    all,
    async during(fault, done) {
      const trouble = { fault, from: now(), to: Number.POSITIVE_INFINITY };
      all.push(trouble);
      const result = await done();
      trouble.to = now();
      return result;
    },
  };
}

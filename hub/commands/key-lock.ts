export type KeyLock = ReturnType<typeof createKeyLock>;

/** Lets holders of disjoint sets of keys run side by side; those that share a key run one after the other, in order of asking. */
export function createKeyLock() {
  const tails = new Map<string, Promise<void>>();

  return {
    /** All keys are asked for in one step, so two holders never wait for each other. `work` is told whether it had to wait. */
    async run<T>(keys: readonly string[], work: (hasWaited: boolean) => Promise<T>): Promise<T> {
      const before: Promise<void>[] = [];
      let release = (): void => {};
      const mine = new Promise<void>((resolve) => (release = resolve));
      for (const key of new Set(keys)) {
        const tail = tails.get(key);
        if (tail !== undefined) before.push(tail);
        tails.set(key, mine);
      }
      try {
        if (before.length > 0) await Promise.all(before);
        return await work(before.length > 0);
      } finally {
        for (const key of keys) if (tails.get(key) === mine) tails.delete(key);
        release();
      }
    },
    held: () => tails.size,
  };
}

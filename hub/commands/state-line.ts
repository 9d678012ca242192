export type LineBounds = {
  /** Nothing older is given, nor kept for long. */
  readonly maxAgeMs: number;
  /** Of all that is kept, in whatever the entries are weighed by. */
  readonly maxWeight: number;
};
export type StateLine<Value> = ReturnType<typeof createStateLine<Value>>;

type Kept<Value> = { readonly value: Value; readonly weight: number; readonly at: number; /** To the end of the line of those that are dropped. */ movedAt: number };

/** Near enough to "least recently used": what every command reads is not moved by each. */
const MOVE_AGAIN_MS = 1_000;

/** Values by key, bounded by weight and age; those that nobody has used for longest go first. */
export function createStateLine<Value>({ maxAgeMs, maxWeight }: LineBounds, now: () => number) {
  const line = new Map<string, Kept<Value>>();
  let weight = 0;

  function drop(key: string): void {
    weight -= line.get(key)?.weight ?? 0;
    line.delete(key);
  }

  return {
    /** Undefined when it is too old. */
    get(key: string): Value | undefined {
      const kept = line.get(key);
      const at = now();
      if (kept === undefined || at - kept.at > maxAgeMs) return undefined;
      if (at - kept.movedAt > MOVE_AGAIN_MS) {
        kept.movedAt = at;
        line.delete(key);
        line.set(key, kept);
      }
      return kept.value;
    },

    /** However old it is. */
    peek: (key: string): Value | undefined => line.get(key)?.value,

    put(key: string, value: Value, weighs: number): void {
      drop(key);
      const at = now();
      line.set(key, { value, weight: weighs, at, movedAt: at });
      weight += weighs;
      // From the front of the line: those that are too old to be used by anybody, and one more where there is no room.
      for (const [oldest, { movedAt }] of line) {
        if (weight <= maxWeight && at - movedAt <= maxAgeMs) break;
        drop(oldest);
      }
    },

    drop,

    clear(): void {
      line.clear();
      weight = 0;
    },

    size: () => line.size,
  };
}

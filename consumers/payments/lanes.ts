import type { ProviderRequestKind } from "#shared/events/payment.ts";

/** A provider is asked for so much at once: what guests wait for, and refunds, which may hang for days. A silent one holds up nobody but itself, and its refunds no payment. */
export const AT_ONCE = { payments: 8, refunds: 4 } as const;
export type Lane = keyof typeof AT_ONCE;

/** Who found its lane full is remembered in turn; whom this is too many for, the sweep finds. */
const MOST_WAITING = 200;

const laneOf = (kind: ProviderRequestKind): Lane => (kind === "refund" ? "refunds" : "payments");

type At = { readonly most: number; busy: number; readonly waiting: Set<string> };

/** `begin`: whose turn it is, now that there is room; it fails never. */
export function lanesOf(begin: (id: string) => Promise<unknown>) {
  const lanes = new Map<string, At>();

  /** Whoever finds nothing to do any more leaves the room to the next. */
  function offer(at: At): void {
    const [next] = at.waiting;
    if (next === undefined || at.busy >= at.most) return;
    at.waiting.delete(next);
    void begin(next).then(() => offer(at));
  }

  return {
    /** The way out again, to be called once; undefined when the lane is full: then `id` begins when there is room. */
    enter(id: string, provider: string, kind: ProviderRequestKind): (() => void) | undefined {
      const lane = laneOf(kind);
      const key = `${lane} ${provider}`;
      const at = lanes.get(key) ?? { most: AT_ONCE[lane], busy: 0, waiting: new Set<string>() };
      lanes.set(key, at);
      if (at.busy >= at.most) {
        if (at.waiting.size < MOST_WAITING) at.waiting.add(id);
        return undefined;
      }
      at.waiting.delete(id);
      at.busy++;
      return () => {
        at.busy--;
        offer(at);
      };
    },
  };
}

import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";

export type Opening = { readonly serviceType: "takeaway" | "delivery" | "dine_in"; readonly label: string; readonly channel: "tablet" | "till"; readonly customer: string | null; readonly promisedAt: string | null };

/** What this tablet remembers of an order and the log need not know. */
export type Scratch = {
  /** Sticky (screen rule 5): where the next item goes. */
  readonly seat: number | null;
  /** Null: the product's own course. */
  readonly course: number | null;
  readonly selected: readonly string[];
  readonly hold: Readonly<Record<number, "hold" | "fire">>;
  /** Lines that a Send refused, with what is left. */
  readonly short: Readonly<Record<string, string>>;
  readonly sendable: readonly string[];
  /** What this tablet added last, to be seen. */
  readonly added: string | null;
  /** How an order without a table begins, until its first item is there. */
  readonly opening: Opening | null;
};

const BLANK: Scratch = { seat: null, course: null, selected: [], hold: {}, short: {}, sendable: [], added: null, opening: null };
const REMEMBERED_ORDERS = 60;

type Tablet = {
  readonly scratch: Readonly<Record<string, Scratch>>;
  readonly category: string | null;
  note(order: string, change: Partial<Scratch>): void;
  openCategory(category: string | null): void;
};

/** Survives a reload and the lock: locking or switching the person loses nothing (screen rule 6). */
export const useTablet = create<Tablet>()(
  persist(
    (set) => ({
      scratch: {},
      category: null,
      note: (order, change) =>
        set(({ scratch }) => {
          const { [order]: now = BLANK, ...others } = scratch;
          const kept = Object.entries(others).slice(-REMEMBERED_ORDERS);
          return { scratch: { ...Object.fromEntries(kept), [order]: { ...now, ...change } } };
        }),
      openCategory: (category) => set({ category }),
    }),
    { name: "comanda.pos.tablet", storage: createJSONStorage(() => window.sessionStorage) },
  ),
);

export function useScratch(order: string): Scratch {
  return useTablet((tablet) => tablet.scratch[order] ?? BLANK);
}

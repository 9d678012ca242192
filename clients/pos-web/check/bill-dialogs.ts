import { create } from "zustand";
import type { AdjustmentKind } from "#shared/events/sale-check.ts";

export type BillDialog =
  | { readonly kind: "adjust"; readonly check: string; readonly lines: readonly string[]; readonly start: AdjustmentKind }
  | { readonly kind: "charge"; readonly check: string }
  | { readonly kind: "merge"; readonly check: string }
  | { readonly kind: "move-check"; readonly check: string }
  | { readonly kind: "move-lines" }
  | { readonly kind: "equally"; readonly check: string }
  | { readonly kind: "refund"; readonly check: string };

type BillDialogs = { readonly now: BillDialog | null; open(dialog: BillDialog): void; close(): void };

/** A menu closes when something in it is tapped, so what it opens does not live in it. */
export const useBillDialogs = create<BillDialogs>()((set) => ({ now: null, open: (now) => set({ now }), close: () => set({ now: null }) }));

import type { AdjustmentKind, OperationKind } from "#shared/events/sale-check.ts";

export const ADJUSTMENT_WORDS: Readonly<Record<AdjustmentKind, string>> = { discount: "Discount", comp: "On the house", "staff-meal": "Staff meal" };

/** "Luca split it": what was done, as the end of a sentence and as what is undone. */
export const OPERATION_WORDS: Readonly<Record<OperationKind, { readonly done: string; readonly noun: string }>> = {
  split: { done: "moved items", noun: "moving items" },
  share: { done: "shared items", noun: "sharing" },
  merge: { done: "merged bills", noun: "merging" },
  move: { done: "moved a bill", noun: "moving the bill" },
  parts: { done: "divided the payment", noun: "dividing the payment" },
  "order-merge": { done: "merged orders", noun: "merging the orders" },
  "order-split": { done: "divided the party", noun: "dividing the party" },
  join: { done: "joined parties", noun: "joining the parties" },
  "hand-over": { done: "handed over", noun: "the hand-over" },
};

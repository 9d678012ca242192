import { z } from "zod";
import { enteredMoneyPositive, id, quantity, text } from "#shared/events/primitives.ts";
import { adjustmentKind } from "#shared/events/sale-check.ts";
import { approvalId } from "./approval.ts";

/** `check.present` -> `{ totals }`: the numbered pre-bill. */
export const presentCheck = z.object({ check: id("check") });
/** `check.close` -> `{ number }`. Refuses: not-paid { due }, unsent-items { items }. Completes the order when it was its last open check. */
export const closeCheck = z.object({ check: id("check") });
/** `check.printReceipt` -> `{ copy }`: of a closed check; a second one is marked as a copy. */
export const printReceipt = z.object({ check: id("check") });

const operation = id("operation");
/** One line's part: all of the share, so many of it ("3" of 5 waters), or a fraction of it. */
const take = z.object({ share: id("share"), quantity: quantity.optional(), fraction: z.object({ numerator: z.number().int().min(1).max(999), denominator: z.number().int().min(1).max(999) }).optional() });
/** Whose a check becomes: a party's (its table's name and waiter), or a name of its own (a tab). */
const place = z.discriminatedUnion("kind", [z.object({ kind: z.literal("party"), party: id("party") }), z.object({ kind: z.literal("label"), label: text(30) })]);
/** To `check`, from the command's own check or from another one (`from`). `to`: whose a check that is made becomes; without it it stands where its lines come from. */
const into = z.object({ check: id("check"), from: id("check").optional(), label: text(30).optional(), to: place.optional(), lines: z.array(take).min(1).max(200) });
/**
 * `check.split` -> `{ checks }`. Moves lines, or parts of them, from `check` to others, from several checks too (`from`), as one piece of work with one undo: a check that
 * is not there yet is made, one that is takes more. Lines of a combo go together. Refuses: check-closed, same-check (it gives and takes), unknown-share { share }, quantity-too-large { share, left },
 * combo-is-whole { share }, attempt-open { payment }, item-paid { over }, nothing-to-split (it would leave no line or change nothing), too-many-checks, too-many-parts { item }, line-twice { share },
 * operation-exists { operation }, wrong-currency; and for `to`: check-exists { check }, unknown-party, party-cleared.
 */
export const splitCheck = z.object({ operation, check: id("check"), into: z.array(into).min(1).max(60) });
/**
 * `check.splitBySeat` -> `{ checks }`: each seat with lines on `check` gets a check, in the order of seats; the seat on `keep` (or the first) keeps this one. What nobody's seat
 * names stays, or is shared by all (`shared: "divide"`). `checks` are ids to use, as many as there are seats at most. Later items go to their seat's check. Refuses as `check.split`.
 */
export const splitBySeat = z.object({ operation, check: id("check"), checks: z.array(id("check")).max(20), shared: z.enum(["stay", "divide"]).default("stay") });
/**
 * `check.share` -> `{}`: the items, which lie on `check`, on others of its family or on those `from`, are divided equally among these checks, whatever they had of them before.
 * Refuses as `check.split`, and: unknown-item { item }.
 */
export const shareItems = z.object({ operation, items: z.array(id("item")).min(1).max(100), check: id("check"), from: z.array(id("check")).max(60).default([]), among: z.array(id("check")).min(1).max(20) });
/** `check.merge` -> `{ target }`: lines and money of `sources` go to `target`, whose policies hold. Refuses: check-closed, attempt-open, wrong-currency, same-check. */
export const mergeChecks = z.object({ operation, target: id("check"), sources: z.array(id("check")).min(1).max(20) });
/**
 * `check.undo` -> `{}`: of a split, a sharing, a merge, a move or payment parts, as it was; what was added or paid since stays on the check. Refuses: unknown-operation, and
 * `cannot-undo { why, … }`: `closed` { check }, `paid` { check, over } (the check would be paid more than it owes), `attempt-open` { check, payment }, `moved-on` { items, operation } (undo that first), `merged` { check, into }.
 */
export const undoCheck = z.object({ operation, check: id("check") });
/**
 * `check.setParts` -> `{ parts }`: payment parts of one check. Equally: parts without an amount; by amount: with one; an empty list ends them. Parts that money lies on must stay, and those being paid keep their amount, or are given what they come to now.
 * Under an `operation` it is undone by `check.undo`. Refuses: check-closed, part-paid { part }, attempt-open { part }, amount-over-due { due }, wrong-currency, not-in-units { field, unit }.
 */
export const setParts = z.object({ operation: operation.optional(), check: id("check"), parts: z.array(z.object({ part: id("part"), name: text(30), amount: enteredMoneyPositive.nullable().default(null) })).max(20) });
/** `check.move` -> `{}`: to another party (its table's name and waiter), or a name of its own (a tab). Items and orders stay. Refuses: check-closed, unknown-party, party-cleared. Undone by `check.undo`. */
export const moveCheck = z.object({ operation, check: id("check"), to: place });
/**
 * `check.adjust` -> `{ amount }`: a discount, a comp or a staff meal, on lines or (none named) the whole check, by rate or by amount. Refuses: check-closed, unknown-share, adjustment-exists,
 * too-many-adjustments { most }, too-many-cuts { most }, discount-over-amount { max }, not-in-units { field, unit }, rate-or-amount, item-paid { over }, attempt-open, approval-required { action: discount | comp | staff-meal; subject: the check, its shares as lines, amount, rate, reason }.
 */
export const adjustCheck = z.object({
  check: id("check"),
  adjustment: id("adjustment"),
  kind: adjustmentKind,
  lines: z.array(id("share")).max(200).default([]),
  rate: z.string().regex(/^(0(\.\d{1,6})?|1)$/, { error: "must be a fraction of one, such as 0.15" }).nullable().default(null),
  amount: enteredMoneyPositive.nullable().default(null),
  reason: text(80),
  approval: approvalId,
});
/** `check.removeAdjustment` -> `{}`: wherever its lines are now. Refuses: unknown-adjustment, check-closed. */
export const removeAdjustment = z.object({ check: id("check"), adjustment: id("adjustment") });
/** `check.removeServiceCharge` -> `{}`. Refuses: check-closed, no-service-charge, charge-mandatory, item-paid, attempt-open, approval-required { action: remove-service-charge; subject: the check, the rate and what it comes to, reason }. */
export const removeServiceCharge = z.object({ check: id("check"), reason: text(80), approval: approvalId });
/** `check.restoreServiceCharge` -> `{}`: as the policy says. */
export const restoreServiceCharge = z.object({ check: id("check") });

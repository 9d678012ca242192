import type { Tender } from "#shared/events/sale-check.ts";
import { allocateEqually } from "#shared/money/allocate.ts";
import { unitOf } from "#shared/money/rounding.ts";
import { lockedAmount } from "./evolve-payments.ts";
import type { CheckState } from "./state.ts";
import { checkTotals } from "./totals.ts";

/** Minor units. `settled`: it was paid in full, and keeps what it paid whatever comes later. */
export type PartView = { readonly part: string; readonly name: string; readonly amount: bigint; readonly paid: bigint; readonly tip: bigint; readonly due: bigint; readonly settled: boolean };
/** `rest`: what no part and no payment covers. */
export type PartsView = { readonly parts: readonly PartView[]; readonly rest: bigint };

function sumOf(tenders: readonly Tender[], field: "amount" | "tip"): bigint {
  return tenders.reduce((sum, tender) => sum + BigInt(tender[field].amount), 0n);
}

/** Equal amounts of what is left, but nobody less than their floor; the first ones bear the remainder. */
function equalAmounts(left: bigint, floors: readonly bigint[], unit: bigint): readonly bigint[] {
  const amounts = floors.map((one) => one);
  let open = floors.map((_, i) => i);
  let rest = left;
  for (;;) {
    const equal = allocateEqually(rest > 0n ? rest : 0n, open.length, unit);
    const over = open.filter((i, n) => (floors[i] ?? 0n) > (equal[n] ?? 0n));
    if (over.length === 0) {
      open.forEach((i, n) => (amounts[i] = equal[n] ?? 0n));
      return amounts;
    }
    for (const i of over) rest -= floors[i] ?? 0n;
    open = open.filter((i) => !over.includes(i));
    if (open.length === 0) return amounts;
  }
}

/**
 * DOM-10: parts of one check, equally and by amount. What comes later is borne by the parts that are not paid yet, and none of them is less than was paid of it or is
 * being asked for: a guest who holds a card to a terminal pays the amount on it, whatever others pay meanwhile. Parts and rest sum to the check's total.
 */
export function partsOf(check: CheckState): PartsView {
  const parts = check.parts ?? [];
  const total = BigInt(checkTotals(check).total);
  const known = new Set(parts.map(({ part }) => part));
  const own = parts.map(({ part }) => check.tenders.filter((tender) => tender.part === part));
  const paid = own.map((tenders) => sumOf(tenders, "amount"));
  const loose = sumOf(check.tenders.filter((tender) => tender.part === undefined || !known.has(tender.part)), "amount");
  const floors = parts.map(({ part, paid: settled }, i) => (paid[i] ?? 0n) + (settled === null ? lockedAmount(check, part) : 0n));
  let left = total - loose;
  let reserved = 0n;
  parts.forEach((part, i) => {
    if (part.paid !== null) left -= paid[i] ?? 0n;
    else reserved += floors[i] ?? 0n;
  });
  const amounts = parts.map((part, i) => {
    if (part.paid !== null) return paid[i] ?? 0n;
    if (part.amount === null) return null;
    const floor = floors[i] ?? 0n;
    reserved -= floor;
    const room = left - reserved;
    const wanted = BigInt(part.amount.amount);
    const fits = wanted < room ? wanted : room;
    const amount = fits > floor ? fits : floor;
    left -= amount;
    return amount;
  });
  const equal = parts.flatMap((_, i) => (amounts[i] === null ? [i] : []));
  if (equal.length > 0) {
    equalAmounts(left, equal.map((i) => floors[i] ?? 0n), unitOf(check.policies.rounding)).forEach((amount, n) => {
      const i = equal[n];
      if (i !== undefined) amounts[i] = amount;
      left -= amount;
    });
  }
  return {
    rest: left,
    parts: parts.map(({ part, name, paid: settled }, i) => {
      const amount = amounts[i] ?? 0n;
      const mine = paid[i] ?? 0n;
      return { part, name, amount, paid: mine, tip: sumOf(own[i] ?? [], "tip"), due: amount - mine, settled: settled !== null };
    }),
  };
}

/** Minor units due on one part; undefined when there is no such part. */
export function partDue(check: CheckState, part: string): bigint | undefined {
  return partsOf(check).parts.find((one) => one.part === part)?.due;
}

/** After a payment or its reversal: which parts are paid in full. */
export function settleParts(check: CheckState): CheckState {
  if (!check.parts || check.parts.length === 0) return check;
  const views = partsOf(check).parts;
  const parts = check.parts.map((part, i) => {
    const view = views[i];
    const paid = view && view.paid > 0n && view.due <= 0n ? view.paid.toString() : null;
    return part.paid === paid ? part : { ...part, paid };
  });
  return { ...check, parts };
}

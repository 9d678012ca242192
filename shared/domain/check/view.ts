import type { AdjustmentKind, CheckTotals, Share } from "#shared/events/sale-check.ts";
import type { Fraction } from "#shared/money/fraction.ts";
import { openAttempts, type OpenAttempt } from "./evolve-payments.ts";
import { fractionOf, lineAmount, payableAmount } from "./lines.ts";
import { partsOf, type PartsView } from "./parts.ts";
import type { CheckState, CheckStatus } from "./state.ts";
import { checkTotals } from "./totals.ts";

/** Minor units. */
export type LineView = { readonly share: Share; readonly fraction: Fraction; readonly listed: bigint; readonly amount: bigint };
export type CheckView = {
  readonly check: string;
  readonly status: CheckStatus;
  readonly label: string;
  readonly seats: readonly number[];
  readonly lines: readonly LineView[];
  readonly totals: CheckTotals;
  readonly subtotal: bigint;
  /** What was taken off, by kind and in all. */
  readonly taken: ReadonlyMap<AdjustmentKind, bigint>;
  readonly discount: bigint;
  readonly charge: bigint;
  readonly tax: bigint;
  readonly tip: bigint;
  readonly total: bigint;
  readonly paid: bigint;
  readonly due: bigint;
  /** Payment parts of this check, and what no part covers. */
  readonly parts: PartsView;
  readonly attempts: readonly OpenAttempt[];
  /** Operations that can be undone from here, the latest first. */
  readonly undo: readonly string[];
};
/** The whole that the parts make up; every sum is over the checks as they are shown. */
export type FamilyView = {
  readonly checks: readonly CheckView[];
  readonly total: bigint;
  readonly tax: bigint;
  readonly discount: bigint;
  readonly paid: bigint;
  readonly due: bigint;
  /** Items whose parts do not sum to one: none, unless a part is not loaded. */
  readonly incomplete: readonly string[];
};

export function checkView(check: CheckState): CheckView {
  const totals = checkTotals(check);
  const { rounding } = check.policies;
  const lines = Object.values(check.shares)
    .sort((a, b) => (a.item < b.item ? -1 : a.item > b.item ? 1 : a.share < b.share ? -1 : 1))
    .map((share) => ({ share, fraction: fractionOf(share), listed: lineAmount(share, rounding), amount: payableAmount(share, rounding) }));
  const taken = new Map((totals.adjustments ?? []).map(({ kind, amount }) => [kind, BigInt(amount)]));
  return {
    check: check.id,
    status: check.status,
    label: check.label,
    seats: check.seats ?? [],
    lines,
    totals,
    subtotal: BigInt(totals.subtotal ?? "0"),
    taken,
    discount: [...taken.values()].reduce((sum, amount) => sum + amount, 0n),
    charge: BigInt(totals.serviceCharge),
    tax: BigInt(totals.tax),
    tip: check.tenders.reduce((sum, tender) => sum + BigInt(tender.tip.amount), 0n),
    total: BigInt(totals.total),
    paid: BigInt(totals.paid),
    due: BigInt(totals.due),
    parts: partsOf(check),
    attempts: openAttempts(check),
    undo: (check.operations ?? []).map(({ operation }) => operation).reverse(),
  };
}

/** A family side by side, in the order its checks were made. What is void bears nothing and is left out. */
export function familyView(members: readonly CheckState[]): FamilyView {
  const checks = members.filter(({ status }) => status !== "voided").sort((a, b) => (a.id < b.id ? -1 : 1)).map(checkView);
  const sum = (field: "total" | "tax" | "discount" | "paid" | "due") => checks.reduce((all, check) => all + check[field], 0n);
  const parts = new Map<string, bigint[]>();
  for (const { lines } of checks) {
    for (const { share, fraction: { numerator, denominator } } of lines) {
      const [n = 0n, d = 1n] = parts.get(share.item) ?? [];
      parts.set(share.item, [n * denominator + numerator * d, d * denominator]);
    }
  }
  return {
    checks,
    total: sum("total"),
    tax: sum("tax"),
    discount: sum("discount"),
    paid: sum("paid"),
    due: sum("due"),
    incomplete: [...parts].filter(([, [n, d]]) => n !== d).map(([item]) => item),
  };
}

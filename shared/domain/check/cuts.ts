import type { z } from "zod";
import type { adjustCheck } from "#shared/commands/check.ts";
import type { Cut, Share } from "#shared/events/sale-check.ts";
import { allocate, capped } from "#shared/money/allocate.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { unitOf } from "#shared/money/rounding.ts";
import { unitRefusal } from "../charged-amounts.ts";
import type { Refusal } from "../command.ts";
import { refuse } from "../deciding.ts";
import { payableAmount, ratedBy } from "./lines.ts";
import { shareList } from "./share-list.ts";
import type { CheckState } from "./state.ts";

type Wanted = Pick<z.output<typeof adjustCheck>, "adjustment" | "kind" | "rate" | "amount">;

/** The lines that can be made cheaper, in the order they were entered: a gift card sold cannot (DOM-8). */
export function linesOf(check: CheckState, named: readonly string[]): readonly Share[] | Refusal {
  const unknown = named.find((share) => !check.shares[share]);
  if (unknown) return refuse("unknown-share", { share: unknown });
  const shares = named.length > 0 ? [...new Set(named)].flatMap((share) => check.shares[share] ?? []) : shareList(check.shares);
  return shares.filter((share) => share.kind !== "stored-value").sort((a, b) => (a.item < b.item ? -1 : a.item > b.item ? 1 : a.share < b.share ? -1 : 1));
}

/** By rate each line for itself, so that it goes with its line; an amount in proportion, exactly (DOM-8). */
export function cutsFor(lines: readonly Share[], input: Wanted, check: CheckState): readonly Cut[] | Refusal {
  const { rounding } = check.policies;
  const { adjustment, kind, rate, amount } = input;
  const left = lines.map((share) => payableAmount(share, rounding));
  if (rate !== null) {
    const off = ratedBy(rate, rounding);
    return left.map((one) => ({ adjustment, kind, rate, amount: off(one).toString() }));
  }
  const all = left.reduce((sum, one) => sum + one, 0n);
  const wanted = amount ? minorUnits(amount) : 0n;
  if (wanted > all) return refuse("discount-over-amount", { max: moneyOf(all, check.currency) });
  const unit = unitOf(rounding);
  const odd = unitRefusal({ amount }, unit, [all]);
  if (odd) return odd;
  return capped(allocate(wanted, left, unit), left).map((one) => ({ adjustment, kind, rate: null, amount: one.toString() }));
}

export function sumOf(cuts: readonly Cut[]): bigint {
  return cuts.reduce((sum, cut) => sum + BigInt(cut.amount), 0n);
}

/** What a rate comes to on the lines as they are now. */
export function worthOf(check: CheckState, named: readonly string[], rate: string): bigint | Refusal {
  const lines = linesOf(check, named);
  if ("refused" in lines) return lines;
  const { rounding } = check.policies;
  const off = ratedBy(rate, rounding);
  return lines.reduce((sum, share) => sum + off(payableAmount(share, rounding)), 0n);
}

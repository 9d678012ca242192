import { lineAmount } from "#shared/domain/check/lines.ts";
import { reckonedLines } from "#shared/domain/check/reckoned.ts";
import type { CheckState } from "#shared/domain/check/state.ts";
import { checkTotals } from "#shared/domain/check/totals.ts";
import type { Share } from "#shared/events/sale-check.ts";
import { addFractions, equalFractions, fraction, type Fraction } from "#shared/money/fraction.ts";

export type Proof = {
  /** All parts' totals, paid and due, in minor units. */
  readonly total: bigint;
  readonly paid: bigint;
  readonly tips: bigint;
  readonly due: bigint;
  /** Every item is on the parts whole, to the smallest unit. `elsewhere`: so many have parts on checks that this screen does not know. */
  readonly whole: boolean;
  readonly elsewhere: number;
};

const ALL = fraction(1n);

type Item = { readonly share: Share; readonly check: CheckState; parts: Fraction; amount: bigint };

/** DOM-10: an item's shares sum to 1, and their amounts to the line as the order has it. Reckoned from the items, not from what the parts say of themselves. */
export function proofOf(parts: readonly CheckState[]): Proof {
  const items = new Map<string, Item>();
  const sums = { total: 0n, paid: 0n, tips: 0n, due: 0n };
  for (const check of parts) {
    for (const { share, listed } of reckonedLines(check)) {
      const part = share.numerator === share.denominator ? ALL : fraction(BigInt(share.numerator), BigInt(share.denominator));
      const item = items.get(share.item);
      if (item) {
        item.parts = addFractions(item.parts, part);
        item.amount += listed;
      } else items.set(share.item, { share, check, parts: part, amount: listed });
    }
    const totals = checkTotals(check);
    sums.total += BigInt(totals.total);
    sums.paid += BigInt(totals.paid);
    sums.due += BigInt(totals.due);
    sums.tips += check.tenders.reduce((sum, tender) => sum + BigInt(tender.tip.amount), 0n);
  }
  const all = [...items.values()];
  const split = all.filter((item) => !equalFractions(item.parts, ALL));
  const wrong = all.some((item) => {
    const { amount: said, ...share } = item.share;
    // By far the most: they lie on one part whole, and come to what the line comes to.
    if ((item.parts === ALL && said === undefined) || !equalFractions(item.parts, ALL)) return false;
    return item.amount !== lineAmount({ ...share, numerator: 1, denominator: 1 }, item.check.policies.rounding);
  });
  return { ...sums, whole: split.length === 0 && !wrong, elsewhere: split.length };
}

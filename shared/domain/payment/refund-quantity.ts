import type { Share } from "#shared/events/sale-check.ts";
import { quantityText, thousandths } from "#shared/money/quantity.ts";
import type { CheckState } from "../check/state.ts";

/**
 * How much of its item a share is, as refunds count it: "3" of five waters. A part that no quantity says (a third of one bottle) counts as the item's whole
 * quantity, which then means all of the part.
 */
export function billedQuantity({ quantity, numerator, denominator }: Pick<Share, "quantity" | "numerator" | "denominator">): string {
  const exact = thousandths(quantity) * BigInt(numerator);
  return exact % BigInt(denominator) === 0n ? quantityText(exact / BigInt(denominator)) : quantity;
}

/** What refunds have left of a share, counted so; "0" when nothing is. */
export function leftToRefund(check: Pick<CheckState, "refunds">, share: Pick<Share, "share" | "quantity" | "numerator" | "denominator">): string {
  let left = thousandths(billedQuantity(share));
  for (const { document } of check.refunds ?? []) for (const line of document.lines) if (line.share === share.share) left -= thousandths(line.quantity);
  // A part's refund from before counted the item's whole quantity.
  return quantityText(left < 0n ? 0n : left);
}

import { cutText } from "#shared/cut-text.ts";
import type { Share } from "#shared/events/sale-check.ts";
import { quantityText, thousandths } from "#shared/money/quantity.ts";
import { partOfItem } from "../check/receipt.ts";
import type { CheckState } from "../check/state.ts";

type Part = Pick<Share, "quantity" | "numerator" | "denominator">;

/** In thousandths of its unit; null: a part that no quantity says (a third of one bottle). */
function exactQuantity({ quantity, numerator, denominator }: Part): bigint | null {
  const exact = thousandths(quantity) * BigInt(numerator);
  return exact % BigInt(denominator) === 0n ? exact / BigInt(denominator) : null;
}

/**
 * How much of its item a share is, as refunds count it: "3" of five waters. A part that no quantity says (a third of one bottle) counts as the item's whole
 * quantity, which then means all of the part.
 */
export function billedQuantity(share: Part): string {
  const exact = exactQuantity(share);
  return exact === null ? share.quantity : quantityText(exact);
}

/** So many letters of a name and its part fit on a line of the document. */
const MOST_LETTERS = 80;

/** As the receipt names it, where the quantity does not say what of the item it is; of a part of a combo the combo too: "Lunch menu: Burger". */
export function refundedName(share: Part & Pick<Share, "name" | "combo">): string {
  const part = exactQuantity(share) === null ? partOfItem(share) : "";
  const name = share.combo ? `${share.combo.name}: ${share.name}` : share.name;
  return `${cutText(name, MOST_LETTERS - part.length)}${part}`;
}

/** What refunds have left of a share, counted so; "0" when nothing is. */
export function leftToRefund(check: Pick<CheckState, "refunds">, share: Part & Pick<Share, "share">): string {
  let left = thousandths(billedQuantity(share));
  for (const { document } of check.refunds ?? []) for (const line of document.lines) if (line.share === share.share) left -= thousandths(line.quantity);
  // A part's refund from before counted the item's whole quantity.
  return quantityText(left < 0n ? 0n : left);
}

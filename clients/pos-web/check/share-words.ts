import type { Share } from "#shared/events/sale-check.ts";
import { quantityText, thousandths } from "#shared/money/quantity.ts";

/** What of a line this check bears: "3" of five waters, or a part of one bottle. */
export type Borne = { readonly count: string | null; readonly fraction: string | null };

export function borneOf(share: Pick<Share, "quantity" | "numerator" | "denominator">): Borne {
  if (share.numerator === share.denominator) return { count: share.quantity, fraction: null };
  const exact = thousandths(share.quantity) * BigInt(share.numerator);
  const whole = 1000n * BigInt(share.denominator);
  if (exact % whole === 0n) return { count: quantityText(exact / BigInt(share.denominator)), fraction: null };
  return { count: null, fraction: `${share.numerator}/${share.denominator}${share.quantity === "1" ? "" : ` of ${share.quantity}`}` };
}

/** Half of what a check bears of a line, when that can be said as a quantity: "1.5" of three, "0.5" of one. */
export function halfOf(share: Pick<Share, "quantity" | "numerator" | "denominator" | "kind" | "combo">): string | null {
  const { count } = borneOf(share);
  if (count === null || share.kind === "stored-value" || share.combo) return null;
  const whole = thousandths(count);
  return whole % 2n === 0n ? quantityText(whole / 2n) : null;
}

/** How many whole pieces of it can be moved by themselves; 1 when it moves as one. */
export function piecesOf(share: Pick<Share, "quantity" | "numerator" | "denominator">): number {
  const { count } = borneOf(share);
  return count !== null && /^\d+$/.test(count) ? Number(count) : 1;
}

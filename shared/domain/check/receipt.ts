import type { Receipt, Share } from "#shared/events/sale-check.ts";
import type { MerchantState } from "../merchant/state.ts";
import { moneyOf } from "#shared/money/money.ts";
import { giftCardCode } from "../gift-card/code.ts";
import { giftCardOf, isStoredValue } from "../gift-card/gift-card.ts";
import { partsOf } from "./parts.ts";
import type { CheckState } from "./state.ts";
import { checkTotals, lineAmount } from "./totals.ts";

/** " (1/3)": what of its item it is, behind its name. */
export function partOfItem(share: Pick<Share, "numerator" | "denominator">): string {
  return share.numerator === share.denominator ? "" : ` (${share.numerator}/${share.denominator})`;
}

/** Ids are made as items are tapped; a state comes back from the database in whatever order. */
function inOrder(shares: readonly Share[]): readonly Share[] {
  return [...shares].sort((a, b) => (a.item < b.item ? -1 : a.item > b.item ? 1 : 0));
}

/** A combo is one line, where its first part stands; all else stands for itself. */
function asSold(shares: readonly Share[]): readonly (readonly Share[])[] {
  const lines = new Map<string, Share[]>();
  for (const share of shares) {
    const key = share.combo ? `${share.order} ${share.combo.combo} ${partOfItem(share)}` : share.share;
    lines.set(key, [...(lines.get(key) ?? []), share]);
  }
  return [...lines.values()];
}

function lineOf(shares: readonly Share[], check: CheckState): Receipt["lines"][number] {
  const [first, ...others] = shares;
  if (!first) throw new Error(`check ${check.id} has a line of nothing`);
  const extras = (share: Share) => share.modifiers.filter((modifier) => modifier.price.amount !== "0").map((modifier) => modifier.name);
  const amount = shares.reduce((sum, share) => sum + lineAmount(share, check.policies.rounding), 0n);
  const named = { name: `${first.combo?.name ?? first.name}${partOfItem(first)}`, amount: moneyOf(amount, check.currency) };
  // Until it is paid its number buys nothing, and a bill lies on the table for anybody to read.
  const isPaid = check.tenders.length > 0 && checkTotals(check).due === "0";
  if (isStoredValue(first)) return { ...named, quantity: first.quantity, modifiers: isPaid ? [`No. ${giftCardCode(giftCardOf(first.item))}`] : [] };
  if (!first.combo) return { ...named, quantity: first.quantity, modifiers: extras(first) };
  // A part of which some was voided counts for itself.
  const alike = others.every((share) => share.quantity === first.quantity);
  const parts = shares.flatMap((share) => [alike ? share.name : `${share.quantity}x ${share.name}`, ...extras(share)]);
  return { ...named, quantity: alike ? first.quantity : "1", modifiers: parts };
}

function partsOn(check: CheckState): Pick<Receipt, "parts"> {
  const { parts } = partsOf(check);
  if (parts.length === 0) return {};
  return { parts: parts.map(({ part, name, amount, paid }) => ({ part, name, amount: moneyOf(amount, check.currency), paid: moneyOf(paid, check.currency) })) };
}

/** Everything that the paper says, so that it never has to be looked up again: a reprint in ten years is the same. */
export function receiptOf(check: CheckState, merchant: MerchantState, number: string, copy: number): Receipt {
  return {
    number,
    merchant: { name: merchant.name, address: merchant.address },
    label: check.label,
    server: check.server.name,
    openedAt: check.openedAt,
    lines: asSold(inOrder(Object.values(check.shares))).map((shares) => lineOf(shares, check)),
    totals: checkTotals(check),
    tenders: [...check.tenders],
    ...partsOn(check),
    displayDigits: merchant.displayDigits,
    copy,
  };
}

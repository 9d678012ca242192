import type { Receipt, Share } from "#shared/events/sale-check.ts";
import type { MerchantState } from "../merchant/state.ts";
import { moneyOf } from "#shared/money/money.ts";
import { partsOf } from "./parts.ts";
import type { CheckState } from "./state.ts";
import { checkTotals, lineAmount } from "./totals.ts";

function part(share: Share): string {
  return share.numerator === share.denominator ? "" : ` (${share.numerator}/${share.denominator})`;
}

/** Ids are made as items are tapped; a state comes back from the database in whatever order. */
function inOrder(shares: readonly Share[]): readonly Share[] {
  return [...shares].sort((a, b) => (a.item < b.item ? -1 : a.item > b.item ? 1 : 0));
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
    lines: inOrder(Object.values(check.shares)).map((share) => ({
      name: `${share.name}${part(share)}`,
      quantity: share.quantity,
      amount: moneyOf(lineAmount(share, check.policies.rounding.mode), check.currency),
      modifiers: share.modifiers.filter((modifier) => modifier.price.amount !== "0").map((modifier) => modifier.name),
    })),
    totals: checkTotals(check),
    tenders: [...check.tenders],
    ...partsOn(check),
    displayDigits: merchant.displayDigits,
    copy,
  };
}

import type { RefundDocument } from "#shared/events/payment.ts";
import type { Money } from "#shared/events/primitives.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { METHOD_WORDS } from "./methods.ts";

export type RefundRow = { readonly name: string; readonly value: string };

/**
 * What a refund is on its bill. Money that paid for nothing of it came and went back: both are said, or it would read as if the sale itself had been given
 * back. `text` writes an amount as the place shows it.
 */
export function refundRowsInWords(document: Pick<RefundDocument, "number" | "kind" | "payouts" | "currency">, text: (money: Money) => string): readonly RefundRow[] {
  const ways = [...new Set(document.payouts.map(({ method }) => METHOD_WORDS[method]))].join(", ");
  const amount = text(moneyOf(document.payouts.reduce((sum, payout) => sum + minorUnits(payout.amount) + minorUnits(payout.tip), 0n), document.currency));
  const back = (name: string): RefundRow => ({ name: `${name} ${document.number} · ${ways}`, value: amount });
  switch (document.kind) {
    case "overpayment":
      return [{ name: "Came too late or too much", value: `−${amount}` }, back("Given back,")];
    case "payment":
      return [{ name: "Payment that was taken back", value: `−${amount}` }, back("Given back,")];
    default:
      return [back("Refund")];
  }
}

/** The head of what was done last, in large letters. */
export function refundTitleInWords({ number, kind }: Pick<RefundDocument, "number" | "kind">): string {
  switch (kind) {
    case "overpayment":
      return `Came too late or too much, given back: ${number}`;
    case "payment":
      return `Payment taken back: ${number}`;
    default:
      return `Refund ${number}`;
  }
}

import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { CheckTotals } from "#shared/events/sale-check.ts";
import { credit, debit, type Journal, type Leg } from "./journal.ts";

type Of<T extends EventEnvelope["type"]> = Extract<EventEnvelope, { type: T }>;

/** DOM-15: the sale is posted at close, and what was paid while the check was open stops being a prepayment. */
export function saleJournals({ subject: check, data }: Of<"sale.check.closed">): readonly Journal[] {
  const { totals, number } = data;
  const { currency } = totals;
  return [
    { id: `${check}/sale`, currency, memo: `Check ${number} closed`, legs: saleLegs(check, totals) },
    { id: `${check}/prepaid`, currency, memo: `Prepayments of check ${number}`, legs: [debit("2020", check, totals.paid), credit("1100", check, totals.paid)] },
  ];
}

function saleLegs(check: string, totals: CheckTotals): readonly Leg[] {
  const { net, serviceCharge, tax, storedValue = "0", rounding = "0", total, adjustments = [] } = totals;
  const off = (wanted: (kind: string) => boolean) => adjustments.reduce((sum, { kind, net: less }) => (wanted(kind) ? sum + BigInt(less) : sum), 0n);
  const [discounts, comps] = [off((kind) => kind === "discount"), off((kind) => kind !== "discount")];
  return [
    debit("1100", check, total),
    debit("4100", check, discounts),
    debit("4110", check, comps),
    // Sales are at list; what was taken off is on accounts of its own.
    credit("4000", check, BigInt(net) + discounts + comps),
    credit("4050", check, serviceCharge),
    credit("2100", check, tax),
    credit("2300", check, storedValue),
    credit("6210", check, rounding),
  ];
}

/** What a check sold as stored value is owed to whoever has the card. */
export function giftCardLoaded({ id, subject: card, data }: Of<"giftcard.loaded">): Journal {
  const { amount, check } = data;
  return { id: `${id}/loaded`, currency: amount.currency, memo: "Gift card sold", legs: [debit("2300", check, amount.amount), credit("2300", card, amount.amount)] };
}

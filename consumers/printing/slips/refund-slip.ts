import { readTaxes } from "#shared/domain/check/read-taxes.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Payout } from "#shared/events/payment.ts";
import type { PaymentMethod } from "#shared/events/sale-check.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import type { Slip, SlipLine } from "../escpos/slip.ts";
import { moneyAt, percentText } from "./money-text.ts";
import { localDateTime, type SlipPlace } from "./place.ts";
import { taxTable } from "./receipt-slip.ts";

export type RefundCreated = Extract<EventEnvelope, { type: "payment.refund.created" }>;

/**
 * The document that the guest gets with the money: whose and of which day, of which receipt, table and payment, what for, at which rates and on what, and by which way it goes back. Net, charge
 * and tax stand as on the receipt, and make up the total with what is beside the sale. Coins open the drawer.
 */
export function refundSlip(event: RefundCreated, place: SlipPlace): Slip {
  const { number, checkNumber, table, reference, lines, taxes, currency, payouts, reason, by, approvedBy } = event.data;
  const { net, serviceCharge, rounding = "0", cards = [], tip, overpaid, prepaid = "0" } = event.data;
  const money = moneyAt(place);
  const text = (minor: string | bigint) => money(moneyOf(BigInt(minor), currency));
  const row = (label: string, minor: string | bigint): SlipLine => ({ kind: "columns", cells: [{ text: label }, { text: text(minor), width: 14, align: "right" }] });
  const some = (label: string, minor: string | bigint) => (BigInt(minor) === 0n ? [] : [row(label, minor)]);
  const rates = readTaxes(taxes).filter(({ base, tax }) => base !== "0" || tax !== "0");
  const whole = payouts.reduce((sum, payout) => sum + minorUnits(payout.amount) + minorUnits(payout.tip), 0n);
  return {
    lines: [
      ...(payouts.some(({ method }) => method === "cash") ? [{ kind: "drawer", pin: 2 } as const] : []),
      { kind: "text", text: place.name, size: "large", bold: true, align: "center" },
      ...place.address.map((line): SlipLine => ({ kind: "text", text: line, align: "center" })),
      { kind: "feed", lines: 1 },
      { kind: "text", text: "REFUND", size: "large", bold: true },
      { kind: "text", text: `${number}${checkNumber === null ? "" : ` of receipt ${checkNumber}`}`, bold: true },
      ...(table === undefined ? [] : [{ kind: "text", text: `Table ${table}` } as const]),
      ...(reference === undefined ? [] : [{ kind: "text", text: `Payment ${reference}` } as const]),
      ...(event.businessdate === undefined ? [] : [{ kind: "text", text: `Business date ${event.businessdate}` } as const]),
      { kind: "rule" },
      ...lines.map(({ quantity, name, amount, listed }) => row(`${quantity}x ${name}`, (listed ?? amount).amount)),
      ...(lines.length === 0 ? [] : [{ kind: "rule" } as const]),
      ...some("Net", net),
      ...some(`Service charge${rates.some(({ inclusive }) => inclusive) ? ", net" : ""}`, serviceCharge),
      ...taxTable(rates.map(({ name, rate, inclusive, base, tax }) => ({ name, percent: percentText(rate), inclusive, base: text(base), amount: text(tax) }))),
      ...some("Gift card", cards.reduce((sum, { amount }) => sum + minorUnits(amount), 0n)),
      ...some("Rounding", rounding),
      ...some("Tip", tip),
      ...some("Paid too much", overpaid),
      ...some("Payment of an open bill", prepaid),
      { kind: "columns", size: "large", bold: true, cells: [{ text: `TOTAL ${currency}` }, { text: text(whole), width: 12, align: "right" }] },
      { kind: "rule" },
      ...payouts.flatMap((payout) => [row(WAYS[payout.by === "cash" ? "cash" : payout.method], leaves(payout)), ...some("  of it rounding", minorUnits(payout.rounding))]),
      { kind: "text", text: reason },
      { kind: "text", text: `${localDateTime(event.occurredat, place.zone)}, ${by.name}${approvedBy.staff === by.staff ? "" : `, agreed by ${approvedBy.name}`}` },
      { kind: "feed", lines: 3 },
      { kind: "rule" },
      { kind: "text", text: "Signature" },
      { kind: "feed", lines: 2 },
      { kind: "cut" },
    ],
  };
}

const WAYS: Readonly<Record<PaymentMethod, string>> = {
  cash: "Cash",
  "card-manual": "To the card",
  "card-terminal": "To the card",
  qr: "To the QR payer",
  voucher: "To the voucher",
  "gift-card": "To the gift card",
  "house-account": "To the account",
};

/** What is handed over or booked, in coins that exist. */
function leaves({ amount, tip, rounding }: Payout): bigint {
  return minorUnits(amount) + minorUnits(tip) + minorUnits(rounding);
}

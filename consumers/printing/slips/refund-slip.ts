import type { EventEnvelope } from "#shared/events/catalog.ts";
import { currencyExponent, minorUnits, moneyOf } from "#shared/money/money.ts";
import type { Payout } from "#shared/events/payment.ts";
import type { Slip, SlipLine } from "../escpos/slip.ts";
import { methodName } from "./methods.ts";
import { moneyText } from "./money-text.ts";
import { localDateTime, type Place } from "./place.ts";

export type RefundCreated = Extract<EventEnvelope, { type: "payment.refund.created" }>;

/** What the guest gets with the money: of which receipt, what for, at which rates, and by which way it goes back. Coins open the drawer. */
export function refundSlip(event: RefundCreated, place: Place): Slip {
  const { number, checkNumber, lines, taxes, currency, tip, payouts, reason, by, approvedBy } = event.data;
  const text = (amount: bigint) => moneyText(moneyOf(amount, currency), currencyExponent(currency), place.locale);
  const row = (label: string, amount: bigint): SlipLine => ({ kind: "columns", cells: [{ text: label }, { text: text(amount), width: 14, align: "right" }] });
  const whole = payouts.reduce((sum, payout) => sum + minorUnits(payout.amount) + minorUnits(payout.tip), 0n);
  return {
    lines: [
      ...(payouts.some(({ method }) => method === "cash") ? [{ kind: "drawer", pin: 2 } as const] : []),
      { kind: "text", text: "REFUND", size: "large", bold: true },
      { kind: "text", text: `${number}${checkNumber === null ? "" : ` of receipt ${checkNumber}`}`, bold: true },
      { kind: "rule" },
      ...lines.map((line) => row(`${line.quantity}x ${line.name}`, minorUnits(line.amount))),
      ...taxes.filter(({ tax }) => tax !== "0").map((tax) => row(`  ${tax.name}${tax.inclusive ? " incl." : ""}`, BigInt(tax.tax))),
      ...(tip === "0" ? [] : [row("  Tip", BigInt(tip))]),
      { kind: "columns", size: "large", bold: true, cells: [{ text: currency }, { text: text(whole), width: 12, align: "right" }] },
      { kind: "rule" },
      ...payouts.map((payout) => row(wayOf(payout), leaves(payout))),
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

/** What is handed over or booked, in coins that exist. */
function leaves({ amount, tip, rounding }: Payout): bigint {
  return minorUnits(amount) + minorUnits(tip) + minorUnits(rounding);
}

function wayOf({ method }: Payout): string {
  return method === "cash" ? "Cash" : `Back to ${methodName(method).toLowerCase()}`;
}

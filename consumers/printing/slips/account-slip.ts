import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Money } from "#shared/events/primitives.ts";
import { currencyExponent } from "#shared/money/money.ts";
import type { Slip, SlipLine } from "../escpos/slip.ts";
import { methodName } from "./methods.ts";
import { moneyText } from "./money-text.ts";
import { localDateTime, type Place } from "./place.ts";

export type AccountPaid = Extract<EventEnvelope, { type: "payment.house-account.paid" }>;

/** What the guest gets who pays their account: what was paid, and what is still owed. Cash opens the drawer. */
export function accountSlip(event: AccountPaid, place: Place): Slip {
  const { name, method, amount, rounding, left, slip, by } = event.data;
  const text = (money: Money) => moneyText(money, currencyExponent(money.currency), place.locale);
  const row = (label: string, money: Money): SlipLine => ({ kind: "columns", cells: [{ text: label }, { text: `${text(money)} ${money.currency}`, width: 18, align: "right" }] });
  return {
    lines: [
      ...(method === "cash" ? [{ kind: "drawer", pin: 2 } as const] : []),
      { kind: "text", text: "ACCOUNT PAID", size: "large", bold: true },
      { kind: "text", text: name },
      row(`${methodName(method)}${slip === null ? "" : ` ${slip}`}`, amount),
      ...(rounding.amount === "0" ? [] : [row("Rounding", rounding)]),
      row("Still owed", left),
      { kind: "text", text: `${localDateTime(event.occurredat, place.zone)}, ${by.name}` },
      { kind: "feed", lines: 2 },
      { kind: "cut" },
    ],
  };
}

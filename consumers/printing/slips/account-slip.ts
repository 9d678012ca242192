import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { Slip, SlipLine } from "../escpos/slip.ts";
import { methodName } from "./methods.ts";
import { moneyAt } from "./money-text.ts";
import { localDateTime, type SlipPlace } from "./place.ts";

export type AccountMoved = Extract<EventEnvelope, { type: "payment.house-account.paid" | "payment.house-account.paidOut" }>;

/** What the guest gets who pays their account, or gets back what it had too much: what was paid, and what is left. Cash opens the drawer; who gets money signs for it. */
export function accountSlip(event: AccountMoved, place: SlipPlace): Slip {
  const out = event.type === "payment.house-account.paidOut";
  const { name, method, amount, rounding, left, slip, by } = event.data;
  const text = moneyAt(place);
  const row = (label: string, money: Money): SlipLine => ({ kind: "columns", cells: [{ text: label }, { text: `${text(money)} ${money.currency}`, width: 18, align: "right" }] });
  return {
    lines: [
      ...(method === "cash" ? [{ kind: "drawer", pin: 2 } as const] : []),
      { kind: "text", text: out ? "ACCOUNT PAID OUT" : "ACCOUNT PAID", size: "large", bold: true },
      { kind: "text", text: name },
      row(`${methodName(method)}${slip === null ? "" : ` ${slip}`}`, amount),
      ...(rounding.amount === "0" ? [] : [row("Rounding", rounding)]),
      row(out ? "Still the guest's" : "Still owed", left),
      { kind: "text", text: `${localDateTime(event.occurredat, place.zone)}, ${by.name}${out && event.data.approvedBy.staff !== by.staff ? `, agreed by ${event.data.approvedBy.name}` : ""}` },
      ...(out ? ([{ kind: "feed", lines: 3 }, { kind: "rule" }, { kind: "text", text: "Signature" }] as const) : []),
      { kind: "feed", lines: 2 },
      { kind: "cut" },
    ],
  };
}

import type { CommandType } from "#shared/domain/registry.ts";
import { amountOf } from "./refusals.ts";

const TAKEN: Readonly<Partial<Record<CommandType, string>>> = {
  "payment.takeCash": "cash",
  "payment.takeCard": "card by hand",
  "payment.takeVoucher": "a voucher",
  "payment.takeGiftCard": "a gift card",
  "payment.takeHouseAccount": "on account",
};
const ABOUT: Readonly<Record<string, string>> = { order: "an order", party: "a table", check: "a bill", payment: "a payment", drawer: "a drawer", ticket: "a ticket" };

/** What a command was about, for somebody who no longer sees the button; of what was paid the amount as well. */
export function tappedInWords(type: string, input: unknown): string {
  const taken = TAKEN[type as CommandType];
  if (taken === undefined) return ABOUT[type.split(".")[0] ?? ""] ?? "a change";
  const { amount, tendered } = input as { readonly amount?: unknown; readonly tendered?: unknown };
  return `${taken} ${amountOf(amount ?? tendered, "")}`.trim();
}

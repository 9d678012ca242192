import type { Money } from "#shared/events/primitives.ts";

/** Of the books and the day's figures: what is stored in the smallest unit. */
const MONEY: ReadonlySet<string> = new Set([
  "amount", "base", "comps", "counted", "credit", "debit", "difference", "discounts", "expected", "net", "paid", "paid_out", "returned_net", "returned_tax", "returned_value", "reversed", "rounding", "service_charge", "stored_value", "tax", "tips", "total",
]);

type Place = { readonly table: string; readonly key: Readonly<Record<string, string | number>>; readonly field: string };

/** A value of a row as people read it; money in the row's own currency, else the place's. */
export function valueInWords(value: string | null, { table, key, field }: Place, currency: string, money: (money: Money) => string): string {
  if (value === null) return "no such row";
  if (!/^(sales|ledger)_/.test(table) || !MONEY.has(field) || !/^-?\d+$/.test(value)) return value;
  return money({ amount: value, currency: String(key["currency"] ?? currency) });
}

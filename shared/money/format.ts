import type { Money } from "#shared/events/primitives.ts";
import { decimalText } from "./money.ts";

export type MoneyFormat = { readonly displayDigits: number; readonly locale: string };

const formats = new Map<string, Intl.NumberFormat>();

/** For people: in the merchant's locale and number of decimals. Exact, since Intl is handed a decimal text and no float. */
export function formatMoney(money: Money, { displayDigits, locale }: MoneyFormat): string {
  const key = `${locale} ${money.currency} ${displayDigits}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      style: "currency",
      currency: money.currency,
      currencyDisplay: "narrowSymbol",
      minimumFractionDigits: displayDigits,
      maximumFractionDigits: displayDigits,
    });
    formats.set(key, format);
  }
  // Some locales write a hyphen, which is hard to see before an amount.
  return format.format(decimalText(money) as `${number}`).replace("-", "−");
}

import type { Money } from "#shared/events/primitives.ts";
import { decimalText } from "#shared/money/money.ts";
import type { SlipPlace } from "./place.ts";

/** An amount as printed, without its currency: "65.000", "-4.50". */
export type MoneyText = string;

const formats = new Map<string, Intl.NumberFormat>();

/** `digits` is what the merchant shows. Only ever for paper; plain signs and spaces, so that the printer's own letters do. */
export function moneyText(money: Money, digits: number, locale: string): MoneyText {
  const key = `${locale} ${digits}`;
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })));
  return format
    .format(decimalText(money) as `${number}`)
    .replace(/\p{Zs}/gu, " ")
    .replace("\u2212", "-");
}

/** The same amount as a plain decimal, with as many places as are shown. */
export function shownDecimal(money: Money, digits: number): string {
  const decimal = decimalText(money);
  return digits === 0 ? decimal.replace(/\.0+$/, "") : decimal;
}

/** How a place writes its amounts on slips. */
export function moneyAt({ displayDigits, locale }: SlipPlace): (money: Money) => MoneyText {
  return (money) => moneyText(money, displayDigits, locale);
}

/** "0.0875" is "8.75". */
export function percentText(rate: string): string {
  const [whole = "0", places = ""] = rate.split(".");
  const digits = places.padEnd(2, "0");
  const percent = BigInt(whole + digits.slice(0, 2)).toString();
  const rest = digits.slice(2).replace(/0+$/, "");
  return rest === "" ? percent : `${percent}.${rest}`;
}

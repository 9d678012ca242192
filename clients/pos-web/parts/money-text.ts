import type { Money } from "#shared/events/primitives.ts";
import { currencyExponent, decimalText, moneyOf } from "#shared/money/money.ts";

const MOST_DIGITS = 10;

/** "12.5" or "12,50" typed, in the decimals that the place shows; undefined when it is no amount that the hub takes. */
export function moneyOfText(typed: string, currency: string, displayDigits: number): Money | undefined {
  const match = /^(\d+)(?:[.,](\d*))?$/.exec(typed.trim());
  const [, whole = "", fraction = ""] = match ?? [];
  if (!match || fraction.length > displayDigits) return undefined;
  const minor = BigInt(whole + fraction.padEnd(currencyExponent(currency), "0"));
  return minor.toString().length > MOST_DIGITS ? undefined : moneyOf(minor, currency);
}

/** As it would be typed: "12.50", or "12" where no decimals are shown. */
export function textOfMoney(money: Money, displayDigits: number): string {
  const [whole = "", fraction = ""] = decimalText(money).split(".");
  return displayDigits === 0 ? whole : `${whole}.${fraction.slice(0, displayDigits)}`;
}

import type { Money } from "#shared/events/primitives.ts";

/** Minor units of an amount: `{ amount: "450", currency: "EUR" }` is 450n. */
export function minorUnits(money: Money): bigint {
  return BigInt(money.amount);
}

export function moneyOf(amount: bigint, currency: string): Money {
  return { amount: amount.toString(), currency };
}

/** Adding euros to dongs is a bug, not a refusal. */
export function sumMoney(amounts: readonly Money[], currency: string): Money {
  let sum = 0n;
  for (const money of amounts) {
    if (money.currency !== currency) throw new RangeError(`${money.currency} among ${currency}`);
    sum += BigInt(money.amount);
  }
  return moneyOf(sum, currency);
}

/** Decimals of the minor unit by ISO 4217, where they are not two. */
const EXPONENTS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"].map((code) => [code, 0])),
  ...Object.fromEntries(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"].map((code) => [code, 3])),
  CLF: 4,
  UYW: 4,
};

/** The stored exponent is always ISO's; what a screen shows is the merchant's `displayDigits` (IDR: 2 stored, 0 shown). */
export function currencyExponent(currency: string): number {
  return EXPONENTS[currency] ?? 2;
}

/** `12345` EUR as `"123.45"`, exact. */
export function decimalText(money: Money): string {
  const exponent = currencyExponent(money.currency);
  const negative = money.amount.startsWith("-");
  const digits = (negative ? money.amount.slice(1) : money.amount).padStart(exponent + 1, "0");
  const whole = digits.slice(0, digits.length - exponent);
  const text = exponent === 0 ? whole : `${whole}.${digits.slice(-exponent)}`;
  return negative ? `-${text}` : text;
}

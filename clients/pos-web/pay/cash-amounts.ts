import { currencyExponent } from "#shared/money/money.ts";

/** What people hand over for an amount: rounded up to what notes and coins make, at most four. All in minor units. */
export function handedOver(due: bigint): readonly bigint[] {
  if (due <= 0n) return [];
  const power = 10n ** BigInt(due.toString().length - 1);
  const steps = [power / 2n, power, power * 2n, power * 5n, power * 10n, power * 20n, power * 50n].filter((step) => step > 0n);
  const amounts = steps.map((step) => ((due + step - 1n) / step) * step).filter((amount) => amount > due);
  return [...new Set(amounts)].sort((a, b) => (a < b ? -1 : 1)).slice(0, 4);
}

/** Digits typed on the pad are the smallest unit that the place shows: cents, or whole rupiah. */
export function typedMinor(digits: string, currency: string, displayDigits: number): bigint {
  const hidden = Math.max(0, currencyExponent(currency) - displayDigits);
  return BigInt(digits === "" ? "0" : digits) * 10n ** BigInt(hidden);
}

/** The other way round, for a pad that is filled in beforehand; empty when the place does not show it exactly. */
export function digitsOf(minor: bigint, currency: string, displayDigits: number): string {
  const unit = typedMinor("1", currency, displayDigits);
  return minor > 0n && minor % unit === 0n ? (minor / unit).toString() : "";
}

const NARROW = 8;

/** For a narrow button: an amount that is long goes without its currency. */
export function shortMoney(text: string): string {
  return text.length <= NARROW ? text : text.replace(/[^\d.,'’]+/g, "");
}

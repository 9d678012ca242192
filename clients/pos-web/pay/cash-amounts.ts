import { currencyExponent } from "#shared/money/money.ts";

/** The largest note that guests have with them, in minor units. Nobody adds one to what is enough already. */
const LARGEST_NOTE: Readonly<Record<string, bigint>> = { EUR: 10_000n, USD: 10_000n, GBP: 5_000n, CHF: 20_000n, JPY: 10_000n, IDR: 10_000_000n };

function stepsFor(due: bigint, note: bigint | undefined): readonly bigint[] {
  if (note !== undefined && due >= note) return [note / 10n, note / 5n, note / 2n, note];
  const power = 10n ** BigInt(due.toString().length - 1);
  return [power / 2n, power, power * 2n, power * 5n, power * 10n, power * 20n, power * 50n].filter((step) => step > 0n && (note === undefined || step <= note));
}

/** What people hand over for an amount: rounded up to what notes and coins make, at most four. All in minor units. */
export function handedOver(due: bigint, currency: string): readonly bigint[] {
  if (due <= 0n) return [];
  const amounts = stepsFor(due, LARGEST_NOTE[currency]).map((step) => ((due + step - 1n) / step) * step).filter((amount) => amount > due);
  return [...new Set(amounts)].sort((a, b) => (a < b ? -1 : 1)).slice(0, 4);
}

/** Of an amount that no coins make those next to it that some do; null when some make it. All in minor units. */
export function madeOfCoins(amount: bigint, step: bigint): readonly bigint[] | null {
  const over = step > 1n ? amount % step : 0n;
  return over === 0n ? null : [amount - over, amount - over + step];
}

/** "No coins make €2.01: €2.00 or €2.05" */
export function noCoinsInWords(amount: bigint, made: readonly bigint[], money: (amount: bigint) => string): string {
  return `No coins make ${money(amount)}: ${made.map(money).join(" or ")}`;
}

/** Digits typed on the pad are the smallest unit that the place shows: cents, or whole rupiah. */
export function typedMinor(digits: string, currency: string, displayDigits: number): bigint {
  const hidden = Math.max(0, currencyExponent(currency) - displayDigits);
  return BigInt(digits === "" ? "0" : digits) * 10n ** BigInt(hidden);
}

const MOST_DIGITS = 10;

/** So many digits the pad takes: the hub takes ten of minor units, and the place may not show all of them. */
export function mostDigits(currency: string, displayDigits: number): number {
  return MOST_DIGITS - Math.max(0, currencyExponent(currency) - displayDigits);
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

import { fractionOfDecimal } from "./fraction.ts";
import { divideToUnit, type Rounding } from "./rounding.ts";

export type TaxedLine = {
  /** The price as listed: with the tax inside when the rate is inclusive, without it when it is not. */
  readonly amount: bigint;
  readonly tax: { readonly code: string; readonly name: string; readonly rate: string; readonly inclusive: boolean };
};
export type TaxRow = { readonly code: string; readonly name: string; readonly rate: string; readonly inclusive: boolean; readonly base: bigint; readonly tax: bigint };
export type TaxPolicy = Rounding & { readonly level: "line" | "check" };

/** The tax in (inclusive) or on (exclusive) an amount. */
export function taxOn(amount: bigint, rate: string, inclusive: boolean, rounding: Rounding): bigint {
  const { numerator, denominator } = fractionOfDecimal(rate);
  return divideToUnit(amount * numerator, inclusive ? denominator + numerator : denominator, rounding);
}

/**
 * One row per tax, in order of appearance. Level `line` rounds each line and adds up; level `check` adds up and rounds once per rate.
 * Always: sum of bases + sum of taxes = what the guest owes for the lines.
 */
export function taxRows(lines: readonly TaxedLine[], policy: TaxPolicy): TaxRow[] {
  const rows = new Map<string, { tax: TaxedLine["tax"]; amount: bigint; taxed: bigint }>();
  for (const { amount, tax } of lines) {
    const key = `${tax.code} ${tax.rate} ${tax.inclusive}`;
    const row = rows.get(key) ?? { tax, amount: 0n, taxed: 0n };
    row.amount += amount;
    if (policy.level === "line") row.taxed += taxOn(amount, tax.rate, tax.inclusive, policy);
    rows.set(key, row);
  }
  return [...rows.values()].map(({ tax, amount, taxed }) => {
    const due = policy.level === "line" ? taxed : taxOn(amount, tax.rate, tax.inclusive, policy);
    return { code: tax.code, name: tax.name, rate: tax.rate, inclusive: tax.inclusive, base: tax.inclusive ? amount - due : amount, tax: due };
  });
}

import type { CheckTotals } from "#shared/events/sale-check.ts";

type TaxRow = CheckTotals["taxes"][number];

/** As people read a bill: two tax codes of one name and rate are one tax. */
export function readTaxes(taxes: readonly TaxRow[]): readonly TaxRow[] {
  const rows = new Map<string, TaxRow>();
  for (const tax of taxes) {
    const key = `${tax.name} ${tax.rate} ${tax.inclusive}`;
    const before = rows.get(key);
    rows.set(key, before ? { ...before, base: (BigInt(before.base) + BigInt(tax.base)).toString(), tax: (BigInt(before.tax) + BigInt(tax.tax)).toString() } : tax);
  }
  return [...rows.values()];
}

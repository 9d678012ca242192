import type { CheckTotals, Share } from "#shared/events/sale-check.ts";
import { minorUnits } from "#shared/money/money.ts";
import { thousandths } from "#shared/money/quantity.ts";
import { divideRounded, type RoundingMode } from "#shared/money/rounding.ts";
import { taxOn, taxRows, type TaxedLine } from "#shared/money/tax.ts";
import { fractionOfDecimal } from "#shared/money/fraction.ts";
import { isStoredValue } from "../gift-card/gift-card.ts";
import type { CheckState } from "./state.ts";

/** What the line reads: price of one, modifiers included, times quantity, times the part of the item that this check bears. */
export function lineAmount(share: Share, mode: RoundingMode): bigint {
  const exact = minorUnits(share.unitPrice) * thousandths(share.quantity) * BigInt(share.numerator);
  return divideRounded(exact, 1000n * BigInt(share.denominator), mode);
}

/** DOM-12. On the prices as listed; null when the policy charges nothing on this kind of service. */
function serviceChargeLine(state: CheckState, listed: bigint): TaxedLine | { readonly amount: bigint; readonly tax: null } | null {
  const { serviceCharge, rounding, taxes } = state.policies;
  if (!serviceCharge || !serviceCharge.serviceTypes.includes(state.serviceType)) return null;
  const { numerator, denominator } = fractionOfDecimal(serviceCharge.rate);
  const amount = divideRounded(listed * numerator, denominator, rounding.mode);
  const tax = taxes.find((t) => t.code === serviceCharge.taxCode && (t.serviceTypes?.includes(state.serviceType) ?? true));
  return { amount, tax: tax ?? null };
}

/** What the check says, by its own frozen policies (DOM-9). net + service charge + tax + stored value = total, always. */
export function checkTotals(state: CheckState): CheckTotals {
  const { rounding } = state.policies;
  const shares = Object.values(state.shares);
  const goods: TaxedLine[] = shares.filter((share) => !isStoredValue(share)).map((share) => ({ amount: lineAmount(share, rounding.mode), tax: share.tax }));
  const storedValue = shares.filter(isStoredValue).reduce((sum, share) => sum + lineAmount(share, rounding.mode), 0n);
  const listed = goods.reduce((sum, line) => sum + line.amount, 0n);
  const charge = serviceChargeLine(state, listed);
  const taxed = charge?.tax ? [...goods, charge] : goods;
  const rows = taxRows(taxed, rounding).sort((a, b) => `${a.code} ${a.rate}`.localeCompare(`${b.code} ${b.rate}`, "en"));
  const tax = rows.reduce((sum, row) => sum + row.tax, 0n);
  const inside = rows.reduce((sum, row) => sum + (row.inclusive ? row.tax : 0n), 0n);
  const chargeTaxInside = charge?.tax?.inclusive ? taxOn(charge.amount, charge.tax.rate, true, rounding.mode) : 0n;
  const chargeNet = (charge?.amount ?? 0n) - chargeTaxInside;
  const total = listed + (charge?.amount ?? 0n) - inside + tax + storedValue;
  const paid = state.tenders.reduce((sum, tender) => sum + minorUnits(tender.amount), 0n);
  return {
    currency: state.currency,
    net: (total - chargeNet - tax - storedValue).toString(),
    serviceCharge: chargeNet.toString(),
    taxes: rows.map((row) => ({ ...row, base: row.base.toString(), tax: row.tax.toString() })),
    tax: tax.toString(),
    ...(storedValue > 0n ? { storedValue: storedValue.toString() } : {}),
    total: total.toString(),
    paid: paid.toString(),
    due: (total - paid).toString(),
  };
}

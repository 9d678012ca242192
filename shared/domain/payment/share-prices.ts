import type { CheckTotals, Share } from "#shared/events/sale-check.ts";
import { allocate } from "#shared/money/allocate.ts";
import { fractionOfDecimal, leastCommonMultiple } from "#shared/money/fraction.ts";
import { unitOf } from "#shared/money/rounding.ts";
import { keyOfTax } from "../check/allot.ts";
import { chargeOn, type Charge } from "../check/charge.ts";
import { lineAmount, payableAmount } from "../check/lines.ts";
import type { CheckState } from "../check/state.ts";

/** What a share bore of a closed bill, minor units: all of it, and of that what its line reads, its part of the service charge, of each of the bill's taxes and of what these are on. */
export type SharePrice = { readonly gross: bigint; readonly listed: bigint; readonly serviceCharge: bigint; readonly taxes: readonly bigint[]; readonly bases: readonly bigint[] };
/** As the guest reads it, before what is added in tax. */
type Read = { readonly goods: bigint; readonly charge: bigint };

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((all, one) => all + one, 0n);
}

function given(whole: bigint, weights: readonly bigint[], unit: bigint): readonly bigint[] {
  return sum(weights) === 0n ? weights.map(() => 0n) : allocate(whole, weights, unit);
}

/** The bill's figures, given to what it sold by largest remainder: the shares' prices sum to the bill without its gift cards and its rounding line. */
export function sharePrices(check: CheckState, bill: CheckTotals): ReadonlyMap<string, SharePrice> {
  const shares = Object.values(check.shares).filter((share) => share.kind !== "stored-value");
  const { rounding } = check.policies;
  const unit = unitOf(rounding);
  const goods = shares.map((share) => payableAmount(share, rounding));
  const borne = shares.map((share) => chargeOn(check, share));
  const chargeable = chargeables(borne, goods, shares.map((share) => lineAmount(share, rounding)));
  const charges = given(BigInt(bill.serviceCharge), withoutTax(chargeable, borne), unit);
  const taxes = bill.taxes.map((row) => {
    const { numerator, denominator } = fractionOfDecimal(row.rate);
    const ofGoods = shares.map((share, i) => (isOf(row, share) ? (goods[i] ?? 0n) * denominator : 0n));
    const taxesCharge = borne.map((charge) => charge !== null && charge.tax !== null && keyOfTax(charge.tax) === keyOfTax(row));
    // The charge stands in the bill without its tax; what is inside of goods is inside of what they read.
    const ofCharge = charges.map((one, i) => (taxesCharge[i] ? one * (row.inclusive ? denominator + numerator : denominator) : 0n));
    const parts = given(BigInt(row.tax), [...ofGoods, ...ofCharge], unit);
    return shares.map((share, i) => ({ goods: parts[i] ?? 0n, charge: parts[shares.length + i] ?? 0n, inside: row.inclusive, ofGoods: isOf(row, share), ofCharge: taxesCharge[i] === true }));
  });
  const onTop = shares.map((_, i) => sum(taxes.map((row) => (row[i]?.inside === false ? row[i].goods + row[i].charge : 0n))));
  const read = readOf(bill, goods, chargeable, unit, sum(onTop));
  return new Map(
    shares.map((share, i) => {
      const { goods: line, charge } = read[i] ?? { goods: 0n, charge: 0n };
      const own = taxes.map((row) => (row[i]?.goods ?? 0n) + (row[i]?.charge ?? 0n));
      const bases = taxes.map((row, r) => (row[i]?.ofGoods ? line : 0n) + (row[i]?.ofCharge ? charge : 0n) - (row[i]?.inside ? (own[r] ?? 0n) : 0n));
      return [share.share, { gross: line + charge + (onTop[i] ?? 0n), listed: line, serviceCharge: charges[i] ?? 0n, taxes: own, bases }];
    }),
  );
}

/** How much charge each bears beside the others: by its amount, and by its rate where they are charged otherwise. */
function chargeables(borne: readonly (Charge | null)[], goods: readonly bigint[], listed: readonly bigint[]): readonly bigint[] {
  const rates = borne.map((charge) => fractionOfDecimal(charge?.rate ?? "0"));
  const parts = rates.reduce((all, { denominator }) => leastCommonMultiple(all, denominator), 1n);
  return borne.map((charge, i) => {
    const { numerator = 0n, denominator = 1n } = rates[i] ?? {};
    return ((charge?.afterDiscount ? goods[i] : listed[i]) ?? 0n) * numerator * (parts / denominator);
  });
}

/** The bill's charge is without the tax that is inside of some shares' and not of others', where checks of several kinds became one. */
function withoutTax(chargeable: readonly bigint[], borne: readonly (Charge | null)[]): readonly bigint[] {
  const rates = borne.map((charge) => fractionOfDecimal(charge?.tax?.inclusive === true ? charge.tax.rate : "0"));
  const parts = rates.reduce((all, { numerator, denominator }) => leastCommonMultiple(all, denominator + numerator), 1n);
  return chargeable.map((amount, i) => {
    const { numerator = 0n, denominator = 1n } = rates[i] ?? {};
    return (amount * denominator * parts) / (denominator + numerator);
  });
}

/** The line, and its part of the charge as the bill says it. Were the net given for itself, a line would be a cent off what it says. */
function readOf(bill: CheckTotals, goods: readonly bigint[], chargeable: readonly bigint[], unit: bigint, onTop: bigint): readonly Read[] {
  const paid = BigInt(bill.net) + BigInt(bill.serviceCharge) + sum(bill.taxes.map(({ tax }) => BigInt(tax)));
  const beside = paid - onTop - sum(goods);
  // A family's rounding may leave a part less than its lines say.
  if (beside < 0n || (beside > 0n && sum(chargeable) === 0n)) return given(paid - onTop, goods, unit).map((amount) => ({ goods: amount, charge: 0n }));
  const charges = given(beside, chargeable, unit);
  return goods.map((amount, i) => ({ goods: amount, charge: charges[i] ?? 0n }));
}

function isOf(row: CheckTotals["taxes"][number], share: Share): boolean {
  return row.code === share.tax.code && row.rate === share.tax.rate && row.inclusive === share.tax.inclusive;
}

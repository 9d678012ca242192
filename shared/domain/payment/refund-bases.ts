import { allocate, capped } from "#shared/money/allocate.ts";
import { divideToUnit } from "#shared/money/rounding.ts";

/** Minor units; `bases` stand in the order of the bill's rows. Over all rows they are the net with the part of the service charge that is taxed. */
type Left = { readonly net: bigint; readonly serviceCharge: bigint; readonly bases: readonly bigint[] };
type Goes = Pick<Left, "net" | "serviceCharge">;
/** Minor units, `taxes` and what they are on (`bases`) in the order of the bill's rows: net + serviceCharge + taxes is what is given back. */
export type Parts = Left & { readonly taxes: readonly bigint[] };

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((all, one) => all + one, 0n);
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function notBelowZero(amount: bigint): bigint {
  return amount < 0n ? 0n : amount;
}

function between(low: bigint, amount: bigint, high: bigint): bigint {
  return amount < low ? low : least(amount, high);
}

/** By largest remainder, no part more than what it is a part of: also where the parts are no multiples of the unit. */
export function partsOfWhat(total: bigint, left: readonly bigint[], unit: bigint): bigint[] {
  return capped(allocate(total, left, unit), left);
}

function taxedCharge({ net, serviceCharge, bases }: Left): bigint {
  return between(0n, sum(bases) - net, serviceCharge);
}

/** What goes back at the bill's mix of rates, net and charge, over the bases that are left. */
function basesOfAmount(left: Left, { net, serviceCharge }: Goes, unit: bigint): readonly bigint[] {
  const taxed = taxedCharge(left);
  const [ofCharge = 0n] = partsOfWhat(serviceCharge, [taxed, left.serviceCharge - taxed], unit);
  return partsOfWhat(least(net + ofCharge, sum(left.bases)), left.bases, unit);
}

/** An amount at the mix of what is left. */
export function atTheMix(left: Parts, total: bigint, unit: bigint): Parts {
  const [net = 0n, serviceCharge = 0n, ...taxes] = partsOfWhat(total, [left.net, left.serviceCharge, ...left.taxes], unit);
  return { net, serviceCharge, taxes, bases: basesOfAmount(left, { net, serviceCharge }, unit) };
}

/**
 * What items were sold for (`sold`, of `bill`), out of what is left. After refunds of amounts less may be left of a rate than they bore: then all of that rate goes back, and what
 * is over is an amount at the mix of the rest, so that every row stays at its rate. `sold` is at most what is left in all.
 */
export function partsOfItems(bill: Left, left: Parts, sold: Parts, unit: bigint): Parts {
  const bases = basesOfItems(bill, sold, sold.bases);
  const wanted = { ...sold, bases };
  const own = stillThere(left, wanted, unit);
  const over = totalOf(sold) - totalOf(own);
  const mixed = atTheMix(without(left, own), over, unit);
  const both = (a: readonly bigint[], b: readonly bigint[]) => a.map((amount, row) => amount + (b[row] ?? 0n));
  return { net: own.net + mixed.net, serviceCharge: own.serviceCharge + mixed.serviceCharge, taxes: both(own.taxes, mixed.taxes), bases: both(own.bases, mixed.bases) };
}

function totalOf({ net, serviceCharge, taxes }: Parts): bigint {
  return net + serviceCharge + sum(taxes);
}

function without(left: Parts, own: Parts): Parts {
  const rest = (all: readonly bigint[], less: readonly bigint[]) => all.map((amount, row) => amount - (less[row] ?? 0n));
  return { net: left.net - own.net, serviceCharge: left.serviceCharge - own.serviceCharge, taxes: rest(left.taxes, own.taxes), bases: rest(left.bases, own.bases) };
}

/** Of each row what it still has, base and tax together, with as much of the charge. */
function stillThere(left: Parts, wanted: Parts, unit: bigint): Parts {
  const rows = wanted.bases.map((base, row) => rowThere([left.bases[row] ?? 0n, left.taxes[row] ?? 0n], [base, wanted.taxes[row] ?? 0n], unit));
  const bases = rows.map(([base]) => base);
  const taxes = rows.map(([, tax]) => tax);
  const there = sum(bases) + sum(taxes);
  const asked = sum(wanted.bases) + sum(wanted.taxes);
  const ofCharge = (charge: bigint) => (there === asked ? charge : divideToUnit(charge * there, asked, { mode: "down", unit: Number(unit) }));
  const taxedLeft = taxedCharge(left);
  const taxedWanted = taxedCharge(wanted);
  const taxed = between(notBelowZero(sum(bases) - left.net), ofCharge(taxedWanted), least(taxedLeft, sum(bases)));
  const untaxed = least(ofCharge(wanted.serviceCharge - taxedWanted), left.serviceCharge - taxedLeft);
  return { net: sum(bases) - taxed, serviceCharge: taxed + untaxed, taxes, bases };
}

type Row = readonly [base: bigint, tax: bigint];

function rowThere(left: Row, wanted: Row, unit: bigint): Row {
  if (wanted.every((amount, i) => amount <= (left[i] ?? 0n))) return wanted;
  const [base = 0n, tax = 0n] = partsOfWhat(least(sum(wanted), sum(left)), left, unit);
  return [base, tax];
}

/** `wanted`: of each rate what the items were sold for, with their charge at its own. What pieces were rounded by goes to the row that has most of them. */
function basesOfItems(bill: Left, { net, serviceCharge }: Goes, wanted: readonly bigint[]): readonly bigint[] {
  const taxed = taxedCharge(bill);
  const untaxed = bill.serviceCharge - taxed;
  const ofCharge = between(notBelowZero(serviceCharge - untaxed), sum(wanted) - net, least(serviceCharge, taxed));
  return fitted(wanted, least(net + ofCharge, sum(bill.bases)), bill.bases);
}

/** The amounts, each from nothing to its cap, made to sum to `total`: first in the rows that have most. The caps sum to at least as much. */
function fitted(wanted: readonly bigint[], total: bigint, caps: readonly bigint[]): readonly bigint[] {
  const bases = wanted.map((amount, row) => between(0n, amount, caps[row] ?? 0n));
  let over = total - sum(bases);
  const rows = [...bases.keys()].sort((a, b) => Number((bases[b] ?? 0n) - (bases[a] ?? 0n)));
  for (const row of rows) {
    const base = bases[row] ?? 0n;
    const more = between(-base, over, (caps[row] ?? 0n) - base);
    bases[row] = base + more;
    over -= more;
  }
  return bases;
}

import { allocate, capped } from "#shared/money/allocate.ts";

/** Minor units; `bases` stand in the order of the bill's rows. Over all rows they are the net with the part of the service charge that is taxed. */
type Left = { readonly net: bigint; readonly serviceCharge: bigint; readonly bases: readonly bigint[] };
type Goes = Pick<Left, "net" | "serviceCharge">;

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((all, one) => all + one, 0n);
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
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
export function basesOfAmount(left: Left, { net, serviceCharge }: Goes, unit: bigint): readonly bigint[] {
  const taxed = taxedCharge(left);
  const [ofCharge = 0n] = partsOfWhat(serviceCharge, [taxed, left.serviceCharge - taxed], unit);
  return partsOfWhat(least(net + ofCharge, sum(left.bases)), left.bases, unit);
}

/** `wanted`: of each rate what the items were sold for, with their charge at its own. What pieces were rounded by goes to the row that has most of them. */
export function basesOfItems(left: Left, { net, serviceCharge }: Goes, wanted: readonly bigint[]): readonly bigint[] {
  const taxed = taxedCharge(left);
  const untaxed = left.serviceCharge - taxed;
  const ofCharge = between(between(0n, serviceCharge - untaxed, serviceCharge), sum(wanted) - net, least(serviceCharge, taxed));
  return fitted(wanted, least(net + ofCharge, sum(left.bases)), left.bases);
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

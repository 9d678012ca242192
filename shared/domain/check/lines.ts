import type { Cut, Share } from "#shared/events/sale-check.ts";
import { allocate, capped } from "#shared/money/allocate.ts";
import { addFractions, fraction, leastCommonMultiple, type Fraction } from "#shared/money/fraction.ts";
import { minorUnits } from "#shared/money/money.ts";
import { thousandths } from "#shared/money/quantity.ts";
import { divideToUnit, unitOf, type Rounding } from "#shared/money/rounding.ts";
import { shareList } from "./share-list.ts";

/** So finely an item can be divided; finer than anybody eats, and far within what a number holds. */
const FINEST = 1_000_000_000n;

const WHOLE = fraction(1n);

export function fractionOf({ numerator, denominator }: Pick<Share, "numerator" | "denominator">): Fraction {
  if (numerator === denominator) return WHOLE;
  return fraction(BigInt(numerator), BigInt(denominator));
}

export function isTooFine({ numerator, denominator }: Fraction): boolean {
  return denominator > FINEST || numerator > FINEST;
}

/** Minor units that the part reads on the bill: price of one, modifiers included, times quantity, times its fraction of the item, before adjustments. */
export function lineAmount(share: Share, rounding: Rounding): bigint {
  if (share.amount !== undefined) return BigInt(share.amount);
  if (isWhole(share) && /^\d+$/.test(share.quantity)) return minorUnits(share.unitPrice) * BigInt(share.quantity);
  const exact = minorUnits(share.unitPrice) * thousandths(share.quantity) * BigInt(share.numerator);
  return divideToUnit(exact, 1000n * BigInt(share.denominator), rounding);
}

export function cutAmount({ cuts }: Share): bigint {
  return cuts === undefined ? 0n : cuts.reduce((sum, cut) => sum + BigInt(cut.amount), 0n);
}

/** What is left of the line after adjustments; never below zero. */
export function payableAmount(share: Share, rounding: Rounding): bigint {
  return lineAmount(share, rounding) - cutAmount(share);
}

/** Most lines say neither; and to leave a field out takes ten times as long as a copy of all. */
function withoutAmounts(share: Share): Share {
  if (share.amount === undefined && share.cuts === undefined) return share;
  const { amount: _a, cuts: _c, ...plain } = share;
  return plain;
}

/** The share with another fraction and its exact part of line and cuts. A whole line says nothing that its price does not. */
function resized(share: Share, part: Fraction, amount: bigint, cuts: readonly Cut[], rounding: Rounding): Share {
  const next: Share = { ...withoutAmounts(share), numerator: Number(part.numerator), denominator: Number(part.denominator) };
  if (cuts.length > 0) next.cuts = [...cuts];
  const whole = part.numerator === part.denominator && lineAmount(next, rounding) === amount;
  if (!whole) next.amount = amount.toString();
  return next;
}

/**
 * Divides a share by weights; what each gets sums to what it was, of the line and of every cut. Cuts follow what was left before them,
 * so that no part is cut below zero.
 */
export function divideShare(share: Share, parts: readonly { readonly share: string; readonly fraction: Fraction }[], rounding: Rounding): readonly Share[] {
  const denominator = parts.reduce((all, part) => leastCommonMultiple(all, part.fraction.denominator), 1n);
  const weights = parts.map((part) => (part.fraction.numerator * denominator) / part.fraction.denominator);
  const unit = unitOf(rounding);
  let left = lineAmount(share, rounding);
  const amounts = allocate(left, weights, unit);
  let before = amounts;
  const cuts: Cut[][] = parts.map(() => []);
  for (const cut of share.cuts ?? []) {
    left -= BigInt(cut.amount);
    // Largest remainder may give a part more of less.
    const after = capped(allocate(left, weights, unit), before);
    after.forEach((amount, i) => cuts[i]?.push({ ...cut, amount: ((before[i] ?? 0n) - amount).toString() }));
    before = after;
  }
  return parts.map((part, i) => {
    const divided = resized(share, part.fraction, amounts[i] ?? 0n, cuts[i] ?? [], rounding);
    divided.share = part.share;
    return divided;
  });
}

function sameCuts(a: readonly Cut[], b: readonly Cut[]): boolean {
  return a.length === b.length && a.every((cut, i) => cut.adjustment === b[i]?.adjustment && cut.rate === b[i]?.rate);
}

/** Whether two parts of one item can be one part: the same was taken off both, and they are rounded together. */
export function canJoin(a: Share, b: Share): boolean {
  return a.item === b.item && a.root === b.root && sameCuts(a.cuts ?? [], b.cuts ?? []);
}

/** Two parts as one, under the first one's id: amounts add up exactly. */
export function joinShares(a: Share, b: Share, rounding: Rounding): Share {
  const cuts = (a.cuts ?? []).map((cut, i) => ({ ...cut, amount: (BigInt(cut.amount) + BigInt(b.cuts?.[i]?.amount ?? "0")).toString() }));
  return resized(a, addFractions(fractionOf(a), fractionOf(b)), lineAmount(a, rounding) + lineAmount(b, rounding), cuts, rounding);
}

export function isWhole(share: Share): boolean {
  return share.numerator === share.denominator;
}

/** The line's cuts anew after its amount changed: rates of what is left, amounts as far as they still fit. */
export function recut(cuts: readonly Cut[], amount: bigint, rounding: Rounding): readonly Cut[] {
  let left = amount;
  return cuts.map((cut) => {
    const wanted = cut.rate === null ? BigInt(cut.amount) : rateOf(left, cut.rate, rounding);
    const taken = wanted < left ? wanted : left;
    left -= taken;
    return { ...cut, amount: taken.toString() };
  });
}

export function rateOf(amount: bigint, rate: string, rounding: Rounding): bigint {
  return ratedBy(rate, rounding)(amount);
}

/** The same for many amounts: the rate is read once. Never more than the amount, and all of it is all of it, also of one that is no multiple of the unit. */
export function ratedBy(rate: string, rounding: Rounding): (amount: bigint) => bigint {
  const [whole = "0", places = ""] = rate.split(".");
  const [numerator, denominator] = [BigInt(`${whole}${places}`), 10n ** BigInt(places.length)];
  return (amount) => {
    if (numerator === denominator) return amount;
    const part = divideToUnit(amount * numerator, denominator, rounding);
    return part < amount ? part : amount;
  };
}

/** Of a line that became more: what was given on the line stays what it was, as an amount from now on; a rate of the whole check (`covers`) is for what comes later, too. */
function recutGrown(cuts: readonly Cut[], amount: bigint, rounding: Rounding, covers: ReadonlySet<string>): readonly Cut[] {
  return recut(cuts.map((cut) => (cut.rate === null || covers.has(cut.adjustment) ? cut : { ...cut, rate: null })), amount, rounding);
}

/** The share with another amount of its own, its cuts following. `covers` when the line became more: the rates that are for all of it. */
export function repriced(share: Share, fractionNow: Fraction, amount: bigint, rounding: Rounding, covers?: ReadonlySet<string>): Share {
  const cuts = covers ? recutGrown(share.cuts ?? [], amount, rounding, covers) : recut(share.cuts ?? [], amount, rounding);
  return resized(share, fractionNow, amount, cuts, rounding);
}

/** The one seat whose lines these are; null when there are several or none. */
export function seatOf(check: { readonly shares: Readonly<Record<string, Share>> }): number | null {
  const seats = new Set(shareList(check.shares).flatMap((share) => share.seat ?? []));
  const [only] = seats;
  return seats.size === 1 && only !== undefined ? only : null;
}

import type { OrderItem } from "#shared/events/sale-order.ts";
import type { Adjustment, Share } from "#shared/events/sale-check.ts";
import { allocate } from "#shared/money/allocate.ts";
import type { Fraction } from "#shared/money/fraction.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { unitOf } from "#shared/money/rounding.ts";
import type { ShareChanges } from "../check/evolve.ts";
import { fractionOf, lineAmount, recut, repriced } from "../check/lines.ts";
import type { CheckState } from "../check/state.ts";
import { billWords } from "./modifier-words.ts";

/** Price of one with its modifiers. */
export function priceOfOne(item: OrderItem): bigint {
  return item.modifiers.reduce((sum, modifier) => sum + minorUnits(modifier.price), minorUnits(item.unitPrice));
}

/** What the bill says about an item; the same for each of its shares. */
function onTheBill(item: OrderItem): Omit<Share, "share" | "order" | "numerator" | "denominator"> {
  return {
    item: item.item,
    name: item.variant ? `${item.names.receipt} ${item.variant.name}` : item.names.receipt,
    quantity: item.quantity,
    unitPrice: moneyOf(priceOfOne(item), item.unitPrice.currency),
    modifiers: item.modifiers.map((modifier) => ({ name: billWords(modifier), price: modifier.price })),
    tax: item.tax,
    seat: item.seat,
    ...(item.kind ? { kind: item.kind } : {}),
    ...(item.combo ? { combo: { combo: item.combo.combo, name: item.combo.name } } : {}),
  };
}

/** DOM-10: a new item is one whole share. */
export function wholeShare(share: string, order: string, item: OrderItem): Share {
  return { share, order, numerator: 1, denominator: 1, ...onTheBill(item) };
}

/** One part of an item, with the check that bears it. */
export type Bearing = { readonly check: CheckState; readonly share: Share };

/** Every part of the item, on whatever checks of the family. */
export function bearingsOf(item: string, members: readonly CheckState[]): readonly Bearing[] {
  return members.flatMap((check) => Object.values(check.shares).filter((share) => share.item === item).map((share) => ({ check, share })));
}

function checkRates(check: CheckState): readonly Adjustment[] {
  return (check.adjustments ?? []).filter(({ scope, rate }) => scope === "check" && rate !== null);
}

/** DOM-8: percents on a check cover later items; a gift card is never discounted. */
export function withCheckRates(check: CheckState, share: Share): Share {
  const rates = checkRates(check);
  if (rates.length === 0 || share.kind === "stored-value") return share;
  const { rounding } = check.policies;
  const cuts = rates.map(({ adjustment, kind, rate }) => ({ adjustment, kind, rate, amount: "0" }));
  return { ...share, cuts: [...recut(cuts, lineAmount(share, rounding), rounding)] };
}

/** What is settled keeps what it bears; the rest is borne by the others. */
function isSettledShare({ check }: Bearing): boolean {
  return check.status === "closed" || check.status === "paid";
}

/**
 * The item's parts after the item changed: what they are parts of is new, and with `fractions` (zero: gone) how much of it they are. Amounts of parts sum
 * to the line.
 */
export function reshaped(item: OrderItem, bearings: readonly Bearing[], fractions: readonly Fraction[] = bearings.map(({ share }) => fractionOf(share))): ReadonlyMap<string, ShareChanges> {
  const onBill = onTheBill(item);
  const parts = bearings.map(({ check, share }, i) => {
    const { kind: _k, combo: _c, ...rest } = share;
    return { check, share: { ...rest, ...onBill }, fraction: fractions[i] ?? fractionOf(share) };
  });
  const open = parts.filter((_, i) => bearings.length === 1 || !bearings[i] || !isSettledShare(bearings[i]));
  const [first] = parts;
  if (!first) return new Map();
  const { rounding } = first.check.policies;
  const { amount: _a, cuts: _u, ...plain } = first.share;
  const whole = lineAmount({ ...plain, numerator: 1, denominator: 1 }, rounding);
  const kept = parts.filter((part) => !open.includes(part)).reduce((sum, { check, share }) => sum + lineAmount({ ...share, ...amountOf(bearings, share.share) }, check.policies.rounding), 0n);
  const denominator = open.reduce((all, part) => all * part.fraction.denominator, 1n);
  const weights = open.map((part) => (part.fraction.numerator * denominator) / part.fraction.denominator);
  const left = whole > kept ? whole - kept : 0n;
  const amounts = weights.every((weight) => weight === 0n) ? weights : allocate(left, weights, unitOf(rounding));
  const grew = whole > bearings.reduce((sum, { check, share }) => sum + lineAmount(share, check.policies.rounding), 0n);
  const covering = new Set(bearings.flatMap(({ check }) => checkRates(check).map(({ adjustment }) => adjustment)));
  const changes = new Map<string, { added: Share[]; changed: Share[]; removed: string[] }>();
  for (const part of parts) {
    const { check, share } = part;
    const own = changes.get(check.id) ?? { added: [], changed: [], removed: [] };
    changes.set(check.id, own);
    const i = open.indexOf(part);
    if (part.fraction.numerator === 0n) own.removed.push(share.share);
    else if (i >= 0) own.changed.push(repriced(share, part.fraction, amounts[i] ?? 0n, rounding, grew ? covering : undefined));
    else own.changed.push({ ...share, ...amountOf(bearings, share.share), numerator: Number(part.fraction.numerator), denominator: Number(part.fraction.denominator) });
  }
  return changes;
}

/** A settled part says its amount itself, since its fraction may become one of another quantity. */
function amountOf(bearings: readonly Bearing[], id: string): { readonly amount: string } {
  const found = bearings.find(({ share }) => share.share === id);
  return { amount: (found ? lineAmount(found.share, found.check.policies.rounding) : 0n).toString() };
}

export function removedShares(bearings: readonly Bearing[]): ReadonlyMap<string, ShareChanges> {
  const changes = new Map<string, { added: Share[]; changed: Share[]; removed: string[] }>();
  for (const { check, share } of bearings) {
    const own = changes.get(check.id) ?? { added: [], changed: [], removed: [] };
    own.removed.push(share.share);
    changes.set(check.id, own);
  }
  return changes;
}

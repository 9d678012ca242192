import type { Allotted, Share } from "#shared/events/sale-check.ts";
import { allocate } from "#shared/money/allocate.ts";
import { unitOf, type Rounding } from "#shared/money/rounding.ts";
import { taxOn } from "#shared/money/tax.ts";
import { notes } from "../noted.ts";
import { chargeOf, chargeOn, isSameCharge, isSameTax, type Charge, type TaxKey } from "./charge.ts";
import { rateOf } from "./lines.ts";
import { reckonedLines } from "./reckoned.ts";
import type { CheckState } from "./state.ts";

export function rootOf(check: CheckState, share: Share): string {
  return share.root ?? check.family ?? check.id;
}

export function keyOfTax({ code, rate, inclusive }: TaxKey): string {
  return `${code} ${rate} ${inclusive}`;
}

/** What one check has in one group, in minor units, and what it was given of the group's whole. */
type Portion = { readonly check: string; weight: bigint; given: bigint };
type Policy = Rounding & { readonly level: "line" | "check" };
/** `items`: what each item has in it, for who rounds by the line; its parts on several checks are one line. */
type RowGroup = { readonly policy: Policy; readonly root: string; readonly tax: TaxKey; readonly portions: Portion[]; readonly items: Map<string, bigint> };
type ChargeGroup = { readonly policy: Policy; readonly root: string; readonly charge: Charge; readonly portions: Portion[] };
type Charged = { readonly charge: Charge; amount: bigint; tax: bigint };
type Mutable = { readonly charges: Charged[]; readonly taxes: Map<string, { readonly tax: TaxKey; amount: bigint }> };

function isSamePolicy(a: Policy, b: Policy): boolean {
  return a === b || (a.mode === b.mode && a.level === b.level && a.unit === b.unit);
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => a + b, 0n);
}

function grouped<T>(groups: Map<string, T>, key: string, make: () => T): T {
  const found = groups.get(key);
  if (found) return found;
  const made = make();
  groups.set(key, made);
  return made;
}

function portionOf(portions: Portion[], check: string): Portion {
  // Checks come one after the other: mostly it is the last one's.
  const last = portions.at(-1);
  if (last?.check === check) return last;
  const found = portions.find((portion) => portion.check === check);
  if (found) return found;
  const made = { check, weight: 0n, given: 0n };
  portions.push(made);
  return made;
}

/** What a check has of its family's charge and taxes, and keeps. `settled`: whatever happens; else as long as it fits the whole. */
export type Held = { readonly given: Allotted; readonly settled: boolean };

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** Spreads what is over (or, below zero, too much) a unit to each in turn, as far as each has room. What is left when nobody has. */
function spread(amount: bigint, portions: readonly Portion[], unit: bigint, roomOf: (portion: Portion) => bigint): bigint {
  const sign = amount < 0n ? -1n : 1n;
  let left = amount * sign;
  while (left > 0n) {
    const able = portions.filter((portion) => roomOf(portion) > 0n);
    if (able.length === 0) break;
    const each = (left / (BigInt(able.length) * unit)) * unit || unit;
    for (const portion of able) {
      const more = least(least(each, left), roomOf(portion));
      portion.given += sign * more;
      left -= more;
    }
  }
  return left * sign;
}

/**
 * Who holds something keeps it, the others get the rest by weight: so what nobody worked on reads as before. `isInside`: a tax is never more than what it is
 * in. What fits nobody so is borne by whoever is not settled. Never below zero, nothing to whom nothing weighs.
 */
function give(whole: bigint, portions: readonly Portion[], unit: bigint, isInside: boolean, heldBy: (check: string) => { readonly amount: bigint; readonly settled: boolean } | undefined): void {
  let left = whole;
  const open: Portion[] = [];
  const taking: Portion[] = [];
  for (const portion of portions) {
    const held = heldBy(portion.check);
    if (portion.weight === 0n && !held?.settled) continue;
    if (held) {
      portion.given = held.amount;
      left -= held.amount;
    } else taking.push(portion);
    if (!held?.settled) open.push(portion);
  }
  if (left > 0n && taking.length > 0) {
    const amounts = allocate(left, taking.map(({ weight }) => weight), unit);
    taking.forEach((portion, i) => {
      const amount = amounts[i] ?? 0n;
      portion.given = isInside ? least(amount, portion.weight) : amount;
      left -= portion.given;
    });
  }
  if (left < 0n) spread(left, open, unit, ({ given }) => given);
  if (left <= 0n) return;
  const most = left;
  const rest = isInside ? spread(left, open, unit, ({ weight, given }) => weight - given) : left;
  spread(rest, open, unit, () => most);
}

/**
 * DOM-11: service charge and tax of a family. Both are rounded per root (the check on which an item was entered) as if nothing had ever been split or
 * merged, so no split, merge or move changes a sum; then they are given to the checks that bear the root's items: who holds something keeps it, the
 * others get the rest by largest remainder in the order of the family.
 */
export function allot(members: readonly CheckState[], heldOf: (check: CheckState) => Held | undefined = () => undefined): ReadonlyMap<string, Allotted> {
  const held = new Map<string, Held>();
  for (const check of members) {
    const own = heldOf(check);
    if (own) held.set(check.id, own);
  }
  const chargeGroups: ChargeGroup[] = [];
  const rows: RowGroup[] = [];
  const chargeGroupOf = (root: string, policy: Policy, charge: Charge) => {
    const found = chargeGroups.find((one) => one.root === root && isSamePolicy(one.policy, policy) && isSameCharge(one.charge, charge));
    const group = found ?? { root, policy, charge, portions: [] };
    if (!found) chargeGroups.push(group);
    return group;
  };
  const addToRow = (root: string, policy: Policy, tax: TaxKey, item: string, check: string, amount: bigint) => {
    const found = rows.find((one) => one.root === root && isSamePolicy(one.policy, policy) && isSameTax(one.tax, tax));
    const row = found ?? { root, policy, tax, portions: [], items: new Map<string, bigint>() };
    if (!found) rows.push(row);
    portionOf(row.portions, check).weight += amount;
    if (policy.level === "line") row.items.set(item, (row.items.get(item) ?? 0n) + amount);
  };

  for (const check of members) {
    const { rounding } = check.policies;
    for (const { share, listed, payable } of reckonedLines(check)) {
      if (share.kind === "stored-value") continue;
      const root = rootOf(check, share);
      addToRow(root, rounding, share.tax, share.item, check.id, payable);
      const charge = chargeOn(check, share);
      if (charge) portionOf(chargeGroupOf(root, rounding, charge).portions, check.id).weight += charge.afterDiscount ? payable : listed;
    }
  }

  const given = new Map<string, Map<string, Mutable>>(members.map((check) => [check.id, new Map()]));
  const ofRoot = (check: string, root: string) => grouped(given.get(check) ?? new Map<string, Mutable>(), root, () => ({ charges: [], taxes: new Map() }));
  const chargedOn = (check: string, root: string, charge: Charge) => {
    const { charges } = ofRoot(check, root);
    const found = charges.find((one) => isSameCharge(one.charge, charge));
    const own = found ?? { charge, amount: 0n, tax: 0n };
    if (!found) charges.push(own);
    return own;
  };
  const ownCharges = new Map(members.map((check) => [check.id, chargeOf(check)]));
  const heldOn = (root: string, amountOf: (had: Allotted[number], check: string) => string | undefined) => (check: string) => {
    const own = held.get(check);
    if (!own) return undefined;
    const had = own.given.find((one) => one.root === root);
    return { amount: BigInt((had && amountOf(had, check)) ?? "0"), settled: own.settled };
  };

  for (const { root, policy, charge, portions } of chargeGroups) {
    const unit = unitOf(policy);
    const base = sum(portions.map(({ weight }) => weight));
    const whole = rateOf(base, charge.rate, policy);
    const heldOf = (had: Allotted[number], check: string) => {
      if (had.charges) return had.charges.find((one) => isSameCharge(one, charge));
      const own = ownCharges.get(check);
      return own && isSameCharge(own, charge) ? had : undefined;
    };
    give(whole, portions, unit, false, heldOn(root, (had, check) => heldOf(had, check)?.charge));
    for (const { check, given: amount } of portions) chargedOn(check, root, charge).amount += amount;
    const { tax } = charge;
    if (!tax) continue;
    for (const { check, given: amount } of portions) addToRow(root, policy, tax, "charge", check, amount);
    if (!tax.inclusive) continue;
    const inside = portions.map(({ check, given: amount }) => ({ check, weight: amount, given: 0n }));
    give(taxOn(whole, tax.rate, true, policy), inside, unit, true, heldOn(root, (had, check) => heldOf(had, check)?.chargeTax));
    for (const { check, given: amount } of inside) chargedOn(check, root, charge).tax += amount;
  }

  for (const { root, policy, tax, portions, items } of rows) {
    const amounts = policy.level === "line" ? [...items.values()] : [sum(portions.map(({ weight }) => weight))];
    const whole = sum(amounts.map((amount) => taxOn(amount, tax.rate, tax.inclusive, policy)));
    give(whole, portions, unitOf(policy), tax.inclusive, heldOn(root, (had) => had.taxes.find((row) => isSameTax(row, tax))?.tax));
    for (const { check, given: amount } of portions) grouped(ofRoot(check, root).taxes, keyOfTax(tax), () => ({ tax, amount: 0n })).amount += amount;
  }
  const settledOf = (check: string) => {
    const own = held.get(check);
    return own?.settled ? own.given : undefined;
  };
  return new Map([...given].map(([check, roots]) => [check, settledOf(check) ?? plain(roots, ownCharges.get(check) ?? null)]));
}

const alone = notes<CheckState, Allotted>();

/** What the check was given; one that stands alone has all that there is. */
export function givenTo(check: CheckState): Allotted {
  return check.allotted ?? givenAlone(check);
}

/** As if its lines were all that they are rounded with. */
export function givenAlone(check: CheckState): Allotted {
  return alone.of(check) ?? alone.note(check, allot([check]).get(check.id) ?? []);
}

function plain(roots: ReadonlyMap<string, Mutable>, own: Charge | null): Allotted {
  return [...roots]
    .map(([root, { charges, taxes }]) => ({
      root,
      charge: sum(charges.map(({ amount }) => amount)).toString(),
      chargeTax: sum(charges.map(({ tax }) => tax)).toString(),
      ...(charges.every(({ charge }) => own && isSameCharge(charge, own)) ? {} : { charges: plainCharges(charges) }),
      taxes: [...taxes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { tax, amount }]) => ({ code: tax.code, name: tax.name, rate: tax.rate, inclusive: tax.inclusive, tax: amount.toString() })),
    }))
    .sort((a, b) => (a.root < b.root ? -1 : a.root > b.root ? 1 : 0));
}

function plainCharges(charges: readonly Charged[]): NonNullable<Allotted[number]["charges"]> {
  const keyOf = ({ rate, afterDiscount, tax }: Charge) => `${rate} ${afterDiscount} ${tax ? keyOfTax(tax) : ""}`;
  return [...charges]
    .sort((a, b) => (keyOf(a.charge) < keyOf(b.charge) ? -1 : 1))
    .map(({ charge: { rate, afterDiscount, tax }, amount, tax: inside }) => ({ rate, afterDiscount, tax, charge: amount.toString(), chargeTax: inside.toString() }));
}

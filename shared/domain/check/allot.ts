import type { Allotted, Share } from "#shared/events/sale-check.ts";
import { allocate } from "#shared/money/allocate.ts";
import type { RoundingMode } from "#shared/money/rounding.ts";
import { taxOn } from "#shared/money/tax.ts";
import { rateOf } from "./lines.ts";
import { reckonedLines } from "./reckoned.ts";
import type { CheckState } from "./state.ts";

export type TaxKey = Share["tax"];
/** DOM-12: the charge that a check bears: its own word if it has one, else its policy's. */
export type Charge = { readonly rate: string; readonly tax: TaxKey | null; readonly afterDiscount: boolean; readonly removable: boolean };

export function rootOf(check: CheckState, share: Share): string {
  return share.root ?? check.family ?? check.id;
}

export function chargeOf(check: CheckState): Charge | null {
  const { serviceCharge, taxes } = check.policies;
  if (!serviceCharge || check.charge === null || !serviceCharge.serviceTypes.includes(check.serviceType)) return null;
  const { rate, removable } = check.charge ?? serviceCharge;
  if (/^0(\.0*)?$/.test(rate)) return null;
  const tax = taxes.find((t) => t.code === serviceCharge.taxCode && (t.serviceTypes?.includes(check.serviceType) ?? true));
  return {
    rate,
    removable,
    afterDiscount: serviceCharge.base === "after-discount",
    tax: tax ? { code: tax.code, name: tax.name, rate: tax.rate, inclusive: tax.inclusive } : null,
  };
}

export function keyOfTax({ code, rate, inclusive }: TaxKey): string {
  return `${code} ${rate} ${inclusive}`;
}

/** One row of a bill. */
export function isSameTax(a: TaxKey, b: TaxKey): boolean {
  return a === b || (a.code === b.code && a.rate === b.rate && a.inclusive === b.inclusive);
}

function isSameCharge(a: Charge, b: Charge): boolean {
  return a === b || (a.rate === b.rate && a.afterDiscount === b.afterDiscount && (a.tax && b.tax ? isSameTax(a.tax, b.tax) : a.tax === b.tax));
}

/** What one check has in one group, in minor units, and what it was given of the group's whole. */
type Portion = { readonly check: string; weight: bigint; given: bigint };
type Rounding = { readonly mode: RoundingMode; readonly level: "line" | "check" };
/** `items`: what each item has in it, for who rounds by the line; its parts on several checks are one line. */
type RowGroup = Rounding & { readonly root: string; readonly tax: TaxKey; readonly portions: Portion[]; readonly items: Map<string, bigint> };
type ChargeGroup = Rounding & { readonly root: string; readonly charge: Charge; readonly portions: Portion[] };
type Mutable = { charge: bigint; chargeTax: bigint; readonly taxes: Map<string, { readonly tax: TaxKey; amount: bigint }> };

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

/** Gives `whole` to the open ones by weight; what frozen ones were given before is theirs. Never below zero, nothing to whom nothing weighs. */
function give(whole: bigint, portions: readonly Portion[], frozen: (check: string) => bigint | undefined): void {
  let left = whole;
  const open: Portion[] = [];
  for (const portion of portions) {
    const kept = frozen(portion.check);
    if (kept === undefined) open.push(portion);
    else {
      portion.given = kept;
      left -= kept;
    }
  }
  const weights = open.map(({ weight }) => weight);
  if (weights.every((weight) => weight === 0n)) return;
  allocate(left > 0n ? left : 0n, weights).forEach((amount, i) => {
    const portion = open[i];
    if (portion) portion.given = amount;
  });
}

/**
 * DOM-11: service charge and tax of a family. Both are rounded per root (the check on which an item was entered) as if nothing had ever been split or
 * merged, so no split, merge or move changes a sum; then they are given to the checks that bear the root's items, by largest remainder in the order
 * of the family. Whoever is `frozen` keeps what it has; the open ones absorb.
 */
export function allot(members: readonly CheckState[], isFrozen: (check: CheckState) => boolean = () => false): ReadonlyMap<string, Allotted> {
  const frozen = new Map(members.filter(isFrozen).map((check) => [check.id, check.allotted ?? allot([check]).get(check.id) ?? []]));
  const chargeGroups: ChargeGroup[] = [];
  const rows: RowGroup[] = [];
  const chargeGroupOf = (root: string, { mode, level }: Rounding, charge: Charge) => {
    const found = chargeGroups.find((one) => one.root === root && one.mode === mode && one.level === level && isSameCharge(one.charge, charge));
    const group = found ?? { root, mode, level, charge, portions: [] };
    if (!found) chargeGroups.push(group);
    return group;
  };
  const addToRow = (root: string, { mode, level }: Rounding, tax: TaxKey, item: string, check: string, amount: bigint) => {
    const found = rows.find((one) => one.root === root && one.mode === mode && one.level === level && isSameTax(one.tax, tax));
    const row = found ?? { root, mode, level, tax, portions: [], items: new Map<string, bigint>() };
    if (!found) rows.push(row);
    portionOf(row.portions, check).weight += amount;
    if (level === "line") row.items.set(item, (row.items.get(item) ?? 0n) + amount);
  };

  for (const check of members) {
    const { rounding } = check.policies;
    const charge = chargeOf(check);
    for (const { share, listed, payable } of reckonedLines(check)) {
      if (share.kind === "stored-value") continue;
      const root = rootOf(check, share);
      addToRow(root, rounding, share.tax, share.item, check.id, payable);
      if (charge) portionOf(chargeGroupOf(root, rounding, charge).portions, check.id).weight += charge.afterDiscount ? payable : listed;
    }
  }

  const given = new Map<string, Map<string, Mutable>>(members.map((check) => [check.id, new Map()]));
  const ofRoot = (check: string, root: string) => grouped(given.get(check) ?? new Map<string, Mutable>(), root, () => ({ charge: 0n, chargeTax: 0n, taxes: new Map() }));
  const was = (check: string, root: string) => frozen.get(check)?.find((one) => one.root === root);

  for (const { root, mode, level, charge, portions } of chargeGroups) {
    const base = sum(portions.map(({ weight }) => weight));
    const whole = rateOf(base, charge.rate, mode);
    give(whole, portions, (check) => (frozen.has(check) ? BigInt(was(check, root)?.charge ?? "0") : undefined));
    for (const { check, given: amount } of portions) ofRoot(check, root).charge += amount;
    const { tax } = charge;
    if (!tax) continue;
    for (const { check, given: amount } of portions) addToRow(root, { mode, level }, tax, "charge", check, amount);
    if (!tax.inclusive) continue;
    const inside = portions.map(({ check, given: amount }) => ({ check, weight: amount, given: 0n }));
    give(taxOn(whole, tax.rate, true, mode), inside, (check) => (frozen.has(check) ? BigInt(was(check, root)?.chargeTax ?? "0") : undefined));
    for (const { check, given: amount } of inside) ofRoot(check, root).chargeTax += amount;
  }

  for (const { root, mode, level, tax, portions, items } of rows) {
    const amounts = level === "line" ? [...items.values()] : [sum(portions.map(({ weight }) => weight))];
    const whole = sum(amounts.map((amount) => taxOn(amount, tax.rate, tax.inclusive, mode)));
    const keptBy = (check: string) => {
      if (!frozen.has(check)) return undefined;
      return BigInt(was(check, root)?.taxes.find((row) => keyOfTax(row) === keyOfTax(tax))?.tax ?? "0");
    };
    give(whole, portions, keptBy);
    for (const { check, given: amount } of portions) grouped(ofRoot(check, root).taxes, keyOfTax(tax), () => ({ tax, amount: 0n })).amount += amount;
  }
  return new Map([...given].map(([check, roots]) => [check, frozen.get(check) ?? plain(roots)]));
}

function plain(roots: ReadonlyMap<string, Mutable>): Allotted {
  return [...roots]
    .map(([root, { charge, chargeTax, taxes }]) => ({
      root,
      charge: charge.toString(),
      chargeTax: chargeTax.toString(),
      taxes: [...taxes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { tax, amount }]) => ({ code: tax.code, name: tax.name, rate: tax.rate, inclusive: tax.inclusive, tax: amount.toString() })),
    }))
    .sort((a, b) => (a.root < b.root ? -1 : a.root > b.root ? 1 : 0));
}

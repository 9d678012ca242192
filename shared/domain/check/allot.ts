import type { Allotted, Share } from "#shared/events/sale-check.ts";
import { allocate } from "#shared/money/allocate.ts";
import type { RoundingMode } from "#shared/money/rounding.ts";
import { taxOn } from "#shared/money/tax.ts";
import { lineAmount, payableAmount, rateOf } from "./lines.ts";
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

/** What one check has in one group, in minor units, and what it was given of the group's whole. */
type Portion = { readonly check: string; weight: bigint; given: bigint };
type Line = { readonly item: string; readonly check: string; readonly amount: bigint };
type RowGroup = { readonly root: string; readonly mode: RoundingMode; readonly level: "line" | "check"; readonly tax: TaxKey; readonly lines: Line[] };
type ChargeGroup = { readonly root: string; readonly mode: RoundingMode; readonly level: "line" | "check"; readonly charge: Charge; readonly portions: Portion[] };
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
  const chargeGroups = new Map<string, ChargeGroup>();
  const rows = new Map<string, RowGroup>();
  const rowOf = (root: string, { mode, level }: CheckState["policies"]["rounding"], tax: TaxKey) =>
    grouped(rows, `${root} ${mode} ${level} ${keyOfTax(tax)}`, () => ({ root, mode, level, tax, lines: [] }));

  for (const check of members) {
    const { rounding } = check.policies;
    const charge = chargeOf(check);
    for (const share of Object.values(check.shares)) {
      if (share.kind === "stored-value") continue;
      const root = rootOf(check, share);
      const amount = payableAmount(share, rounding.mode);
      rowOf(root, rounding, share.tax).lines.push({ item: share.item, check: check.id, amount });
      if (!charge) continue;
      const key = `${root} ${rounding.mode} ${rounding.level} ${charge.rate} ${charge.afterDiscount} ${charge.tax ? keyOfTax(charge.tax) : ""}`;
      const group = grouped(chargeGroups, key, () => ({ root, mode: rounding.mode, level: rounding.level, charge, portions: [] }));
      portionOf(group.portions, check.id).weight += charge.afterDiscount ? amount : lineAmount(share, rounding.mode);
    }
  }

  const given = new Map<string, Map<string, Mutable>>(members.map((check) => [check.id, new Map()]));
  const ofRoot = (check: string, root: string) => grouped(given.get(check) ?? new Map<string, Mutable>(), root, () => ({ charge: 0n, chargeTax: 0n, taxes: new Map() }));
  const was = (check: string, root: string) => frozen.get(check)?.find((one) => one.root === root);

  for (const { root, mode, level, charge, portions } of chargeGroups.values()) {
    const base = sum(portions.map(({ weight }) => weight));
    const whole = rateOf(base, charge.rate, mode);
    give(whole, portions, (check) => (frozen.has(check) ? BigInt(was(check, root)?.charge ?? "0") : undefined));
    for (const { check, given: amount } of portions) ofRoot(check, root).charge += amount;
    const { tax } = charge;
    if (!tax) continue;
    for (const { check, given: amount } of portions) rowOf(root, { mode, level }, tax).lines.push({ item: "charge", check, amount });
    if (!tax.inclusive) continue;
    const inside = portions.map(({ check, given: amount }) => ({ check, weight: amount, given: 0n }));
    give(taxOn(whole, tax.rate, true, mode), inside, (check) => (frozen.has(check) ? BigInt(was(check, root)?.chargeTax ?? "0") : undefined));
    for (const { check, given: amount } of inside) ofRoot(check, root).chargeTax += amount;
  }

  for (const { root, mode, level, tax, lines } of rows.values()) {
    const portions: Portion[] = [];
    const items = new Map<string, bigint>();
    for (const { item, check, amount } of lines) {
      portionOf(portions, check).weight += amount;
      items.set(item, (items.get(item) ?? 0n) + amount);
    }
    const amounts = level === "line" ? [...items.values()] : [sum([...items.values()])];
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

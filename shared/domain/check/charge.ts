import type { LineCharge, Share } from "#shared/events/sale-check.ts";
import { notes } from "../noted.ts";
import { shareList } from "./share-list.ts";
import type { CheckState } from "./state.ts";

export type TaxKey = Share["tax"];
export type Charge = LineCharge;

/** One row of a bill. */
export function isSameTax(a: TaxKey, b: TaxKey): boolean {
  return a === b || (a.code === b.code && a.rate === b.rate && a.inclusive === b.inclusive);
}

/** What is rounded as one charge. */
export type ChargeKey = Pick<Charge, "rate" | "afterDiscount" | "tax">;

export function isSameCharge(a: ChargeKey, b: ChargeKey): boolean {
  return a === b || (a.rate === b.rate && a.afterDiscount === b.afterDiscount && (a.tax && b.tax ? isSameTax(a.tax, b.tax) : a.tax === b.tax));
}

type Own = { readonly serviceType: CheckState["serviceType"]; readonly said: CheckState["charge"]; readonly charge: Charge | null };
/** On the policies, which every copy of a check shares: an operation makes hundreds of copies. */
const known = notes<CheckState["policies"], Own[]>();

function saysTheSame(a: CheckState["charge"], b: CheckState["charge"]): boolean {
  return a === b || (a !== null && b !== null && a?.rate === b?.rate && a?.removable === b?.removable);
}

/** DOM-12: the charge of what is entered on the check: its own word if it has one, else its policy's. */
export function chargeOf(check: CheckState): Charge | null {
  const { policies, serviceType, charge: said } = check;
  const owns = known.of(policies) ?? known.note(policies, []);
  const found = owns.find((own) => own.serviceType === serviceType && saysTheSame(own.said, said));
  if (found) return found.charge;
  const own = { serviceType, said, charge: ownCharge(check) };
  owns.push(own);
  return own.charge;
}

function ownCharge(check: CheckState): Charge | null {
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

/** The charge that goes with the line, one that was taken off it too. A gift card has none. */
export function carriedBy(check: CheckState, share: Share): Charge | null {
  if (share.kind === "stored-value") return null;
  return share.charge === undefined ? chargeOf(check) : share.charge;
}

/** The charge that the line bears. */
export function chargeOn(check: CheckState, share: Share): Charge | null {
  const carried = carriedBy(check, share);
  return carried?.removed ? null : carried;
}

const worded = notes<Charge, string>();

/** All that a charge says. */
function wordsOf(charge: Charge): string {
  const { rate, removable, afterDiscount, removed, tax } = charge;
  return worded.of(charge) ?? worded.note(charge, JSON.stringify([rate, removable, afterDiscount, removed, tax && [tax.code, tax.name, tax.rate, tax.inclusive]]));
}

export function isCarriedAlike(a: Charge | null, b: Charge | null): boolean {
  return a === b || (a !== null && b !== null && wordsOf(a) === wordsOf(b));
}

/** The line as it stands on the check: it says its charge when that is not the check's. */
export function bearing(share: Share, carried: Charge | null, check: CheckState): Share {
  const said = share.kind === "stored-value" || isCarriedAlike(carried, chargeOf(check)) ? undefined : carried;
  if (said === undefined && share.charge === undefined) return share;
  const { charge: _, ...plain } = share;
  return said === undefined ? plain : { ...plain, charge: said };
}

/** The charges that can be taken off the check: its own, and those that came with lines. */
export function chargesOf(check: CheckState): readonly Charge[] {
  return [chargeOf(check), ...shareList(check.shares).map(({ charge }) => (charge?.removed ? null : charge))].filter((charge) => charge !== null && charge !== undefined);
}

/** Somebody took a charge off it. */
export function isChargeRemoved(check: CheckState): boolean {
  return check.charge === null || shareList(check.shares).some(({ charge }) => charge?.removed);
}

/** The one rate that all lines bear; null when there is none, or not one. */
export function chargeRate(check: CheckState): string | null {
  const lines = shareList(check.shares).filter(({ kind }) => kind !== "stored-value");
  const own = chargeOf(check)?.rate ?? null;
  if (!lines.some(({ charge }) => charge !== undefined)) return own;
  const [rate = null, ...others] = new Set(lines.map((share) => chargeOn(check, share)?.rate ?? null));
  return others.length > 0 ? null : rate;
}

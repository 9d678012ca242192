import type { Policies, ServiceCharge, Tips } from "#shared/events/commerce.ts";
import type { ServiceType } from "#shared/events/primitives.ts";
import type { Refusal } from "../command.ts";
import { refuse } from "../deciding.ts";

export type ChargeRule = Pick<ServiceCharge, "rate" | "taxCode" | "removable" | "beneficiary"> & { readonly base: "before-discount" | "after-discount" };

/**
 * DOM-12: what a check is charged for service, by its own frozen policies; null for nothing. `covers`: the party's, never a split check's; null
 * without a party (takeaway).
 */
export function chargeFor({ serviceCharge }: Policies, service: { readonly serviceType: ServiceType; readonly covers: number | null }): ChargeRule | null {
  if (!serviceCharge || !serviceCharge.serviceTypes.includes(service.serviceType)) return null;
  const reached = (serviceCharge.bySize ?? []).filter(({ minCovers }) => service.covers !== null && service.covers >= minCovers);
  const rule = reached.reduce<(typeof reached)[number] | null>((most, one) => (most === null || one.minCovers > most.minCovers ? one : most), null);
  const { rate, removable } = rule ?? serviceCharge;
  if (Number(rate) === 0) return null;
  return { rate, removable, taxCode: serviceCharge.taxCode, beneficiary: serviceCharge.beneficiary, base: serviceCharge.base ?? "before-discount" };
}

export function tipsOf({ tips }: Policies): Tips {
  return tips ?? { suggestions: [], afterAuthorisation: false, recipient: "server" };
}

/** DOM-11. */
export function taxOnSplitOf({ taxOnSplit }: Policies): "family" | "own-receipt" {
  return taxOnSplit ?? "family";
}

/** Coins below these are no longer used in cash; all other currencies have their smallest unit. */
const CASH_STEPS: Readonly<Record<string, number>> = { AUD: 5, CAD: 5, CHF: 5, CZK: 100, DKK: 50, HUF: 500, IDR: 10_000, ISK: 1, NOK: 100, NZD: 10, SEK: 100, VND: 500 };

/** What a place begins with when it says nothing: nothing is charged, shared or rounded that nobody asked for. */
export function safePolicies(currency: string): Policies {
  return {
    taxes: [{ code: "standard", name: "Tax", rate: "0", inclusive: true }],
    serviceCharge: null,
    rounding: { mode: "half-up", level: "check" },
    cashStep: CASH_STEPS[currency] ?? 1,
    tips: { suggestions: [], afterAuthorisation: false, recipient: "server" },
    taxOnSplit: "family",
  };
}

/** Policies that could not be applied to any bill are not taken. `before`: products name its tax codes, so each of them stays. */
export function policiesRefusal(policies: Policies, before: Policies | null): Refusal | null {
  const known = (code: string) => policies.taxes.some((tax) => tax.code === code);
  const charge = policies.serviceCharge;
  if (charge && charge.taxCode !== null && !known(charge.taxCode)) return refuse("unknown-tax", { tax: charge.taxCode });
  const gone = before?.taxes.find((tax) => !known(tax.code));
  if (gone) return refuse("tax-in-use", { tax: gone.code });
  const sizes = (charge?.bySize ?? []).map(({ minCovers }) => minCovers);
  const twice = sizes.find((size, i) => sizes.indexOf(size) !== i);
  return twice === undefined ? null : refuse("duplicate-size", { minCovers: twice });
}

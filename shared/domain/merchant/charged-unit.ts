import type { MerchantProfile, Policies } from "#shared/events/commerce.ts";
import { currencyExponent } from "#shared/money/money.ts";
import { unitOf } from "#shared/money/rounding.ts";
import type { MerchantState } from "./state.ts";

type Shown = Pick<MerchantProfile, "currency" | "displayDigits">;

/** Minor units of the least that this place's screens and slips show: rupiah are stored in sen, and shown without. */
export function shownUnit({ currency, displayDigits }: Shown): number {
  return 10 ** Math.max(0, currencyExponent(currency) - displayDigits);
}

/** As a check freezes them that begins now: with the smallest amount that the place charges, unless that is one minor unit. Null: it has none yet. */
export function policiesNow({ policies, ...profile }: Shown & Pick<MerchantState, "policies">): Policies | null {
  if (policies === null || policies.rounding.unit !== undefined) return policies;
  const unit = shownUnit(profile);
  return unit === 1 ? policies : { ...policies, rounding: { ...policies.rounding, unit } };
}

/** For amounts that no check has frozen a unit for: drawers, prices, accounts. Minor units. */
export function unitNow(merchant: MerchantState | undefined): bigint {
  const policies = merchant && policiesNow(merchant);
  return policies ? unitOf(policies.rounding) : 1n;
}

import type { MerchantProfile, Policies, Tips } from "#shared/events/commerce.ts";
import { moneyOf } from "#shared/money/money.ts";
import type { Refusal } from "../command.ts";
import { refuse } from "../deciding.ts";
import { shownUnit } from "./charged-unit.ts";

/** What the screen and the slip offer. */
export function tipsOf({ tips }: Policies): Tips {
  return tips ?? { suggestions: [], afterAuthorisation: false, recipient: "server" };
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

/**
 * The smallest amount that is charged is one that the screens show, and coins are multiples of it (a cash step of one minor unit is none): else a bill says an amount that is
 * not what is owed, or one that nobody can put down. Refuses: unit-not-shown { unit, shown }, cash-step-not-in-units { cashStep, unit }.
 */
export function unitsRefusal({ rounding, cashStep }: Policies, profile: Pick<MerchantProfile, "currency" | "displayDigits">): Refusal | null {
  const shown = shownUnit(profile);
  const unit = rounding.unit ?? shown;
  const money = (amount: number) => moneyOf(BigInt(amount), profile.currency);
  if (unit % shown !== 0) return refuse("unit-not-shown", { unit: money(unit), shown: money(shown) });
  return cashStep === 1 || cashStep % unit === 0 ? null : refuse("cash-step-not-in-units", { cashStep: money(cashStep), unit: money(unit) });
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

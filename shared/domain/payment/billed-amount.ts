import type { Share } from "#shared/events/sale-check.ts";
import type { CheckState } from "../check/state.ts";
import { lineAmount } from "../check/totals.ts";

/** What a share cost by the check, discounts taken off: the weight of its part in the total. */
export function billedAmount(check: CheckState, share: Share): bigint {
  const listed = share.amount === undefined ? lineAmount(share, check.policies.rounding.mode) : BigInt(share.amount);
  return (share.cuts ?? []).reduce((left, cut) => left - BigInt(cut.amount), listed);
}

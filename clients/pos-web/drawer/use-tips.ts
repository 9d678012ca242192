import type { Money } from "#shared/events/primitives.ts";
import { moneyOf } from "#shared/money/money.ts";
import { useHubQuery, type Outputs } from "../parts/use-hub-query.ts";

export type TipsOwed = Outputs["books"]["tips"];

/** What the books owe to each, and to the pool. */
export function useTips(enabled = true) {
  return useHubQuery<TipsOwed>("books.tips", undefined, { live: 3_000, enabled });
}

/** Of one person, or of the pool (null); below zero they have had too much. */
export function owedTo(tips: TipsOwed, staff: string | null, currency: string): Money {
  const found = staff === null ? tips.pool.find((owed) => owed.currency === currency) : tips.people.find((one) => one.staff === staff && one.owed.currency === currency)?.owed;
  return found ?? moneyOf(0n, currency);
}

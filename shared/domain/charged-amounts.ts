import type { Money } from "#shared/events/primitives.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import type { Refusal } from "./command.ts";
import { refuse } from "./deciding.ts";

/**
 * Amounts that people name, by their fields, must be multiples of the smallest amount that is charged (`unit`, minor units): `not-in-units { field, unit }`.
 * `there`: amounts that exist already, and may be named as they are: a due from before there was a unit is still paid.
 */
export function unitRefusal(fields: Readonly<Record<string, Money | null | undefined>>, unit: bigint, there: readonly bigint[] = []): Refusal | null {
  if (unit === 1n) return null;
  for (const [field, money] of Object.entries(fields)) {
    if (!money) continue;
    const amount = minorUnits(money);
    if (amount % unit !== 0n && !there.includes(amount)) return refuse("not-in-units", { field, unit: moneyOf(unit, money.currency) });
  }
  return null;
}

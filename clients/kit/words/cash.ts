import type { DrawerMovement } from "#shared/events/cash.ts";
import type { Money } from "#shared/events/primitives.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";

export const MOVEMENT_WORDS: Readonly<Record<DrawerMovement["kind"], string>> = { "pay-in": "Paid in", "pay-out": "Paid out", drop: "Dropped", "tips-paid": "Tips", "account-paid-out": "Account paid out" };

/** What of tips is owed to somebody; more may have been paid than is theirs, when a tip became smaller afterwards. */
export function owedInWords(owed: Money, text: (money: Money) => string): string {
  const minor = minorUnits(owed);
  if (minor === 0n) return "Nothing owed";
  return minor > 0n ? `${text(owed)} owed` : `Had ${text(moneyOf(-minor, owed.currency))} too much`;
}

import type { Money } from "#shared/events/primitives.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";

/** A tip that is typed for a payment that was taken. `now`: its tip so far; `next`: null while nothing is typed; `inCoins`: of a payment in cash, so that somebody hands coins over. */
export type TypedTip = { readonly now: Money; readonly next: Money | null; readonly inCoins: boolean };
/** `coins`: what goes over the counter; null when nothing does. `differs`: there is something to confirm. */
export type TipWords = { readonly action: string; readonly differs: boolean; readonly coins: string | null };

/** What confirming does, in words. Nothing typed is no tip of nothing: only a zero that somebody typed takes a tip away. */
export function newTipInWords({ now, next, inCoins }: TypedTip, text: (money: Money) => string): TipWords {
  if (next === null) return { action: "Type the tip", differs: false, coins: null };
  const more = minorUnits(next) - minorUnits(now);
  if (more === 0n) return { action: next.amount === "0" ? "There is no tip" : `The tip is ${text(next)} already`, differs: false, coins: null };
  const moved = text(moneyOf(more < 0n ? -more : more, now.currency));
  const coins = more < 0n ? `Hand back ${moved} in cash` : `Take ${moved}${now.amount === "0" ? "" : " more"} in cash`;
  return { action: next.amount === "0" ? `Take the tip of ${text(now)} away` : `Tip ${text(next)}`, differs: true, coins: inCoins ? coins : null };
}

import { openAttempts } from "#shared/domain/check/evolve-payments.ts";
import { partsOf } from "#shared/domain/check/parts.ts";
import type { CheckState } from "#shared/domain/check/state.ts";
import type { CommandInput } from "#shared/domain/registry.ts";
import { moneyOf } from "#shared/money/money.ts";

type SentPart = CommandInput<"check.setParts">["parts"][number];

/** Into how many a bill can be divided (`check.setParts`). */
export const MOST_PARTS = 20;

/** What of a check can be divided anew. `kept`: parts that stay, since somebody has paid on them or is paying; `left`: minor units that they do not cover. */
export type Divisible = { readonly kept: readonly SentPart[]; readonly left: bigint; readonly beingPaid: boolean };

/** A part that is not paid in full keeps the amount that its guest was told. */
export function divisibleOf(check: CheckState): Divisible {
  const { parts, rest } = partsOf(check);
  const locked = new Set(openAttempts(check).map(({ part }) => part));
  const paidOn = new Set(check.tenders.map(({ part }) => part));
  const kept: SentPart[] = [];
  let left = rest;
  parts.forEach(({ part, name, amount, settled }, i) => {
    if (!locked.has(part) && !paidOn.has(part)) left += amount;
    else kept.push({ part, name, amount: settled || amount <= 0n ? (check.parts?.[i]?.amount ?? null) : moneyOf(amount, check.currency) });
  });
  return { kept, left, beingPaid: kept.some(({ part }) => locked.has(part)) };
}

/** The parts to send: those that stay, and `count` new ones that bear the rest equally. Of two parts of one check none has the other's name. */
export function inEqualParts(check: CheckState, count: number, newPart: () => string): readonly SentPart[] {
  const { kept } = divisibleOf(check);
  const all = kept.length + count;
  const taken = new Set(kept.map(({ name }) => name));
  const names = Array.from({ length: all }, (_, i) => `${i + 1} of ${all}`).filter((name) => !taken.has(name));
  // As many of the first ones stay unused as stay: "1 of 7" is paid, then come "2 of 4" to "4 of 4".
  return [...kept, ...names.slice(names.length - count).map((name) => ({ part: newPart(), name, amount: null }))];
}

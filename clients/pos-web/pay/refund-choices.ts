import { cutAmount, lineAmount } from "#shared/domain/check/lines.ts";
import type { CheckState } from "#shared/domain/check/state.ts";
import { billedQuantity, leftToRefund } from "#shared/domain/payment/refund-quantity.ts";
import type { Share } from "#shared/events/sale-check.ts";
import { divideToUnit } from "#shared/money/rounding.ts";
import { thousandths } from "#shared/money/quantity.ts";
import { linesOf } from "../check/parts.ts";
import { borneOf } from "../check/share-words.ts";

/** By share; with how many pieces of it, or null for all that is left of it. */
export type ChosenLines = ReadonlyMap<string, number | null>;

/** A line of a closed bill that may go back. `price`: minor units, of what is left of it as the bill reads; `pieces`: how many can go back one by one. */
export type RefundChoiceLine = { readonly share: Share; readonly words: string; readonly price: bigint; readonly pieces: number; readonly gone: boolean };
/** What was sold together; a line that was sold alone is a group of its own, without a name. `price`: minor units, of what is left. */
export type RefundGroup = { readonly key: string; readonly name: string | null; readonly price: bigint; readonly lines: readonly RefundChoiceLine[] };

/** The lines of a closed bill in the order in which they stand on it, a combo where its first part stands. */
export function refundGroupsOf(check: CheckState): readonly RefundGroup[] {
  const groups = new Map<string, RefundGroup>();
  for (const share of linesOf(check)) {
    const line = lineOf(check, share);
    const key = share.combo?.combo ?? share.share;
    const before = groups.get(key);
    const price = line.gone ? 0n : line.price;
    groups.set(key, { key, name: share.combo ? comboInWords(share, before?.name ?? null) : null, price: (before?.price ?? 0n) + price, lines: [...(before?.lines ?? []), line] });
  }
  return [...groups.values()];
}

/** Of a combo all that is left, or nothing of it: one tap, as it is moved on the bill. */
export function withGroup(chosen: ChosenLines, group: RefundGroup): ChosenLines {
  const next = new Map(chosen);
  const whole = isWholeGroup(chosen, group);
  for (const { share, gone } of group.lines) {
    if (whole) next.delete(share.share);
    else if (!gone) next.set(share.share, null);
  }
  return next;
}

export function isWholeGroup(chosen: ChosenLines, { lines }: RefundGroup): boolean {
  return lines.some(({ gone }) => !gone) && lines.every(({ share, gone }) => gone || chosen.get(share.share) === null);
}

function lineOf(check: CheckState, share: Share): RefundChoiceLine {
  const left = leftToRefund(check, share);
  const billed = billedQuantity(share);
  const { rounding } = check.policies;
  const whole = lineAmount(share, rounding) - cutAmount(share);
  const price = left === billed || left === "0" ? whole : divideToUnit(whole * thousandths(left), thousandths(billed), { mode: "down", unit: rounding.unit });
  const pieces = /^\d+$/.test(left) && share.kind !== "stored-value" && borneOf(share).count !== null ? Number(left) : 1;
  return { share, words: wordsOf(share, left, billed), price, pieces, gone: left === "0" };
}

/** "2 × Still water (of 5, the others were refunded)": what is still there to be given back; of a part of a combo its name too. */
function wordsOf(share: Share, left: string, billed: string): string {
  const { fraction } = borneOf(share);
  const counted = fraction === null ? (left === "0" ? billed : left) : fraction;
  const gone = left === "0" ? " (refunded)" : left === billed ? "" : ` (of ${billed}, the others were refunded)`;
  const name = share.combo ? `${share.combo.name}: ${share.name}` : share.name;
  return `${counted === "1" && billed === "1" ? "" : `${counted} × `}${name}${gone}`;
}

/** A combo of which all parts were sold as often says how often. */
function comboInWords(share: Share, before: string | null): string {
  const name = share.combo?.name ?? "";
  const own = share.quantity === "1" ? name : `${share.quantity} × ${name}`;
  return before === null || before === own ? own : name;
}

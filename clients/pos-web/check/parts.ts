import { lockedAmount, openAttempts, type OpenAttempt } from "#shared/domain/check/evolve-payments.ts";
import { isWhole, seatOf } from "#shared/domain/check/lines.ts";
import { shareList } from "#shared/domain/check/share-list.ts";
import type { CheckState } from "#shared/domain/check/state.ts";
import { checkTotals } from "#shared/domain/check/totals.ts";
import { partDue, partsOf as paymentParts } from "#shared/domain/check/parts.ts";
import type { Share } from "#shared/events/sale-check.ts";
import type { Payable } from "../pay/pay-pane.tsx";

export function rootOf(check: CheckState): string {
  return check.family ?? check.id;
}

/** A check that has become another one (merged), or that never owed anything, is void and not a part any more. */
function isPart(check: CheckState): boolean {
  return check.status !== "voided";
}

/**
 * The checks that stand side by side: those of the order's family, and the party's other ones. In the order in which they came to be, so that a part
 * never changes its place when another one changes.
 */
export function partsOf(checks: readonly CheckState[], own: CheckState): readonly CheckState[] {
  const root = rootOf(own);
  const beside = checks.filter((check) => check.id === own.id || (isPart(check) && (rootOf(check) === root || check.order === own.order || (own.party !== null && check.party === own.party && check.status !== "closed"))));
  return beside.sort((a, b) => (a.id === root ? -1 : b.id === root ? 1 : a.id < b.id ? -1 : 1));
}

/** Seats first, then as it was entered: what came last is at the end, and nothing above it moves. */
export function linesOf(check: CheckState): readonly Share[] {
  return [...shareList(check.shares)].sort((a, b) => (a.item < b.item ? -1 : a.item > b.item ? 1 : a.share < b.share ? -1 : 1));
}

/**
 * Whose part it is: the seat that it was made for, or else the one seat of its whole lines. What is shared onto it from elsewhere makes it nobody else's; with
 * nothing but shared lines they say it.
 */
function ownSeat(check: CheckState): number | null {
  const [claimed] = check.seats?.length === 1 ? check.seats : [];
  if (claimed !== undefined) return claimed;
  const whole = shareList(check.shares).filter(isWhole);
  return seatOf(whole.length === 0 ? check : { shares: Object.fromEntries(whole.map((share) => [share.share, share])) });
}

/** Whose part each is. Of two parts of one seat the first has its number, the other one is told by its place. */
export function seatsOf(checks: readonly CheckState[]): readonly (number | null)[] {
  const seats = checks.map(ownSeat);
  return seats.map((seat, i) => (seats.indexOf(seat) === i ? seat : null));
}

export function isOpen(check: CheckState): boolean {
  return check.status === "open" || check.status === "presented" || check.status === "paid";
}

export function dueOf(check: CheckState): bigint {
  return BigInt(checkTotals(check).due);
}

/** What it says when nothing is due: it was paid only where somebody has paid. `paid`: minor units. */
export function settledInWords(paid: bigint): "Paid" | "Nothing due" {
  return paid > 0n ? "Paid" : "Nothing due";
}

/** Nothing more is owed: paid, or all of it was given away. A part with nothing on it is not closed. */
export function canClose(check: CheckState): boolean {
  return check.status === "paid" || (isOpen(check) && Object.keys(check.shares).length > 0 && dueOf(check) <= 0n);
}

/** What can be paid of a check, one after the other: its payment parts, or all of it. */
export function payablesOf(check: CheckState, name: string): readonly Payable[] {
  const parts = check.parts ?? [];
  // Of twelve parts only what is looked for is reckoned.
  if (parts.length === 0) return [{ check, part: null, name, get due() { return dueOf(check); } }];
  const dues = new Map(paymentParts(check).parts.map(({ part, due }) => [part, due]));
  return parts.map(({ part, name: own }) => ({ check, part, due: dues.get(part) ?? 0n, name: name === "" ? own : `${name}, ${own}` }));
}

/** The next to pay after this one, in the order of the screen; round to the first. */
export function nextPayable(payables: readonly Payable[], after: { readonly check: string; readonly part: string | null } | null): Payable | undefined {
  const owed = (each: Payable) => each.due > 0n && (each.check.status === "open" || each.check.status === "presented");
  const at = after === null ? -1 : payables.findIndex((each) => each.check.id === after.check && each.part === after.part);
  return payables.slice(at + 1).find(owed) ?? payables.find(owed);
}

export function attemptFor({ check, part }: Payable) {
  return openAttempts(check).find((attempt) => attempt.part === part || attempt.part === null || part === null);
}

/** What the part of an attempt owes, less what others have locked of it. */
export function attemptDue(check: CheckState, { payment, part }: OpenAttempt): bigint {
  const others = { ...check, attempts: openAttempts(check).filter((attempt) => attempt.payment !== payment) };
  const whole = dueOf(check) - lockedAmount(others);
  const own = part === null ? whole : (partDue(check, part) ?? 0n) - lockedAmount(others, part);
  const due = own < whole ? own : whole;
  return due > 0n ? due : 0n;
}

/** Told apart in the corner of the eye; the number beside it says it without colour. */
const COLORS = ["#2b669d", "#c44916", "#227a43", "#744a8b", "#b8860b", "#b32764", "#2f7f86", "#6b5b2a", "#4b57b8", "#8a3b2a", "#3f7a1f", "#7a4a6a"] as const;

export function colorOf(position: number): string {
  return COLORS[position % COLORS.length] ?? "#51483d";
}

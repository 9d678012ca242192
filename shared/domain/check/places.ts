import type { Operation, Share } from "#shared/events/sale-check.ts";
import { sameJson } from "../same.ts";
import { rootOf } from "./allot.ts";
import type { Bench } from "./bench.ts";
import { carriedBy, isCarriedAlike } from "./charge.ts";
import { shareList } from "./share-list.ts";
import type { CheckState } from "./state.ts";

/** Where a part of an item lies, and what it bears there: what an operation keeps so that it can be undone. */
export type Placed = Operation["before"][number];

function placeOf(check: CheckState, one: Share): Placed {
  const { share, item, numerator, denominator, amount, cuts } = one;
  const place = { check: check.id, share, item, numerator, denominator, root: rootOf(check, one), charge: carriedBy(check, one) };
  if (cuts) return amount === undefined ? { ...place, cuts } : { ...place, amount, cuts };
  return amount === undefined ? place : { ...place, amount };
}

/** By check, and on each by share: of hundreds on a dozen checks only those of one check are compared with one another. */
function inOrder(checks: Iterable<CheckState>): readonly CheckState[] {
  return [...checks].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function byShare(a: Placed, b: Placed): number {
  return a.share < b.share ? -1 : 1;
}

/** Whether these parts of one item bear the same charge. */
export function areChargedAlike([first, ...others]: readonly Placed[]): boolean {
  return others.every(({ charge }) => isCarriedAlike(charge ?? null, first?.charge ?? null));
}

export function withoutCharges(places: readonly Placed[]): Placed[] {
  return places.map((place) => {
    const { charge: _, ...rest } = place;
    return rest;
  });
}

/** Where the items' shares are. */
export function placesOf(checks: Iterable<CheckState>, items: ReadonlySet<string>): Placed[] {
  const placed: Placed[] = [];
  for (const check of inOrder(checks)) {
    const own: Placed[] = [];
    for (const share of shareList(check.shares)) if (items.has(share.item)) own.push(placeOf(check, share));
    placed.push(...own.sort(byShare));
  }
  return placed;
}

function liesTheSame(before: CheckState, was: Share, now: CheckState, is: Share): boolean {
  return was === is ? before.family === now.family || rootOf(before, was) === rootOf(now, is) : sameJson(placeOf(before, was), placeOf(now, is));
}

/** Where the items' shares were and are, as far as that is different: what was not moved is no concern of undoing, whatever becomes of it. */
export function movedPlaces(bench: Bench, items: ReadonlySet<string>): { readonly before: Placed[]; readonly after: Placed[] } {
  const [before, after]: [Placed[], Placed[]] = [[], []];
  for (const now of inOrder(bench.now.values())) {
    const check = bench.before.get(now.id);
    if (check?.shares === now.shares) continue;
    const [had, has]: [Placed[], Placed[]] = [[], []];
    for (const share of shareList(now.shares)) {
      if (!items.has(share.item)) continue;
      const was = check?.shares[share.share];
      if (check && was && liesTheSame(check, was, now, share)) continue;
      if (check && was) had.push(placeOf(check, was));
      has.push(placeOf(now, share));
    }
    if (check) for (const share of shareList(check.shares)) if (!now.shares[share.share] && items.has(share.item)) had.push(placeOf(check, share));
    before.push(...had.sort(byShare));
    after.push(...has.sort(byShare));
  }
  return { before, after };
}

/** The full record on the first of its checks, its name on the others. */
export function recordOn(check: CheckState, operation: Operation): Operation {
  return check.id === operation.checks[0] ? operation : { ...operation, moves: [], before: [], after: [], allotted: [], created: [], payments: [] };
}

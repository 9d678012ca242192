import type { Operation, OperationKind } from "#shared/events/sale-check.ts";
import { fraction, leastCommonMultiple } from "#shared/money/fraction.ts";
import type { Ref } from "../aggregate.ts";
import type { Reader, Refusal } from "../command.ts";
import { refuse } from "../deciding.ts";
import type { Person } from "../floor/state.ts";
import { sameJson } from "../same.ts";
import { givenTo } from "./allot.ts";
import { adopt, lay, onBench, settleFamily, type Bench } from "./bench.ts";
import { familyRefs, isLive, membersOf } from "./family.ts";
import { areChargedAlike, movedPlaces, withoutCharges, type Placed } from "./places.ts";
import type { CheckState } from "./state.ts";

/** A check that shares can be taken from and given to. */
export function liveCheck(id: string, reader: Reader): CheckState | Refusal {
  const check = reader.get("check", id);
  if (!check) return refuse("unknown-check", { check: id });
  return isLive(check) ? check : refuse("check-closed", { check: id, ...(check.mergedInto ? { into: check.mergedInto } : {}) });
}

/** The families of these checks on one bench, all of them rounded together from now on. The first names the family. */
export function benchOf(checks: readonly CheckState[], reader: Reader): Bench {
  const [first] = checks;
  if (!first) throw new Error("surgery on no check");
  const all = new Map<string, CheckState>();
  for (const check of checks) for (const member of [check, ...membersOf(check, reader)]) all.set(member.id, member);
  const root = first.family ?? first.id;
  const holder = reader.get("check", root);
  if (holder) all.set(root, holder);
  for (const check of checks) {
    const own = check.family && reader.get("check", check.family);
    if (own) all.set(own.id, own);
  }
  const bench = lay([...all.values()], root);
  adopt(bench, [...all.values()]);
  return bench;
}

export function surgeryRefs(checks: readonly string[], reader: Reader): readonly Ref[] {
  return familyRefs(checks, reader);
}

export function byItem(places: readonly Placed[]): ReadonlyMap<string, readonly Placed[]> {
  const items = new Map<string, Placed[]>();
  for (const place of places) {
    const own = items.get(place.item);
    if (own) own.push(place);
    else items.set(place.item, [place]);
  }
  return items;
}

/** Who gave how much of an item to whom: the least that makes `after` out of `before`. */
export function movesBetween(before: readonly Placed[], after: readonly Placed[]): Operation["moves"] {
  const moves: Operation["moves"] = [];
  const [was, is] = [byItem(before), byItem(after)];
  for (const item of new Set([...was.keys(), ...is.keys()])) moves.push(...movesOf(item, was.get(item) ?? [], is.get(item) ?? []));
  return moves;
}

/** In parts so fine that each share is a whole number of them. */
function movesOf(item: string, was: readonly Placed[], is: readonly Placed[]): Operation["moves"] {
  const [from, to] = [was[0], is[0]];
  if (was.length === 1 && is.length === 1 && from && to && from.numerator === to.numerator && from.denominator === to.denominator) {
    return from.check === to.check ? [] : [{ item, from: from.check, to: to.check, share: to.share, numerator: to.numerator, denominator: to.denominator }];
  }
  const parts = [...was, ...is].reduce((all, { denominator }) => leastCommonMultiple(all, BigInt(denominator)), 1n);
  const gained = new Map<string, bigint>();
  const count = (places: readonly Placed[], sign: bigint) => {
    for (const { check, numerator, denominator } of places) gained.set(check, (gained.get(check) ?? 0n) + sign * BigInt(numerator) * (parts / BigInt(denominator)));
  };
  count(is, 1n);
  count(was, -1n);
  const givers = [...gained].filter(([, sum]) => sum < 0n).map(([check, sum]) => ({ check, left: -sum }));
  const moves: Operation["moves"] = [];
  for (const [taker, sum] of gained) {
    for (let wanted = sum; wanted > 0n; ) {
      const giver = givers.find(({ left }) => left > 0n);
      if (!giver) throw new Error(`shares of ${item} came from nowhere`);
      const part = giver.left < wanted ? giver.left : wanted;
      giver.left -= part;
      wanted -= part;
      const share = is.find(({ check }) => check === taker)?.share;
      const { numerator, denominator } = fraction(part, parts);
      if (share) moves.push({ item, from: giver.check, to: taker, share, numerator: Number(numerator), denominator: Number(denominator) });
    }
  }
  return moves;
}

export type Surgery = { readonly operation: string; readonly kind: OperationKind; readonly by: Person; readonly checks: readonly string[]; readonly created: readonly string[]; readonly items: ReadonlySet<string> };

type Moved = { readonly moves: Operation["moves"]; readonly before: Placed[]; readonly after: Placed[] };

/** Items of which one part went to another check, and is otherwise as it was: to undo that its move is enough. The others' places are kept. */
function withoutMoved(before: readonly Placed[], after: readonly Placed[]): Moved {
  const is = byItem(after);
  const moves: Operation["moves"] = [];
  const whole = new Set<string>();
  for (const [item, was] of byItem(before)) {
    const now = is.get(item);
    const from = was[0];
    const to = now?.[0];
    if (!from || !to || was.length > 1 || (now?.length ?? 0) > 1 || from.check === to.check || !isSamePart(from, to)) continue;
    whole.add(item);
    moves.push({ item, from: from.check, to: to.check, share: to.share, numerator: to.numerator, denominator: to.denominator });
  }
  const stayed = ({ item }: Placed) => !whole.has(item);
  return { moves, before: before.filter(stayed), after: after.filter(stayed) };
}

/** Only where an item bears several charges is it said which of its parts bore which. */
function withoutSameCharges({ moves, before, after }: Moved): Moved {
  const items = byItem([...before, ...after]);
  const plain = (places: Placed[]) => places.flatMap((place) => (areChargedAlike(items.get(place.item) ?? []) ? withoutCharges([place]) : [place]));
  return { moves, before: plain(before), after: plain(after) };
}

function isSamePart(a: Placed, b: Placed): boolean {
  return a.share === b.share && a.numerator === b.numerator && a.denominator === b.denominator && a.root === b.root && a.amount === b.amount && sameJson(a.cuts ?? null, b.cuts ?? null) && areChargedAlike([a, b]);
}

/** An operation is undone by its name: one name is of one piece of work. */
export function isNamed(checks: Iterable<CheckState>, operation: string): boolean {
  for (const check of checks) if (check.operations?.some((one) => one.operation === operation)) return true;
  return false;
}

/** Nothing went from one to another; that the odd unit of something lies elsewhere is no division. */
export function movesNothing({ moves, before, after }: Operation): boolean {
  if (moves.length > 0) return false;
  const [was, is] = [byItem(before), byItem(after)];
  for (const item of new Set([...was.keys(), ...is.keys()])) if (movesOf(item, was.get(item) ?? [], is.get(item) ?? []).length > 0) return false;
  return true;
}

/** What is kept to undo it: where items lay before and after, and what checks were given of charge and tax, as far as that is different, of the whole bench. */
export function recorded(bench: Bench, { operation, kind, by, checks, created, items }: Surgery): Operation {
  settleFamily(bench);
  const { before, after } = movedPlaces(bench, items);
  const touched = new Set([...before, ...after].map(({ check }) => check));
  const allotted: NonNullable<Operation["allotted"]> = [];
  for (const check of bench.before.values()) {
    const [had, has] = [givenTo(check), givenTo(onBench(bench, check.id))];
    if (touched.has(check.id) || !sameJson(had, has)) allotted.push({ check: check.id, before: had, after: has });
  }
  return { operation, kind, by, checks: [...checks], created: [...created], ...withoutSameCharges(withoutMoved(before, after)), allotted, payments: [] };
}

export { onBench };

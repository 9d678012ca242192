import type { DomainEvent } from "#shared/events/catalog.ts";
import type { Allotted, Share } from "#shared/events/sale-check.ts";
import { equalFractions, subtractFractions, type Fraction } from "#shared/money/fraction.ts";
import type { Change, Refusal } from "../command.ts";
import { change, refuse } from "../deciding.ts";
import { sameJson } from "../same.ts";
import { allot, givenTo, rootOf, type Held } from "./allot.ts";
import { bearing, carriedBy, isCarriedAlike, isSameTax, type Charge } from "./charge.ts";
import type { Delta } from "./evolve.ts";
import { lockedAmount, openAttempts } from "./evolve-payments.ts";
import { isLive } from "./family.ts";
import { canJoin, divideShare, fractionOf, isTooFine, joinShares } from "./lines.ts";
import { reckonedLines } from "./reckoned.ts";
import { areListed, copyOfShares, shareList, sharesOfList } from "./share-list.ts";
import type { CheckState } from "./state.ts";
import { checkTotals } from "./totals.ts";

/** Most checks that one family can have. */
export const MOST_CHECKS = 60;

type Shares = CheckState["shares"];

/** Checks laid out to be worked on: deciders move shares about, and what became different is written at the end, on every check concerned. */
export type Bench = {
  readonly before: ReadonlyMap<string, CheckState>;
  readonly now: Map<string, CheckState>;
  /** Events that begin checks which were not there. */
  readonly created: Map<string, DomainEvent>;
  /** Shares that this bench has copied, and may write in place: two hundred moves on two hundred lines are not forty thousand copies. */
  readonly own: Map<string, Record<string, Share>>;
  /** Ids of each item's shares, in their order, for the shares that were searched. */
  readonly places: Map<Shares, Map<string, string[]>>;
  /** Names the members of the family that the work is on, of which every check on the bench is one: shares without a root are rounded with it. */
  readonly root: string;
  /** Checks that are put back as they were, with what they were given of charge and tax then. */
  readonly back: Map<string, Allotted>;
  /** Families and what their members are given are as the work left them. */
  settled: boolean;
};

export function lay(checks: readonly CheckState[], root: string): Bench {
  const map = new Map(checks.map((check) => [check.id, check]));
  return { before: map, now: new Map(map), created: new Map(), own: new Map(), places: new Map(), root, back: new Map(), settled: false };
}

export function onBench(bench: Bench, id: string): CheckState {
  const check = bench.now.get(id);
  if (!check) throw new Error(`check ${id} is not on the bench`);
  return check;
}

/** A new check of the family, beside the one that it is split from: same policies, names and discounts of the whole check. */
export function openBeside(bench: Bench, source: CheckState, id: string, more: { readonly label?: string | undefined; readonly order?: string; readonly party?: string | null; readonly server?: CheckState["server"] } = {}): void {
  const { serviceType, currency, policies, charge } = source;
  const names = { order: more.order ?? source.order, party: more.party === undefined ? source.party : more.party, label: more.label ?? source.label, server: more.server ?? source.server };
  const ofCharge = charge === undefined ? {} : { charge };
  bench.created.set(id, { type: "sale.check.created", data: { ...names, serviceType, currency, policies, origin: "split", ...ofCharge } });
  bench.now.set(id, {
    id, ...names, ...ofCharge, serviceType, currency, policies,
    openedAt: source.openedAt, status: "open", presented: 0, outdated: false, tenders: [], number: null, receipt: null, copies: 0, shares: {},
    family: bench.root,
    adjustments: (source.adjustments ?? []).filter(({ scope, rate }) => scope === "check" && rate !== null),
  });
}

/** The check's shares, to be written in place. */
function writable(bench: Bench, id: string): Record<string, Share> {
  const check = onBench(bench, id);
  const own = bench.own.get(id);
  if (own && own === check.shares && !areListed(own)) return own;
  const shares = copyOfShares(check.shares);
  bench.own.set(id, shares);
  bench.now.set(id, { ...check, shares });
  return shares;
}

function placesIn(bench: Bench, shares: Shares): Map<string, string[]> {
  const found = bench.places.get(shares);
  if (found) return found;
  const places = new Map<string, string[]>();
  for (const id in shares) {
    const item = shares[id]?.item ?? "";
    const beside = places.get(item);
    if (beside) beside.push(id);
    else places.set(item, [id]);
  }
  bench.places.set(shares, places);
  return places;
}

/** What a check has of an item, without looking at everything else on it. */
export function sharesOf(bench: Bench, check: string, item: string): readonly Share[] {
  const { shares } = onBench(bench, check);
  const places = placesIn(bench, shares).get(item);
  return places === undefined ? [] : places.flatMap((id) => shares[id] ?? []);
}

/** Another content of a share that is there, or a new one. */
export function writeShare(bench: Bench, check: string, share: Share): void {
  write(bench, writable(bench, check), share);
}

function write(bench: Bench, shares: Record<string, Share>, share: Share): void {
  const places = bench.places.get(shares);
  if (places && !shares[share.share]) {
    const beside = places.get(share.item);
    if (beside) beside.push(share.share);
    else places.set(share.item, [share.share]);
  }
  shares[share.share] = share;
}

/** The share as it stands on another check: it goes on being rounded with those it was entered with. */
function rooted(share: Share, root: string, home: string): Share {
  if (share.root === (root === home ? undefined : root)) return share;
  const { root: _, ...plain } = share;
  return root === home ? plain : { ...plain, root };
}

/** What a line keeps wherever it goes: with what it is rounded, and its service charge. */
export type Origin = { readonly root: string; readonly charge: Charge | null };

export function originOf(check: CheckState, share: Share): Origin {
  return { root: rootOf(check, share), charge: carriedBy(check, share) };
}

/** Puts a share on a check, joined to a part of the same item that can be one with it. */
export function putShare(bench: Bench, to: string, share: Share, { root, charge }: Origin): void {
  const check = onBench(bench, to);
  const placed = bearing(rooted(share, root, check.family ?? check.id), charge, check);
  const shares = writable(bench, to);
  const joins = (id: string) => {
    const one = shares[id];
    return one !== undefined && id !== placed.share && canJoin(one, placed) && isCarriedAlike(carriedBy(check, one), charge);
  };
  const other = shares[placesIn(bench, shares).get(placed.item)?.findLast(joins) ?? ""];
  // Ids follow from commands' ids, which their senders choose: one that was made to collide costs nobody a line.
  if (!other && shares[placed.share] !== undefined) throw new Error(`share ${placed.share} is on check ${to} already`);
  write(bench, shares, other ? joinShares(other, placed, check.policies.rounding) : placed);
}

export function removeShare(bench: Bench, from: string, share: string): Share {
  const shares = writable(bench, from);
  const gone = shares[share];
  if (!gone) throw new Error(`share ${share} is not on check ${from}`);
  delete shares[share];
  const places = bench.places.get(shares);
  places?.set(gone.item, (places.get(gone.item) ?? []).filter((id) => id !== share));
  return gone;
}

export type Move = { readonly from: string; readonly to: string; readonly share: string; readonly fraction: Fraction; readonly newShare: string };

/** Moves a fraction of the item. All of a share goes under its own id, a part of it under a new one. */
export function moveShare(bench: Bench, { from, to, share, fraction: part, newShare }: Move): Refusal | null {
  const source = onBench(bench, from);
  const whole = source.shares[share];
  if (!whole) throw new Error(`share ${share} is not on check ${from}`);
  const origin = originOf(source, whole);
  const has = fractionOf(whole);
  const gone = removeShare(bench, from, share);
  if (equalFractions(has, part)) {
    putShare(bench, to, gone, origin);
    return null;
  }
  const rest = subtractFractions(has, part);
  if (isTooFine(rest) || isTooFine(part)) return refuse("too-many-parts", { item: whole.item });
  const [stays, goes] = divideShare(gone, [{ share, fraction: rest }, { share: newShare, fraction: part }], source.policies.rounding);
  if (!stays || !goes) throw new Error("a share divides into two");
  writeShare(bench, from, stays);
  putShare(bench, to, goes, origin);
  return null;
}

/** Brings all of another family into this one; its items go on being rounded among themselves. */
export function adopt(bench: Bench, checks: readonly CheckState[]): void {
  for (const check of checks) {
    const root = check.family ?? check.id;
    if (root === bench.root) continue;
    const shares = sharesOfList(shareList(check.shares).map((share) => rooted(share, rootOf(check, share), bench.root)));
    const { members: _, ...plain } = check;
    bench.now.set(check.id, { ...plain, ...(check.members ? { members: [] } : {}), shares, family: bench.root });
  }
}

function rootsOn(check: CheckState): Set<string> {
  const roots = new Set<string>();
  for (const { share } of reckonedLines(check)) roots.add(rootOf(check, share));
  return roots;
}

/** `borne`: of these, the roots of which they bear something. */
type Component = { readonly roots: Set<string>; readonly borne: Set<string>; readonly checks: CheckState[] };

/** Who is rounded together: whoever bears items of one root, and the check that the root is named after, which new items may come to. */
function components(stays: readonly CheckState[]): readonly Component[] {
  const groups: Component[] = [];
  for (const check of stays) {
    const borne = rootsOn(check);
    // By their order too, so that a part that is empty for the moment is not lost.
    const roots = new Set([check.id, check.order, ...borne]);
    const met = groups.filter((group) => [...roots].some((root) => group.roots.has(root)));
    const [first, ...rest] = met;
    if (!first) {
      groups.push({ roots, borne, checks: [check] });
      continue;
    }
    for (const other of [{ roots, borne, checks: [check] }, ...rest]) {
      first.checks.push(...other.checks);
      for (const root of other.roots) first.roots.add(root);
      for (const root of other.borne) first.borne.add(root);
    }
    for (const other of rest) groups.splice(groups.indexOf(other), 1);
  }
  return groups;
}

/** The check that names the family's members: the one it was, else one that its items were entered on. */
function holderOf(bench: Bench, { borne, checks }: Component): string {
  if (borne.has(bench.root) || checks.some(({ id }) => id === bench.root)) return bench.root;
  const ids = checks.map(({ id }) => id).sort();
  return ids.find((id) => borne.has(id)) ?? ids[0] ?? bench.root;
}

/** Families and what their members are given, as they must be now. Who shares no rounding with others stands alone. */
export function settleFamily(bench: Bench): void {
  if (bench.settled) return;
  bench.settled = true;
  const families = new Map<string, readonly string[]>();
  const familyOf = new Map<string, string>();
  for (const component of components([...bench.now.values()].filter((check) => check.status !== "voided"))) {
    const members = component.checks;
    if (members.length < 2) continue;
    const holder = holderOf(bench, component);
    // In the order they were made, whoever names them: a remainder goes where it went before.
    families.set(holder, members.map(({ id }) => id).sort());
    for (const { id } of members) familyOf.set(id, holder);
    familyOf.set(holder, holder);
  }
  for (const check of bench.now.values()) {
    const family = familyOf.get(check.id) ?? null;
    const home = family ?? check.id;
    const moves = home !== (check.family ?? check.id);
    const shares = moves ? sharesOfList(shareList(check.shares).map((share) => rooted(share, rootOf(check, share), home))) : check.shares;
    bench.now.set(check.id, { ...check, shares, family, members: families.get(check.id) ?? [], allotted: null });
  }
  for (const order of families.values()) {
    const members = order.map((id) => onBench(bench, id));
    const given = allot(members, (check) => heldBy(bench, check));
    for (const check of members) bench.now.set(check.id, { ...check, allotted: given.get(check.id) ?? [] });
  }
}

/**
 * DOM-11: what was settled keeps what it was given, unless this very work touches what it bears. So does everybody else whom the work does not touch or
 * who is put back: a cent that goes to and fro between two parts is no concern of a third.
 */
function heldBy(bench: Bench, check: CheckState): Held | undefined {
  const before = bench.before.get(check.id);
  if (!before) return undefined;
  const back = bench.back.get(check.id);
  if (back) return { given: back, settled: false };
  const isUntouched = check.status === "closed" || (before.charge === check.charge && bearsTheSame(before, check));
  if (!isUntouched) return undefined;
  return { given: givenTo(before), settled: check.status === "closed" || check.status === "paid" };
}

/** Charge and tax would come to the same: what a line is called, or whose order it is in, is no matter of money. */
function bearsTheSame(before: CheckState, now: CheckState): boolean {
  const home = (check: CheckState) => check.family ?? check.id;
  if (before.shares === now.shares && home(before) === home(now)) return true;
  const [was, is] = [reckonedLines(before), reckonedLines(now)];
  if (was.length !== is.length) return false;
  const known = new Map(was.map((line) => [line.share.share, line]));
  return is.every(({ share, listed, payable }) => {
    const line = known.get(share.share);
    return line !== undefined && line.listed === listed && line.payable === payable && line.share.kind === share.kind && isSameTax(line.share.tax, share.tax) && rootOf(before, line.share) === rootOf(now, share) && isCarriedAlike(carriedBy(before, line.share), carriedBy(now, share));
  });
}

/** What mostly differs is looked at first: comparing two hundred lines whole, only to find another discount on each, takes long. */
function isSameShare(a: Share, b: Share): boolean {
  return a === b || (a.numerator === b.numerator && a.cuts?.length === b.cuts?.length && sameJson(a, b));
}

/** What became different on one check; null when nothing did. */
export function deltaOf(before: CheckState, now: CheckState): Delta | null {
  const delta: Delta = { added: [], changed: [], removed: [] };
  for (const share of shareList(now.shares)) {
    const was = before.shares[share.share];
    if (!was) delta.added.push(share);
    else if (!isSameShare(was, share)) delta.changed.push(share);
  }
  if (before.shares !== now.shares) for (const share of Object.keys(before.shares)) if (!now.shares[share]) delta.removed.push(share);
  if (!sameJson(before.allotted ?? null, now.allotted ?? null) && !(before.status === "closed" && !before.allotted)) delta.allotted = now.allotted ?? null;
  if ((before.family ?? null) !== (now.family ?? null)) delta.family = now.family ?? null;
  if (!sameJson(before.members ?? [], now.members ?? [])) delta.members = [...(now.members ?? [])];
  if (!sameJson(before.adjustments ?? [], now.adjustments ?? [])) delta.adjustments = [...(now.adjustments ?? [])];
  if (!sameJson(before.seats ?? [], now.seats ?? [])) delta.seats = [...(now.seats ?? [])];
  if (!sameJson(before.charge, now.charge)) delta.charge = now.charge === undefined ? "policy" : now.charge;
  if (!sameJson(before.parts ?? [], now.parts ?? [])) delta.parts = (now.parts ?? []).map(({ part, name, amount }) => ({ part, name, amount }));
  const { label, party, server, order } = now;
  if (before.label !== label || before.party !== party || before.order !== order || !sameJson(before.server, server)) delta.header = { label, party, server, order };
  const { added, changed, removed, ...rest } = delta;
  return added.length + changed.length + removed.length + Object.keys(rest).length > 0 ? delta : null;
}

/** What lies on it must stay covered: nothing may make a check cheaper than what was paid on it, or is being paid right now. */
function moneyHolds(before: CheckState | undefined, now: CheckState): Refusal | null {
  if (now.status === "voided" || !hasMoney(now)) return null;
  const due = BigInt(checkTotals(now).due);
  const locked = lockedAmount(now);
  if (due < 0n && now.tenders.length > 0) return refuse("item-paid", { check: now.id, over: { amount: (-due).toString(), currency: now.currency } });
  if (due < locked) return refuse("attempt-open", { check: now.id, payment: openAttempts(now)[0]?.payment ?? null });
  const [attempt] = openAttempts(now);
  const loses = attempt && before && shareList(before.shares).some((share) => {
    const left = now.shares[share.share];
    return !left || left.numerator * share.denominator < share.numerator * left.denominator;
  });
  return attempt && loses ? refuse("attempt-open", { check: now.id, payment: attempt.payment }) : null;
}

function hasMoney(check: CheckState): boolean {
  return check.tenders.length > 0 || openAttempts(check).length > 0;
}

export type Wrap = (check: CheckState, delta: Delta, before: CheckState) => DomainEvent;

/**
 * Every change that the work makes, one per check. `wrap` says under which event. Refuses item-paid { check, over } and attempt-open { check, payment }.
 * A check whose due falls to zero by it is paid.
 */
export function finish(bench: Bench, wrap: Wrap, always: readonly string[] = []): readonly Change[] | Refusal {
  settleFamily(bench);
  const changes: Change[] = [];
  for (const now of bench.now.values()) {
    const known = bench.before.get(now.id);
    const before = known ?? blank(now);
    const delta = deltaOf(before, now) ?? (always.includes(now.id) ? { added: [], changed: [], removed: [] } : null);
    const begun = bench.created.get(now.id);
    if (!delta && !begun) continue;
    const refused = moneyHolds(known, now);
    if (refused) return refused;
    const events: DomainEvent[] = begun ? [begun] : [];
    if (delta) events.push(wrap(now, delta, before));
    if (now.tenders.length > 0 && isLive(now) && before.status !== "paid") {
      const totals = checkTotals(now);
      if (totals.due === "0") events.push({ type: "sale.check.paid", data: { totals, tenders: [...now.tenders] } });
    }
    changes.push(change("check", now.id, events));
  }
  return changes;
}

/** A check that was made on the bench, before anything was put on it. */
function blank(now: CheckState): CheckState {
  const { shares: _s, allotted: _a, family: _f, members: _m, adjustments: _d, parts: _p, seats: _e, ...rest } = now;
  return { ...rest, shares: {} };
}

import type { z } from "zod";
import { shareItems, splitBySeat, splitCheck } from "#shared/commands/check.ts";
import type { Share } from "#shared/events/sale-check.ts";
import { compareFractions, equalFractions, fraction, multiplyFractions, type Fraction } from "#shared/money/fraction.ts";
import { thousandths } from "#shared/money/quantity.ts";
import type { Change, Context, Decision, Reader, Refusal } from "../command.ts";
import { command, personOf, refuse, STAFF_REQUIRED, type Nothing } from "../deciding.ts";
import { finish, MOST_CHECKS, moveShare, onBench, openBeside, originOf, putShare, removeShare, sharesOf, type Bench, type Origin } from "./bench.ts";
import { isCarriedAlike } from "./charge.ts";
import { openAttempts } from "./evolve-payments.ts";
import { isLive } from "./family.ts";
import { canJoin, divideShare, fractionOf, isTooFine, joinShares } from "./lines.ts";
import { namesAt, placeGuards, placeRefs } from "./names-at.ts";
import { recordOn } from "./places.ts";
import { newShareId, shareList } from "./share-list.ts";
import type { CheckState } from "./state.ts";
import { benchOf, isNamed, liveCheck, movesNothing, recorded, surgeryRefs, type Surgery } from "./surgery.ts";

type SplitInput = z.output<typeof splitCheck>;
type Take = SplitInput["into"][number]["lines"][number];
type Split = { readonly checks: readonly string[] };

/** How much of the item a take means: all of the share, so many pieces, or a fraction of what the share is. */
function takenOf(share: Share, { quantity, fraction: part }: Pick<Take, "quantity" | "fraction">): Fraction {
  if (quantity !== undefined) return fraction(thousandths(quantity), thousandths(share.quantity));
  return part ? multiplyFractions(fractionOf(share), fraction(BigInt(part.numerator), BigInt(part.denominator))) : fractionOf(share);
}

function leftOf(share: Share): { readonly numerator: number; readonly denominator: number; readonly quantity: string } {
  return { numerator: share.numerator, denominator: share.denominator, quantity: share.quantity };
}

/** DOM-6: a combo goes whole, so what is asked of one of its lines is done to all of them. */
function withCombos(source: CheckState, lines: readonly Take[]): readonly { readonly share: string; readonly part: Fraction }[] | Refusal {
  const named = new Set(lines.map((line) => line.share));
  if (named.size < lines.length) return refuse("line-twice", { share: lines.find((line, i) => lines.findIndex(({ share }) => share === line.share) < i)?.share ?? null });
  const all: { share: string; part: Fraction }[] = [];
  const combos = new Map<string, Fraction>();
  for (const line of lines) {
    const share = source.shares[line.share];
    if (!share) return refuse("unknown-share", { share: line.share });
    const part = takenOf(share, line);
    if (part.numerator <= 0n || compareFractions(part, fractionOf(share)) > 0) return refuse("quantity-too-large", { share: line.share, left: leftOf(share) });
    if (share.kind === "stored-value" && compareFractions(part, fractionOf(share)) < 0) return refuse("gift-card-is-whole", { share: line.share });
    all.push({ share: line.share, part });
    if (!share.combo) continue;
    const of = fractionOf(share);
    const relative = fraction(part.numerator * of.denominator, part.denominator * of.numerator);
    const asked = combos.get(share.combo.combo);
    if (asked && !equalFractions(asked, relative)) return refuse("combo-is-whole", { share: line.share });
    combos.set(share.combo.combo, relative);
    for (const other of shareList(source.shares)) {
      if (other.combo?.combo !== share.combo.combo || named.has(other.share)) continue;
      named.add(other.share);
      all.push({ share: other.share, part: multiplyFractions(fractionOf(other), relative) });
    }
  }
  return all;
}

/** Writes the work under the operation's name; the family's others are told of what they absorb. */
export function concluded(bench: Bench, surgery: Surgery, why: "split" | "share"): readonly Change[] | Refusal {
  if (isNamed(bench.before.values(), surgery.operation)) return refuse("operation-exists", { operation: surgery.operation });
  const operation = recorded(bench, surgery);
  if (movesNothing(operation)) return refuse("nothing-to-split", { check: surgery.checks[0] ?? null });
  const { by } = surgery;
  return finish(
    bench,
    (check, delta) => ({
      type: "sale.check.updated",
      data: surgery.checks.includes(check.id) ? { ...delta, why, operation: recordOn(check, operation), by } : { ...delta, why: "family", by },
    }),
    surgery.checks,
  );
}

/** The checks of these ids that are there and can be worked on, each once. */
function liveChecks(ids: Iterable<string>, currency: string, reader: Reader): readonly CheckState[] | Refusal {
  const checks: CheckState[] = [];
  for (const id of new Set(ids)) {
    const check = liveCheck(id, reader);
    if ("refused" in check) return check;
    if (check.currency !== currency) return refuse("wrong-currency", { currency });
    checks.push(check);
  }
  return checks;
}

function givers({ check, into }: SplitInput): readonly string[] {
  return [...new Set([check, ...into.map(({ from }) => from ?? check)])];
}

function decideSplit(input: SplitInput, reader: Reader, context: Context): Decision<Split> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const first = liveCheck(input.check, reader);
  if ("refused" in first) return first;
  const from = givers(input);
  const both = input.into.find(({ check }) => from.includes(check));
  if (both) return refuse("same-check", { check: both.check });
  const into = [...new Set(input.into.map(({ check }) => check))];
  const created = into.filter((check) => !reader.get("check", check));
  const there = liveChecks([...from, ...into.filter((check) => !created.includes(check))], first.currency, reader);
  if ("refused" in there) return there;
  const bench = benchOf(there, reader);
  if (bench.now.size + created.length > MOST_CHECKS) return refuse("too-many-checks", { most: MOST_CHECKS });
  const items = new Set<string>();
  for (const { check, from: giver = first.id, label, to, lines } of input.into) {
    if (to && !created.includes(check)) return refuse("check-exists", { check });
    if (!bench.now.has(check)) {
      const source = onBench(bench, giver);
      const names = to ? namesAt(to, source, reader) : { label };
      if ("refused" in names) return names;
      openBeside(bench, source, check, names);
    }
    const takes = withCombos(onBench(bench, giver), lines);
    if ("refused" in takes) return takes;
    for (const { share, part } of takes) {
      items.add(onBench(bench, giver).shares[share]?.item ?? "");
      const refused = moveShare(bench, { from: giver, to: check, share, fraction: part, newShare: newShareId(onBench(bench, check).shares, context) });
      if (refused) return refused;
    }
  }
  const changes = concluded(bench, { operation: input.operation, kind: "split", by, checks: [...from, ...into], created, items }, "split");
  if ("refused" in changes) return changes;
  return { changes: [...changes, ...placeGuards(input.into.map(({ to }) => to))], result: { checks: into } };
}

/** Divides what the checks `from` have of the items equally `among` these. A part that was discounted or is charged otherwise is divided for itself. */
function shareAmong(bench: Bench, items: ReadonlySet<string>, from: readonly string[], among: readonly string[], context: Context): Refusal | null {
  for (const item of items) {
    const pools: { share: Share; origin: Origin; ids: Map<string, string> }[] = [];
    for (const check of from.map((id) => onBench(bench, id))) {
      if (!isLive(check) || (check.status === "paid" && !among.includes(check.id))) continue;
      if (openAttempts(check).length > 0 && !among.includes(check.id)) continue;
      for (const share of sharesOf(bench, check.id, item)) {
        removeShare(bench, check.id, share.share);
        const origin = originOf(check, share);
        const pool = pools.find((one) => canJoin(one.share, share) && isCarriedAlike(one.origin.charge, origin.charge));
        if (pool) {
          pool.share = joinShares(pool.share, share, check.policies.rounding);
          pool.ids.set(check.id, share.share);
        } else pools.push({ share, origin, ids: new Map([[check.id, share.share]]) });
      }
    }
    for (const { share, origin, ids } of pools) {
      const each = multiplyFractions(fractionOf(share), fraction(1n, BigInt(among.length)));
      if (isTooFine(each)) return refuse("too-many-parts", { item });
      const { rounding } = onBench(bench, among[0] ?? "").policies;
      const parts = divideShare(share, among.map((check) => ({ share: ids.get(check) ?? newShareId(onBench(bench, check).shares, context), fraction: each })), rounding);
      parts.forEach((part, i) => putShare(bench, among[i] ?? "", part, origin));
    }
  }
  return null;
}

function withComboItems(bench: Bench, items: Iterable<string>): ReadonlySet<string> {
  const all = new Set(items);
  const inCombos: Share[] = [];
  // What lies where is another matter: no item comes to a bench or leaves it.
  for (const check of bench.before.values()) for (const share of shareList(check.shares)) if (share.combo) inCombos.push(share);
  const combos = new Set(inCombos.flatMap(({ item, combo }) => (combo && all.has(item) ? combo.combo : [])));
  for (const { item, combo } of inCombos) if (combo && combos.has(combo.combo)) all.add(item);
  return all;
}

function decideShare(input: z.output<typeof shareItems>, reader: Reader, context: Context): Decision<Nothing> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const source = liveCheck(input.check, reader);
  if ("refused" in source) return source;
  const among = [...new Set(input.among)];
  const there = liveChecks([source.id, ...input.from, ...among], source.currency, reader);
  if ("refused" in there) return there;
  const bench = benchOf(there, reader);
  const items = withComboItems(bench, input.items);
  const all = [...bench.now.values()].flatMap((check) => shareList(check.shares));
  const card = all.find((share) => items.has(share.item) && share.kind === "stored-value");
  if (card && among.length > 1) return refuse("gift-card-is-whole", { share: card.share });
  const missing = input.items.find((item) => !all.some((share) => share.item === item));
  if (missing) return refuse("unknown-item", { item: missing });
  const touched = [...bench.now.values()].filter((check) => shareList(check.shares).some((share) => items.has(share.item))).map(({ id }) => id);
  const refused = shareAmong(bench, items, touched, among, context);
  if (refused) return refused;
  // What a closed check has of the item stays there: undoing the rest is no concern of it.
  const checks = [...new Set([source.id, ...input.from, ...among, ...touched.filter((id) => isLive(onBench(bench, id)))])];
  const changes = concluded(bench, { operation: input.operation, kind: "share", by, checks, created: [], items }, "share");
  return "refused" in changes ? changes : { changes, result: {} };
}

/** One check for each seat. What no seat names stays, or is everybody's. */
function decideBySeat(input: z.output<typeof splitBySeat>, reader: Reader, context: Context): Decision<Split> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const source = liveCheck(input.check, reader);
  if ("refused" in source) return source;
  const bench = benchOf([source], reader);
  const seats = [...new Set(shareList(source.shares).flatMap(({ seat }) => seat ?? []))].sort((a, b) => a - b);
  const keep = source.seats?.find((seat) => seats.includes(seat)) ?? seats[0];
  const others = seats.filter((seat) => seat !== keep);
  if (keep === undefined || others.length === 0) return refuse("nothing-to-split", { check: source.id });
  const ids = [...new Set(input.checks)].filter((id) => id !== source.id);
  const taken = ids.find((id) => reader.get("check", id));
  if (taken) return refuse("check-exists", { check: taken });
  const created: string[] = [];
  const places = new Map<number, string>();
  for (const seat of others) {
    const own = [...bench.now.values()].find((check) => check.id !== source.id && isLive(check) && check.seats?.includes(seat));
    const place = own?.id ?? ids[created.length];
    if (place === undefined) return refuse("too-few-checks", { needed: others.length });
    places.set(seat, place);
    if (own) continue;
    created.push(place);
    openBeside(bench, source, place);
    bench.now.set(place, { ...onBench(bench, place), seats: [seat] });
  }
  if (bench.now.size > MOST_CHECKS) return refuse("too-many-checks", { most: MOST_CHECKS });
  bench.now.set(source.id, { ...onBench(bench, source.id), seats: [...new Set([keep, ...(source.seats ?? []).filter((seat) => !places.has(seat))])] });
  const combos = new Map<string, number | null>();
  for (const share of shareList(source.shares)) if (share.combo && !combos.has(share.combo.combo)) combos.set(share.combo.combo, share.seat);
  const items = new Set<string>();
  for (const share of shareList(source.shares)) {
    const seat = share.combo ? combos.get(share.combo.combo) : share.seat;
    const to = seat === null || seat === undefined ? undefined : places.get(seat);
    if (to === undefined) continue;
    items.add(share.item);
    const refused = moveShare(bench, { from: source.id, to, share: share.share, fraction: fractionOf(share), newShare: share.share });
    if (refused) return refused;
  }
  const checks = [source.id, ...new Set(places.values())];
  if (input.shared === "divide") {
    const everybodys = new Set(Object.values(onBench(bench, source.id).shares).filter(({ seat, kind }) => seat === null && kind !== "stored-value").map(({ item }) => item));
    for (const item of everybodys) items.add(item);
    const refused = shareAmong(bench, withComboItems(bench, everybodys), checks, checks, context);
    if (refused) return refused;
  }
  const changes = concluded(bench, { operation: input.operation, kind: "split", by, checks, created, items: withComboItems(bench, items) }, "split");
  return "refused" in changes ? changes : { changes, result: { checks: checks.slice(1) } };
}

export const splitCheckCommand = command({
  type: "check.split",
  version: 1,
  capability: "order.take",
  owner: "merchant",
  schema: splitCheck,
  reads: (input, reader) => [...surgeryRefs([...givers(input), ...input.into.map(({ check }) => check)], reader), ...input.into.flatMap(({ to }) => placeRefs(to))],
  decide: decideSplit,
});

export const splitBySeatCommand = command({
  type: "check.splitBySeat",
  version: 1,
  capability: "order.take",
  owner: "merchant",
  schema: splitBySeat,
  reads: (input, reader) => surgeryRefs([input.check, ...input.checks], reader),
  decide: decideBySeat,
});

export const shareItemsCommand = command({
  type: "check.share",
  version: 1,
  capability: "order.take",
  owner: "merchant",
  schema: shareItems,
  reads: (input, reader) => surgeryRefs([input.check, ...input.from, ...input.among], reader),
  decide: decideShare,
});


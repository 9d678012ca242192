import type { z } from "zod";
import { undoCheck } from "#shared/commands/check.ts";
import type { Operation, Tender } from "#shared/events/sale-check.ts";
import { compareFractions, fraction, subtractFractions, type Fraction } from "#shared/money/fraction.ts";
import type { Change, Context, Decision, Reader, Refusal } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED, type Nothing } from "../deciding.ts";
import type { Person } from "../floor/state.ts";
import { sameJson } from "../same.ts";
import { givenTo } from "./allot.ts";
import { finish, moveShare, onBench, putShare, removeShare, sharesOf, type Bench } from "./bench.ts";
import { openAttempts } from "./evolve-payments.ts";
import { fractionOf, lineAmount } from "./lines.ts";
import { areChargedAlike, placesOf, withoutCharges, type Placed } from "./places.ts";
import { newShareId } from "./share-list.ts";
import type { CheckState } from "./state.ts";
import { benchOf, byItem, movesBetween, surgeryRefs } from "./surgery.ts";

type Input = z.output<typeof undoCheck>;

function operationOf(check: CheckState | undefined, id: string): Operation | undefined {
  return check?.operations?.find((one) => one.operation === id);
}

/** Its name may be known on one check and its record be on another. */
function fullRecord(input: Input, reader: Reader): Operation | undefined {
  const named = operationOf(reader.get("check", input.check), input.operation);
  const home = named?.checks[0];
  return home === undefined ? undefined : operationOf(reader.get("check", home), input.operation);
}

function cannot(why: string, fields: Readonly<Record<string, unknown>> = {}): Refusal {
  return refuse("cannot-undo", { ...fields, why });
}

/** The bench refuses for money's sake; here that is why it cannot be undone. */
function becauseOf(refusal: Refusal): Refusal {
  const { refused, ...fields } = refusal;
  if (refused === "item-paid") return cannot("paid", fields);
  return refused === "attempt-open" ? cannot("attempt-open", fields) : refusal;
}

/** The surgery on one of the checks that came after, and has to be undone first. */
function laterThan(operation: Operation, bench: Bench): string | null {
  for (const check of operation.checks) {
    const all = bench.before.get(check)?.operations ?? [];
    const later = all[all.findIndex((one) => one.operation === operation.operation) + 1];
    if (later) return later.operation;
  }
  return null;
}

/** Nothing of what was moved has changed since: its parts are put back as they were, to the unit. */
function restore(bench: Bench, places: readonly Placed[], before: readonly Placed[]): void {
  const shares = places.map(({ check, share }) => removeShare(bench, check, share));
  const [plain] = shares;
  if (!plain) return;
  const { amount: _a, cuts: _c, root: _r, charge: _s, ...content } = plain;
  const now = places[0]?.charge ?? null;
  for (const { check, share, numerator, denominator, amount, cuts, root, charge = now } of before) {
    putShare(bench, check, { ...content, share, numerator, denominator, ...(amount === undefined ? {} : { amount }), ...(cuts ? { cuts } : {}) }, { root, charge });
  }
}

/** The parts are where they were left, and as they were; their charge too, or it is one and the same for all of them. */
function lieAs(left: readonly Placed[], places: readonly Placed[]): boolean {
  return left.some(({ charge }) => charge !== undefined) ? sameJson(places, left) : areChargedAlike(places) && sameJson(withoutCharges(places), left);
}

/** A price or quantity that changed since makes the old amounts wrong, wherever the parts are. */
function stillWorth(bench: Bench, places: readonly Placed[], before: readonly Placed[]): boolean {
  if (before.some(({ check }) => !bench.now.has(check))) return false;
  if (before.some(({ amount }) => amount === undefined)) return true;
  const now = places.reduce((sum, { check: id, share: one }) => {
    const check = onBench(bench, id);
    const share = check.shares[one];
    return share ? sum + lineAmount(share, check.policies.rounding) : sum;
  }, 0n);
  return before.reduce((sum, { amount }) => sum + BigInt(amount ?? "0"), 0n) === now;
}

/** Something of the item changed since: each move is made backwards, from whatever the receiver has of it. */
function moveBack(bench: Bench, moves: Operation["moves"], context: Context): Refusal | "moved-on" | null {
  for (const { item, from, to, share: named, numerator, denominator } of [...moves].reverse()) {
    let wanted: Fraction = fraction(BigInt(numerator), BigInt(denominator));
    if (!bench.now.has(to) || !bench.now.has(from)) return "moved-on";
    const own = () => [...sharesOf(bench, to, item)].sort((a, b) => (a.share === named ? -1 : b.share === named ? 1 : 0));
    while (wanted.numerator > 0n) {
      const [share] = own();
      if (!share) return "moved-on";
      const part = compareFractions(fractionOf(share), wanted) < 0 ? fractionOf(share) : wanted;
      const refused = moveShare(bench, { from: to, to: from, share: share.share, fraction: part, newShare: newShareId(onBench(bench, from).shares, context) });
      if (refused) return refused;
      wanted = subtractFractions(wanted, part);
    }
  }
  return null;
}

/** What went whole is whole where it went. */
function liesWhole(places: readonly Placed[], [move, ...others]: Operation["moves"]): boolean {
  const place = places.find(({ check, share }) => check === move?.to && share === move.share);
  return others.length === 0 && place?.numerator === move?.numerator && place?.denominator === move?.denominator;
}

function itemsBack(bench: Bench, operation: Operation, context: Context): Refusal | null {
  const after = byItem(operation.after);
  const before = byItem(operation.before);
  const moves = new Map<string, Operation["moves"]>();
  for (const move of operation.moves) moves.set(move.item, [move]);
  const items = new Set([...before.keys(), ...after.keys(), ...moves.keys()]);
  const now = byItem(placesOf(bench.before.values(), items));
  const moved: string[] = [];
  /** Checks whose part of something is not simply what it was. */
  const otherwise = new Set<string>();
  for (const item of items) {
    const was = before.get(item) ?? [];
    const left = after.get(item) ?? [];
    const all = now.get(item) ?? [];
    const own = moves.get(item) ?? movesBetween(was, left);
    const places = all.filter(({ check, share }) => left.some((one) => one.share === share && one.check === check));
    if (places.length > 0 && lieAs(left, places) && stillWorth(bench, places, was)) {
      restore(bench, places, was);
      continue;
    }
    if (!liesWhole(all, own)) for (const { check } of [...all, ...was, ...left]) otherwise.add(check);
    // Voided since: there is nothing of it to put anywhere.
    if (all.length === 0) continue;
    const refused = moveBack(bench, own, context);
    if (refused === "moved-on") moved.push(item);
    else if (refused) return refused;
  }
  for (const { check, before: had, after: has } of operation.allotted ?? []) {
    const now = bench.before.get(check);
    if (now && !otherwise.has(check) && sameJson(givenTo(now), has)) bench.back.set(check, had);
  }
  return moved.length > 0 ? cannot("moved-on", { items: moved, operation: laterThan(operation, bench) }) : null;
}

/** A merged check is open again, with its own money as far as it is still there. */
function reopen(bench: Bench, operation: Operation, back: Map<string, readonly Tender[]>): Refusal | null {
  const [target = ""] = operation.checks;
  for (const id of operation.checks.slice(1)) {
    const source = onBench(bench, id);
    if (source.mergedInto !== target) return cannot("merged", { check: id, into: source.mergedInto ?? null });
    const own = operationOf(bench.before.get(id), operation.operation)?.payments ?? [];
    const into = onBench(bench, target);
    const tenders = into.tenders.filter(({ payment }) => own.includes(payment));
    back.set(id, tenders);
    bench.now.set(target, { ...into, tenders: into.tenders.filter(({ payment }) => !own.includes(payment)) });
    bench.now.set(id, { ...source, status: source.presented > 0 ? "presented" : "open", mergedInto: null, tenders: [...source.tenders, ...tenders] });
  }
  return null;
}

function decide(input: Input, reader: Reader, context: Context): Decision<Nothing> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const first = reader.get("check", input.check);
  if (!first) return refuse("unknown-check", { check: input.check });
  const operation = fullRecord(input, reader);
  if (!operation) return refuse("unknown-operation", { operation: input.operation });
  const isMerge = operation.kind === "merge";
  const checks = operation.checks.flatMap((id) => reader.get("check", id) ?? []);
  for (const [i, check] of checks.entries()) {
    if (check.status === "closed") return cannot("closed", { check: check.id, number: check.number });
    if (check.status === "voided" && (!isMerge || i === 0)) return cannot(check.mergedInto ? "merged" : "voided", { check: check.id, into: check.mergedInto ?? null });
    const [attempt] = openAttempts(check);
    if (attempt && isMerge) return cannot("attempt-open", { check: check.id, payment: attempt.payment });
  }
  if (operation.kind === "move") return undoMove(operation, checks, by);
  if (operation.kind === "parts") return undoParts(operation, checks, by);
  const bench = benchOf(checks, reader);
  const tendersOf = new Map<string, readonly Tender[]>();
  const refused = (isMerge ? reopen(bench, operation, tendersOf) : null) ?? itemsBack(bench, operation, context);
  if (refused) return becauseOf(refused);
  const emptied = new Set(operation.created.filter((id) => isEmptied(onBench(bench, id))));
  for (const id of emptied) bench.now.set(id, { ...onBench(bench, id), status: "voided" });
  const [target = ""] = operation.checks;
  const changes = finish(
    bench,
    (check, delta) => {
      if (!operation.checks.includes(check.id)) return { type: "sale.check.updated", data: { ...delta, why: "family", by } };
      const own = tendersOf.get(check.id);
      const ends = isMerge ? (check.id === target ? { into: target } : { from: check.id, into: target }) : {};
      const tenders = check.id === target ? [...tendersOf.values()].flat() : [...(own ?? [])];
      return { type: "sale.check.rolledBack", data: { ...delta, operation: operation.operation, kind: operation.kind, ...ends, tenders, reopened: own !== undefined, emptied: emptied.has(check.id), by } };
    },
    operation.checks,
  );
  if ("refused" in changes) return becauseOf(changes);
  const moved = [...tendersOf].flatMap(([check, tenders]) => tenders.map(({ payment }): Change => change("payment", payment, [{ type: "payment.transaction.moved", data: { from: target, to: check } }])));
  return { changes: [...changes, ...moved, ...ordersBack(operation, reader)], result: {} };
}

function isEmptied(check: CheckState): boolean {
  return Object.keys(check.shares).length === 0 && check.tenders.length === 0 && openAttempts(check).length === 0;
}

/** New items go again where they went before the merge. */
function ordersBack(operation: Operation, reader: Reader): readonly Change[] {
  if (operation.kind !== "merge") return [];
  const [target] = operation.checks;
  return operation.checks.slice(1).flatMap((check) =>
    (operationOf(reader.get("check", check), operation.operation)?.orders ?? [])
      .filter((order) => reader.get("order", order)?.defaultCheck === target && !reader.get("order", order)?.completed)
      .map((order) => change("order", order, [{ type: "sale.order.defaultCheckChanged", data: { check } }])),
  );
}

function undoMove(operation: Operation, checks: readonly CheckState[], by: Person): Decision<Nothing> {
  const { header } = operation;
  const [check] = checks;
  if (!check || !header) return refuse("unknown-operation", { operation: operation.operation });
  const all = check.operations ?? [];
  const later = all.slice(all.indexOf(operation) + 1).find(({ kind }) => kind === "move");
  if (later) return cannot("moved-on", { items: [], operation: later.operation });
  return {
    changes: [
      change("check", check.id, [
        { type: "sale.check.rolledBack", data: { added: [], changed: [], removed: [], header: { ...header, order: check.order }, operation: operation.operation, kind: "move", tenders: [], reopened: false, emptied: false, by } },
      ]),
    ],
    result: {},
  };
}

/** The parts that it had before. Money that lies on one that ends stays on the check; one that is being paid right now does not end. */
function undoParts(operation: Operation, checks: readonly CheckState[], by: Person): Decision<Nothing> {
  const [check] = checks;
  if (!check || !operation.parts) return refuse("unknown-operation", { operation: operation.operation });
  const all = check.operations ?? [];
  const later = all.slice(all.findIndex((one) => one.operation === operation.operation) + 1).find(({ kind }) => kind === "parts");
  if (later) return cannot("moved-on", { operation: later.operation });
  const kept = new Set(operation.parts.map(({ part }) => part));
  const attempt = openAttempts(check).find(({ part }) => part !== null && !kept.has(part));
  if (attempt) return cannot("attempt-open", { check: check.id, payment: attempt.payment });
  return {
    changes: [change("check", check.id, [{ type: "sale.check.rolledBack", data: { added: [], changed: [], removed: [], parts: operation.parts, operation: operation.operation, kind: "parts", tenders: [], reopened: false, emptied: false, by } }])],
    result: {},
  };
}

export const undoCheckCommand = command({
  type: "check.undo",
  version: 1,
  capability: "order.take",
  owner: "merchant",
  schema: undoCheck,
  reads: (input, reader) => {
    const named = operationOf(reader.get("check", input.check), input.operation);
    const checks = named?.checks ?? [];
    const sources = checks.flatMap((id) => operationOf(reader.get("check", id), input.operation) ?? []);
    return [
      ...surgeryRefs([input.check, ...checks], reader),
      ...sources.flatMap(({ payments }) => payments.map((payment) => ref("payment", payment))),
      ...sources.flatMap(({ orders }) => (orders ?? []).map((order) => ref("order", order))),
    ];
  },
  decide,
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addFractions, equalFractions, fraction, type Fraction } from "#shared/money/fraction.ts";
import type { CommandDefinition } from "../command.ts";
import { anyLines, anyPolicies, checkWith, table, type Table } from "../testing/checks.ts";
import { sameJson } from "../same.ts";
import { id } from "../testing/given.ts";
import { rootOf } from "./allot.ts";
import { adjustCheckCommand } from "./decide-adjust.ts";
import { mergeChecksCommand } from "./decide-merge.ts";
import { shareItemsCommand, splitBySeatCommand, splitCheckCommand } from "./decide-split.ts";
import { undoCheckCommand } from "./decide-undo.ts";
import { isLive } from "./family.ts";
import { cutAmount, fractionOf, payableAmount } from "./lines.ts";
import { partsOf } from "./parts.ts";
import type { CheckState } from "./state.ts";
import { checkTotals } from "./totals.ts";

const as = (definition: unknown) => definition as CommandDefinition;
const live = (t: Table) => t.all().filter(isLive);
const pick = <T,>(all: readonly T[], n: number): T | undefined => all[n % Math.max(all.length, 1)];

/** What no surgery may change, summed over all checks. */
function whole(t: Table) {
  const sums = { total: 0n, tax: 0n, charge: 0n, cuts: 0n, subtotal: 0n, stored: 0n, paid: 0n };
  for (const check of t.all()) {
    const totals = checkTotals(check);
    sums.total += BigInt(totals.total);
    sums.tax += BigInt(totals.tax);
    sums.charge += BigInt(totals.serviceCharge);
    sums.subtotal += BigInt(totals.subtotal ?? "0");
    sums.stored += BigInt(totals.storedValue ?? "0");
    sums.paid += BigInt(totals.paid);
    for (const share of Object.values(check.shares)) sums.cuts += cutAmount(share);
  }
  return sums;
}

function rulesHold(t: Table): void {
  const sums = new Map<string, Fraction>();
  for (const check of t.all()) {
    const totals = checkTotals(check);
    const rows = totals.taxes.reduce((sum, row) => sum + BigInt(row.tax), 0n);
    if (rows !== BigInt(totals.tax)) throw new Error("tax rows do not sum to the tax");
    const parts = BigInt(totals.net) + BigInt(totals.serviceCharge) + BigInt(totals.tax) + BigInt(totals.storedValue ?? "0");
    if (parts !== BigInt(totals.total)) throw new Error("net + charge + tax is not the total");
    if (BigInt(totals.due) < 0n) throw new Error(`${check.id} is paid more than it owes`);
    for (const row of totals.taxes) if (BigInt(row.tax) < 0n || BigInt(row.base) < 0n) throw new Error("a tax below zero");
    for (const share of Object.values(check.shares)) {
      if (payableAmount(share, check.policies.rounding.mode) < 0n) throw new Error("a line below zero");
      sums.set(share.item, addFractions(sums.get(share.item) ?? fraction(0n), fractionOf(share)));
    }
    if (!check.parts || check.parts.length === 0) continue;
    const { parts: payParts, rest } = partsOf(check);
    const loose = check.tenders.filter((tender) => !payParts.some((one) => one.part === tender.part)).reduce((sum, { amount }) => sum + BigInt(amount.amount), 0n);
    const covered = loose + payParts.reduce((sum, part) => sum + part.amount, 0n) + rest;
    if (covered !== BigInt(totals.total)) throw new Error("parts and rest are not the whole");
  }
  for (const [item, sum] of sums) if (!equalFractions(sum, fraction(1n))) throw new Error(`shares of ${item} sum to ${sum.numerator}/${sum.denominator}`);
}

type Step = { readonly what: number; readonly a: number; readonly b: number; readonly c: number; readonly d: number };
const anyStep: fc.Arbitrary<Step> = fc.record({ what: fc.nat(11), a: fc.nat(99), b: fc.nat(99), c: fc.nat(99), d: fc.nat(99) });

/** One of the things that cashiers do. True: it is surgery and must change no sum. */
function act(t: Table, { what, a, b, c, d }: Step, done: string[]): boolean {
  const check = pick(live(t), a);
  if (!check) return false;
  const shares = Object.values(check.shares);
  const operation = id("operation", t.next());
  const other = pick(live(t).filter((one) => one.id !== check.id), b);
  const remember = (refused: unknown) => {
    if (refused === null) done.push(`${operation} ${check.id}`);
  };
  switch (what) {
    case 0:
    case 1:
    case 2: {
      const lines = shares.filter((_, i) => ((c >> i) & 1) === 1 || i === d % Math.max(shares.length, 1));
      if (lines.length === 0) return false;
      const takes = lines.map((share, i) => ({ share: share.share, ...((d + i) % 3 === 0 ? { fraction: { numerator: 1 + (d % 2), denominator: 3 } } : {}) }));
      remember(t.does(as(splitCheckCommand), { operation, check: check.id, into: [{ check: what === 2 && other ? other.id : id("check", t.next()), lines: takes }] }));
      return true;
    }
    case 3:
      remember(t.does(as(splitBySeatCommand), { operation, check: check.id, checks: [1, 2, 3, 4].map(() => id("check", t.next())), shared: d % 2 === 0 ? "stay" : "divide" }));
      return true;
    case 4:
    case 5: {
      const share = pick(shares, c);
      if (!share) return false;
      const among = [check, ...live(t).filter((one) => one.id !== check.id)].slice(0, 1 + (d % 4)).map((one) => one.id);
      remember(t.does(as(shareItemsCommand), { operation, items: [share.item], check: check.id, among }));
      return true;
    }
    case 6:
    case 7:
      if (!other) return false;
      remember(t.does(as(mergeChecksCommand), { operation, target: check.id, sources: [other.id] }));
      return true;
    case 8: {
      const [undone = "", on = ""] = (pick(done, c) ?? "").split(" ");
      if (undone) t.does(as(undoCheckCommand), { operation: undone, check: on });
      return undone !== "";
    }
    case 9: {
      const amount = c % 2 === 0 ? { amount: { amount: String(1 + d * 13), currency: check.currency } } : { rate: ["0.1", "0.15", "0.333", "1"][d % 4] };
      const lines = b % 2 === 0 ? [] : shares.filter((_, i) => i % 2 === 0).map((share) => share.share);
      t.does(as(adjustCheckCommand), { check: check.id, adjustment: id("adjustment", t.next()), kind: ["discount", "comp"][d % 2], lines, ...amount, reason: "why not" });
      return false;
    }
    case 10: {
      const due = BigInt(checkTotals(check).due);
      if (due > 0n) t.pay(check, c % 3 === 0 ? due : 1n + (due * BigInt(d)) / 200n);
      const paid = t.get(check.id);
      if (paid && checkTotals(paid).due === "0") t.put({ ...paid, status: d % 2 === 0 ? "paid" : "closed" });
      return false;
    }
    default:
      t.put({ ...check, parts: [{ part: id("part", t.next()), name: "a", amount: null, paid: null }, { part: id("part", t.next()), name: "b", amount: c % 2 === 0 ? null : { amount: String(d), currency: check.currency }, paid: null }] });
      return false;
  }
}

/** With which other checks something on it is rounded: parts entered on one check, in one family. What else a family names holds nothing of it. */
function roundedWith(check: CheckState, t: Table): readonly string[] {
  const rootsOf = (one: CheckState) => Object.values(one.shares).map((share) => rootOf(one, share));
  const roots = new Set(rootsOf(check));
  return t.all().filter((other) => other.id !== check.id && check.family && other.family === check.family && rootsOf(other).some((root) => roots.has(root))).map(({ id: other }) => other).sort();
}

const bare = (check: CheckState | undefined, t: Table) => {
  if (!check) return null;
  const { shares, tenders } = check;
  // The test's shortcut pays nothing by saying so; nobody else can.
  const status = check.status === "paid" && tenders.length === 0 ? "open" : check.status;
  const rooted = Object.values(shares).map((share) => ({ ...share, root: rootOf(check, share) }));
  return { status, shares: rooted.sort((x, y) => (x.share < y.share ? -1 : 1)), roundedWith: roundedWith(check, t), tenders, totals: checkTotals(check) };
};

describe("whatever is done with the checks of an evening", () => {
  test("DOM-10, DOM-11: splits, shares, merges, moves and undoing conserve total, tax, charge, discounts and payments; an item's shares sum to 1", () => {
    let surgeries = 0;
    fc.assert(
      fc.property(anyPolicies, fc.array(anyLines, { minLength: 1, maxLength: 3 }), fc.array(anyStep, { minLength: 2, maxLength: 5 }), (place, checks, steps) => {
        const t = table(checks.map((lines, i) => checkWith(i + 1, lines, place)));
        const done: string[] = [];
        let sums = whole(t);
        for (const step of steps) {
          const before = sums;
          const isSurgery = act(t, step, done);
          sums = whole(t);
          rulesHold(t);
          if (!isSurgery) continue;
          surgeries += 1;
          // Thirty thousand times: the matcher is asked for its words only when they differ.
          if (!sameJson(sums, before)) expect(sums).toEqual(before);
        }
      }),
      { numRuns: 10_000 },
    );
    expect(surgeries).toBeGreaterThan(10_000);
  }, 120_000);

  test("a split that is merged again is as if it never was", () => {
    fc.assert(
      fc.property(anyPolicies, anyLines, fc.array(anyStep, { maxLength: 2 }), anyStep, (place, lines, before, { c, d }) => {
        const t = table([checkWith(1, lines, place)]);
        for (const step of before) act(t, { ...step, what: step.what % 2 === 0 ? 9 : 0 }, []);
        const check = t.get(id("check", 1));
        if (!check || !isLive(check)) return;
        const shares = Object.values(check.shares);
        const takes = shares.filter((_, i) => ((c >> i) & 1) === 1).map((share, i) => ({ share: share.share, ...((d + i) % 2 === 0 ? { fraction: { numerator: 1, denominator: 2 + (d % 5) } } : {}) }));
        const was = bare(check, t);
        if (takes.length === 0 || t.does(as(splitCheckCommand), { operation: id("operation", 1), check: check.id, into: [{ check: id("check", 77), lines: takes }] })) return;
        expect(t.does(as(mergeChecksCommand), { operation: id("operation", 2), target: check.id, sources: [id("check", 77)] })).toBeNull();
        expect(bare(t.get(check.id), t)).toEqual(was);
      }),
      { numRuns: 2_500 },
    );
  }, 120_000);

  test("any surgery undone at once, and a merge rolled back, is as if it never was", () => {
    fc.assert(
      fc.property(anyPolicies, fc.array(anyLines, { minLength: 1, maxLength: 3 }), fc.array(anyStep, { maxLength: 3 }), anyStep, (place, checks, before, last) => {
        const t = table(checks.map((lines, i) => checkWith(i + 1, lines, place)));
        const done: string[] = [];
        for (const step of before) act(t, step, done);
        // Beside a part that is settled, and so keeps its units of rounding, the open ones may get theirs in another order.
        const isSettled = t.all().some(({ status, shares }) => (status === "paid" || status === "closed") && Object.keys(shares).length > 0);
        const look = (check: CheckState) => ({ ...bare(check, t), ...(isSettled ? { totals: null } : {}) });
        const was = new Map(t.all().map((check) => [check.id, look(check)]));
        const sums = whole(t);
        const count = done.length;
        act(t, { ...last, what: last.what % 8 }, done);
        if (done.length === count) return;
        const [operation, check] = (done.at(-1) ?? "").split(" ");
        expect(t.does(as(undoCheckCommand), { operation, check })).toBeNull();
        for (const one of t.all()) {
          const then = was.get(one.id);
          if (then) expect(look(one)).toEqual(then);
          else expect(bare(one, t)).toMatchObject({ status: "voided", shares: [], tenders: [] });
        }
        expect(whole(t)).toEqual(sums);
      }),
      { numRuns: 2_500 },
    );
  }, 120_000);
});

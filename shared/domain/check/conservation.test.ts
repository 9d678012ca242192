import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addFractions, equalFractions, fraction, type Fraction } from "#shared/money/fraction.ts";
import { sameJson } from "../same.ts";
import { anyLines, anyPolicies, checkWith, table, type Table } from "../testing/checks.ts";
import { act, anyStep, as, bare, runs } from "../testing/evening.ts";
import { id } from "../testing/given.ts";
import { mergeChecksCommand } from "./decide-merge.ts";
import { splitCheckCommand } from "./decide-split.ts";
import { undoCheckCommand } from "./decide-undo.ts";
import { isLive } from "./family.ts";
import { cutAmount, fractionOf, lineAmount, payableAmount } from "./lines.ts";
import { partsOf } from "./parts.ts";
import type { CheckState } from "./state.ts";
import { checkTotals } from "./totals.ts";

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
      if (payableAmount(share, check.policies.rounding) < 0n) throw new Error("a line below zero");
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

/** Every amount that a bill, a line or a part says. */
function* amountsOn(check: CheckState): Generator<string> {
  const { taxes, adjustments = [], subtotal = "0", net, serviceCharge, tax: all, storedValue = "0", rounding = "0", total, paid, due: left } = checkTotals(check);
  yield* [subtotal, net, serviceCharge, all, storedValue, rounding, total, paid, left];
  for (const { base, tax } of taxes) yield* [base, tax];
  for (const { amount, net } of adjustments) yield* [amount, net];
  for (const share of Object.values(check.shares)) yield* [lineAmount(share, check.policies.rounding).toString(), ...(share.cuts ?? []).map(({ amount }) => amount)];
  const { parts, rest } = partsOf(check);
  yield rest.toString();
  for (const { amount, due } of parts) yield* [amount.toString(), due.toString()];
}

/** With prices in units every amount is. */
function inUnits(t: Table, unit: bigint): void {
  if (unit === 1n) return;
  for (const check of t.all()) for (const amount of amountsOn(check)) if (BigInt(amount) % unit !== 0n) throw new Error(`${amount} on ${check.id} is no multiple of ${unit}`);
}

describe("whatever is done with the checks of an evening", () => {
  test("DOM-10, DOM-11: splits, shares, merges, moves and undoing conserve total, tax, charge, discounts and payments; an item's shares sum to 1", () => {
    let surgeries = 0;
    let stepsInUnits = 0;
    fc.assert(
      fc.property(anyPolicies, fc.array(anyLines, { minLength: 1, maxLength: 3 }), fc.array(anyStep, { minLength: 2, maxLength: 5 }), (place, checks, steps) => {
        const t = table(checks.map((lines, i) => checkWith(i + 1, lines, place)));
        const done: string[] = [];
        const unit = BigInt(place.priced);
        let sums = whole(t);
        for (const step of steps) {
          const before = sums;
          const isSurgery = act(t, step, done);
          sums = whole(t);
          rulesHold(t);
          inUnits(t, unit);
          if (unit > 1n) stepsInUnits += 1;
          if (!isSurgery) continue;
          surgeries += 1;
          // Thirty thousand times: the matcher is asked for its words only when they differ.
          if (!sameJson(sums, before)) expect(sums).toEqual(before);
        }
      }),
      { numRuns: runs(10_000) },
    );
    expect(surgeries).toBeGreaterThan(10_000);
    expect(stepsInUnits).toBeGreaterThan(5_000);
  }, 600_000);

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
      { numRuns: runs(2_500) },
    );
  }, 600_000);

  test("any surgery undone at once, and a merge rolled back, is as if it never was", () => {
    fc.assert(
      fc.property(anyPolicies, fc.array(anyLines, { minLength: 1, maxLength: 3 }), fc.array(anyStep, { maxLength: 3 }), anyStep, (place, checks, before, last) => {
        const t = table(checks.map((lines, i) => checkWith(i + 1, lines, place)));
        const done: string[] = [];
        for (const step of before) act(t, step, done);
        const was = new Map(t.all().map((check) => [check.id, bare(check, t)]));
        const sums = whole(t);
        const count = done.length;
        act(t, { ...last, what: last.what % 8 }, done);
        if (done.length === count) return;
        const [operation, check] = (done.at(-1) ?? "").split(" ");
        expect(t.does(as(undoCheckCommand), { operation, check })).toBeNull();
        for (const one of t.all()) {
          const then = was.get(one.id);
          if (then && !sameJson(bare(one, t), then)) expect(bare(one, t)).toEqual(then);
          if (!then) expect(bare(one, t)).toMatchObject({ status: "voided", shares: [], tenders: [] });
        }
        expect(whole(t)).toEqual(sums);
      }),
      { numRuns: runs(2_500) },
    );
  }, 600_000);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Share, Tender } from "#shared/events/sale-check.ts";
import type { Decision, Reader } from "../command.ts";
import type { Nothing } from "../deciding.ts";
import { sameJson } from "../same.ts";
import { anyLines, anyPolicies, checkWith, table, tenderOf, type Table } from "../testing/checks.ts";
import { act, anyStep, as, bare, live, pick, runs } from "../testing/evening.ts";
import { id } from "../testing/given.ts";
import { adjustCheckCommand } from "./decide-adjust.ts";
import { shareItemsCommand, splitBySeatCommand } from "./decide-split.ts";
import { undoCheckCommand } from "./decide-undo.ts";
import { changeShares } from "./settle.ts";
import type { CheckState } from "./state.ts";
import { checkTotals } from "./totals.ts";

const checkIn = (t: Table, check: string): CheckState => {
  const found = t.get(check);
  if (!found) throw new Error(`no ${check}`);
  return found;
};
const due = (t: Table, check: string) => BigInt(checkTotals(checkIn(t, check)).due);

/** What the order's next item does to its check. */
function adds(t: Table, on: CheckState, price: number, tax: Share["tax"]): void {
  const home = id("check", Number(on.order.slice(-6)));
  const family = on.family ?? on.id;
  const line = {
    share: id("share", 800_000), order: on.order, item: id("item", 800_000), numerator: 1, denominator: 1, name: "Late dish", quantity: "1", unitPrice: { amount: String(price), currency: on.currency }, modifiers: [], tax, seat: null,
    ...(home === family ? {} : { root: home }),
  };
  const decide = (check: string, reader: Reader): Decision<Nothing> => {
    const changes = changeShares(checkIn(t, check), new Map([[check, { added: [line], changed: [], removed: [] }]]), reader);
    return "refused" in changes ? changes : { changes, result: {} };
  };
  expect(t.does(as({ schema: { parse: (input: unknown) => input }, decide }), on.id)).toBeNull();
}

const amounts = (tenders: readonly Tender[]) => tenders.map(({ amount }) => amount.amount);
const seen = (t: Table, check: string) => {
  const own = bare(t.get(check), t);
  return own && { ...own, tenders: amounts(own.tenders) };
};

const FOOD = { code: "food", name: "VAT 10 %", rate: "0.1", inclusive: true };
const WHY = ["closed", "paid", "attempt-open", "moved-on", "merged", "voided"];

describe("a surgery that is undone when more has happened", () => {
  const EUR = { currency: "EUR", policies: { taxes: [FOOD], rounding: { mode: "half-up" as const, level: "line" as const }, cashStep: 1, serviceCharge: null } };
  const dish = (price: number, seat: number | null = null) => ({ price, quantity: "1", tax: 0, seat, combo: false, stored: false });
  const op = (n: number) => id("operation", n);
  const A = id("check", 1);
  const others = [77, 78, 79].map((n) => id("check", n));

  test("issue 3, regression: dividing by seat again what was shared, undone: the odd unit is whose it was", () => {
    const t = table([checkWith(1, [dish(100, 1), dish(434_290), dish(200, 2), dish(300, 3)], EUR)]);
    expect(t.does(as(splitBySeatCommand), { operation: op(1), check: A, checks: others, shared: "divide" })).toBeNull();
    const [second = ""] = others;
    expect(t.does(as(shareItemsCommand), { operation: op(2), check: A, items: [id("item", 100)], among: [A, second] })).toBeNull();
    const was = t.all().map((check) => seen(t, check.id));
    expect(t.does(as(splitBySeatCommand), { operation: op(3), check: second, checks: [id("check", 90)], shared: "divide" })).toBeNull();
    expect(t.all().map((check) => checkTotals(check).total)).not.toEqual(was.map((check) => check?.totals.total));
    expect(t.does(as(undoCheckCommand), { operation: op(3), check: second })).toBeNull();
    expect(t.all().map((check) => seen(t, check.id))).toEqual(was);
  });

  test("DOM-11: what two parts do to each other changes nothing on the bill of a third", () => {
    const t = table([checkWith(1, [dish(105, 1), dish(115, 2), dish(125, 3), dish(95, 4)], EUR)]);
    expect(t.does(as(splitBySeatCommand), { operation: op(1), check: A, checks: others, shared: "stay" })).toBeNull();
    const [second = "", third = "", fourth = ""] = others;
    const was = [third, fourth].map((check) => checkTotals(checkIn(t, check)));
    expect(t.does(as(shareItemsCommand), { operation: op(2), check: A, items: [id("item", 100), id("item", 101)], among: [A, second] })).toBeNull();
    expect([third, fourth].map((check) => checkTotals(checkIn(t, check)))).toEqual(was);
  });

  test("DOM-10, DOM-11: leaves what is there as if it had never been done: every line, charge, tax and due, beside parts that were settled before or since", () => {
    let undone = 0;
    let cases = 0;
    fc.assert(
      fc.property(anyPolicies, fc.array(anyLines, { minLength: 1, maxLength: 3 }), fc.array(anyStep, { maxLength: 4 }), anyStep, anyStep, (place, checks, before, surgery, later) => {
        const [t, never] = [0, 1].map(() => {
          const made = table(checks.map((lines, i) => checkWith(i + 1, lines, place)));
          const done: string[] = [];
          for (const step of before) act(made, step, done);
          return made;
        }) as [Table, Table];
        const done: string[] = [];
        const had = new Map(t.all().map((check) => [check.id, check]));
        act(t, { ...surgery, what: surgery.what % 8 }, done);
        const [operation = "", on = ""] = (done[0] ?? "").split(" ");
        if (!operation) return;
        const { checks: touched = [] } = t.get(on)?.operations?.find((one) => one.operation === operation) ?? {};
        const beside = live(t).filter((check) => had.has(check.id));
        const check = pick(beside, later.a);
        if (!check) return;
        const isBeside = !touched.includes(check.id);
        switch (later.what % 3) {
          case 0: {
            const tax = pick(place.policies.taxes, later.b);
            if (!tax) return;
            for (const one of [t, never]) adds(one, checkIn(one, check.id), later.c * 17 + later.d, tax);
            break;
          }
          case 1: {
            const most = [due(t, check.id), due(never, check.id)].reduce((a, b) => (a < b ? a : b));
            // Of a part that nobody worked on, all: it is settled from then on.
            const amount = isBeside ? due(never, check.id) : (most * BigInt(later.c)) / 100n;
            if (isBeside) expect(due(t, check.id)).toBe(amount);
            if (amount <= 0n) return;
            for (const one of [t, never]) {
              const now = checkIn(one, check.id);
              one.put({ ...now, tenders: [...now.tenders, tenderOf(700_000, amount, now.currency)], status: !isBeside ? now.status : later.d % 2 === 0 ? "paid" : "closed" });
            }
            break;
          }
          default: {
            if (!isBeside) return;
            const given = { check: check.id, adjustment: id("adjustment", 900_000), kind: "discount", lines: [], rate: "0.15", reason: "why not" };
            const [a, b] = [t, never].map((one) => one.does(as(adjustCheckCommand), given));
            expect(a).toEqual(b);
            break;
          }
        }
        cases += 1;
        const refused = t.does(as(undoCheckCommand), { operation, check: on });
        if (refused) {
          expect(WHY).toContain(refused["why"]);
          return;
        }
        undone += 1;
        for (const { id: one } of never.all()) {
          const [now, then] = [seen(t, one), seen(never, one)];
          if (!sameJson(now, then)) expect(now).toEqual(then);
        }
      }),
      { numRuns: runs(1_000) },
    );
    expect(undone).toBeGreaterThan(cases / 2);
  }, 600_000);
});

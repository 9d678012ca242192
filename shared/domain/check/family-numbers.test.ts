import { expect, test } from "vitest";
import { id } from "../testing/given.ts";
import { checkWith, table } from "../testing/checks.ts";
import { as } from "../testing/evening.ts";
import { add, DRAWER, eur, latteItem, openDrawer, phoItem, seated } from "../testing/place.ts";
import { splitBySeatCommand } from "./decide-split.ts";
import { checkTotals } from "./totals.ts";

/** Of the page of facts on checks: what parts and parties add up to. */
const SALES = { code: "sales", name: "Sales tax", rate: "0.0875", inclusive: false };
const US = { currency: "USD", policies: { taxes: [SALES], rounding: { mode: "half-up" as const, level: "check" as const }, cashStep: 1, serviceCharge: null } };
const seat = (n: number) => ({ price: 3066, quantity: "1", tax: 2, seat: n, combo: false, stored: false });

test("a bill of 100.03 is 100.03 by seat, also where seats taxed one by one come to 100.02", () => {
  const t = table([checkWith(1, [1, 2, 3].map(seat), US)]);
  expect(checkTotals(checkWith(1, [seat(1)], US)).total).toBe("3334");
  const [A, ...others] = [1, 77, 78].map((n) => id("check", n));
  expect(t.does(as(splitBySeatCommand), { operation: id("operation", 1), check: A, checks: others, shared: "stay" })).toBeNull();
  expect(t.all().map((check) => checkTotals(check).total)).toEqual(["3335", "3334", "3334"]);
});

test("part card, part cash: only what is left for cash is rounded", () => {
  const w = seated();
  openDrawer(w);
  const { check } = add(w, phoItem(1));
  const share = Object.values(w.get("check", check)?.shares ?? {})[0];
  if (!share) throw new Error("no share");
  w.happened("check", check, [{ type: "sale.check.updated", data: { added: [], changed: [{ ...share, unitPrice: eur(1572) }], removed: [] } }]);
  w.does("payment.takeCard", { payment: id("payment", 1), check, slip: "1", amount: eur(1001) });
  const { result } = w.does("payment.takeCash", { payment: id("payment", 2), check, drawer: DRAWER, tendered: eur(570) });
  expect(result).toMatchObject({ tender: { amount: eur(571), roundingDifference: eur(-1), change: eur(0) }, due: eur(0) });
  expect(checkTotals(w.get("check", check) ?? (undefined as never))).toMatchObject({ total: "1572", paid: "1572", due: "0" });
});

test("facts: guests add up when parties join, 3 + 5 = 8, and merging their checks changes no table (DOM-2)", () => {
  const w = seated();
  const [ours, theirs] = [id("party", 1), id("party", 2)];
  w.does("party.changeCovers", { party: ours, covers: 3 });
  w.does("party.seat", { party: theirs, order: id("order", 2), tables: [id("table", 6)], covers: 5, whenOccupied: "refuse" });
  const a = add(w, phoItem(1)).check;
  const b = w.does("order.addItems", { order: id("order", 2), party: theirs, items: [latteItem(2)] }).result.check;
  w.does("check.merge", { operation: id("operation", 1), target: a, sources: [b] });
  expect([5, 6].map((n) => w.get("table", id("table", n))?.parties)).toEqual([[ours], [theirs]]);
  w.does("check.undo", { operation: id("operation", 1), check: a });
  expect(w.does("party.join", { operation: id("operation", 2), source: theirs, target: ours }).result.covers).toBe(8);
});

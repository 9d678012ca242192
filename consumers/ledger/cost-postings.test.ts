import { describe, expect, test } from "vitest";
import type { IngredientCost } from "#shared/events/catalog-menu.ts";
import { costJournals, type CostedEvent } from "./cost-postings.ts";
import { posted } from "./journal.ts";

const cost = (amount: number, per: string): IngredientCost => ({ amount: { amount: String(amount), currency: "EUR" }, per });
/** Beef at 14.50 a kilo, a bun at 0.45, salt at 0.60 a kilo. */
const COSTS = new Map([["ing_beef", cost(1450, "1000")], ["ing_bun", cost(45, "1")], ["ing_salt", cost(60, "1000")]]);
const BURGER = { product: "prd_burger", quantity: "1", recipe: [{ ingredient: "ing_beef", quantity: "180" }, { ingredient: "ing_bun", quantity: "1" }, { ingredient: "ing_salt", quantity: "2" }, { ingredient: "ing_parsley", quantity: "5" }] };

function legsOf(...events: readonly unknown[]): Record<string, number> {
  const sums = new Map<string, number>();
  events.forEach((event, n) => {
    for (const { legs } of posted(costJournals({ ...(event as object), id: `evt_${n}` } as CostedEvent, "EUR", (ingredient) => COSTS.get(ingredient)))) {
      expect(legs.reduce((sum, { amount }) => sum + amount, 0n)).toBe(0n);
      for (const { account, subject, amount } of legs) sums.set(`${account}/${subject}`, (sums.get(`${account}/${subject}`) ?? 0) + Number(amount));
    }
  });
  return Object.fromEntries([...sums].filter(([, sum]) => sum !== 0).sort(([a], [b]) => (a < b ? -1 : 1)));
}
const sent = (...items: readonly object[]) => ({ type: "sale.order.sent", data: { items } });
const voided = (item: object, wasMade: boolean, wasFired = true) => ({ type: "sale.order.itemVoided", data: { item: "itm_1", voided: item, reason: "cold", wasFired, wasMade } });

describe("cost of sale and waste", () => {
  test("what is fired is cost of sale: 180 g at 14.50 a kilo, a bun, and 2 g of salt are 3.06 (2.61 + 0.45 + 0.0012)", () => {
    expect(legsOf(sent({ ...BURGER, fired: true }))).toEqual({ "1300/ing_beef": -261, "1300/ing_bun": -45, "5000/prd_burger": 306 });
  });

  test("three of them are rounded once: 9.1836 is 9.18", () => {
    expect(legsOf(sent({ ...BURGER, quantity: "3", fired: true }))).toEqual({ "1300/ing_beef": -783, "1300/ing_bun": -135, "5000/prd_burger": 918 });
  });

  test("what is held costs nothing until its course is fired", () => {
    expect(legsOf(sent({ ...BURGER, fired: false }))).toEqual({});
    expect(legsOf(sent({ ...BURGER, fired: false }), { type: "sale.order.courseFired", data: { course: 1, items: [{ ...BURGER, fired: true }] } })).toMatchObject({ "5000/prd_burger": 306 });
  });

  test("a void before it was made puts it back on the shelf", () => {
    expect(legsOf(sent({ ...BURGER, fired: true }), voided(BURGER, false))).toEqual({});
  });

  test("a void after it was made is waste: 5050 against 1300", () => {
    expect(legsOf(sent({ ...BURGER, fired: true }), voided(BURGER, true))).toEqual({ "1300/ing_beef": -261, "1300/ing_bun": -45, "5050/prd_burger": 306 });
  });

  test("one of three wasted leaves two sold; a held one that is voided was never taken", () => {
    expect(legsOf(sent({ ...BURGER, quantity: "3", fired: true }), voided(BURGER, true))).toMatchObject({ "5000/prd_burger": 612, "5050/prd_burger": 306 });
    expect(legsOf(voided(BURGER, false, false))).toEqual({});
  });

  test("without a cost nothing is posted", () => {
    expect(legsOf(sent({ product: "prd_tea", quantity: "1", recipe: [{ ingredient: "ing_parsley", quantity: "5" }], fired: true }), sent({ product: "prd_bread", quantity: "1", recipe: [], fired: true }))).toEqual({});
  });
});

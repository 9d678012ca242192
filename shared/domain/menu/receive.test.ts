import { describe, expect, test } from "vitest";
import { id, MANAGER, OPERATOR, WAITER } from "../testing/given.ts";
import { DRAWER, eur, openDrawer, place } from "../testing/place.ts";

const [BEEF, EGGS] = [id("ingredient", 71), id("ingredient", 72)];
const COUNTS = { ...WAITER, capabilities: [...WAITER.capabilities, "stock.count"] } as const;
const BOSS = { ...MANAGER, capabilities: [...MANAGER.capabilities, "stock.count"] } as const;
const line = (ingredient: string, quantity: string, cost: number, more: object = {}) => ({ ingredient, quantity, cost: eur(cost), tax: eur(0), isCost: true, ...more });
let deliveries = 0;
const delivery = (lines: readonly ReturnType<typeof line>[], more: object = {}) => ({ delivery: id("delivery", ++deliveries), supplier: "Macelleria", note: "77", lines: [...lines], paid: { from: "later" as const }, ...more });

function stocked() {
  const w = place();
  w.does("catalog.createIngredient", { ingredient: BEEF, name: "Beef", unit: "g", lowBelow: "0", cost: { amount: eur(1450), per: "500" } }, OPERATOR);
  w.does("catalog.createIngredient", { ingredient: EGGS, name: "Eggs", unit: "piece", lowBelow: "0" }, OPERATOR);
  return w;
}

describe("goods that are received", () => {
  test("cost from now on what they cost, for as much as was said before; one that is an exception leaves the cost", () => {
    const w = stocked();
    w.does("stock.receiveGoods", delivery([line(BEEF, "2000", 6100, { tax: eur(610) }), line(EGGS, "36", 845)]), COUNTS);
    // 61.00 for 2 kg are 15.25 for 500 g; 8.45 for 36 are 0.2347 each.
    expect(w.get("ingredient", BEEF)?.cost).toEqual({ amount: eur(1525), per: "500" });
    expect(w.get("ingredient", EGGS)?.cost).toEqual({ amount: eur(23), per: "1" });
    w.does("stock.receiveGoods", delivery([line(BEEF, "100", 999, { isCost: false })]), COUNTS);
    expect(w.get("ingredient", BEEF)?.cost).toEqual({ amount: eur(1525), per: "500" });
    expect(w.log.filter(({ type }) => type === "stock.ingredient.received")).toHaveLength(3);
  });

  test("paid in cash leave the drawer, by somebody who may answer for it", () => {
    const w = stocked();
    openDrawer(w);
    const paid = { paid: { from: "drawer" as const, drawer: DRAWER, movement: id("movement", 9) } };
    const bought = delivery([line(BEEF, "1000", 3000, { tax: eur(300) }), line(EGGS, "10", 250)], paid);
    expect(w.refuses("stock.receiveGoods", bought, COUNTS)).toEqual({ refused: "capability-missing", capability: "approve.cash" });
    expect(w.refuses("stock.receiveGoods", delivery([line(BEEF, "1000", 10_001)], paid), BOSS)).toEqual({ refused: "not-enough-cash", expected: eur(10_000) });
    expect(w.refuses("stock.receiveGoods", delivery([line(BEEF, "1000", 0)], paid), BOSS)).toEqual({ refused: "nothing-due" });
    w.does("stock.receiveGoods", bought, BOSS);
    expect(w.get("drawer", DRAWER)?.expected).toEqual(eur(10_000 - 3550));
    expect(w.log.find(({ type }) => type === "cash.drawer.paidOut")?.data).toMatchObject({ amount: eur(3550), for: "supplier", reason: "Macelleria, 77" });
    expect(w.refuses("stock.receiveGoods", { ...bought, delivery: id("delivery", 99) }, BOSS)).toEqual({ refused: "movement-exists", movement: id("movement", 9) });
  });

  test("paid in cash by a supplier and a note that are cut within a pair say their reason without the half", () => {
    const w = stocked();
    openDrawer(w);
    const paid = { from: "drawer" as const, drawer: DRAWER, movement: id("movement", 9) };
    w.does("stock.receiveGoods", delivery([line(BEEF, "1000", 3000)], { supplier: "s".repeat(60), note: `${"n".repeat(17)}\u{1F334}`, paid }), BOSS);
    expect(w.log.find(({ type }) => type === "cash.drawer.paidOut")?.data).toMatchObject({ reason: `${"s".repeat(60)}, ${"n".repeat(17)}` });
  });

  test("come in once, however often they are sent in, and by whichever of two that are at it", () => {
    const w = stocked();
    const eggs = delivery([line(EGGS, "36", 845)]);
    const [first, second] = [w.prepare("stock.receiveGoods", eggs, COUNTS), w.prepare("stock.receiveGoods", { ...eggs, lines: [line(BEEF, "10", 20)] }, BOSS)];
    expect([first.commit(), second.commit()]).toEqual(["appended", "conflict"]);
    expect(w.refuses("stock.receiveGoods", eggs, COUNTS)).toEqual({ refused: "delivery-exists", delivery: eggs.delivery });
    expect(w.log.filter(({ type }) => type === "stock.ingredient.received")).toHaveLength(1);
  });

  test("all or nothing: unknown, named twice, in foreign money, or dearer than can be written", () => {
    const w = stocked();
    const before = w.log.length;
    const refused = (...lines: readonly ReturnType<typeof line>[]) => w.refuses("stock.receiveGoods", delivery(lines), COUNTS);
    expect(refused(line(BEEF, "1", 1), line(id("ingredient", 99), "1", 1))).toEqual({ refused: "unknown-ingredient", ingredient: id("ingredient", 99) });
    expect(refused(line(BEEF, "1", 1), line(BEEF, "2", 1))).toEqual({ refused: "ingredient-twice", ingredient: BEEF });
    expect(refused({ ...line(BEEF, "1", 1), tax: { amount: "1", currency: "USD" } })).toEqual({ refused: "wrong-currency", currency: "EUR" });
    expect(refused(line(BEEF, "0.001", 9_999_999_999))).toEqual({ refused: "cost-too-large", ingredient: BEEF });
    expect(w.log).toHaveLength(before);
  });
});

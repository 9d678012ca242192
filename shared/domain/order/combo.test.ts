import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allocate } from "#shared/money/allocate.ts";
import { checkTotals } from "../check/totals.ts";
import type { CommandInput } from "../registry.ts";
import { id, OPERATOR, type World } from "../testing/given.ts";
import { add, CATEGORIES, eur, ORDER, PARTY, phoItem, PRODUCTS, seated, send } from "../testing/place.ts";
import { MANAGER } from "../payment/testing.ts";
import { repeatItems } from "./repeat.ts";

const COMBO = id("product", 50);
const LUNCH: CommandInput<"catalog.createProduct"> = {
  product: COMBO,
  names: { button: "Lunch menu", kitchen: "lunch", receipt: "Lunch menu" },
  category: CATEGORIES.mains,
  number: 90,
  price: eur(1500),
  variants: [],
  modifierGroups: [],
  taxCode: "food",
  course: 1,
  recipe: [],
  active: true,
  combo: [
    { part: "main", name: "Main", quantity: 1, choices: [{ product: PRODUCTS.pho, variant: null, surcharge: eur(0) }, { product: PRODUCTS.burger, variant: null, surcharge: eur(200) }] },
    { part: "drink", name: "Drink", quantity: 1, choices: [{ product: PRODUCTS.latte, variant: "small", surcharge: eur(0) }] },
    { part: "dessert", name: "Dessert", quantity: 1, choices: [{ product: PRODUCTS.tiramisu, variant: null, surcharge: eur(0) }, { product: PRODUCTS.bread, variant: null, surcharge: eur(0) }] },
  ],
};

function lunchPlace(): World {
  const w = seated();
  w.does("catalog.createProduct", LUNCH, OPERATOR);
  return w;
}
type Entry = CommandInput<"order.addItems">["items"][number];
const main = { part: "main", product: PRODUCTS.pho };
const drink = { part: "drink", product: PRODUCTS.latte, variant: "small" };
const dessert = { part: "dessert", product: PRODUCTS.tiramisu };
const lunch = (n: number, more: Partial<Entry> = {}, first: Partial<NonNullable<Entry["parts"]>[number]> = {}): Entry => ({
  item: id("item", n),
  product: COMBO,
  parts: [{ item: id("item", n + 1), ...main, ...first }, { item: id("item", n + 2), ...drink }, { item: id("item", n + 3), ...dessert }],
  ...more,
});
const items = (w: World) => w.get("order", ORDER)?.items ?? {};
const price = (w: World, n: number) => items(w)[id("item", n)]?.unitPrice.amount;
const totals = (w: World) => {
  const [check] = w.all("check");
  if (!check) throw new Error("no check");
  return checkTotals(check);
};

describe("DOM-6: a combo", () => {
  test("is its lines, with a place, a course and a tax of their own, and they bear its price by list price", () => {
    const w = lunchPlace();
    add(w, lunch(1));
    // 12.50 + 6.90 food and 3.20 drink listed; both are taxed 19 % to eat in here, under two codes.
    const food = allocate(1500n, [1940n, 320n])[0] ?? 0n;
    expect(food).toBe(1288n);
    expect([price(w, 2), price(w, 3), price(w, 4)]).toEqual(["830", "212", "458"]);
    expect(Object.values(items(w)).map(({ product, course, category, combo }) => [product, course, category, combo?.combo, combo?.part])).toEqual([
      [PRODUCTS.pho, 1, CATEGORIES.mains, id("item", 1), "main"],
      [PRODUCTS.latte, 1, CATEGORIES.drinks, id("item", 1), "drink"],
      [PRODUCTS.tiramisu, 2, CATEGORIES.desserts, id("item", 1), "dessert"],
    ]);
    expect(totals(w)).toMatchObject({ total: "1500", due: "1500" });
    expect(Object.values(w.all("check")[0]?.shares ?? {}).map((share) => share.combo)).toEqual(Array.from({ length: 3 }, () => ({ combo: id("item", 1), name: "Lunch menu" })));
  });

  test("a surcharge and a child's modifiers are on top of the child; twice the combo is twice each line", () => {
    const w = lunchPlace();
    const burger = { product: PRODUCTS.burger, modifiers: [{ group: "doneness", option: "rare" }, { group: "toppings", option: "bacon" }] };
    add(w, lunch(1, { quantity: "2" }, burger));
    const child = items(w)[id("item", 2)];
    expect(child).toMatchObject({ quantity: "2", modifiers: [{ option: "rare" }, { option: "bacon", price: eur(200) }] });
    expect(totals(w).total).toBe(String(2 * (1500 + 200 + 200)));
  });

  test("must have each part as often as it says, from its own choices", () => {
    const w = lunchPlace();
    const parts = lunch(1).parts ?? [];
    expect(w.refuses("order.addItems", { order: ORDER, items: [{ item: id("item", 1), product: COMBO }] })).toMatchObject({ refused: "unknown-order" });
    add(w, lunch(10));
    const enter = (entry: Entry) => w.refuses("order.addItems", { order: ORDER, items: [entry] });
    expect(enter(lunch(1, { parts: [] }))).toMatchObject({ refused: "combo-choices", part: "main", name: "Main", quantity: 1, chosen: 0 });
    expect(enter(lunch(1, { parts: [...parts, { item: id("item", 9), ...dessert }] }))).toMatchObject({ refused: "combo-choices", part: "dessert", chosen: 2 });
    expect(enter(lunch(1, {}, { product: PRODUCTS.tiramisu }))).toMatchObject({ refused: "unknown-option", group: "main" });
    expect(enter(lunch(1, {}, { product: PRODUCTS.burger }))).toMatchObject({ refused: "modifier-minimum" });
    expect(enter({ item: id("item", 1), product: PRODUCTS.pho, parts })).toMatchObject({ refused: "unknown-option" });
    expect(enter(lunch(10))).toMatchObject({ refused: "item-exists", item: id("item", 10) });
    expect(enter(lunch(1, {}, { item: id("item", 3) }))).toMatchObject({ refused: "item-exists", item: id("item", 3) });
  });

  test("a child is served, moved and described by itself, but is what it is and as many", () => {
    const w = lunchPlace();
    add(w, lunch(1));
    const change = (item: Entry) => ({ order: ORDER, item });
    w.does("order.changeItem", change({ item: id("item", 3), product: PRODUCTS.latte, variant: "small", course: 2, seat: 3, notes: "no sugar" }));
    expect(items(w)[id("item", 3)]).toMatchObject({ course: 2, seat: 3, unitPrice: eur(212), combo: { combo: id("item", 1) } });
    expect(w.refuses("order.changeItem", change({ item: id("item", 3), product: PRODUCTS.latte, variant: "large" }))).toEqual({ refused: "combo-part", combo: id("item", 1), name: "Lunch menu" });
    expect(w.refuses("order.changeItem", change({ item: id("item", 3), product: PRODUCTS.latte, variant: "small", quantity: "2" }))).toMatchObject({ refused: "combo-part" });
    expect(w.refuses("order.changeItem", change({ item: id("item", 3), product: COMBO }))).toMatchObject({ refused: "combo-choices" });
  });

  test("comes off as a whole before it is sent; after that its children are voided by themselves", () => {
    const w = lunchPlace();
    add(w, lunch(1), lunch(11));
    w.does("order.removeItem", { order: ORDER, item: id("item", 3) });
    expect(Object.keys(items(w))).toEqual([12, 13, 14].map((n) => id("item", n)));
    expect(totals(w).total).toBe("1500");
    send(w, 12);
    expect(w.refuses("order.removeItem", { order: ORDER, item: id("item", 13) })).toEqual({ refused: "item-sent", item: id("item", 12) });
  });

  test("'another round' enters it again as a combo, and leaves it out when a part of it is gone", () => {
    const w = lunchPlace();
    add(w, lunch(1, { seat: 2 }, { notes: "hot" }));
    send(w, 2, 3, 4);
    let n = 20;
    const products = () => Object.fromEntries(w.all("product").map((product) => [product.id, product]));
    const again = () => repeatItems(Object.values(items(w)), products(), () => id("item", ++n));
    const { items: entered, left } = again();
    expect(left).toEqual([]);
    expect(entered).toMatchObject([{ product: COMBO, seat: 2, parts: [{ part: "main", notes: "hot" }, { part: "drink", variant: "small" }, { part: "dessert" }] }]);
    w.does("order.addItems", { order: ORDER, items: [...entered] });
    expect(totals(w).total).toBe("3000");
    w.does("catalog.updateProduct", { ...LUNCH, active: false }, OPERATOR);
    expect(again()).toMatchObject({ items: [], left: { length: 6 } });
  });

  test("is one line of the receipt, with its parts below", () => {
    const w = lunchPlace();
    const { check } = add(w, lunch(1, {}, { product: PRODUCTS.burger, modifiers: [{ group: "doneness", option: "rare" }, { group: "toppings", option: "bacon" }] }), lunch(11, { quantity: "2" }));
    send(w, 2, 3, 4, 12, 13, 14);
    w.does("check.present", { check });
    const presented = w.log.findLast((event) => event.type === "sale.check.presented");
    if (presented?.type !== "sale.check.presented") throw new Error("not presented");
    expect(presented.data.receipt.lines).toEqual([
      { name: "Lunch menu", quantity: "1", amount: eur(1900), modifiers: ["Burger", "Bacon", "Latte small", "Tiramisù"] },
      { name: "Lunch menu", quantity: "2", amount: eur(3000), modifiers: ["Phở bò", "Latte small", "Tiramisù"] },
    ]);
  });

  test("of a part that goes back the document names the combo, so that it is not read as the same dish sold alone", () => {
    const w = lunchPlace();
    const { check } = add(w, lunch(1), phoItem(9));
    send(w, 2, 3, 4, 9);
    w.does("payment.takeCard", { payment: id("payment", 1), check, slip: "1" });
    w.does("check.close", { check });
    const shares = Object.values(w.get("check", check)?.shares ?? {}).filter(({ name }) => name === "Phở bò");
    w.does("payment.refund", { refund: id("refund", 1), check, what: { kind: "items", items: shares.map(({ share }) => ({ share })) }, reason: "cold" }, MANAGER);
    expect(w.get("refund", id("refund", 1))?.document.lines.map(({ name }) => name).sort()).toEqual(["Lunch menu: Phở bò", "Phở bò"]);
  });

  test("is not made of combos, gift cards, unknown products, or with choices of its own", () => {
    const w = lunchPlace();
    const create = (more: Partial<typeof LUNCH>) => w.refuses("catalog.createProduct", { ...LUNCH, product: id("product", 51), ...more }, OPERATOR);
    const of = (product: string, variant: string | null = null) => ({ combo: [{ part: "a", name: "A", quantity: 1, choices: [{ product, variant, surcharge: eur(0) }] }] });
    expect(create(of(COMBO))).toEqual({ refused: "combo-of-combos", product: COMBO });
    expect(create(of(id("product", 99)))).toEqual({ refused: "unknown-product", product: id("product", 99) });
    expect(create(of(PRODUCTS.latte))).toEqual({ refused: "unknown-variant", product: PRODUCTS.latte, variant: null });
    expect(create({ recipe: [{ ingredient: id("ingredient", 1), quantity: "1" }] })).toEqual({ refused: "combo-of-its-own" });
    expect(create({ combo: [...(LUNCH.combo ?? []), ...(LUNCH.combo ?? [])] })).toMatchObject({ refused: "duplicate-key" });
  });
});

test("whatever the list prices and the tax rates, the lines bear the combo's price to the last unit, and each rate its part within one unit", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 }), fc.array(fc.tuple(fc.integer({ min: 0, max: 5_000 }), fc.boolean()), { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 9 }), (combo, parts, quantity) => {
      const w = seated();
      parts.forEach(([listed, isFood], i) => {
        w.does("catalog.createProduct", { ...LUNCH, product: id("product", 60 + i), price: eur(listed), taxCode: isFood ? "food" : "drink", combo: undefined }, OPERATOR);
      });
      const choices = parts.map((_, i) => ({ part: `p${i}`, name: `Part ${i}`, quantity: 1, choices: [{ product: id("product", 60 + i), variant: null, surcharge: eur(0) }] }));
      w.does("catalog.createProduct", { ...LUNCH, price: eur(combo), combo: choices }, OPERATOR);
      add(w, { item: id("item", 1), product: COMBO, quantity: String(quantity), serviceType: "takeaway", parts: parts.map((_, i) => ({ item: id("item", 2 + i), part: `p${i}`, product: id("product", 60 + i) })) });
      const lines = Object.values(items(w));
      expect(lines.reduce((sum, line) => sum + BigInt(line.unitPrice.amount), 0n)).toBe(BigInt(combo));
      expect(totals(w).total).toBe(String(combo * quantity));
      const listed = parts.reduce((sum, [one]) => sum + one, 0);
      if (listed === 0) return;
      for (const rate of ["0.07", "0.19"]) {
        const bears = lines.filter((line) => line.tax.rate === rate).reduce((sum, line) => sum + Number(line.unitPrice.amount), 0);
        const ofRate = parts.filter(([, isFood]) => (rate === "0.07") === isFood).reduce((sum, [one]) => sum + one, 0);
        expect(Math.abs(bears - (combo * ofRate) / listed)).toBeLessThan(1);
      }
    }),
    { numRuns: 200 },
  );
});

test("combos that come to more than 100 items at once are refused, and nothing of them is added", () => {
  const w = lunchPlace();
  const lunches = Array.from({ length: 50 }, (_, i) => lunch(i * 4 + 1));
  expect(w.refuses("order.addItems", { order: ORDER, party: PARTY, items: lunches })).toEqual({ refused: "too-many-items", most: 100 });
  expect(w.get("order", ORDER)).toBeUndefined();
  for (const half of [lunches.slice(0, 25), lunches.slice(25)]) add(w, ...half);
  expect(Object.keys(items(w))).toHaveLength(150);
});

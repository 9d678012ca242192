import { describe, expect, test } from "vitest";
import type { PriceRule } from "#shared/events/commerce.ts";
import { id, OPERATOR, type World } from "../testing/given.ts";
import { add, CATEGORIES, eur, latteItem, MERCHANT, ORDER, phoItem, PRODUCTS, seated } from "../testing/place.ts";
import { runningRules, ruledPrice } from "./price-rules.ts";

const rule = (more: Partial<PriceRule> = {}): PriceRule => ({
  rule: "happy",
  name: "Happy hour",
  days: [5],
  from: "17:00",
  to: "19:00",
  products: [],
  categories: [CATEGORIES.drinks],
  change: { kind: "percent-off", rate: "0.3" },
  ...more,
});
const runs = (one: PriceRule, instant: string, zone = "Europe/Berlin") => runningRules([one], instant, zone).length === 1;

describe("when a happy hour runs", () => {
  // 2026-11-20 is a Friday; Berlin is an hour ahead of UTC.
  test.each([
    ["2026-11-20T15:59:59.999Z", false],
    ["2026-11-20T16:00:00.000Z", true],
    ["2026-11-20T17:59:59.999Z", true],
    ["2026-11-20T18:00:00.000Z", false],
    ["2026-11-21T16:30:00.000Z", false],
  ])("at %s by the clock of its zone: %s", (instant, expected) => {
    expect(runs(rule(), instant)).toBe(expected);
  });

  test("over midnight it belongs to the day it began on", () => {
    const late = rule({ from: "22:00", to: "02:00" });
    expect(runs(late, "2026-11-20T22:30:00.000Z")).toBe(true);
    expect(runs(late, "2026-11-21T00:59:00.000Z")).toBe(true);
    expect(runs(late, "2026-11-21T01:00:00.000Z")).toBe(false);
    expect(runs(late, "2026-11-20T00:30:00.000Z")).toBe(false);
    expect(runs(rule({ days: [7], from: "22:00", to: "02:00" }), "2026-11-23T00:30:00.000Z")).toBe(true);
  });

  test("an hour that the clock shows twice is happy twice, one that it skips never", () => {
    const doubled = rule({ days: [7], from: "02:00", to: "03:00" });
    expect(["2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z", "2026-10-25T02:30:00.000Z"].map((at) => runs(doubled, at))).toEqual([true, true, false]);
    expect(["2026-03-29T00:59:00.000Z", "2026-03-29T01:00:00.000Z"].map((at) => runs(doubled, at))).toEqual([false, false]);
  });
});

test.each<[PriceRule["change"], number, string]>([
  [{ kind: "percent-off", rate: "0.3" }, 350, "245"],
  [{ kind: "percent-off", rate: "0.5" }, 335, "168"],
  [{ kind: "amount-off", amount: eur(100) }, 350, "250"],
  [{ kind: "amount-off", amount: eur(400) }, 350, "0"],
  [{ kind: "price", price: eur(200) }, 350, "200"],
  [{ kind: "price", price: eur(400) }, 350, "350"],
])("%o of %i is %s", (change, list, price) => {
  expect(ruledPrice(rule({ change }), eur(list), { mode: "half-up" })).toEqual({ amount: price, currency: "EUR" });
});

/** The world's clock begins on Friday 2026-11-20 at 19:00 in Berlin. */
function happyPlace(more: Partial<PriceRule> = {}): World {
  const w = seated();
  w.does("commerce.changePriceRules", { was: [], rules: [rule({ from: "18:00", to: "19:30", ...more })] }, OPERATOR);
  return w;
}
const item = (w: World, n: number) => w.get("order", ORDER)?.items[id("item", n)];

describe("DOM-9: what is entered in a happy hour", () => {
  test("has its price, says which rule and what it would have been, and keeps it when the hour is over", () => {
    const w = happyPlace();
    add(w, latteItem(1), phoItem(2));
    expect(item(w, 1)).toMatchObject({ unitPrice: eur(315), priceRule: { rule: "happy", name: "Happy hour", listPrice: eur(450) } });
    expect(item(w, 2)).toMatchObject({ unitPrice: eur(1250) });
    expect(item(w, 2)).not.toHaveProperty("priceRule");
    w.later(30);
    add(w, latteItem(3));
    expect([item(w, 1)?.unitPrice, item(w, 3)?.unitPrice]).toEqual([eur(315), eur(450)]);
    w.does("order.changeItem", { order: ORDER, item: latteItem(1, { quantity: "2", notes: "hot" }) });
    expect(item(w, 1)).toMatchObject({ quantity: "2", unitPrice: eur(315), priceRule: { rule: "happy" } });
  });

  test("another size is priced by the hour that it is chosen in", () => {
    const w = happyPlace();
    add(w, latteItem(1));
    w.later(30);
    w.does("order.changeItem", { order: ORDER, item: latteItem(1, { variant: "small" }) });
    expect(item(w, 1)).toMatchObject({ unitPrice: eur(320) });
    expect(item(w, 1)).not.toHaveProperty("priceRule");
  });

  test("modifiers cost what they cost", () => {
    const w = happyPlace();
    add(w, latteItem(1, { modifiers: [{ group: "extras", option: "shot", quantity: 2 }] }));
    expect(item(w, 1)).toMatchObject({ unitPrice: eur(315), modifiers: [{ price: eur(80) }] });
  });

  test("the first rule that names it counts, and one for other services does not", () => {
    const w = seated();
    const at = { from: "18:00", to: "22:00" };
    const rules = [rule({ ...at, rule: "away", serviceTypes: ["takeaway"] }), rule({ ...at, rule: "latte", categories: [], products: [PRODUCTS.latte], change: { kind: "price", price: eur(100) } }), rule(at)];
    w.does("commerce.changePriceRules", { was: [], rules }, OPERATOR);
    add(w, latteItem(1), latteItem(2, { serviceType: "takeaway" }));
    expect([item(w, 1)?.priceRule?.rule, item(w, 2)?.priceRule?.rule]).toEqual(["latte", "away"]);
  });

  test("of two who change them at once, the second is told, and takes back nothing of the first", () => {
    const w = seated();
    const [early, late] = [rule({ rule: "early" }), rule({ rule: "late", from: "21:00", to: "22:00" })];
    w.does("commerce.changePriceRules", { was: [], rules: [early] }, OPERATOR);
    expect(w.refuses("commerce.changePriceRules", { was: [], rules: [late] }, OPERATOR)).toEqual({ refused: "changed-meanwhile" });
    expect(w.refuses("commerce.changePriceRules", { was: [late], rules: [] }, OPERATOR)).toEqual({ refused: "changed-meanwhile" });
    w.does("commerce.changePriceRules", { was: [early], rules: [early, late] }, OPERATOR);
    expect(w.get("merchant", MERCHANT)?.priceRules.map((each) => each.rule)).toEqual(["early", "late"]);
  });

  test("rules that end when they begin, twins and foreign money are not taken", () => {
    const w = seated();
    expect(w.refuses("commerce.changePriceRules", { was: [], rules: [rule({ to: "17:00" })] }, OPERATOR)).toEqual({ refused: "empty-time", rule: "happy" });
    expect(w.refuses("commerce.changePriceRules", { was: [], rules: [rule(), rule()] }, OPERATOR)).toEqual({ refused: "duplicate-key", key: "happy" });
    const dollars = rule({ change: { kind: "price", price: { amount: "1", currency: "USD" } } });
    expect(w.refuses("commerce.changePriceRules", { was: [], rules: [dollars] }, OPERATOR)).toEqual({ refused: "wrong-currency", currency: "EUR" });
    expect(w.refuses("commerce.changePriceRules", { was: [], rules: [rule({ categories: [] })] }, OPERATOR)).toEqual({ refused: "rule-of-nothing", rule: "happy" });
    expect(w.refuses("commerce.changePriceRules", { was: [], rules: [rule({ products: [id("product", 999)] })] }, OPERATOR)).toEqual({ refused: "unknown-product", product: id("product", 999) });
    expect(w.refuses("commerce.changePriceRules", { was: [], rules: [rule({ categories: [id("category", 999)] })] }, OPERATOR)).toEqual({ refused: "unknown-category", category: id("category", 999) });
  });
});

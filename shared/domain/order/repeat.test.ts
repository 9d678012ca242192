import { describe, expect, test } from "vitest";
import { id, OPERATOR } from "../testing/given.ts";
import { add, eur, latteItem, MENU, ORDER, PARTY, phoItem, seated, send } from "../testing/place.ts";
import { lastRound, repeatItems } from "./repeat.ts";

describe("another round (screens, 2)", () => {
  const productsOf = (w: ReturnType<typeof seated>) => Object.fromEntries(w.all("product").map((product) => [product.id, product]));
  let made = 500;
  const newItemId = () => id("item", ++made);

  test("same drinks, same seats, same wishes, at current prices", () => {
    const w = seated();
    add(w, phoItem(1));
    send(w, 1);
    w.later(30);
    add(w, latteItem(2, { seat: 1, modifiers: [{ group: "extras", option: "shot", prefix: "extra" }] }), latteItem(3, { seat: 2, variant: "small" }));
    send(w, 2, 3);
    const latte = MENU[0];
    const order = w.get("order", ORDER);
    if (!latte || !order) throw new Error("no order");
    w.does("catalog.updateProduct", { ...latte, variants: latte.variants.map((v) => ({ ...v, price: eur(500) })) }, OPERATOR);
    const { items, left } = repeatItems(lastRound(order), productsOf(w), newItemId);
    expect(left).toEqual([]);
    expect(items).toMatchObject([
      { seat: 1, variant: "large", modifiers: [{ option: "shot", prefix: "extra" }] },
      { seat: 2, variant: "small" },
    ]);
    w.does("order.addItems", { order: ORDER, party: PARTY, items: [...items] });
    expect(items.map((item) => w.get("order", ORDER)?.items[item.item]?.unitPrice)).toEqual([eur(500), eur(500)]);
  });

  test("what left the menu, or lost a chosen option, is named and left out; voided items are not repeated", () => {
    const w = seated();
    add(w, phoItem(1), latteItem(2, { modifiers: [{ group: "extras", option: "shot" }] }), latteItem(3), phoItem(4));
    send(w, 1, 2, 3, 4);
    w.does("order.voidItem", { order: ORDER, item: id("item", 4), newItem: id("item", 90), reason: "x" });
    const [latte, , pho] = MENU;
    const order = w.get("order", ORDER);
    if (!latte || !pho || !order) throw new Error("no order");
    w.does("catalog.updateProduct", { ...pho, active: false }, OPERATOR);
    w.does("catalog.updateProduct", { ...latte, modifierGroups: latte.modifierGroups.map((g) => ({ ...g, options: g.options.slice(1) })) }, OPERATOR);
    const { items, left } = repeatItems(Object.values(w.get("order", ORDER)?.items ?? {}), productsOf(w), newItemId);
    expect(left.map((item) => item.item)).toEqual([id("item", 1), id("item", 2)]);
    expect(items).toHaveLength(1);
  });
});

import { describe, expect, test } from "vitest";
import { id, OPERATOR } from "../testing/given.ts";
import { add, burgerItem, eur, latteItem, MENU, ORDER, PARTY, phoItem, PRODUCTS, seated, send } from "../testing/place.ts";
import type { World } from "../testing/given.ts";

const item = (w: World, n: number) => w.get("order", ORDER)?.items[id("item", n)];
const shareOf = (w: World, n: number) => Object.values(w.all("check")[0]?.shares ?? {}).find((share) => share.item === id("item", n));
const product = (key: keyof typeof PRODUCTS) => {
  const found = MENU.find((p) => p.product === PRODUCTS[key]);
  if (!found) throw new Error(`no ${key}`);
  return found;
};

describe("modifiers (DOM-7)", () => {
  const price = (modifiers: NonNullable<ReturnType<typeof burgerItem>["modifiers"]>, make = burgerItem) => {
    const w = seated();
    add(w, make(1, { modifiers }));
    return { prices: item(w, 1)?.modifiers.map((m) => `${m.prefix} ${m.option} ${m.price.amount}`), one: shareOf(w, 1)?.unitPrice.amount, words: shareOf(w, 1)?.modifiers.map((m) => m.name) };
  };
  const medium = { group: "doneness", option: "medium" } as const;

  test('"no" costs nothing and counts towards nothing', () => {
    expect(price([medium, { group: "toppings", option: "onions", prefix: "no" }])).toEqual({ prices: ["none medium 0", "no onions 0"], one: "1490", words: ["medium", "NO Onions"] });
  });

  test("a default option is in the price once; extra of it is paid", () => {
    expect(price([medium, { group: "toppings", option: "onions" }]).one).toBe("1490");
    expect(price([medium, { group: "toppings", option: "onions", quantity: 2 }]).one).toBe("1530");
    expect(price([medium, { group: "toppings", option: "onions", prefix: "extra" }]).one).toBe("1530");
  });

  test('"light" and "side" cost what the option costs', () => {
    expect(price([medium, { group: "toppings", option: "bacon", prefix: "light" }]).one).toBe("1690");
    expect(price([medium, { group: "toppings", option: "bacon", prefix: "side" }]).one).toBe("1690");
  });

  test("the group's free ones are the first chosen", () => {
    const extras = (...options: string[]) => options.map((option) => ({ group: "extras", option }));
    expect(price(extras("shot"), latteItem).one).toBe("450");
    expect(price(extras("shot", "syrup"), latteItem).one).toBe("500");
    expect(price(extras("syrup", "shot"), latteItem).one).toBe("530");
    expect(price([{ group: "extras", option: "shot", prefix: "extra", quantity: 3 }], latteItem)).toMatchObject({ one: "610", words: ["EXTRA Shot x3"] });
  });

  test("a forced choice that nobody made is the default's", () => {
    const w = seated();
    const burger = product("burger");
    const groups = burger.modifierGroups.map((g) => (g.group === "doneness" ? { ...g, options: g.options.map((o) => ({ ...o, default: o.option === "medium" })) } : g));
    w.does("catalog.updateProduct", { ...burger, modifierGroups: groups }, OPERATOR);
    add(w, burgerItem(1, { modifiers: [] }));
    expect(item(w, 1)?.modifiers).toMatchObject([{ group: "doneness", option: "medium", price: eur(0) }]);
  });
});

describe("order.changeItem", () => {
  test("moves the order and the check together", () => {
    const w = seated();
    add(w, phoItem(1));
    const { events } = w.does("order.changeItem", { order: ORDER, item: phoItem(1, { quantity: "3", seat: 2, notes: "no herbs" }) });
    expect(events.map((e) => e.type)).toEqual(["sale.order.itemChanged", "sale.check.updated"]);
    expect(item(w, 1)).toMatchObject({ quantity: "3", seat: 2, notes: "no herbs", status: "entered" });
    expect(shareOf(w, 1)).toMatchObject({ quantity: "3", seat: 2, numerator: 1, denominator: 1 });
  });

  test("reprices only what changed (DOM-9)", () => {
    const w = seated();
    add(w, latteItem(1, { modifiers: [{ group: "extras", option: "shot", quantity: 2 }] }));
    const latte = product("latte");
    const dearer = latte.modifierGroups.map((g) => ({ ...g, options: g.options.map((o) => ({ ...o, price: eur(100) })) }));
    w.does("catalog.updateProduct", { ...latte, variants: latte.variants.map((v) => ({ ...v, price: eur(500) })), modifierGroups: dearer }, OPERATOR);

    w.does("order.changeItem", { order: ORDER, item: latteItem(1, { quantity: "2", modifiers: [{ group: "extras", option: "shot", quantity: 2 }] }) });
    expect(item(w, 1)).toMatchObject({ unitPrice: eur(450), productVersion: 1 });
    expect(item(w, 1)?.modifiers[0]?.price).toEqual(eur(80));

    w.does("order.changeItem", { order: ORDER, item: latteItem(1, { quantity: "2", modifiers: [{ group: "extras", option: "shot", quantity: 3 }] }) });
    expect(item(w, 1)?.unitPrice).toEqual(eur(450));
    expect(item(w, 1)?.modifiers[0]?.price).toEqual(eur(200));

    w.does("order.changeItem", { order: ORDER, item: latteItem(1, { variant: "small" }) });
    expect(item(w, 1)).toMatchObject({ unitPrice: eur(500), productVersion: 2, modifiers: [] });
  });

  test("a change of service type re-taxes only", () => {
    const w = seated();
    add(w, phoItem(1));
    w.does("catalog.updateProduct", { ...product("pho"), price: eur(9999) }, OPERATOR);
    w.does("order.changeItem", { order: ORDER, item: phoItem(1, { serviceType: "takeaway" }) });
    expect(item(w, 1)).toMatchObject({ unitPrice: eur(1250), tax: { rate: "0.07" } });
    expect(shareOf(w, 1)?.tax.rate).toBe("0.07");
  });

  test("what is sold out since may still be edited, but not become something sold out", () => {
    const w = seated();
    add(w, phoItem(1), latteItem(2));
    w.does("stock.setCountdown", { product: PRODUCTS.pho, remaining: "0" }, OPERATOR);
    w.does("order.changeItem", { order: ORDER, item: phoItem(1, { notes: "hot" }) });
    expect(w.refuses("order.changeItem", { order: ORDER, item: phoItem(2) })).toMatchObject({ refused: "sold-out" });
  });

  test("a change that changes nothing writes nothing", () => {
    const w = seated();
    add(w, burgerItem(1));
    expect(w.does("order.changeItem", { order: ORDER, item: burgerItem(1) }).events).toEqual([]);
  });

  test("refuses item-sent, unknown-item, unknown-order and what addItems refuses", () => {
    const w = seated();
    add(w, burgerItem(1), burgerItem(2));
    send(w, 1);
    expect(w.refuses("order.changeItem", { order: ORDER, item: burgerItem(1, { quantity: "2" }) })).toEqual({ refused: "item-sent", item: id("item", 1) });
    expect(w.refuses("order.changeItem", { order: ORDER, item: burgerItem(9) })).toMatchObject({ refused: "unknown-item" });
    expect(w.refuses("order.changeItem", { order: id("order", 9), item: burgerItem(2) })).toMatchObject({ refused: "unknown-order" });
    expect(w.refuses("order.changeItem", { order: ORDER, item: burgerItem(2, { modifiers: [] }) })).toMatchObject({ refused: "modifier-minimum" });
  });

  test("two waiters edit two items at the same instant: both edits are there (failure 1)", () => {
    const w = seated();
    add(w, phoItem(1), phoItem(2));
    const first = w.prepare("order.changeItem", { order: ORDER, item: phoItem(1, { quantity: "2" }) });
    const second = w.prepare("order.changeItem", { order: ORDER, item: phoItem(2, { quantity: "5" }) });
    expect([first.commit(), second.commit()]).toEqual(["appended", "conflict"]);
    w.does("order.changeItem", { order: ORDER, item: phoItem(2, { quantity: "5" }) });
    expect([item(w, 1)?.quantity, item(w, 2)?.quantity]).toEqual(["2", "5"]);
  });
});

describe("order.removeItem", () => {
  test("takes the item from the order and its share from the check", () => {
    const w = seated();
    add(w, phoItem(1), phoItem(2));
    w.does("order.removeItem", { order: ORDER, item: id("item", 1) });
    expect(item(w, 1)).toBeUndefined();
    expect(shareOf(w, 1)).toBeUndefined();
    expect(shareOf(w, 2)).toBeDefined();
  });

  test("refuses item-sent, unknown-item, and item-paid when more was paid than would be owed", () => {
    const w = seated();
    const { check } = add(w, phoItem(1), phoItem(2));
    send(w, 1);
    expect(w.refuses("order.removeItem", { order: ORDER, item: id("item", 1) })).toMatchObject({ refused: "item-sent" });
    expect(w.refuses("order.removeItem", { order: ORDER, item: id("item", 9) })).toMatchObject({ refused: "unknown-item" });
    w.does("payment.takeCard", { payment: id("payment", 1), check, amount: eur(2000), slip: "1" });
    expect(w.refuses("order.removeItem", { order: ORDER, item: id("item", 2) })).toMatchObject({ refused: "item-paid", over: eur(750) });
  });

  test("a check that is fully paid by what was paid before becomes paid", () => {
    const w = seated();
    const { check } = add(w, phoItem(1), phoItem(2));
    w.does("payment.takeCard", { payment: id("payment", 1), check, amount: eur(1250), slip: "1" });
    const { events } = w.does("order.removeItem", { order: ORDER, item: id("item", 2) });
    expect(events.map((e) => e.type)).toEqual(["sale.order.itemRemoved", "sale.check.updated", "sale.check.paid"]);
    expect(w.get("check", check)?.status).toBe("paid");
    add(w, phoItem(3));
    expect(w.get("check", check)?.status).toBe("open");
    expect(w.does("order.removeItem", { order: ORDER, item: id("item", 3) }).events).toHaveLength(3);
    expect(w.get("party", PARTY)?.settled).toBe(false);
  });
});

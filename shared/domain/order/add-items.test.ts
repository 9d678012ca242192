import { describe, expect, test } from "vitest";
import { id, OPERATOR, WAITER } from "../testing/given.ts";
import { add, burgerItem, eur, latteItem, MENU, openDrawer, ORDER, PARTY, phoItem, place, PRODUCTS, seated, send, TABLES, tiramisuItem, DRAWER } from "../testing/place.ts";

describe("order.addItems", () => {
  test("the first item opens the party's order and its check in one decision (DOM-10)", () => {
    const w = seated();
    const { result, events } = w.does("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(1, { seat: 2 })] });
    expect(events.map((event) => event.type)).toEqual(["sale.order.created", "sale.order.itemsAdded", "sale.check.created", "sale.check.updated"]);
    const order = w.get("order", ORDER);
    expect(order).toMatchObject({ label: "T5", serviceType: "dine_in", party: PARTY, defaultCheck: result.check, completed: false });
    expect(order?.items[id("item", 1)]).toMatchObject({ status: "entered", seat: 2, course: 1, unitPrice: eur(1250), productVersion: 1, mark: null });
    const shares = Object.values(w.get("check", result.check)?.shares ?? {});
    expect(shares).toMatchObject([{ item: id("item", 1), numerator: 1, denominator: 1, name: "Phở bò", unitPrice: eur(1250), seat: 2 }]);
  });

  test("a party at tables whose names together are cut within a pair orders, under the name without the half", () => {
    const w = place();
    const tables = ["Garden 101", "Garden 102", "Terras \u{1F334}"].map((name, i) => ({ table: id("table", 30 + i), name }));
    tables.forEach(({ table, name }, x) => w.does("commerce.addTable", { table, name, zone: "Garden", seats: 4, x, y: 5, shape: "square" }, OPERATOR));
    w.does("party.seat", { party: PARTY, order: ORDER, tables: tables.map(({ table }) => table), covers: 2, whenOccupied: "refuse" });
    add(w, phoItem(1));
    expect(w.get("order", ORDER)?.label).toBe("Garden 101+Garden 102+Terras ");
  });

  test("an order without a table opens by its label (DOM-3)", () => {
    const w = place();
    w.does("order.addItems", {
      order: ORDER,
      opening: { serviceType: "takeaway", label: "Pickup 47", channel: "till", customer: "Ana", promisedAt: "2026-11-20T19:20:00.000Z" },
      items: [phoItem(1)],
    });
    expect(w.get("order", ORDER)).toMatchObject({ party: null, customer: "Ana", server: { staff: WAITER.staff, name: "Mai" } });
    expect(w.get("order", ORDER)?.items[id("item", 1)]?.tax).toEqual({ code: "food", name: "VAT 7 %", rate: "0.07", inclusive: true });
  });

  test("failure 1: two waiters add to one order at the same instant, both additions are there", () => {
    const w = seated();
    add(w, phoItem(1));
    const mai = w.prepare("order.addItems", { order: ORDER, party: PARTY, items: [latteItem(2)] });
    const leo = w.prepare("order.addItems", { order: ORDER, party: PARTY, items: [burgerItem(3)] });
    expect(mai.commit()).toBe("appended");
    expect(leo.commit()).toBe("conflict");
    expect(w.attempt("order.addItems", { order: ORDER, party: PARTY, items: [burgerItem(3)] }).ok).toBe(true);
    expect(Object.keys(w.get("order", ORDER)?.items ?? {})).toEqual([1, 2, 3].map((n) => id("item", n)));
    expect(Object.keys(w.all("check")[0]?.shares ?? {})).toHaveLength(3);
  });

  test("failure 2: two tablets begin the party's order at the same instant, and there is one order", () => {
    const w = seated();
    const first = w.prepare("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(1)] });
    const second = w.prepare("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(2)] });
    expect(first.commit()).toBe("appended");
    expect(second.commit()).toBe("conflict");
    add(w, phoItem(2));
    expect(w.all("order")).toHaveLength(1);
    expect(w.all("check")).toHaveLength(1);
  });

  test("failure 2: an order id of the tablet's own making still goes to the party's order", () => {
    const w = seated();
    add(w, phoItem(1));
    const { result } = w.does("order.addItems", { order: id("order", 77), party: PARTY, items: [phoItem(2)] });
    expect(result.order).toBe(ORDER);
    expect(w.all("order")).toHaveLength(1);
  });

  test("after its order was completed a party gets its next one", () => {
    const w = seated();
    openDrawer(w);
    const { check } = add(w, phoItem(1));
    send(w, 1);
    w.does("payment.takeCard", { payment: id("payment", 1), check, slip: "0815" });
    w.does("check.close", { check });
    expect(w.get("party", PARTY)?.settled).toBe(true);
    const { result } = w.does("order.addItems", { order: ORDER, party: PARTY, items: [latteItem(2)] });
    expect(result.order).not.toBe(ORDER);
    expect(w.get("party", PARTY)).toMatchObject({ order: result.order, settled: false });
    w.does("order.send", { order: result.order, items: [id("item", 2)] });
    w.does("payment.takeCash", { payment: id("payment", 2), check: result.check, drawer: DRAWER, tendered: eur(450) });
    w.does("check.close", { check: result.check });
    w.does("party.clear", { party: PARTY });
    expect(w.get("table", TABLES.t5)?.parties).toEqual([]);
  });

  test("freezes what the menu said when it was entered (DOM-9)", () => {
    const w = seated();
    add(w, phoItem(1));
    const pho = MENU[2];
    if (!pho) throw new Error("no pho");
    w.does("catalog.updateProduct", { ...pho, price: eur(1500) }, OPERATOR);
    add(w, phoItem(2));
    const items = w.get("order", ORDER)?.items ?? {};
    expect(items[id("item", 1)]).toMatchObject({ unitPrice: eur(1250), productVersion: 1 });
    expect(items[id("item", 2)]).toMatchObject({ unitPrice: eur(1500), productVersion: 2 });
  });

  test("the variant's price replaces the product's, and its stock factor counts portions", () => {
    const w = seated();
    add(w, latteItem(1, { variant: "small", quantity: "3" }));
    expect(w.get("order", ORDER)?.items[id("item", 1)]).toMatchObject({ unitPrice: eur(320), portions: "1.5", variant: { variant: "small", stockFactor: "0.5" } });
  });

  test("another service type for one item taxes it otherwise and leaves its price", () => {
    const w = seated();
    add(w, phoItem(1), phoItem(2, { serviceType: "takeaway" }));
    const items = w.get("order", ORDER)?.items ?? {};
    expect(items[id("item", 1)]).toMatchObject({ unitPrice: eur(1250), tax: { rate: "0.19" } });
    expect(items[id("item", 2)]).toMatchObject({ unitPrice: eur(1250), tax: { rate: "0.07" } });
  });

  test("adding to a paid check makes it due again, and a printed bill outdated (DOM-13)", () => {
    const w = seated();
    const { check } = add(w, phoItem(1));
    w.does("check.present", { check });
    expect(w.get("check", check)).toMatchObject({ status: "presented", presented: 1, outdated: false });
    w.does("payment.takeCard", { payment: id("payment", 1), check, slip: "1" });
    expect(w.get("check", check)?.status).toBe("paid");
    add(w, latteItem(2));
    expect(w.get("check", check)).toMatchObject({ status: "open", outdated: true });
    expect(w.refuses("check.close", { check })).toMatchObject({ refused: "unsent-items" });
  });

  describe("refuses", () => {
    test.each([
      ["unknown-product", phoItem(1, { product: id("product", 99) }), { product: id("product", 99) }],
      ["unknown-variant", latteItem(1, { variant: "huge" }), { variant: "huge" }],
      ["variant-required", latteItem(1, { variant: null }), { variants: ["small", "large"] }],
      ["unknown-variant", phoItem(1, { variant: "large" }), { product: PRODUCTS.pho }],
      ["modifier-minimum", burgerItem(1, { modifiers: [] }), { group: "doneness", name: "Doneness", min: 1, chosen: 0 }],
      ["modifier-maximum", burgerItem(1, { modifiers: [{ group: "doneness", option: "rare" }, { group: "doneness", option: "well" }] }), { max: 1, chosen: 2 }],
      ["unknown-option", burgerItem(1, { modifiers: [{ group: "doneness", option: "raw" }] }), { option: "raw" }],
      ["unknown-option", burgerItem(1, { modifiers: [{ group: "sauce", option: "bbq" }] }), { group: "sauce" }],
      ["unknown-option", burgerItem(1, { modifiers: [{ group: "doneness", option: "rare", prefix: "extra" }] }), { prefix: "extra" }],
    ])("%s", (code, item, fields) => {
      expect(seated().refuses("order.addItems", { order: ORDER, party: PARTY, items: [item] })).toMatchObject({ refused: code, ...fields });
    });

    test("sold-out: failure 18, a product counted down to zero", () => {
      const w = seated();
      w.does("stock.setCountdown", { product: PRODUCTS.pho, remaining: "0" }, OPERATOR);
      expect(w.refuses("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(1)] })).toEqual({ refused: "sold-out", product: PRODUCTS.pho, name: "Phở bò" });
    });

    test("inactive-product: failure 18, a product that left the menu", () => {
      const w = seated();
      const pho = MENU[2];
      if (!pho) throw new Error("no pho");
      w.does("catalog.updateProduct", { ...pho, active: false }, OPERATOR);
      expect(w.refuses("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(1)] })).toMatchObject({ refused: "inactive-product" });
    });

    test("unknown-option: failure 18, an option that was removed", () => {
      const w = seated();
      const latte = MENU[0];
      if (!latte) throw new Error("no latte");
      w.does("catalog.updateProduct", { ...latte, modifierGroups: latte.modifierGroups.map((g) => ({ ...g, options: g.options.slice(1) })) }, OPERATOR);
      expect(w.refuses("order.addItems", { order: ORDER, party: PARTY, items: [latteItem(1, { modifiers: [{ group: "extras", option: "shot" }] })] })).toMatchObject({
        refused: "unknown-option",
        option: "shot",
      });
    });

    test("item-exists: the same item twice, in one command or in two", () => {
      const w = seated();
      expect(w.refuses("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(1), phoItem(1)] })).toMatchObject({ refused: "item-exists", item: id("item", 1) });
      add(w, phoItem(1));
      expect(w.refuses("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(1)] })).toMatchObject({ refused: "item-exists" });
    });

    test("unknown-order, unknown-party, party-cleared, order-completed, staff-required", () => {
      const w = seated();
      expect(w.refuses("order.addItems", { order: id("order", 9), items: [phoItem(1)] })).toMatchObject({ refused: "unknown-order" });
      expect(w.refuses("order.addItems", { order: id("order", 9), party: id("party", 9), items: [phoItem(1)] })).toMatchObject({ refused: "unknown-party" });
      expect(w.refuses("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(1)] }, OPERATOR)).toMatchObject({ refused: "staff-required" });
      w.does("party.clear", { party: PARTY });
      expect(w.refuses("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(1)] })).toMatchObject({ refused: "party-cleared" });
    });

    test("order-completed: an order without a party ends with its check", () => {
      const w = place();
      const opening = { serviceType: "takeaway", label: "Ana", channel: "till", customer: null, promisedAt: null } as const;
      const { result } = w.does("order.addItems", { order: ORDER, opening, items: [phoItem(1)] });
      w.does("payment.takeCard", { payment: id("payment", 1), check: result.check, slip: "1" });
      send(w, 1);
      w.does("check.close", { check: result.check });
      expect(w.refuses("order.addItems", { order: ORDER, opening, items: [phoItem(2)] })).toMatchObject({ refused: "order-completed" });
    });

    test("while a held course outlives the closed check, what is added opens a new check (DOM-10)", () => {
      const w = seated();
      const { check } = add(w, phoItem(1), tiramisuItem(2));
      w.does("order.send", { order: ORDER, items: [id("item", 1), id("item", 2)], hold: [2] });
      w.does("payment.takeCard", { payment: id("payment", 1), check, slip: "1" });
      w.does("check.close", { check });
      expect(w.get("order", ORDER)?.completed).toBe(false);
      // A tablet that knows only the order is as good.
      const { result } = w.does("order.addItems", { order: ORDER, items: [phoItem(3)] });
      expect(result.check).not.toBe(check);
      expect(w.get("order", ORDER)?.defaultCheck).toBe(result.check);
      expect(w.get("check", result.check)).toMatchObject({ status: "open", label: "T5", party: PARTY, order: ORDER });
      expect(add(w, phoItem(4)).check).toBe(result.check);
      expect(w.get("check", check)?.status).toBe("closed");
      w.does("order.fireCourse", { order: ORDER, course: 2 });
      expect(w.get("order", ORDER)?.completed).toBe(false);
      send(w, 3, 4);
      w.does("payment.takeCard", { payment: id("payment", 2), check: result.check, slip: "1" });
      w.does("check.close", { check: result.check });
      expect(w.get("order", ORDER)?.completed).toBe(true);
      expect(w.get("party", PARTY)?.settled).toBe(true);
    });
  });
});

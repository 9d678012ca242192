import { describe, expect, test } from "vitest";
import { id, OPERATOR, type World } from "../testing/given.ts";
import { kitchenOf } from "../testing/kitchen.ts";
import { add, burgerItem, latteItem, ORDER, PARTY, phoItem, place, PRODUCTS, seated, send, TABLES, tiramisuItem } from "../testing/place.ts";

const item = (w: World, n: number) => w.get("order", ORDER)?.items[id("item", n)];
const sendItems = (w: World, items: number[], hold: number[] = []) => w.attempt("order.send", { order: ORDER, items: items.map((n) => id("item", n)), hold });
const count = (w: World, product: string, remaining: string | null) => w.does("stock.setCountdown", { product, remaining }, OPERATOR);

describe("order.send", () => {
  test("fires what was entered; the event carries all that the kitchen needs", () => {
    const w = seated();
    add(w, burgerItem(1, { seat: 1, allergy: ["nuts"] }), phoItem(2));
    const { result, events } = w.does("order.send", { order: ORDER, items: [id("item", 1), id("item", 2)] });
    expect(result.sent).toEqual([id("item", 1), id("item", 2)]);
    expect(events).toMatchObject([
      { type: "sale.order.sent", data: { header: { label: "T5", server: { name: "Mai" } }, items: [{ fired: true, mark: "NEW", seat: 1, allergy: ["nuts"], names: { kitchen: "burger" } }, { fired: true }] } },
    ]);
    expect(item(w, 1)).toMatchObject({ status: "fired", mark: "NEW" });
    expect(w.get("order", ORDER)?.courses).toMatchObject([{ course: 1, status: "fired", by: "Mai" }]);
  });

  test("failure 7: a second Send cooks nothing twice", () => {
    const w = seated();
    add(w, phoItem(1));
    send(w, 1);
    expect(w.refuses("order.send", { order: ORDER, items: [id("item", 1)] })).toMatchObject({ refused: "nothing-to-send" });
    add(w, phoItem(2));
    const { result } = w.does("order.send", { order: ORDER, items: [id("item", 1), id("item", 2), id("item", 2)] });
    expect(result.sent).toEqual([id("item", 2)]);
    expect(w.log.filter((e) => e.type === "sale.order.sent").flatMap((e) => e.data.items.map((i) => i.item))).toEqual([id("item", 1), id("item", 2)]);
  });

  test("failure 7: two devices send the same items at the same instant, and they are fired once", () => {
    const w = seated();
    add(w, phoItem(1));
    const first = w.prepare("order.send", { order: ORDER, items: [id("item", 1)] });
    const second = w.prepare("order.send", { order: ORDER, items: [id("item", 1)] });
    expect([first.commit(), second.commit()]).toEqual(["appended", "conflict"]);
    expect(sendItems(w, [1])).toMatchObject({ ok: false, refusal: { refused: "nothing-to-send" } });
  });

  test("a course is held, what is added to it waits too, and firing fires all of it (DOM-6)", () => {
    const w = seated();
    add(w, phoItem(1), tiramisuItem(2));
    sendItems(w, [1, 2], [2]);
    expect(item(w, 2)).toMatchObject({ status: "held", firedAt: null, mark: "NEW" });
    add(w, tiramisuItem(3));
    sendItems(w, [3]);
    expect(item(w, 3)?.status).toBe("held");
    w.later(20);
    const { result, events } = w.does("order.fireCourse", { order: ORDER, course: 2 });
    expect(result.fired).toEqual([id("item", 2), id("item", 3)]);
    expect(events).toMatchObject([{ type: "sale.order.courseFired", data: { course: 2, items: [{ fired: true, mark: "NEW" }, { fired: true }] } }]);
    expect(item(w, 3)?.firedAt).not.toBe(item(w, 3)?.sentAt);
  });

  test("a course of which more than 100 items are held is fired in several events, each item once, and in the kitchen each ticket once", () => {
    const w = seated();
    const cook = kitchenOf(w);
    const all = Array.from({ length: 120 }, (_, i) => i + 1);
    for (const from of [0, 40, 80]) {
      const batch = all.slice(from, from + 40);
      add(w, ...batch.map((n) => tiramisuItem(n)));
      sendItems(w, batch, [2]);
    }
    cook();
    const { result, events } = w.does("order.fireCourse", { order: ORDER, course: 2 });
    const fired = events.flatMap((event) => (event.type === "sale.order.courseFired" ? [event.data.items.map((one) => one.item)] : []));
    expect(fired.map((items) => items.length)).toEqual([100, 20]);
    expect(fired.flat()).toEqual(result.fired);
    expect([...result.fired].sort()).toEqual(all.map((n) => id("item", n)));
    expect(all.every((n) => item(w, n)?.status === "fired")).toBe(true);
    expect(w.get("order", ORDER)?.courses).toMatchObject([{ course: 2, status: "fired" }]);
    expect(cook().map(({ type }) => type)).toEqual(Array(3).fill("sale.kitchen-ticket.fired"));
    expect(w.refuses("order.fireCourse", { order: ORDER, course: 2 })).toMatchObject({ refused: "nothing-held" });
  });

  test("what is added to a fired course fires at once, marked ADD, even when asked to hold", () => {
    const w = seated();
    add(w, latteItem(1));
    send(w, 1);
    add(w, latteItem(2));
    sendItems(w, [2], [1]);
    expect(item(w, 2)).toMatchObject({ status: "fired", mark: "ADD" });
    expect(item(w, 1)?.mark).toBe("NEW");
  });

  test("a held course whose items were all voided no longer makes others wait", () => {
    const w = seated();
    add(w, tiramisuItem(1));
    sendItems(w, [1], [2]);
    w.does("order.voidItem", { order: ORDER, item: id("item", 1), newItem: id("item", 90), reason: "changed mind" });
    add(w, tiramisuItem(2));
    sendItems(w, [2]);
    expect(item(w, 2)).toMatchObject({ status: "fired", mark: "NEW" });
  });

  test("refuses unknown-order, unknown-item, staff-required; order.fireCourse refuses nothing-held", () => {
    const w = seated();
    add(w, phoItem(1));
    expect(w.refuses("order.send", { order: id("order", 8), items: [id("item", 1)] })).toMatchObject({ refused: "unknown-order" });
    expect(sendItems(w, [1, 9])).toMatchObject({ refusal: { refused: "unknown-item", items: [id("item", 9)] } });
    expect(w.refuses("order.send", { order: ORDER, items: [id("item", 1)] }, OPERATOR)).toMatchObject({ refused: "staff-required" });
    expect(w.refuses("order.fireCourse", { order: ORDER, course: 1 })).toEqual({ refused: "nothing-held", course: 1 });
    expect(w.refuses("order.fireCourse", { order: id("order", 8), course: 1 })).toMatchObject({ refused: "unknown-order" });
  });
});

describe("running out (DOM-19)", () => {
  test("sending takes portions, held courses included; what is not counted is not touched", () => {
    const w = seated();
    count(w, PRODUCTS.tiramisu, "5");
    add(w, phoItem(1), tiramisuItem(2, { quantity: "2" }));
    sendItems(w, [1, 2], [2]);
    expect(w.remaining(PRODUCTS.tiramisu)).toBe("3");
    expect(w.all("countdown")).toMatchObject([{ product: PRODUCTS.tiramisu, remaining: "3" }]);
    expect([item(w, 1)?.counted, item(w, 2)?.counted]).toEqual([false, true]);
  });

  test("half a portion takes half", () => {
    const w = seated();
    count(w, PRODUCTS.latte, "2");
    add(w, latteItem(1, { variant: "small", quantity: "3" }));
    send(w, 1);
    expect(w.remaining(PRODUCTS.latte)).toBe("0.5");
  });

  test("failure 18: the 3 last portions asked for by 10 tablets: 3 sent, 7 refused with what is left, and the rest offered", () => {
    const w = place();
    count(w, PRODUCTS.pho, "3");
    const tablets = Array.from({ length: 10 }, (_, n) => n + 1);
    for (const n of tablets) {
      w.does("order.addItems", {
        order: id("order", n),
        opening: { serviceType: "dine_in", label: `Tab ${n}`, channel: "tablet", customer: null, promisedAt: null },
        items: [phoItem(100 + n), burgerItem(200 + n)],
      });
    }
    const pending = tablets.map((n) => w.prepare("order.send", { order: id("order", n), items: [id("item", 100 + n), id("item", 200 + n)] }));
    const outcomes = pending.map((send) => send.commit());
    expect(outcomes.filter((outcome) => outcome === "appended")).toHaveLength(3);
    const refused = outcomes.filter((outcome) => typeof outcome === "object");
    expect(refused).toHaveLength(7);
    expect(refused[0]).toEqual({
      refused: "insufficient-stock",
      short: [{ product: PRODUCTS.pho, name: "Phở bò", requested: "1", available: "0", items: [id("item", 104)] }],
      sendable: [id("item", 204)],
    });
    expect(w.remaining(PRODUCTS.pho)).toBe("0");
    w.does("order.send", { order: id("order", 4), items: [id("item", 204)] });
  });

  test("of several lines those that still fit are offered, in the order named", () => {
    const w = seated();
    count(w, PRODUCTS.pho, "3");
    add(w, phoItem(1, { quantity: "2" }), phoItem(2, { quantity: "2" }), phoItem(3), latteItem(4));
    expect(sendItems(w, [1, 2, 3, 4])).toMatchObject({
      refusal: {
        short: [{ requested: "5", available: "3", items: [id("item", 2)] }],
        sendable: [id("item", 1), id("item", 3), id("item", 4)],
      },
    });
    expect(item(w, 1)?.status).toBe("entered");
    expect(sendItems(w, [1, 3, 4]).ok).toBe(true);
    expect(w.remaining(PRODUCTS.pho)).toBe("0");
  });

  test("failure 18: nothing is taken twice: not by a second Send, and not by firing", () => {
    const w = seated();
    count(w, PRODUCTS.tiramisu, "5");
    add(w, tiramisuItem(1));
    sendItems(w, [1], [2]);
    sendItems(w, [1]);
    w.does("order.fireCourse", { order: ORDER, course: 2 });
    expect(w.remaining(PRODUCTS.tiramisu)).toBe("4");
  });

  test("lifting the count lets all through again", () => {
    const w = seated();
    count(w, PRODUCTS.pho, "0");
    count(w, PRODUCTS.pho, null);
    add(w, phoItem(1));
    send(w, 1);
    expect(w.remaining(PRODUCTS.pho)).toBe(null);
  });

  test("stock.setCountdown refuses unknown-product", () => {
    expect(place().refuses("stock.setCountdown", { product: id("product", 99), remaining: "1" }, OPERATOR)).toMatchObject({ refused: "unknown-product" });
  });
});

describe("order.voidItem", () => {
  const voids = (w: World, n: number, quantity?: string) =>
    w.attempt("order.voidItem", { order: ORDER, item: id("item", n), newItem: id("item", 90 + n), reason: "guest changed mind", ...(quantity ? { quantity } : {}) });

  test("a whole line: void in the order, gone from the check", () => {
    const w = seated();
    const { check } = add(w, phoItem(1), burgerItem(2));
    send(w, 1, 2);
    const { events } = voids(w, 1);
    expect(events[0]).toMatchObject({ type: "sale.order.itemVoided", data: { item: id("item", 1), remaining: null, wasFired: true, voided: { item: id("item", 1) }, reason: "guest changed mind" } });
    expect(item(w, 1)).toMatchObject({ status: "voided", voidReason: "guest changed mind" });
    expect(Object.values(w.get("check", check)?.shares ?? {}).map((s) => s.item)).toEqual([id("item", 2)]);
  });

  test("a part leaves as a line of its own, and the slip can say which (failure 11)", () => {
    const w = seated();
    const { check } = add(w, phoItem(1, { quantity: "5", seat: 3 }));
    send(w, 1);
    const { events } = voids(w, 1, "2");
    expect(events[0]).toMatchObject({ data: { item: id("item", 1), remaining: "3", voided: { item: id("item", 91), quantity: "2", portions: "2", splitFrom: id("item", 1), seat: 3 } } });
    expect(item(w, 1)).toMatchObject({ status: "fired", quantity: "3", portions: "3" });
    expect(item(w, 91)).toMatchObject({ status: "voided", quantity: "2" });
    expect(Object.values(w.get("check", check)?.shares ?? {})).toMatchObject([{ item: id("item", 1), quantity: "3", numerator: 1, denominator: 1 }]);
  });

  test("gives the count back only while held: what was fired is waste", () => {
    const w = seated();
    count(w, PRODUCTS.tiramisu, "5");
    count(w, PRODUCTS.pho, "5");
    add(w, tiramisuItem(1, { quantity: "3" }), phoItem(2));
    sendItems(w, [1, 2], [2]);
    voids(w, 1, "2");
    expect(w.remaining(PRODUCTS.tiramisu)).toBe("4");
    voids(w, 2);
    expect(w.remaining(PRODUCTS.pho)).toBe("4");
    expect(w.log.filter((e) => e.type === "stock.countdown.returned")).toMatchObject([{ data: { product: PRODUCTS.tiramisu, quantity: "2", order: ORDER } }]);
  });

  test("gives nothing back that was not counted when it was sent", () => {
    const w = seated();
    add(w, tiramisuItem(1));
    sendItems(w, [1], [2]);
    count(w, PRODUCTS.tiramisu, "5");
    voids(w, 1);
    expect(w.remaining(PRODUCTS.tiramisu)).toBe("5");
  });

  test("refuses item-not-sent, item-voided, unknown-item, quantity-too-large, item-exists", () => {
    const w = seated();
    add(w, phoItem(1), phoItem(2, { quantity: "2" }), phoItem(3));
    expect(voids(w, 1)).toMatchObject({ refusal: { refused: "item-not-sent" } });
    expect(voids(w, 9)).toMatchObject({ refusal: { refused: "unknown-item" } });
    send(w, 1, 2);
    expect(voids(w, 2, "3")).toMatchObject({ refusal: { refused: "quantity-too-large", left: "2" } });
    expect(w.refuses("order.voidItem", { order: ORDER, item: id("item", 2), quantity: "1", newItem: id("item", 3), reason: "x" })).toMatchObject({ refused: "item-exists" });
    voids(w, 1);
    expect(voids(w, 1)).toMatchObject({ refusal: { refused: "item-voided" } });
  });

  test("refuses item-paid once the check is paid or closed", () => {
    const w = seated();
    const { check } = add(w, phoItem(1));
    send(w, 1);
    w.does("payment.takeCard", { payment: id("payment", 1), check, slip: "7" });
    expect(voids(w, 1)).toMatchObject({ refusal: { refused: "item-paid" } });
    w.does("check.close", { check });
    expect(voids(w, 1)).toMatchObject({ refusal: { refused: "item-paid" } });
  });

  test("a party that voided everything can be cleared: its check ends without a number", () => {
    const w = seated();
    const { check } = add(w, phoItem(1));
    send(w, 1);
    voids(w, 1);
    w.does("party.clear", { party: PARTY });
    expect(w.get("check", check)?.status).toBe("voided");
    expect(w.get("order", ORDER)?.completed).toBe(true);
    expect(w.get("table", TABLES.t5)?.parties).toEqual([]);
  });
});

import { describe, expect, test } from "vitest";
import type { DomainEvent } from "#shared/events/catalog.ts";
import { COOK, id, OPERATOR, WAITER, type World } from "../testing/given.ts";
import { add, burgerItem, CATEGORIES, latteItem, MERCHANT, ORDER, phoItem, PRODUCTS, seated, STATIONS, tiramisuItem } from "../testing/place.ts";
import { itemProgress } from "../order/delivery.ts";
import { makeTickets, type TicketSource } from "./make-tickets.ts";
import { preparingStations, routeItem, type Kitchen } from "./route.ts";

/** The kitchen consumer in small: it follows the log of the order and numbers what it makes. */
function kitchen(w: World) {
  const numbers = new Map<string | null, number>();
  let seen = w.log.length;
  let ticket = 0;
  const source: TicketSource = {
    newTicketId: () => id("ticket", ++ticket),
    nextNumber: (station) => {
      const next = (numbers.get(station) ?? 0) + 1;
      numbers.set(station, next);
      return next;
    },
  };
  return function cookUp(): void {
    const fresh = w.log.slice(seen);
    for (const event of fresh) {
      if (event.type !== "sale.order.sent" && event.type !== "sale.order.courseFired" && event.type !== "sale.order.itemVoided") continue;
      const merchant = w.get("merchant", MERCHANT);
      if (!merchant) throw new Error("no merchant");
      for (const { stream, events } of makeTickets(event, ORDER, merchant, w.all("ticket"), source)) w.happened("ticket", stream, events);
    }
    seen = w.log.length;
  };
}

function story() {
  const w = seated();
  const cookUp = kitchen(w);
  const send = (items: number[], hold: number[] = []) => {
    w.does("order.send", { order: ORDER, items: items.map((n) => id("item", n)), hold });
    cookUp();
  };
  return { w, cookUp, send };
}

const at = (w: World, station: string) => w.all("ticket").filter((ticket) => ticket.station === station);
const lineOf = (w: World, n: number) => w.all("ticket").flatMap((t) => Object.values(t.items)).find((line) => line.item === id("item", n));

describe("routing", () => {
  const item = { product: PRODUCTS.burger, category: CATEGORIES.mains, serviceType: "takeaway" } as const;
  const { bar, grill, kitchen: stove, pass } = STATIONS;

  test("a rule for the product before its category before all; within those the first that matches", () => {
    expect(routeItem(item, [{ stations: [bar] }, { category: CATEGORIES.mains, stations: [stove] }, { product: PRODUCTS.burger, stations: [grill] }])).toEqual([grill]);
    expect(routeItem(item, [{ stations: [bar] }, { category: CATEGORIES.mains, stations: [stove] }])).toEqual([stove]);
    expect(routeItem(item, [{ category: CATEGORIES.drinks, stations: [stove] }, { stations: [bar] }, { stations: [grill] }])).toEqual([bar]);
    expect(routeItem(item, [])).toEqual([]);
  });

  test("all given fields must match", () => {
    const rules = [
      { product: PRODUCTS.burger, serviceType: "dine_in", stations: [grill] },
      { product: PRODUCTS.burger, category: CATEGORIES.drinks, stations: [bar] },
      { serviceType: "takeaway", stations: [stove] },
    ] as const;
    expect(routeItem(item, rules.map((rule) => ({ ...rule, stations: [...rule.stations] })))).toEqual([stove]);
  });

  test("the pass gets no tickets of its own, an unknown station none at all", () => {
    const merchant: Kitchen = {
      routes: [{ stations: [pass, grill, id("station", 9)] }],
      stations: [
        { station: pass, name: "Pass", kind: "pass" },
        { station: grill, name: "Grill", kind: "prep" },
      ],
    };
    expect(preparingStations(item, merchant).map((s) => s.name)).toEqual(["Grill"]);
  });
});

describe("making tickets", () => {
  test("one ticket per send, station and course, with one number for the send", () => {
    const { w, send } = story();
    add(w, latteItem(1, { modifiers: [{ group: "extras", option: "shot", prefix: "extra" }] }), latteItem(2), burgerItem(3, { seat: 1, allergy: ["nuts"], notes: "sauce apart" }), phoItem(4), tiramisuItem(5));
    send([1, 2, 3, 4, 5], [2]);
    expect(w.all("ticket").map((t) => [t.stationName, t.number, t.stationNumber, t.course, t.status, Object.keys(t.items).length])).toEqual([
      ["bar", 1, 1, 1, "open", 2],
      ["grill", 1, 1, 1, "open", 1],
      ["kitchen", 1, 1, 1, "open", 1],
      ["kitchen", 1, 2, 2, "held", 1],
    ]);
    expect(at(w, STATIONS.grill)[0]).toMatchObject({ label: "T5", server: "Mai", mark: "NEW", serviceType: "dine_in" });
    expect(lineOf(w, 1)).toMatchObject({ name: "latte", variant: "large", modifiers: ["EXTRA shot"] });
    expect(lineOf(w, 3)).toMatchObject({ seat: 1, allergy: ["nuts"], notes: "sauce apart", modifiers: ["medium"], status: "pending" });
  });

  test("failure 7: one more Latte makes a ticket of that Latte only, marked ADD", () => {
    const { w, send } = story();
    add(w, latteItem(1));
    send([1]);
    add(w, latteItem(2));
    send([1, 2]);
    expect(at(w, STATIONS.bar).map((t) => [t.mark, Object.keys(t.items), t.number, t.stationNumber])).toEqual([
      ["NEW", [id("item", 1)], 1, 1],
      ["ADD", [id("item", 2)], 2, 2],
    ]);
  });

  test("what is taken away does not share a ticket with what is plated (TKT-3)", () => {
    const { w, send } = story();
    add(w, phoItem(1), phoItem(2, { serviceType: "takeaway" }));
    send([1, 2]);
    expect(w.all("ticket").map((t) => [t.serviceType, Object.keys(t.items), t.number])).toEqual([
      ["dine_in", [id("item", 1)], 1],
      ["takeaway", [id("item", 2)], 1],
    ]);
  });

  test("failure 12: no empty ticket: what no station makes has none", () => {
    const { w, send } = story();
    add(w, { item: id("item", 1), product: PRODUCTS.bread });
    send([1]);
    expect(w.all("ticket")).toEqual([]);
    expect(w.log.some((e) => e.type === "sale.kitchen-ticket.created")).toBe(false);
  });

  test("firing a course fires its held tickets, and the timer begins then", () => {
    const { w, send, cookUp } = story();
    add(w, tiramisuItem(1));
    send([1], [2]);
    w.later(15);
    w.does("order.fireCourse", { order: ORDER, course: 2 });
    cookUp();
    const [ticket] = w.all("ticket");
    expect(ticket?.status).toBe("open");
    expect(Date.parse(ticket?.firedAt ?? "") - Date.parse(ticket?.createdAt ?? "")).toBe(15 * 60_000);
    expect(w.log.at(-1)).toMatchObject({ type: "sale.kitchen-ticket.fired", data: { by: "Mai", ticket: { held: false, items: [{ item: id("item", 1) }] } } });
  });

  test("a void marks the line until it is touched; a part says how many and which (failure 11)", () => {
    const { w, send, cookUp } = story();
    add(w, burgerItem(1, { quantity: "5" }), burgerItem(2, { modifiers: [{ group: "doneness", option: "rare" }] }));
    send([1, 2]);
    const voids = (n: number, quantity?: string) => {
      w.does("order.voidItem", { order: ORDER, item: id("item", n), newItem: id("item", 80 + w.log.length), reason: "dropped", ...(quantity ? { quantity } : {}) });
      cookUp();
    };
    voids(1, "2");
    expect(lineOf(w, 1)).toMatchObject({ status: "pending", quantity: "3", voided: { quantity: "2", reason: "dropped", by: "Mai", acknowledged: false } });
    voids(1, "1");
    expect(lineOf(w, 1)).toMatchObject({ quantity: "2", voided: { quantity: "3" } });
    voids(2);
    expect(lineOf(w, 2)).toMatchObject({ status: "voided", voided: { quantity: "1" } });
    expect(w.log.at(-1)).toMatchObject({ type: "sale.kitchen-ticket-item.voided", data: { remaining: null, ticket: { label: "T5", items: [{ item: id("item", 1), quantity: "2" }, { item: id("item", 2), modifiers: ["rare"] }] } } });
  });

  test("a held ticket of which nothing is left is not fired", () => {
    const { w, send, cookUp } = story();
    add(w, tiramisuItem(1), latteItem(2, { course: 2 }));
    send([1, 2], [2]);
    w.does("order.voidItem", { order: ORDER, item: id("item", 1), newItem: id("item", 90), reason: "x" });
    w.does("order.fireCourse", { order: ORDER, course: 2 });
    cookUp();
    expect(w.all("ticket").map((t) => [t.stationName, t.status]).sort()).toEqual([["bar", "open"], ["kitchen", "held"]]);
  });
});

describe("working on tickets", () => {
  function one(...items: Parameters<typeof add>[1][]) {
    const s = story();
    add(s.w, ...items);
    s.send(items.map((_, i) => i + 1));
    const ticket = id("ticket", 1);
    const tap = (type: "ticket.startItem" | "ticket.bumpItem" | "ticket.acknowledgeItem", n: number) => s.w.does(type, { ticket, item: id("item", n) }, COOK).events.map((e) => e.type);
    const press = (type: "ticket.bump" | "ticket.recall") => s.w.does(type, { ticket }, COOK).events.map((e) => e.type);
    return { ...s, ticket, tap, press, state: () => s.w.get("ticket", ticket) };
  }

  test("shown once, by the device that drew it", () => {
    const { w, ticket } = one(burgerItem(1));
    expect(w.does("ticket.show", { tickets: [ticket, ticket] }, COOK).events).toEqual([{ type: "sale.kitchen-ticket.shown", data: { device: COOK.device } }]);
    expect(w.does("ticket.show", { tickets: [ticket] }, COOK).events).toEqual([]);
    expect(w.refuses("ticket.show", { tickets: [id("ticket", 9)] }, COOK)).toMatchObject({ refused: "unknown-ticket" });
    expect(w.refuses("ticket.show", { tickets: [ticket] }, OPERATOR)).toMatchObject({ refused: "device-required" });
  });

  test("start, bump the item, bump the ticket; each again changes nothing", () => {
    const { tap, press, state } = one(burgerItem(1), burgerItem(2));
    expect(tap("ticket.startItem", 1)).toEqual(["sale.kitchen-ticket-item.started"]);
    expect(tap("ticket.startItem", 1)).toEqual([]);
    expect(tap("ticket.bumpItem", 1)).toEqual(["sale.kitchen-ticket-item.ready"]);
    expect(tap("ticket.bumpItem", 1)).toEqual([]);
    expect(tap("ticket.startItem", 1)).toEqual([]);
    expect(state()).toMatchObject({ status: "open" });
    expect(press("ticket.bump")).toEqual(["sale.kitchen-ticket-item.ready", "sale.kitchen-ticket.completed"]);
    expect(press("ticket.bump")).toEqual([]);
    expect(state()).toMatchObject({ status: "completed" });
  });

  test("two cooks bump at the same instant: once", () => {
    const { w, ticket } = one(burgerItem(1));
    const first = w.prepare("ticket.bump", { ticket }, COOK);
    const second = w.prepare("ticket.bump", { ticket }, COOK);
    expect([first.commit(), second.commit()]).toEqual(["appended", "conflict"]);
    expect(w.does("ticket.bump", { ticket }, COOK).events).toEqual([]);
  });

  test("recall brings it back with its items ready and its timer going on", () => {
    const { press, state } = one(burgerItem(1));
    expect(press("ticket.recall")).toEqual([]);
    const firedAt = state()?.firedAt;
    press("ticket.bump");
    expect(press("ticket.recall")).toEqual(["sale.kitchen-ticket.recalled"]);
    expect(state()).toMatchObject({ status: "open", recalled: 1, completedAt: null, firedAt, items: { [id("item", 1)]: { status: "ready" } } });
    expect(press("ticket.bump")).toEqual(["sale.kitchen-ticket.completed"]);
  });

  test("an allergy is acknowledged by a touch, once (DOM-7)", () => {
    const { tap, state } = one(burgerItem(1, { allergy: ["nuts"] }), burgerItem(2));
    expect(tap("ticket.acknowledgeItem", 2)).toEqual([]);
    expect(tap("ticket.acknowledgeItem", 1)).toEqual(["sale.kitchen-ticket-item.acknowledged"]);
    expect(tap("ticket.acknowledgeItem", 1)).toEqual([]);
    expect(state()?.items[id("item", 1)]?.allergyAcknowledged).toBe(true);
  });

  test("a ticket of which all is void leaves by itself when the last void was seen", () => {
    const { w, cookUp, tap, press, state } = one(burgerItem(1), burgerItem(2));
    for (const n of [1, 2]) w.does("order.voidItem", { order: ORDER, item: id("item", n), newItem: id("item", 90 + n), reason: "x" });
    cookUp();
    expect(tap("ticket.bumpItem", 1)).toEqual([]);
    expect(tap("ticket.acknowledgeItem", 1)).toEqual(["sale.kitchen-ticket-item.acknowledged"]);
    expect(state()?.status).toBe("open");
    expect(tap("ticket.acknowledgeItem", 2)).toEqual(["sale.kitchen-ticket-item.acknowledged", "sale.kitchen-ticket.completed"]);
    expect(state()?.status).toBe("completed");
    expect(press("ticket.bump")).toEqual([]);
  });

  test("refuses unknown-ticket, unknown-item, ticket-held", () => {
    const { w, send } = story();
    add(w, tiramisuItem(1));
    send([1], [2]);
    const held = { ticket: id("ticket", 1), item: id("item", 1) };
    for (const type of ["ticket.startItem", "ticket.bumpItem"] as const) {
      expect(w.refuses(type, held, COOK)).toMatchObject({ refused: "ticket-held" });
      expect(w.refuses(type, { ...held, item: id("item", 9) }, COOK)).toMatchObject({ refused: "unknown-item" });
      expect(w.refuses(type, { ...held, ticket: id("ticket", 9) }, COOK)).toMatchObject({ refused: "unknown-ticket" });
    }
    for (const type of ["ticket.bump", "ticket.recall"] as const) {
      expect(w.refuses(type, { ticket: held.ticket }, COOK)).toMatchObject({ refused: "ticket-held" });
      expect(w.refuses(type, { ticket: id("ticket", 9) }, COOK)).toMatchObject({ refused: "unknown-ticket" });
    }
    expect(w.refuses("ticket.acknowledgeItem", { ...held, item: id("item", 9) }, COOK)).toMatchObject({ refused: "unknown-item" });
  });
});

describe("how far an item has come", () => {
  const job = (n: number, status: "queued" | "printed" | "unknown", time: string): DomainEvent => ({
    type: `printing.job.${status}`,
    data: { job: id("job", n), printer: id("printer", 1), printerName: "Grill", kind: "ticket", about: id("ticket", 1), order: ORDER, items: [id("item", 1)], cause: status === "unknown" ? time : null },
  });

  test("unsent, held, sent, on the screen, cooking, ready, voided; and printed when paper is known to exist", () => {
    const { w, cookUp } = story();
    const merchant = w.get("merchant", MERCHANT);
    if (!merchant) throw new Error("no merchant");
    const see = (n: number) => {
      const state = w.get("order", ORDER)?.items[id("item", n)];
      if (!state) throw new Error(`no item ${n}`);
      return itemProgress(state, w.all("ticket"), w.all("print-job"), merchant);
    };
    add(w, burgerItem(1), tiramisuItem(2), { item: id("item", 3), product: PRODUCTS.bread });
    expect(see(1)).toEqual({ progress: "unsent", printed: false, slip: null });
    w.does("order.send", { order: ORDER, items: [1, 2, 3].map((n) => id("item", n)), hold: [2] }, WAITER);
    expect([see(1).progress, see(2).progress, see(3).progress]).toEqual(["sent", "held", "ready"]);
    cookUp();
    expect(see(1).progress).toBe("sent");
    const [ticket] = at(w, STATIONS.grill);
    if (!ticket) throw new Error("no ticket");
    w.does("ticket.show", { tickets: [ticket.id] }, COOK);
    expect(see(1).progress).toBe("on-screen");
    w.does("ticket.startItem", { ticket: ticket.id, item: id("item", 1) }, COOK);
    expect(see(1).progress).toBe("cooking");
    w.happened("print-job", id("job", 1), [job(1, "queued", "1")]);
    expect(see(1)).toMatchObject({ printed: false, slip: "queued" });
    w.happened("print-job", id("job", 1), [job(1, "printed", "2")]);
    w.does("ticket.bump", { ticket: ticket.id }, COOK);
    expect(see(1)).toEqual({ progress: "ready", printed: true, slip: "printed" });
    w.does("printing.reprint", { job: id("job", 1) });
    w.does("order.voidItem", { order: ORDER, item: id("item", 1), newItem: id("item", 91), reason: "x" });
    expect(see(1).progress).toBe("voided");
    expect(w.refuses("printing.reprint", { job: id("job", 9) })).toMatchObject({ refused: "unknown-job" });
  });

  test("ready only when all its stations are (DOM-4)", () => {
    const w = seated();
    w.does("commerce.changeRoutes", { was: [...(w.get("merchant", MERCHANT)?.routes ?? [])], rules: [{ stations: [STATIONS.grill, STATIONS.kitchen] }] }, OPERATOR);
    const cookUp = kitchen(w);
    add(w, burgerItem(1));
    w.does("order.send", { order: ORDER, items: [id("item", 1)] });
    cookUp();
    const progress = () => {
      const state = w.get("order", ORDER)?.items[id("item", 1)];
      if (!state) throw new Error("no item");
      return itemProgress(state, w.all("ticket"), []).progress;
    };
    w.does("ticket.bump", { ticket: id("ticket", 1) }, COOK);
    expect(progress()).toBe("cooking");
    w.does("ticket.bump", { ticket: id("ticket", 2) }, COOK);
    expect(progress()).toBe("ready");
  });
});

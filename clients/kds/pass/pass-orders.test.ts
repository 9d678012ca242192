import { describe, expect, test } from "vitest";
import { item, NOON, ticket, time, voided, MINUTE } from "../testing/tickets.ts";
import { passOrders, takenKey, waitingInWords } from "./pass-orders.ts";

const STATIONS = ["bar", "grill", "kitchen"];
const grill = ticket(1, { order: "ord_5", items: [item("Burger", { status: "ready" }), item("Steak"), item("Chicken", { status: "cooking" })] });
const bar = ticket(1, { id: "tkt_bar", order: "ord_5", station: "bar", stationName: "Bar", items: [item("Latte", { status: "ready" })] });
const at = (tickets: Parameters<typeof passOrders>[0], taken: readonly string[] = [], now = NOON) => passOrders(tickets, STATIONS, new Set(taken), now);

describe("screen rule 12: what the pass waits for", () => {
  test("by station, how much of how much", () => {
    const [order] = at([grill, bar]);
    expect(order?.stations.map(({ name, ready, total }) => [name, ready, total])).toEqual([["Bar", 1, 1], ["Grill", 1, 3]]);
    expect(order && waitingInWords(order)).toEqual(["Grill 1 of 3"]);
    expect(order?.state).toBe("waiting");
  });

  test("two rounds at one station count together, under both numbers", () => {
    const second = ticket(7, { order: "ord_5", mark: "ADD", firedAt: time(4) });
    const [order] = at([second, grill]);
    expect(order && waitingInWords(order)).toEqual(["Grill 1 of 4"]);
    expect(order?.numbers).toEqual([1, 7]);
    expect(order?.firedAt).toBe(time(0));
  });

  test("portions are counted, not lines: two lattes are two plates to carry", () => {
    const drinks = ticket(3, { order: "ord_5", station: "bar", stationName: "Bar", items: [item("Latte", { quantity: "2" }), item("Cola", { status: "ready", quantity: "3" }), item("Ham", { quantity: "0.25" })] });
    const [order] = at([drinks]);
    expect(order && waitingInWords(order)).toEqual(["Bar 3 of 6"]);
  });

  test("a station says what was added and since when it keeps the pass waiting", () => {
    const second = ticket(7, { order: "ord_5", mark: "ADD", firedAt: time(4) });
    expect(at([second, grill])[0]?.stations[0]).toMatchObject({ added: true, waitingSince: time(0) });
    expect(at([second])[0]?.stations[0]).toMatchObject({ added: true, waitingSince: time(4) });
    expect(at([ticket(7, { mark: "ADD", items: [item("Burger", { status: "ready" })] })])[0]?.stations[0]).toMatchObject({ added: false, waitingSince: null });
  });

  test("a held course is shown apart and not counted", () => {
    const dessert = ticket(2, { order: "ord_5", station: "kitchen", stationName: "Kitchen", status: "held", firedAt: null });
    const [order] = at([bar, dessert]);
    expect(order?.state).toBe("ready");
    expect(order?.held.map((part) => part.name)).toEqual(["Kitchen"]);
    expect(order?.tickets).toEqual([bar]);
    expect(at([dessert])[0]).toMatchObject({ state: "held", firedAt: null });
  });

  test("void lines are not waited for", () => {
    const [order] = at([ticket(1, { items: [item("Burger", { status: "ready" }), item("Steak", voided())] })]);
    expect(order).toMatchObject({ state: "ready", stations: [{ ready: 1, total: 1 }] });
    expect(at([ticket(1, { items: [item("Steak", voided(true))] })])).toEqual([]);
  });
});

describe("what stands on the pass", () => {
  const made = ticket(1, { status: "completed", completedAt: time(0), items: [item("Burger", { status: "ready" })] });

  test("what its stations have bumped stays until it is bumped from the pass", () => {
    expect(at([made])[0]).toMatchObject({ state: "ready", order: "ord_1" });
    expect(at([made], [takenKey(made)])).toEqual([]);
    expect(at([made], [], NOON + 21 * MINUTE)).toEqual([]);
  });

  test("recalled by its station, it comes again, and again when it is made again", () => {
    const recalled = { ...made, status: "open" as const, recalled: 1 };
    expect(at([recalled], [takenKey(made)])).toHaveLength(1);
    expect(at([{ ...made, recalled: 1 }], [takenKey(made)])).toHaveLength(1);
  });

  test("what waits longest first, held orders last", () => {
    const orders = at([ticket(1, { firedAt: time(3) }), ticket(2, { status: "held", firedAt: null, createdAt: time(-9) }), ticket(3, { firedAt: time(1) })]);
    expect(orders.map((order) => order.label)).toEqual(["T3", "T1", "T2"]);
  });
});

import { describe, expect, test } from "vitest";
import { checkTotals } from "../check/totals.ts";
import { id, type World } from "../testing/given.ts";
import { floorView } from "./floor-view.ts";
import { burgerItem, latteItem, ORDER, PARTY, phoItem, place, POLICIES, seated, TABLES } from "../testing/place.ts";

const OTHER = id("party", 2);
const OTHER_ORDER = id("order", 2);
const T7 = id("table", 7);
const op = (n: number) => id("operation", n);

/** Two at T5 with a Phở, three at T6 with a latte; T7 is free. */
function two(policies = POLICIES) {
  const w = seated(policies);
  w.does("commerce.addTable", { table: T7, name: "T7", zone: "Main", seats: 4, x: 9, y: 9, shape: "square" }, { staff: null, device: null, name: "operator", capabilities: [] });
  w.does("party.seat", { party: OTHER, order: OTHER_ORDER, tables: [TABLES.t6], covers: 3, whenOccupied: "refuse" });
  const a = w.does("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(1)] }).result.check;
  const b = w.does("order.addItems", { order: OTHER_ORDER, party: OTHER, items: [latteItem(2), burgerItem(3)] }).result.check;
  w.does("order.send", { order: ORDER, items: [id("item", 1)] });
  w.does("order.send", { order: OTHER_ORDER, items: [id("item", 2), id("item", 3)] });
  return { w, a, b };
}
const label = (w: World, order: string, check: string) => [w.get("order", order)?.label, w.get("check", check)?.label];
const fired = (w: World) => w.log.filter(({ type }) => type === "sale.order.sent" || type === "sale.order.courseFired").length;

describe("party.move", () => {
  test("to another table: order, bill and tables say so; nothing is fired; undoing brings it back", () => {
    const { w, a } = two();
    const before = fired(w);
    w.does("party.move", { operation: op(1), party: PARTY, tables: [T7], whenOccupied: "refuse" });
    expect(label(w, ORDER, a)).toEqual(["T7", "T7"]);
    expect([w.get("table", TABLES.t5)?.parties, w.get("table", T7)?.parties]).toEqual([[], [PARTY]]);
    w.does("party.undo", { operation: op(1), party: PARTY });
    expect(label(w, ORDER, a)).toEqual(["T5", "T5"]);
    expect([w.get("table", TABLES.t5)?.parties, w.get("table", T7)?.parties]).toEqual([[PARTY], []]);
    expect(fired(w)).toBe(before);
    expect(w.refuses("party.undo", { operation: op(1), party: PARTY })).toMatchObject({ refused: "unknown-operation" });
  });

  test("an occupied table is refused; what somebody else sits at now cannot be moved back to", () => {
    const { w } = two();
    expect(w.refuses("party.move", { operation: op(1), party: PARTY, tables: [TABLES.t6], whenOccupied: "refuse" })).toMatchObject({ refused: "table-occupied", parties: [OTHER] });
    w.does("party.move", { operation: op(2), party: PARTY, tables: [T7], whenOccupied: "refuse" });
    w.does("party.seat", { party: id("party", 3), order: id("order", 3), tables: [TABLES.t5], covers: 1, whenOccupied: "refuse" });
    expect(w.refuses("party.undo", { operation: op(2), party: PARTY })).toMatchObject({ refused: "cannot-undo", why: "table-occupied" });
  });
});

describe("party.join (DOM-2)", () => {
  test("2 + 3 = 5; bills stay two; joined and parted again is as it was, also after something was added", () => {
    const { w, a, b } = two();
    expect(w.does("party.join", { operation: op(1), source: OTHER, target: PARTY }).result.covers).toBe(5);
    expect(w.get("party", PARTY)).toMatchObject({ covers: 5, tables: [{ name: "T5" }, { name: "T6" }], joined: [OTHER_ORDER] });
    expect(w.get("party", OTHER)).toMatchObject({ cleared: true, joinedInto: PARTY });
    expect([...label(w, ORDER, a), ...label(w, OTHER_ORDER, b)]).toEqual(["T5+T6", "T5+T6", "T5+T6", "T5+T6"]);
    expect(w.get("check", b)?.party).toBe(PARTY);
    w.does("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(9)] });
    w.does("party.undo", { operation: op(1), party: PARTY });
    expect(w.get("party", PARTY)).toMatchObject({ covers: 2, tables: [{ name: "T5" }], joined: [] });
    expect(w.get("party", OTHER)).toMatchObject({ cleared: false, covers: 3, tables: [{ name: "T6" }] });
    expect([...label(w, ORDER, a), ...label(w, OTHER_ORDER, b)]).toEqual(["T5", "T5", "T6", "T6"]);
    expect(w.get("check", b)?.party).toBe(OTHER);
    expect(w.get("table", TABLES.t6)?.parties).toEqual([OTHER]);
    expect(Object.keys(w.get("order", ORDER)?.items ?? {})).toHaveLength(2);
  });

  test("a joined party leaves nothing behind: it is cleared only when both orders are settled", () => {
    const { w, a, b } = two();
    w.does("party.join", { operation: op(1), source: OTHER, target: PARTY });
    for (const [n, check] of [[1, a], [2, b]] as const) {
      expect(w.refuses("party.clear", { party: PARTY })).toMatchObject({ refused: "check-open" });
      w.does("payment.takeCard", { payment: id("payment", n), check, slip: "1" });
      w.does("check.close", { check });
    }
    w.does("party.clear", { party: PARTY });
    expect([w.get("table", TABLES.t5)?.parties, w.get("table", TABLES.t6)?.parties]).toEqual([[], []]);
  });

  test("a party is settled with the last of its orders, whichever that is, also when two end at once", () => {
    for (const [first, second] of [[0, 1], [1, 0]] as const) {
      const { w, a, b } = two();
      w.does("party.join", { operation: op(1), source: OTHER, target: PARTY });
      const checks = [a, b] as const;
      for (const [n, check] of checks.entries()) w.does("payment.takeCard", { payment: id("payment", n), check, slip: "1" });
      const late = w.prepare("check.close", { check: checks[second] });
      w.does("check.close", { check: checks[first] });
      expect(w.get("party", PARTY)?.settled).toBe(false);
      expect(late.commit()).toBe("conflict");
      w.does("check.close", { check: checks[second] });
      expect(w.get("party", PARTY)?.settled).toBe(true);
    }
  });

  test("on the floor a table is paid but seated only when what joined it is paid too", () => {
    const { w, a, b } = two();
    w.does("party.join", { operation: op(1), source: OTHER, target: PARTY });
    const paid = () => floorView({ tables: w.all("table"), parties: w.all("party"), orders: w.all("order"), checks: w.all("check"), tickets: [] }, "2026-11-20T20:00:00.000Z").find(({ table }) => table.id === TABLES.t5)?.parties[0]?.paidButSeated;
    w.does("payment.takeCard", { payment: id("payment", 1), check: a, slip: "1" });
    expect(paid()).toBe(false);
    w.does("payment.takeCard", { payment: id("payment", 2), check: b, slip: "1" });
    expect(paid()).toBe(true);
  });

  test("DOM-12: a charge for large parties follows the covers, never a split check", () => {
    const bySize = { rate: "0", taxCode: null, removable: true, beneficiary: "staff" as const, serviceTypes: ["dine_in" as const], bySize: [{ minCovers: 5, rate: "0.1", removable: false }] };
    const { w, a } = two({ ...POLICIES, serviceCharge: bySize });
    const charge = () => checkTotals(w.get("check", a) ?? (undefined as never)).serviceCharge;
    expect(charge()).toBe("0");
    w.does("party.changeCovers", { party: PARTY, covers: 6 });
    expect(charge()).toBe("125");
    w.does("party.changeCovers", { party: PARTY, covers: 2 });
    expect(charge()).toBe("0");
    w.does("party.join", { operation: op(1), source: OTHER, target: PARTY });
    expect(charge()).toBe("125");
  });
});

describe("order.merge and order.split", () => {
  test("joined parties' orders become one; rolled back, each has its own again, what was added stays", () => {
    const { w, b } = two();
    const before = w.get("order", OTHER_ORDER)?.items;
    w.does("party.join", { operation: op(1), source: OTHER, target: PARTY });
    w.does("order.merge", { operation: op(2), source: OTHER_ORDER, target: ORDER });
    expect(w.get("order", OTHER_ORDER)).toMatchObject({ completed: true, mergedInto: ORDER, items: {} });
    expect(Object.keys(w.get("order", ORDER)?.items ?? {})).toHaveLength(3);
    expect(Object.values(w.get("check", b)?.shares ?? {}).map(({ order }) => order)).toEqual([ORDER, ORDER]);
    w.does("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(9)] });
    expect(w.refuses("party.undo", { operation: op(1), party: PARTY })).toMatchObject({ refused: "cannot-undo", why: "moved-on" });
    w.does("order.undo", { operation: op(2), order: ORDER });
    expect(w.get("order", OTHER_ORDER)).toMatchObject({ completed: false, mergedInto: null, items: before ?? {} });
    expect(Object.keys(w.get("order", ORDER)?.items ?? {})).toEqual([id("item", 1), id("item", 9)]);
    expect(Object.values(w.get("check", b)?.shares ?? {}).map(({ order }) => order)).toEqual([OTHER_ORDER, OTHER_ORDER]);
    expect(fired(w)).toBe(2);
  });

  test("the party divides: items go with their fired state to a new order and check; undone they are back", () => {
    const { w, b } = two();
    const whole = checkTotals(w.get("check", b) ?? (undefined as never)).total;
    const before = w.get("order", OTHER_ORDER)?.items;
    const check = id("check", 77);
    w.does("order.split", { operation: op(3), order: OTHER_ORDER, items: [id("item", 3)], newOrder: id("order", 9), check, to: { kind: "label", label: "Tab Mike" } });
    expect(w.get("order", id("order", 9))).toMatchObject({ label: "Tab Mike", defaultCheck: check, items: { [id("item", 3)]: { status: "fired" } } });
    const sum = [b, check].reduce((all, one) => all + BigInt(checkTotals(w.get("check", one) ?? (undefined as never)).total), 0n);
    expect(sum.toString()).toBe(whole);
    w.does("order.undo", { operation: op(3), order: OTHER_ORDER });
    expect(w.get("order", OTHER_ORDER)?.items).toEqual(before);
    expect(w.get("order", id("order", 9))?.completed).toBe(true);
    expect(checkTotals(w.get("check", b) ?? (undefined as never)).total).toBe(whole);
  });

  test("orders of two parties are merged only after these joined", () => {
    const { w } = two();
    expect(w.refuses("order.merge", { operation: op(1), source: OTHER_ORDER, target: ORDER })).toMatchObject({ refused: "order-of-another-party" });
  });
});

const LUCA = { staff: id("staff", 8), name: "Luca" };
const OPERATOR = { staff: null, device: null, name: "operator", capabilities: [] };
function withLuca() {
  const t = two();
  for (const person of [LUCA, { staff: id("staff", 1), name: "Mai" }]) t.w.does("identity.createStaff", { ...person, color: "#112233", work: [] }, OPERATOR);
  return t;
}

describe("handing over", () => {
  test("two parties whose bills are one: both orders keep their names, and all of it is the other's", () => {
    const { w, a, b } = withLuca();
    w.does("check.merge", { operation: op(1), target: a, sources: [b] });
    w.does("party.handOver", { operation: op(2), parties: [PARTY, OTHER], to: LUCA.staff });
    expect([ORDER, OTHER_ORDER].map((order) => [w.get("order", order)?.label, w.get("order", order)?.server])).toEqual([["T5", LUCA], ["T6", LUCA]]);
    expect(w.get("check", a)).toMatchObject({ label: "T5", server: LUCA });
    w.does("check.undo", { operation: op(1), check: a });
    expect(w.get("check", b)).toMatchObject({ label: "T6", status: "open" });
  });

  test("two parties whose bills are parts of one family: each check gets the new name once", () => {
    const { w, a, b } = withLuca();
    const share = Object.keys(w.get("check", b)?.shares ?? {})[0] ?? "";
    w.does("check.split", { operation: op(1), check: b, into: [{ check: a, lines: [{ share }] }] });
    expect(w.get("check", a)?.family).toBeTruthy();
    w.does("party.handOver", { operation: op(2), parties: [PARTY, OTHER], to: LUCA.staff });
    expect([a, b].map((check) => [w.get("check", check)?.label, w.get("check", check)?.server])).toEqual([["T5", LUCA], ["T6", LUCA]]);
  });

  test("undone, everything is whose it was, by any of the parties; not twice, and not when it went on", () => {
    const { w, a, b } = withLuca();
    const mai = w.get("party", PARTY)?.server;
    w.does("party.handOver", { operation: op(1), parties: [PARTY, OTHER], to: LUCA.staff });
    w.does("party.undo", { operation: op(1), party: OTHER });
    expect([w.get("party", PARTY)?.server, w.get("party", OTHER)?.server, w.get("order", ORDER)?.server, w.get("check", a)?.server, w.get("check", b)?.server]).toEqual([mai, mai, mai, mai, mai]);
    expect(w.refuses("party.undo", { operation: op(1), party: PARTY })).toMatchObject({ refused: "unknown-operation" });
    w.does("party.handOver", { operation: op(2), parties: [PARTY, OTHER], to: LUCA.staff });
    w.does("party.handOver", { operation: op(3), parties: [PARTY], to: mai?.staff ?? "" });
    expect(w.refuses("party.undo", { operation: op(2), party: PARTY })).toMatchObject({ refused: "cannot-undo", why: "moved-on" });
    w.does("party.undo", { operation: op(2), party: OTHER });
    expect([w.get("party", PARTY)?.server, w.get("party", OTHER)?.server]).toEqual([mai, mai]);
  });
});

test("DOM-20: a waiter's tables are handed over in one command, with orders and bills", () => {
  const { w, a, b } = two();
  const luca = id("staff", 8);
  w.does("identity.createStaff", { staff: luca, name: "Luca", color: "#112233", work: [] }, { staff: null, device: null, name: "operator", capabilities: [] });
  const { events } = w.does("party.handOver", { operation: op(1), parties: [PARTY, OTHER], to: luca });
  expect(events.map(({ type }) => type).sort()).toEqual([..."xx"].flatMap(() => ["allocation.usage.serverChanged", "sale.check.updated", "sale.order.headerChanged"]).sort());
  for (const check of [a, b]) expect(w.get("check", check)?.server).toEqual({ staff: luca, name: "Luca" });
  expect(w.get("order", ORDER)?.server.name).toBe("Luca");
});

test("parties join at 20 tables at most", () => {
  const w = place();
  const tables = Array.from({ length: 21 }, (_, i) => id("table", 100 + i));
  tables.forEach((table, x) => w.does("commerce.addTable", { table, name: `G${x}`, zone: "Garden", seats: 4, x, y: 9, shape: "square" }, OPERATOR));
  const [a, b, c] = [0, 1, 2].map((n) => {
    const party = id("party", 10 + n);
    w.does("party.seat", { party, order: id("order", 10 + n), tables: tables.slice(n * 10, n * 10 + 10), covers: 30, whenOccupied: "refuse" });
    return party;
  }) as [string, string, string];
  w.does("party.join", { operation: op(1), source: b, target: a });
  expect(w.get("party", a)?.tables).toHaveLength(20);
  expect(w.refuses("party.join", { operation: op(2), source: c, target: a })).toEqual({ refused: "tables-too-many", most: 20 });
});

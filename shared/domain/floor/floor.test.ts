import { describe, expect, test } from "vitest";
import { id, OPERATOR, type World } from "../testing/given.ts";
import { add, burgerItem, latteItem, ORDER, PARTY, phoItem, place, seated, send, TABLES, tiramisuItem } from "../testing/place.ts";
import { floorView, ordersWithoutTable } from "./floor-view.ts";

const seat = (n: number, tables: string[], whenOccupied: "refuse" | "share" = "refuse") => ({ party: id("party", n), order: id("order", n), tables, covers: 2, whenOccupied });

describe("party.seat", () => {
  test("writes on the party and on each of its tables (DOM-2)", () => {
    const w = place();
    const { result, events } = w.does("party.seat", seat(1, [TABLES.t5, TABLES.t6, TABLES.t5]));
    expect(result).toEqual({ party: PARTY, order: ORDER });
    expect(events.map((e) => e.type)).toEqual(["allocation.usage.seated", "allocation.table.occupied", "allocation.table.occupied"]);
    expect(w.get("party", PARTY)).toMatchObject({ covers: 2, server: { name: "Mai" }, order: ORDER, tables: [{ name: "T5" }, { name: "T6" }] });
    expect(w.get("table", TABLES.t6)?.parties).toEqual([PARTY]);
  });

  test("failure 2: two devices seat one table at the same instant; the second is told who sits there, or sits beside, as it chose", () => {
    const w = place();
    const first = w.prepare("party.seat", seat(1, [TABLES.t5]));
    const second = w.prepare("party.seat", seat(2, [TABLES.t5]));
    expect([first.commit(), second.commit()]).toEqual(["appended", "conflict"]);
    expect(w.refuses("party.seat", seat(2, [TABLES.t5]))).toEqual({ refused: "table-occupied", table: TABLES.t5, parties: [PARTY] });
    w.does("party.seat", seat(2, [TABLES.t5], "share"));
    expect(w.get("table", TABLES.t5)?.parties).toEqual([PARTY, id("party", 2)]);
  });

  test("refuses unknown-table, party-exists, order-exists, staff-required", () => {
    const w = seated();
    add(w, phoItem(1));
    expect(w.refuses("party.seat", seat(2, [id("table", 99)]))).toMatchObject({ refused: "unknown-table", table: id("table", 99) });
    expect(w.refuses("party.seat", seat(1, [TABLES.t6]))).toMatchObject({ refused: "party-exists" });
    expect(w.refuses("party.seat", { ...seat(2, [TABLES.t6]), order: ORDER })).toMatchObject({ refused: "order-exists" });
    expect(w.refuses("party.seat", seat(2, [TABLES.t6]), OPERATOR)).toMatchObject({ refused: "staff-required" });
  });
});

describe("party.changeCovers", () => {
  test("changes, and the same number again writes nothing", () => {
    const w = seated();
    w.does("party.changeCovers", { party: PARTY, covers: 4 });
    expect(w.get("party", PARTY)?.covers).toBe(4);
    expect(w.does("party.changeCovers", { party: PARTY, covers: 4 }).events).toEqual([]);
  });

  test("refuses unknown-party, party-cleared", () => {
    const w = seated();
    expect(w.refuses("party.changeCovers", { party: id("party", 9), covers: 4 })).toMatchObject({ refused: "unknown-party" });
    w.does("party.clear", { party: PARTY });
    expect(w.refuses("party.changeCovers", { party: PARTY, covers: 4 })).toMatchObject({ refused: "party-cleared" });
  });
});

describe("party.clear", () => {
  test("frees the tables; a table that is shared stays taken; clearing twice writes nothing", () => {
    const w = seated();
    w.does("party.seat", seat(2, [TABLES.t5], "share"));
    w.does("party.clear", { party: PARTY });
    expect(w.get("table", TABLES.t5)?.parties).toEqual([id("party", 2)]);
    expect(w.does("party.clear", { party: PARTY }).events).toEqual([]);
  });

  test("refuses unsent-items, check-open, unknown-party", () => {
    const w = seated();
    const { check } = add(w, phoItem(1));
    expect(w.refuses("party.clear", { party: PARTY })).toMatchObject({ refused: "unsent-items", order: ORDER });
    send(w, 1);
    expect(w.refuses("party.clear", { party: PARTY })).toEqual({ refused: "check-open", checks: [check] });
    w.does("payment.takeCard", { payment: id("payment", 1), check, slip: "1" });
    expect(w.refuses("party.clear", { party: PARTY })).toMatchObject({ refused: "check-open" });
    w.does("check.close", { check });
    w.does("party.clear", { party: PARTY });
    expect(w.refuses("party.clear", { party: id("party", 9) })).toMatchObject({ refused: "unknown-party" });
  });

  test("held-items: a course that was paid for and not fired is not forgotten with its table", () => {
    const w = seated();
    const { check } = add(w, phoItem(1), phoItem(2));
    w.does("order.send", { order: ORDER, items: [id("item", 1)] });
    w.does("order.changeItem", { order: ORDER, item: { ...phoItem(2), course: 2 } });
    w.does("order.send", { order: ORDER, items: [id("item", 2)], hold: [2] });
    w.does("payment.takeCard", { payment: id("payment", 1), check, slip: "1" });
    w.does("check.close", { check });
    expect(w.refuses("party.clear", { party: PARTY })).toEqual({ refused: "held-items", order: ORDER, items: [id("item", 2)] });
    w.does("order.fireCourse", { order: ORDER, course: 2 });
    w.does("party.clear", { party: PARTY });
  });

  test("an order that begins while the party is being cleared is never left behind", () => {
    const w = seated();
    const adding = w.prepare("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(1)] });
    const clearing = w.prepare("party.clear", { party: PARTY });
    expect([adding.commit(), clearing.commit()]).toEqual(["appended", "conflict"]);
    const other = seated();
    const late = other.prepare("order.addItems", { order: ORDER, party: PARTY, items: [phoItem(1)] });
    other.does("party.clear", { party: PARTY });
    expect(late.commit()).toBe("conflict");
  });
});

describe("the floor (screens, 7)", () => {
  const states = (w: World) => ({
    tables: w.all("table"),
    parties: w.all("party"),
    orders: w.all("order"),
    checks: w.all("check"),
    tickets: w.all("ticket"),
  });
  const now = (w: World) => w.context({ staff: null, device: null, name: "", capabilities: [] }).now;
  const t5 = (w: World) => floorView(states(w), now(w)).find(({ table }) => table.id === TABLES.t5);

  test("shows waiter, covers, minutes, course, held, unsent, bill printed, paid but seated", () => {
    const w = seated();
    expect(t5(w)).toMatchObject({ free: false, parties: [{ server: { name: "Mai" }, covers: 2, minutes: 0, order: null, paidButSeated: false }] });
    w.later(12);
    const { check } = add(w, burgerItem(1), tiramisuItem(2), latteItem(3));
    w.does("order.send", { order: ORDER, items: [id("item", 1), id("item", 2)], hold: [2] });
    expect(t5(w)?.parties).toMatchObject([{ minutes: 12, order: { unsent: 1, course: { course: 1, ready: 0, of: 1 }, held: 2, billPrinted: false, check: { due: "2630", status: "open" } } }]);
    send(w, 3);
    w.does("check.present", { check });
    expect(t5(w)?.parties[0]?.order).toMatchObject({ billPrinted: true, billOutdated: false, unsent: 0 });
    w.does("payment.takeCard", { payment: id("payment", 1), check, slip: "1" });
    expect(t5(w)?.parties[0]).toMatchObject({ paidButSeated: true });
    w.does("order.fireCourse", { order: ORDER, course: 2 });
    expect(t5(w)?.parties[0]?.order).toMatchObject({ course: { course: 2, of: 1 }, held: null });
    w.does("check.close", { check });
    // After a reload the completed order is gone from the tablet, and the party still sits there paid.
    expect(floorView({ ...states(w), orders: [], checks: [] }, now(w))[0]?.parties[0]).toMatchObject({ paidButSeated: true, order: null });
    w.does("party.clear", { party: PARTY });
    expect(t5(w)).toMatchObject({ free: true, parties: [] });
  });

  test("one part paid of several is not a table that has paid; what is due is that of all parts", () => {
    const w = seated();
    const { check } = add(w, burgerItem(1), latteItem(3));
    send(w, 1, 3);
    const share = Object.values(w.get("check", check)?.shares ?? {}).find((each) => each.item === id("item", 1))?.share ?? "";
    const whole = t5(w)?.parties[0]?.order?.check;
    w.does("check.split", { operation: id("operation", 1), check, into: [{ check: id("check", 7), lines: [{ share }] }] });
    expect(t5(w)?.parties[0]?.order?.check).toEqual(whole);
    w.does("payment.takeCard", { payment: id("payment", 1), check: id("check", 7), slip: "1" });
    expect(t5(w)?.parties[0]).toMatchObject({ paidButSeated: false, order: { check: { total: whole?.total, status: "open" } } });
    w.does("payment.takeCard", { payment: id("payment", 2), check, slip: "2" });
    expect(t5(w)?.parties[0]).toMatchObject({ paidButSeated: true, order: { check: { due: "0", status: "paid" } } });
  });

  test("orders without a table are listed by what was promised", () => {
    const w = place();
    for (const [n, promisedAt] of [[1, "2026-11-20T19:30:00.000Z"], [2, "2026-11-20T19:10:00.000Z"]] as const) {
      w.does("order.addItems", { order: id("order", n), opening: { serviceType: "takeaway", label: `Pickup ${n}`, channel: "till", customer: null, promisedAt }, items: [phoItem(n)] });
    }
    expect(ordersWithoutTable(states(w)).map((order) => [order.label, order.unsent])).toEqual([
      ["Pickup 2", 1],
      ["Pickup 1", 1],
    ]);
  });
});

import { describe, expect, test } from "vitest";
import { COOK, id, MANAGER, type World } from "../testing/given.ts";
import { kitchenOf } from "../testing/kitchen.ts";
import { add, burgerItem, MERCHANT, ORDER, PARTY, phoItem, seated, send, STATIONS, TABLES, tiramisuItem } from "../testing/place.ts";

const kitchens = new WeakMap<World, () => unknown>();
/** The kitchen has come to where we are. */
function kitchen(w: World): void {
  const own = kitchens.get(w) ?? kitchenOf(w);
  kitchens.set(w, own);
  own();
}
const ticketOf = (w: World, item: number) => {
  const ticket = w.all("ticket").find(({ items }) => items[id("item", item)]);
  if (!ticket) throw new Error("no ticket");
  return ticket.id;
};
const start = (w: World, item: number) => w.does("ticket.startItem", { ticket: ticketOf(w, item), item: id("item", item) }, COOK);
const VOID = { order: ORDER, item: id("item", 1), newItem: id("item", 90), reason: "cold" };
const saidOf = (events: readonly { readonly type: string; readonly data: unknown }[]) => events.find(({ type }) => type === "sale.order.itemVoided")?.data;

function served(): World {
  const w = seated();
  add(w, phoItem(1), burgerItem(2), tiramisuItem(3));
  w.does("order.send", { order: ORDER, items: [1, 2, 3].map((n) => id("item", n)), hold: [2] });
  kitchen(w);
  return w;
}

describe("a void before it was made, and after (DOM-4, DOM-13)", () => {
  test("nobody has begun: the waiter voids alone, and it is not waste", () => {
    const w = served();
    const { result, events } = w.does("order.voidItem", VOID);
    expect(result.made).toBe(false);
    expect(saidOf(events)).toMatchObject({ wasFired: true, wasMade: false });
  });

  test("a cook has begun: it is waste, whatever the waiter says, and needs a manager", () => {
    const w = served();
    start(w, 1);
    expect(w.refuses("order.voidItem", { ...VOID, made: false })).toMatchObject({ refused: "approval-required", action: "void-made", subject: { target: ORDER, lines: [id("item", 1)], reason: "cold" } });
    expect(saidOf(w.does("order.voidItem", { ...VOID, made: false }, MANAGER).events)).toMatchObject({ wasFired: true, wasMade: true });
  });

  test("what is ready is made; what stands beside it on another ticket is not", () => {
    const w = served();
    w.does("ticket.bump", { ticket: ticketOf(w, 2) }, COOK);
    expect(w.refuses("order.voidItem", { ...VOID, item: id("item", 2) })).toMatchObject({ refused: "approval-required" });
    expect(w.does("order.voidItem", VOID).result.made).toBe(false);
  });

  test("the waiter knows better than a kitchen that touches no screen", () => {
    const w = served();
    expect(w.refuses("order.voidItem", { ...VOID, made: true })).toMatchObject({ refused: "approval-required", action: "void-made" });
    expect(w.does("order.voidItem", { ...VOID, made: true }, MANAGER).result.made).toBe(true);
  });

  test("a yes to throw away the one that is left is none to what was there before, and the approver sees how many", () => {
    const w = seated();
    add(w, phoItem(1, { quantity: "5" }));
    send(w, 1);
    kitchen(w);
    start(w, 1);
    const [approval, other] = [id("approval", 1), id("approval", 2)];
    expect(w.refuses("order.voidItem", VOID)).toMatchObject({ refused: "approval-required", subject: { quantity: "5" } });
    const yes = (one: string, quantity: string | null) => {
      w.does("approval.request", { approval: one, action: "void-made", subject: { target: ORDER, lines: [VOID.item], quantity, reason: VOID.reason } });
      w.does("approval.grant", { approval: one }, MANAGER);
    };
    yes(approval, "1");
    expect(w.refuses("order.voidItem", { ...VOID, approval })).toMatchObject({ refused: "approval-mismatch" });
    yes(other, null);
    expect(w.refuses("order.voidItem", { ...VOID, approval: other })).toMatchObject({ refused: "approval-mismatch" });
    w.does("order.voidItem", { ...VOID, quantity: "1", approval });
    expect(w.get("order", ORDER)?.items[VOID.item]?.quantity).toBe("4");
  });

  test("what is held was never made, and its course, fired later, is found by the ticket that it was held on", () => {
    const w = served();
    expect(w.does("order.voidItem", { ...VOID, item: id("item", 3), quantity: "1", made: true, newItem: id("item", 91) }).result.made).toBe(false);
    const other = served();
    other.does("order.fireCourse", { order: ORDER, course: 2 });
    kitchen(other);
    start(other, 3);
    expect(other.refuses("order.voidItem", { ...VOID, item: id("item", 3) })).toMatchObject({ refused: "approval-required" });
  });

  test("an item that went to another order with a merge is known there too, and when the routes have changed since", () => {
    const w = served();
    start(w, 1);
    w.does("party.seat", { party: id("party", 2), order: id("order", 2), tables: [TABLES.t6], covers: 2, whenOccupied: "refuse" });
    w.does("order.addItems", { order: id("order", 2), party: id("party", 2), items: [phoItem(9)] });
    w.does("party.join", { operation: id("operation", 1), source: PARTY, target: id("party", 2) });
    w.does("order.merge", { operation: id("operation", 2), source: ORDER, target: id("order", 2) });
    w.does("commerce.changeRoutes", { was: [...(w.get("merchant", MERCHANT)?.routes ?? [])], rules: [{ stations: [STATIONS.bar] }] }, { ...MANAGER, capabilities: ["manage.settings"] });
    expect(w.refuses("order.voidItem", { ...VOID, order: id("order", 2) })).toMatchObject({ refused: "approval-required" });
  });

  test("a cook who begins in the same moment comes first or second, never both", () => {
    const w = served();
    const voiding = w.prepare("order.voidItem", VOID);
    start(w, 1);
    expect(voiding.commit()).toBe("conflict");
    // As long as there is no ticket at all, its making is waited for too.
    const early = seated();
    add(early, phoItem(1));
    send(early, 1);
    const before = early.prepare("order.voidItem", VOID);
    kitchen(early);
    expect(before.commit()).toBe("conflict");
  });
});

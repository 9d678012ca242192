import { expect, test } from "vitest";
import { id, MANAGER } from "../testing/given.ts";
import { kitchenOf } from "../testing/kitchen.ts";
import { openDrawer, phoItem, place, DRAWER, PRODUCTS } from "../testing/place.ts";

const ORDER = id("order", 47);
const BOSS = { ...MANAGER, capabilities: [...MANAGER.capabilities, "guest.erase" as const] };
const whenServed = { order: ORDER, reason: "the guest asks for it" };
/** Nobody cooks in these worlds. */
const erase = { ...whenServed, whileMade: "erase" as const };

test("a guest's name and notes leave a finished order, by a manager, once", () => {
  const w = place();
  openDrawer(w);
  const opening = { serviceType: "takeaway", label: "Pickup 47", channel: "till", customer: "Ana", promisedAt: null } as const;
  const { check } = w.does("order.addItems", { order: ORDER, opening, items: [phoItem(1, { notes: "for Ana's birthday", allergy: ["nuts"] })] }).result;
  w.does("order.send", { order: ORDER, items: [id("item", 1)] });
  expect(w.refuses("order.eraseGuest", erase, BOSS)).toEqual({ refused: "order-open", order: ORDER });
  w.does("payment.takeCash", { payment: id("payment", 1), check, drawer: DRAWER, tendered: { amount: "100000", currency: "EUR" } });
  w.does("check.close", { check });
  expect(w.get("order", ORDER)).toMatchObject({ completed: true, customer: "Ana" });
  expect(w.refuses("order.eraseGuest", { ...erase, order: id("order", 48) }, BOSS)).toMatchObject({ refused: "unknown-order" });
  const by = { staff: BOSS.staff, name: BOSS.name };
  expect(w.does("order.eraseGuest", erase, BOSS).events).toEqual([
    { type: "sale.order.guestErased", data: { checks: [check], reason: erase.reason, by } },
    { type: "sale.check.guestErased", data: { reason: erase.reason, by } },
  ]);
  expect(w.get("check", check)).toMatchObject({ label: "Guest, erased", status: "closed", receipt: { label: "Guest, erased" } });
  expect(w.get("order", ORDER)).toMatchObject({ label: "Guest, erased", customer: null, items: { [id("item", 1)]: { notes: null, allergy: [] } } });
  expect(w.refuses("order.eraseGuest", erase, BOSS)).toEqual({ refused: "nothing-to-erase", order: ORDER });
});

test("an allergy alone is erased, at a table's number too", () => {
  const w = place();
  openDrawer(w);
  const opening = { serviceType: "takeaway", label: "5", channel: "till", customer: null, promisedAt: null } as const;
  const { check } = w.does("order.addItems", { order: ORDER, opening, items: [phoItem(1, { allergy: ["peanuts", "soy"] })] }).result;
  w.does("order.send", { order: ORDER, items: [id("item", 1)] });
  w.does("payment.takeCash", { payment: id("payment", 1), check, drawer: DRAWER, tendered: { amount: "100000", currency: "EUR" } });
  w.does("check.close", { check });
  w.does("order.eraseGuest", erase, BOSS);
  expect(w.get("order", ORDER)).toMatchObject({ label: "5", items: { [id("item", 1)]: { allergy: [] } } });
  expect(w.refuses("order.eraseGuest", erase, BOSS)).toEqual({ refused: "nothing-to-erase", order: ORDER });
});

test("orders that were merged are forgotten together, each with its own bill; a table's number stays", () => {
  const w = place();
  openDrawer(w);
  const opening = (label: string, customer: string | null) => ({ serviceType: "takeaway" as const, label, channel: "till" as const, customer, promisedAt: null });
  const [target, source] = [ORDER, id("order", 48)];
  const { check } = w.does("order.addItems", { order: target, opening: opening("Tab Mike", null), items: [phoItem(1)] }).result;
  const { check: other } = w.does("order.addItems", { order: source, opening: opening("5", "Ana"), items: [phoItem(2)] }).result;
  w.does("order.send", { order: target, items: [id("item", 1)] });
  w.does("order.send", { order: source, items: [id("item", 2)] });
  w.does("order.merge", { operation: id("operation", 1), source, target });
  w.does("check.setParts", { check, parts: [{ part: id("part", 1), name: "Anna", amount: null }, { part: id("part", 2), name: "Ben", amount: null }] });
  for (const [n, part] of [id("part", 1), id("part", 2)].entries()) w.does("payment.takeCash", { payment: id("payment", n + 1), check, part, drawer: DRAWER, tendered: { amount: "100000", currency: "EUR" } });
  w.does("payment.takeCash", { payment: id("payment", 9), check: other, drawer: DRAWER, tendered: { amount: "100000", currency: "EUR" } });
  w.does("check.close", { check });
  w.does("check.close", { check: other });
  // By either of them, all of it.
  w.does("order.eraseGuest", { ...erase, order: source }, BOSS);
  expect(w.get("order", target)).toMatchObject({ label: "Guest, erased" });
  expect(w.get("order", source)).toMatchObject({ label: "5", customer: null });
  const erased = w.get("check", check);
  expect(erased).toMatchObject({ label: "Guest, erased", parts: [{ name: "Guest, erased" }, { name: "Guest, erased" }], receipt: { parts: [{ name: "Guest, erased" }, { name: "Guest, erased" }] } });
  expect(JSON.stringify([erased, w.get("order", target)])).not.toMatch(/Anna|Ben|Mike/);
  expect(w.refuses("order.eraseGuest", erase, BOSS)).toMatchObject({ refused: "nothing-to-erase" });
});

const TABS = { serviceType: "takeaway" as const, channel: "till" as const, promisedAt: null };

/** Tabs of one item each, that can be merged, and finished. */
function tabs(many: number) {
  const w = place();
  openDrawer(w);
  let made = 0;
  const orders = Array.from({ length: many }, (_, i) => {
    const [order, item] = [id("order", 100 + i), id("item", 100 + i)];
    const { check } = w.does("order.addItems", { order, opening: { ...TABS, label: `Tab ${i}`, customer: `Guest ${i}` }, items: [phoItem(100 + i, { notes: `Note ${i}` })] }).result;
    w.does("order.send", { order, items: [item] });
    return { order, item, check };
  });
  const at = (i: number) => orders[i] ?? orders[0]!;
  const merge = (source: number, target: number) => {
    const operation = id("operation", ++made);
    w.does("order.merge", { operation, source: at(source).order, target: at(target).order });
    return () => void w.does("order.undo", { operation, order: at(target).order });
  };
  const finish = (...checks: readonly string[]) => {
    for (const check of checks) {
      w.does("payment.takeCash", { payment: id("payment", ++made), check, drawer: DRAWER, tendered: { amount: "100000", currency: "EUR" } });
      w.does("check.close", { check });
    }
  };
  /** What is said of any guest, anywhere. */
  const words = (...streams: readonly (readonly ["order" | "check", string])[]) => JSON.stringify(streams.map(([kind, stream]) => w.get(kind, stream))).match(/(Tab|Guest|Note) \d+/g) ?? [];
  return { w, at, merge, finish, words };
}

test("a merge that was undone is remembered: each order's stream has had the other's words", () => {
  const { w, at, merge, finish, words } = tabs(2);
  merge(1, 0)();
  expect(w.get("order", at(0).order)?.operations).toEqual([]);
  finish(at(0).check);
  expect(w.refuses("order.eraseGuest", { ...erase, order: at(0).order }, BOSS)).toEqual({ refused: "order-open", order: at(1).order });
  finish(at(1).check);
  const { events } = w.does("order.eraseGuest", { ...erase, order: at(0).order }, BOSS);
  expect(events.filter(({ type }) => type === "sale.order.guestErased")).toHaveLength(2);
  expect(words(["order", at(0).order], ["order", at(1).order], ["check", at(0).check], ["check", at(1).check])).toEqual([]);
});

test("so are those who came before the ten merges that can be undone, and a long chain of merges", () => {
  const { w, at, merge, finish, words } = tabs(30);
  for (let i = 1; i <= 14; i++) merge(i, 0);
  for (let i = 15; i < 29; i++) merge(i, i + 1)();
  merge(0, 15)();
  finish(...Array.from({ length: 30 }, (_, i) => at(i).check));
  w.does("order.eraseGuest", { ...erase, order: at(1).order }, BOSS);
  expect(words(...Array.from({ length: 30 }, (_, i) => [["order", at(i).order], ["check", at(i).check]] as const).flat())).toEqual([]);
});

test("an order that was split off was born with the guest's name, and a bill that was split off and put back with the tab's", () => {
  const { w, at, finish, words } = tabs(1);
  const { order, item, check } = at(0);
  const [newOrder, newCheck, gone] = [id("order", 900), id("check", 900), id("check", 901)];
  w.does("order.addItems", { order, items: [phoItem(200), phoItem(201)] });
  w.does("order.send", { order, items: [id("item", 200), id("item", 201)] });
  const [share] = Object.values(w.get("check", check)?.shares ?? {});
  w.does("check.split", { operation: id("operation", 50), check, into: [{ check: gone, lines: [{ share: share?.share ?? "" }] }] });
  w.does("check.undo", { operation: id("operation", 50), check });
  w.does("order.split", { operation: id("operation", 51), order, items: [item], newOrder, check: newCheck, to: { kind: "label", label: "Anna" } });
  expect(w.get("order", newOrder)).toMatchObject({ customer: "Guest 0" });
  finish(check, newCheck);
  w.does("order.eraseGuest", { ...erase, order }, BOSS);
  expect(words(["order", order], ["order", newOrder], ["check", check], ["check", newCheck], ["check", gone])).toEqual([]);
});

test("what the kitchen still has is not erased unless somebody says so: not what it has no ticket of yet, not what is ready and not bumped", () => {
  const w = place();
  openDrawer(w);
  const cook = kitchenOf(w);
  const opening = { ...TABS, label: "Pickup 47", customer: "Ana" };
  const bread = { item: id("item", 3), product: PRODUCTS.bread };
  const { check } = w.does("order.addItems", { order: ORDER, opening, items: [phoItem(1), phoItem(2, { quantity: "2" }), bread] }).result;
  w.does("order.send", { order: ORDER, items: [id("item", 1), id("item", 2), id("item", 3)] });
  w.does("payment.takeCash", { payment: id("payment", 1), check, drawer: DRAWER, tendered: { amount: "100000", currency: "EUR" } });
  w.does("check.close", { check });
  // Bread is nobody's work.
  const refused = { refused: "order-being-made", order: ORDER, items: [{ name: "Phở bò", quantity: "1" }, { name: "Phở bò", quantity: "2" }] };
  expect(w.refuses("order.eraseGuest", whenServed, BOSS)).toEqual(refused);
  cook();
  expect(w.refuses("order.eraseGuest", whenServed, BOSS)).toEqual(refused);
  const [ticket] = w.all("ticket");
  for (const n of [1, 2]) w.does("ticket.bumpItem", { ticket: ticket?.id ?? "", item: id("item", n) });
  expect(w.refuses("order.eraseGuest", whenServed, BOSS)).toEqual(refused);
  w.does("ticket.bump", { ticket: ticket?.id ?? "" });
  w.does("order.eraseGuest", whenServed, BOSS);
  expect(w.get("order", ORDER)).toMatchObject({ customer: null });
});

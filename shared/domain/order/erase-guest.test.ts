import { expect, test } from "vitest";
import { id, MANAGER } from "../testing/given.ts";
import { openDrawer, phoItem, place, DRAWER } from "../testing/place.ts";

const ORDER = id("order", 47);
const BOSS = { ...MANAGER, capabilities: [...MANAGER.capabilities, "guest.erase" as const] };
const erase = { order: ORDER, reason: "the guest asks for it" };

test("a guest's name and notes leave a finished order, by a manager, once", () => {
  const w = place();
  openDrawer(w);
  const opening = { serviceType: "takeaway", label: "Pickup 47", channel: "till", customer: "Ana", promisedAt: null } as const;
  const { check } = w.does("order.addItems", { order: ORDER, opening, items: [phoItem(1, { notes: "for Ana's birthday" })] }).result;
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
  expect(w.get("check", check)).toMatchObject({ label: "erased", status: "closed", receipt: { label: "erased" } });
  expect(w.get("order", ORDER)).toMatchObject({ label: "erased", customer: null, items: { [id("item", 1)]: { notes: null } } });
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
  expect(w.get("order", target)).toMatchObject({ label: "erased" });
  expect(w.get("order", source)).toMatchObject({ label: "5", customer: null });
  const erased = w.get("check", check);
  expect(erased).toMatchObject({ label: "erased", parts: [{ name: "erased" }, { name: "erased" }], receipt: { parts: [{ name: "erased" }, { name: "erased" }] } });
  expect(JSON.stringify([erased, w.get("order", target)])).not.toMatch(/Anna|Ben|Mike/);
  expect(w.refuses("order.eraseGuest", erase, BOSS)).toMatchObject({ refused: "nothing-to-erase" });
});

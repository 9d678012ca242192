import { expect, test } from "vitest";
import { id, MANAGER } from "../testing/given.ts";
import { openDrawer, phoItem, place, DRAWER } from "../testing/place.ts";

const ORDER = id("order", 47);
const BOSS = { ...MANAGER, capabilities: [...MANAGER.capabilities, "manage.settings" as const] };
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
  expect(w.does("order.eraseGuest", erase, BOSS).events).toEqual([{ type: "sale.order.guestErased", data: { reason: erase.reason, by: { staff: BOSS.staff, name: BOSS.name } } }]);
  expect(w.get("order", ORDER)).toMatchObject({ label: "Pickup 47", customer: null, items: { [id("item", 1)]: { notes: null } } });
  expect(w.refuses("order.eraseGuest", erase, BOSS)).toEqual({ refused: "nothing-to-erase", order: ORDER });
});

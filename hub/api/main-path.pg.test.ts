import { expect, test } from "vitest";
import { frame, newId, result } from "#hub/testing/hub-fixture.ts";
import { onePlace } from "#hub/testing/one-place.ts";

const here = onePlace();

test("a waiter seats, orders, sends; the check is paid in cash, closed, and the table cleared", async () => {
  const { api } = await here.place.login("Mai");
  const [party, order, item, payment, drawer] = [newId("party"), newId("order"), newId("item"), newId("payment"), newId("drawer")];
  result(await api.party.seat.mutate(frame({ party, order, tables: [here.place.tables[0]], covers: 2, whenOccupied: "refuse" as const })));
  const { check } = result(await api.order.addItems.mutate(frame({ order, party, items: [{ item, product: here.place.products.latte, seat: 1 }] })));
  expect(result(await api.order.send.mutate(frame({ order, items: [item] }))).sent).toEqual([item]);
  result(await api.drawer.open.mutate(frame({ drawer, name: "Main", float: { amount: "10000", currency: "EUR" } })));
  const paid = result(await api.payment.takeCash.mutate(frame({ payment, check, drawer, tendered: { amount: "500", currency: "EUR" } })));
  expect(paid.tender.change).toEqual({ amount: "50", currency: "EUR" });
  result(await api.check.close.mutate(frame({ check })));
  result(await api.party.clear.mutate(frame({ party })));
  const snapshot = await api.sync.snapshot.query();
  expect(snapshot.merchant).toBe(here.place.merchant);
  expect(snapshot.aggregates.filter(({ kind }) => kind === "party")).toEqual([]);
  expect(snapshot.aggregates.filter(({ kind }) => kind === "table")).toHaveLength(3);
});

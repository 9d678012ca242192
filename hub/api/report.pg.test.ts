import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestConsumers, type TestConsumers } from "#hub/testing/consumers.ts";
import { frame, makePlace, newId, result, startTestHub, until, type Api, type HubFixture, type TestPlace } from "#hub/testing/hub-fixture.ts";

let fixture: HubFixture;
let consumers: TestConsumers;
let place: TestPlace;
let api: Api;
beforeAll(async () => {
  fixture = await startTestHub();
  place = await makePlace(fixture);
  consumers = startTestConsumers(fixture);
  ({ api } = await place.login("Sofia"));
});
afterAll(async () => {
  consumers.stop();
  await fixture.stop();
});

const euros = (amount: string) => ({ amount, currency: "EUR" });

test("today: sales, open checks, the kitchen, what runs low, and books that sum to zero", async () => {
  const drawer = newId("drawer");
  const ingredient = newId("ingredient");
  result(await api.catalog.createIngredient.mutate(frame({ ingredient, name: "Flour", unit: "g" as const, lowBelow: "100" })));
  result(await api.stock.countIngredient.mutate(frame({ ingredient, quantity: "40", reason: "count" })));
  result(await api.drawer.open.mutate(frame({ drawer, name: "Main", float: euros("5000") })));
  const order = async () => {
    const ids = { order: newId("order"), item: newId("item") };
    const opening = { serviceType: "takeaway" as const, label: "Pickup", channel: "till" as const, customer: "Ada", promisedAt: null };
    const { check } = result(await api.order.addItems.mutate(frame({ order: ids.order, opening, items: [{ item: ids.item, product: place.products.latte, quantity: "2" }] })));
    result(await api.order.send.mutate(frame({ order: ids.order, items: [ids.item] })));
    return { ...ids, check };
  };
  const sold = await order();
  result(await api.payment.takeCash.mutate(frame({ payment: newId("payment"), check: sold.check, drawer, tendered: euros("1000") })));
  result(await api.check.close.mutate(frame({ check: sold.check })));
  await order();
  await consumers.caughtUp();

  const today = await api.report.today.query();
  expect(today.sales).toEqual({
    checks: 1,
    gross: euros("900"),
    net: euros("818"),
    serviceCharge: euros("0"),
    tax: euros("82"),
    average: euros("900"),
    methods: [{ method: "cash", payments: 1, amount: euros("900"), rounding: euros("0"), tips: euros("0") }],
    refunds: [],
  });
  expect(today.openChecks).toEqual({ count: 1, due: euros("900") });
  expect(today.kitchen).toMatchObject([{ name: "Kitchen", open: 2, held: 0, tickets: [{ label: "Pickup", items: 1 }, { label: "Pickup", items: 1 }] }]);
  expect(today.lowStock).toEqual([{ ingredient, name: "Flour", unit: "g", onHand: "40", lowBelow: "100" }]);
  expect(today.trialBalance.balanced).toBe(true);
  expect(BigInt(today.trialBalance.debit.amount)).toBeGreaterThan(0n);
});

test("today: what was given back stands beside what was taken", async () => {
  const [drawer, order, item] = [newId("drawer"), newId("order"), newId("item")];
  const opening = { serviceType: "takeaway" as const, label: "Cold", channel: "till" as const, customer: "Ada", promisedAt: null };
  result(await api.drawer.open.mutate(frame({ drawer, name: "Cold", float: euros("5000") })));
  const { check } = result(await api.order.addItems.mutate(frame({ order, opening, items: [{ item, product: place.products.latte }] })));
  result(await api.order.send.mutate(frame({ order, items: [item] })));
  result(await api.payment.takeCash.mutate(frame({ payment: newId("payment"), check, drawer, tendered: euros("500") })));
  result(await api.check.close.mutate(frame({ check })));
  result(await api.payment.refund.mutate(frame({ refund: newId("refund"), check, what: { kind: "all" as const }, reason: "cold", drawer })));
  await consumers.caughtUp();
  expect((await api.report.today.query()).sales.refunds).toEqual([{ method: "cash", count: 1, amount: euros("450") }]);
});

test("CHK-16: the day's cash is with rounding: with its tips it is what the drawer expects", async () => {
  const policies = { taxes: [{ code: "all", name: "VAT", rate: "0.1", inclusive: true }], serviceCharge: null, rounding: { mode: "half-up" as const, level: "check" as const } };
  const cashOf = async () => (await api.report.today.query()).sales.methods.find(({ method }) => method === "cash");
  const minor = (money: { readonly amount: string } | undefined) => BigInt(money?.amount ?? "0");
  const before = await cashOf();
  result(await api.commerce.changePolicies.mutate(frame({ was: { ...policies, cashStep: 1 }, policies: { ...policies, cashStep: 100 } })));
  const [drawer, item, order] = [newId("drawer"), newId("item"), newId("order")];
  const opening = { serviceType: "takeaway" as const, label: "Rounded", channel: "till" as const, customer: "Ada", promisedAt: null };
  result(await api.drawer.open.mutate(frame({ drawer, name: "Rounded", float: euros("0") })));
  const { check } = result(await api.order.addItems.mutate(frame({ order, opening, items: [{ item, product: place.products.latte }] })));
  result(await api.order.send.mutate(frame({ order, items: [item] })));
  result(await api.payment.takeCash.mutate(frame({ payment: newId("payment"), check, drawer, tendered: euros("1000"), tip: euros("30") })));
  result(await api.commerce.changePolicies.mutate(frame({ was: { ...policies, cashStep: 100 }, policies: { ...policies, cashStep: 1 } })));
  const { expected } = result(await api.drawer.close.mutate(frame({ drawer, counted: euros("530") })));
  await consumers.caughtUp();

  const after = await cashOf();
  expect(minor(after?.rounding) - minor(before?.rounding)).toBe(50n);
  expect(minor(after?.amount) - minor(before?.amount)).toBe(500n);
  expect(minor(after?.amount) + minor(after?.tips) - minor(before?.amount) - minor(before?.tips)).toBe(minor(expected));
});

test("RT-2: a snapshot holds what the screens need of guests who have paid and still sit, and forgets them when they leave", async () => {
  const drawer = newId("drawer");
  const ids = { party: newId("party"), order: newId("order") };
  const item = newId("item");
  result(await api.drawer.open.mutate(frame({ drawer, name: "Second", float: euros("0") })));
  result(await api.party.seat.mutate(frame({ ...ids, tables: [place.tables[0]], covers: 2, whenOccupied: "refuse" as const })));
  const { check } = result(await api.order.addItems.mutate(frame({ ...ids, items: [{ item, product: place.products.burger }] })));
  result(await api.order.send.mutate(frame({ order: ids.order, items: [item] })));
  const streams = async () => (await api.sync.snapshot.query()).aggregates;
  const ticketOf = async () => (await streams()).find(({ kind, state }) => kind === "ticket" && (state as { order: string }).order === ids.order);
  await until("the ticket", async () => (await ticketOf()) !== undefined);
  const ticket = (await ticketOf())?.stream ?? "";
  result(await api.ticket.bump.mutate(frame({ ticket })));
  result(await api.payment.takeCash.mutate(frame({ payment: newId("payment"), check, drawer, tendered: euros("450") })));
  result(await api.check.close.mutate(frame({ check })));

  const paid = new Map((await streams()).map(({ stream, state }) => [stream, state]));
  expect(paid.get(ids.order)).toMatchObject({ completed: true });
  expect(paid.get(check)).toMatchObject({ status: "closed" });
  expect(paid.get(ticket)).toMatchObject({ status: "completed" });

  result(await api.party.clear.mutate(frame({ party: ids.party })));
  const left = new Set((await streams()).map(({ stream }) => stream));
  for (const stream of [ids.party, ids.order, check, ticket]) expect(left).not.toContain(stream);
});

test("RT-2: a part of a bill that is closed stays in the snapshot with the parts that are open", async () => {
  const ids = { party: newId("party"), order: newId("order") };
  const items = [newId("item"), newId("item")];
  result(await api.party.seat.mutate(frame({ ...ids, tables: [place.tables[1]], covers: 2, whenOccupied: "refuse" as const })));
  const { check } = result(await api.order.addItems.mutate(frame({ ...ids, items: items.map((item) => ({ item, product: place.products.burger })) })));
  result(await api.order.send.mutate(frame({ order: ids.order, items })));
  const stateOf = async (stream: string) => (await api.sync.snapshot.query()).aggregates.find((each) => each.stream === stream)?.state as { status: string; shares: Readonly<Record<string, { item: string }>> } | undefined;
  const shares = Object.entries((await stateOf(check))?.shares ?? {});
  const share = shares.find(([, each]) => each.item === items[0])?.[0] ?? "";
  const part = newId("check");
  result(await api.check.split.mutate(frame({ operation: newId("operation"), check, into: [{ check: part, lines: [{ share }] }] })));
  result(await api.payment.takeCard.mutate(frame({ payment: newId("payment"), check: part, slip: "7" })));
  result(await api.check.close.mutate(frame({ check: part })));
  expect(await stateOf(part)).toMatchObject({ status: "closed" });
  expect(await stateOf(check)).toMatchObject({ status: "open" });
});

test("RT-2: a snapshot's cursor is of the moment of its states", async () => {
  const { aggregates, cursor } = await api.sync.snapshot.query();
  const answer = await api.stock.setCountdown.mutate(frame({ product: place.products.bass, remaining: "4" }));
  if (!answer.ok || answer.at === null) throw new Error("nothing was written");
  expect(BigInt(cursor.positions[String(answer.at.shard)] ?? "-1")).toBeLessThan(BigInt(answer.at.from));
  expect(aggregates.some(({ kind }) => kind === "countdown")).toBe(false);
  const after = await api.sync.snapshot.query();
  expect(after.aggregates.find(({ kind }) => kind === "countdown")).toMatchObject({ state: { product: place.products.bass, remaining: "4" } });
});

import { beforeAll, expect, test } from "vitest";
import { failure, frame, makePlace, newId, result, type TestPlace } from "#hub/testing/hub-fixture.ts";
import { onePlace } from "#hub/testing/one-place.ts";

const here = onePlace();
let waiter: Awaited<ReturnType<TestPlace["login"]>>;
let manager: Awaited<ReturnType<TestPlace["login"]>>;
beforeAll(async () => {
  waiter = await here.place.login("Mai", ["floor.seat", "order.take", "order.void", "check.settle", "drawer.operate"]);
  manager = await here.place.login("Sofia");
});

const eur = (amount: string) => ({ amount, currency: "EUR" });

/** Two Lattes, one more, presented, a part by card, the rest by card, closed by the manager. */
async function evening() {
  const { api } = waiter;
  const order = newId("order");
  const opening = { serviceType: "takeaway" as const, label: "Pickup 7", channel: "till" as const, customer: null, promisedAt: null };
  const items = [newId("item"), newId("item"), newId("item")];
  const latte = (item: string | undefined) => ({ item: item ?? "", product: here.place.products.latte });
  const { check } = result(await api.order.addItems.mutate(frame({ order, opening, items: [latte(items[0]), latte(items[1])] })));
  result(await api.order.addItems.mutate(frame({ order, items: [latte(items[2])] })));
  result(await api.order.send.mutate(frame({ order, items })));
  result(await api.check.present.mutate(frame({ check })));
  result(await api.payment.takeCard.mutate(frame({ payment: newId("payment"), check, amount: eur("500"), tip: eur("50"), slip: "4711" })));
  result(await api.payment.takeCard.mutate(frame({ payment: newId("payment"), check, slip: "4712" })));
  result(await manager.api.check.close.mutate(frame({ check })));
  return check;
}

test("a check's timeline: who did what, when, and the amounts after it", async () => {
  const check = await evening();
  const { entries, next } = await manager.api.history.check.query({ check });
  expect(next).toBeNull();
  expect(entries.map(({ actor, steps, total, paid, due }) => [actor.name, steps.map(({ kind }) => kind).join(), total.amount, paid.amount, due.amount])).toEqual([
    ["Mai", "opened,lines", "900", "0", "900"],
    ["Mai", "lines", "1350", "0", "1350"],
    ["Mai", "presented", "1350", "0", "1350"],
    ["Mai", "payment", "1350", "500", "850"],
    ["Mai", "payment,paid", "1350", "1350", "0"],
    ["Sofia", "closed", "1350", "1350", "0"],
  ]);
  expect(entries[3]?.steps[0]).toMatchObject({ kind: "payment", method: "card-manual", amount: eur("500"), tip: eur("50"), reference: "4711" });
  for (const [i, entry] of entries.entries()) {
    expect(Date.parse(entry.at)).toBeGreaterThanOrEqual(Date.parse(entries[i - 1]?.at ?? entry.at));
    expect(entry.businessDate).toMatch(/^\d{4}-\d\d-\d\d$/);
  }
});

test("in pages it is the same, and no page cuts a command", async () => {
  const check = await evening();
  const { entries: whole } = await manager.api.history.check.query({ check });
  for (const limit of [1, 2, 3, 5]) {
    const entries = [];
    for (let after: number | null = 0; after !== null; ) {
      const page: Awaited<ReturnType<typeof manager.api.history.check.query>> = await manager.api.history.check.query({ check, after, limit });
      entries.push(...page.entries);
      after = page.next;
    }
    // A limit below a command's events cuts it; each of its events is an entry then.
    if (limit >= 2) expect(entries).toEqual(whole);
    else expect(entries.flatMap(({ steps }) => steps)).toEqual(whole.flatMap(({ steps }) => steps));
  }
});

test("the check as it was after each entry, folded from the log alone", async () => {
  const check = await evening();
  const { entries } = await manager.api.history.check.query({ check });
  await here.admin`update aggregates set head = head::jsonb || '{"label": "overwritten"}' where stream = ${check}`;
  for (const entry of entries) {
    const was = await manager.api.history.checkAt.query({ check, version: entry.version });
    expect(was).toMatchObject({ at: entry.at, actor: entry.actor, state: { label: "Pickup 7", status: entry.status }, totals: { total: entry.total.amount, paid: entry.paid.amount, due: entry.due.amount } });
  }
  const [first, second] = await Promise.all([1, 2].map((n) => manager.api.history.checkAt.query({ check, version: entries[n - 1]?.version ?? 0 })));
  expect([first, second].map((was) => Object.keys(was?.state.shares ?? {}).length)).toEqual([2, 3]);
});

test("is the manager's, of this place, and of what there was", async () => {
  const check = await evening();
  expect(await failure(waiter.api.history.check.query({ check }))).toMatchObject({ code: "FORBIDDEN", refused: "capability-missing" });
  const { api } = manager;
  expect(await failure(api.history.check.query({ check: newId("check") }))).toMatchObject({ code: "NOT_FOUND", refused: "unknown-check" });
  expect(await failure(api.history.check.query({ check, after: 900 }))).toMatchObject({ code: "NOT_FOUND" });
  expect(await failure(api.history.checkAt.query({ check, version: 900 }))).toMatchObject({ code: "NOT_FOUND" });
  expect(await failure(api.history.check.query({ check, limit: 201 }))).toMatchObject({ code: "BAD_REQUEST" });
  const elsewhere = await (await makePlace(here.hub)).login("Stranger");
  expect(await failure(elsewhere.api.history.check.query({ check }))).toMatchObject({ code: "NOT_FOUND" });
  expect(await failure(elsewhere.api.history.checkAt.query({ check, version: 1 }))).toMatchObject({ code: "NOT_FOUND" });
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestConsumers, type TestConsumers } from "#hub/testing/consumers.ts";
import { frame, newId, result } from "#hub/testing/hub-fixture.ts";
import { onePlace } from "#hub/testing/one-place.ts";
import { tablesWith } from "#hub/testing/whereabouts.ts";

const here = onePlace();
let consumers: TestConsumers;
beforeAll(async () => {
  const { operator, station } = here.place;
  result(await operator.commerce.addPrinter.mutate(frame({ printer: newId("printer"), name: "Pass", host: "127.0.0.1", port: 9, profile: "epson-tm-t88v" as const, stations: [station], receipts: false })));
  consumers = startTestConsumers(here.hub, { ERASURE_AGAIN_MS: "300" });
});
afterAll(() => consumers.stop());

const eur = (amount: string) => ({ amount, currency: "EUR" });
const patiently = { timeout: 30_000, interval: 200 };

/** A takeaway that is paid while the kitchen makes it; its guest is erased all the same. */
async function erasedWhileMade(said: { readonly notes?: string; readonly allergy?: readonly string[] }) {
  const { api } = await here.place.login("Sofia");
  const [order, item, drawer] = [newId("order"), newId("item"), newId("drawer")];
  const opening = { serviceType: "takeaway" as const, label: "Tab Ratatouille", channel: "till" as const, customer: null, promisedAt: null };
  const { check } = result(await api.order.addItems.mutate(frame({ order, opening, items: [{ item, product: here.place.products.latte, ...said, allergy: [...(said.allergy ?? [])] }] })));
  result(await api.order.send.mutate(frame({ order, items: [item] })));
  result(await api.drawer.open.mutate(frame({ drawer, name: `Drawer ${drawer.slice(-6)}`, float: eur("10000") })));
  result(await api.payment.takeCash.mutate(frame({ payment: newId("payment"), check, drawer, tendered: eur("5000") })));
  result(await api.check.close.mutate(frame({ check })));
  await consumers.caughtUp();
  result(await api.order.eraseGuest.mutate(frame({ order, reason: "asked", whileMade: "erase" as const })));
  const [ticket] = await here.admin<{ id: string }[]>`select stream as id from aggregates where kind = 'ticket' and head->>'order' = ${order}`;
  const progress = async () => {
    const found = (await api.guest.erasures.query()).find(({ subject }) => subject === order);
    return found && `${found.state} ${found.waitsFor}`;
  };
  return { api, order, ticket: ticket?.id ?? "", progress };
}

test("an allergy stays on the kitchen's screens and slips until the ticket is bumped, whoever said that the guest is erased all the same", async () => {
  const { api, order, ticket, progress } = await erasedWhileMade({ allergy: ["Quixotea nuts"] });
  await expect.poll(progress, patiently).toBe("waiting kitchen");
  await consumers.caughtUp();
  expect(await here.admin`select from aggregate_parts where stream = ${ticket} and doc->'allergy'->>0 = 'Quixotea nuts'`).toHaveLength(1);
  expect(await here.admin`select from print_jobs where about = ${ticket} and slip::text ilike '%quixotea%'`).toHaveLength(1);
  expect(await here.admin`select from aggregate_parts where stream = ${order} and doc::text like '%Quixotea%'`).toHaveLength(0);
  result(await api.ticket.bump.mutate(frame({ ticket })));
  await expect.poll(progress, patiently).toBe("done null");
  expect(await tablesWith(here.admin, "Quixotea", "quixotea", "QUIXOTEA", "Ratatouille")).toEqual([]);
});

test("so does one of what the kitchen's consumer has parked", async () => {
  // As if one more event of the order had still to become a ticket: every ticket is bumped, and the erasure waits all the same.
  const { api, order, ticket, progress } = await erasedWhileMade({ allergy: ["Quixotea rice"] });
  await expect.poll(progress, patiently).toBe("waiting kitchen");
  await here.admin`
    insert into parked_events (consumer_group, shard, position, keys, organizer_id, merchant_id, parked_at)
    select 'kitchen', shard, position, array[stream], organizer_id, merchant_id, now() from events where stream = ${order} and type = 'sale.order.sent'`;
  result(await api.ticket.bump.mutate(frame({ ticket })));
  const looks = async () => (await here.admin<{ at: Date }[]>`select tried_at as at from erasures where subject = ${order}`)[0]?.at.getTime() ?? 0;
  const bumped = Date.now();
  // It has looked once more since then, and waits still.
  await expect.poll(looks, patiently).toBeGreaterThan(bumped + 100);
  expect(await progress()).toBe("waiting kitchen");
  await here.admin`delete from parked_events where consumer_group = 'kitchen'`;
  await expect.poll(progress, patiently).toBe("done null");
});

test("a ticket that nobody bumps is waited for until its day is over", async () => {
  const { order, progress } = await erasedWhileMade({ allergy: ["Quixotea soy"] });
  await expect.poll(progress, patiently).toBe("waiting kitchen");
  await here.admin`update erasures set asked_at = asked_at - interval '1 day' where subject = ${order}`;
  await expect.poll(progress, patiently).toBe("done null");
  expect(await tablesWith(here.admin, "Quixotea", "quixotea", "QUIXOTEA")).toEqual([]);
});

test("a name and a note alone are not waited for", async () => {
  const { progress } = await erasedWhileMade({ notes: "for Ratatouille" });
  await expect.poll(progress, patiently).toBe("done null");
});

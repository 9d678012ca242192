import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { streamKey } from "#hub/log/keys.ts";
import { startTestConsumers, type TestConsumers } from "#hub/testing/consumers.ts";
import { failure, frame, newId, result } from "#hub/testing/hub-fixture.ts";
import { onePlace } from "#hub/testing/one-place.ts";
import { testRedis } from "#scripts/testing/services.ts";
import { shardOf } from "#shared/shards.ts";
import { verifyLog } from "./verify-log.ts";

const here = onePlace();
let consumers: TestConsumers;
let redis: Redis;
beforeAll(() => {
  consumers = startTestConsumers(here.hub);
  redis = new Redis(testRedis().url);
});
afterAll(() => {
  consumers.stop();
  redis.disconnect();
});

/** Every table in which the words stand anywhere, and Redis. */
async function whereIs(words: string): Promise<readonly string[]> {
  const tables = await here.admin<{ name: string }[]>`select quote_ident(relname) as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`;
  const found: string[] = [];
  for (const { name } of tables) {
    const [row] = await here.admin.unsafe(`select from ${name} t where position('${words}' in t::text) > 0 limit 1`);
    if (row !== undefined) found.push(name);
  }
  const [log] = await here.admin<{ epoch: string }[]>`select epoch from log_meta`;
  const entries = await redis.xrange(streamKey(shardOf(here.place.merchant), log?.epoch ?? ""), "-", "+");
  if (entries.some(([, fields]) => fields.join().includes(words))) found.push("redis");
  return found;
}

test("a guest who is erased is in no event, state, ticket, slip or stream any more, and the chain is whole", async () => {
  const { operator, products, station } = here.place;
  const { api } = await here.place.login("Sofia");
  result(await operator.commerce.addPrinter.mutate(frame({ printer: newId("printer"), name: "Pass", host: "127.0.0.1", port: 9, profile: "epson-tm-t88v" as const, stations: [station], receipts: true })));
  const [order, item, drawer] = [newId("order"), newId("item"), newId("drawer")];
  const opening = { serviceType: "takeaway" as const, label: "Pickup 47", channel: "till" as const, customer: "Mickey Ratatouille", promisedAt: null };
  const { check } = result(await api.order.addItems.mutate(frame({ order, opening, items: [{ item, product: products.latte, notes: "Mickey Ratatouille is allergic, call 555" }] })));
  result(await api.order.send.mutate(frame({ order, items: [item] })));
  result(await api.drawer.open.mutate(frame({ drawer, name: "Main", float: { amount: "10000", currency: "EUR" } })));
  result(await api.payment.takeCash.mutate(frame({ payment: newId("payment"), check, drawer, tendered: { amount: "500", currency: "EUR" } })));
  result(await api.check.close.mutate(frame({ check })));
  await consumers.caughtUp();
  expect(await whereIs("Mickey Ratatouille")).toEqual(expect.arrayContaining(["aggregates", "aggregate_parts", "events", "print_jobs", "redis"]));
  const before = await verifyLog(here.admin);
  expect(before.findings).toEqual([]);

  const waiter = await here.place.login("Mai", ["floor.seat", "order.take", "check.settle"]);
  expect(await failure(waiter.api.order.eraseGuest.mutate(frame({ order, reason: "no" })))).toMatchObject({ refused: "capability-missing" });
  result(await api.order.eraseGuest.mutate(frame({ order, reason: "the guest asks for it" })));
  await expect.poll(() => whereIs("Mickey Ratatouille"), { timeout: 30_000, interval: 300 }).toEqual([]);
  await consumers.caughtUp();
  expect(await whereIs("allergic, call 555")).toEqual([]);
  // The printer, which is not there, may be told of at any moment.
  await expect.poll(() => verifyLog(here.admin), { timeout: 30_000, interval: 300 }).toMatchObject({ findings: [], notYet: 0 });
  expect((await verifyLog(here.admin)).events).toBeGreaterThan(before.events);
  expect(await here.admin`select from audit_salts where stream = ${order}`).toHaveLength(0);
  // What was sold, to nobody in particular, is still told.
  const { entries } = await api.operation.trail.query({ stream: order, after: 0 });
  expect(entries.at(-1)).toMatchObject({ type: "sale.order.guestErased", data: { reason: "the guest asks for it" } });
  expect(JSON.stringify(entries)).toContain("erased-");
});

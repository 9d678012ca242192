import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { streamKey } from "#hub/log/keys.ts";
import { startTestConsumers, type TestConsumers } from "#hub/testing/consumers.ts";
import { failure, frame, newId, result } from "#hub/testing/hub-fixture.ts";
import { onePlace } from "#hub/testing/one-place.ts";
import { testRedis } from "#scripts/testing/services.ts";
import { shardOf } from "#shared/shards.ts";
import { verifyLog } from "./verify-log.ts";
import { verifyStates } from "./verify-states.ts";

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

test("a guest who is erased is in no event, state, ticket, slip, report, file or stream any more, and the chain is whole", async () => {
  const { operator, products, station } = here.place;
  const { api } = await here.place.login("Sofia");
  result(await operator.commerce.addPrinter.mutate(frame({ printer: newId("printer"), name: "Pass", host: "127.0.0.1", port: 9, profile: "epson-tm-t88v" as const, stations: [station], receipts: true })));
  const [order, item, drawer, account] = [newId("order"), newId("item"), newId("drawer"), newId("houseAccount")];
  const eur = (amount: string) => ({ amount, currency: "EUR" });
  const opening = (label: string, customer: string | null) => ({ serviceType: "takeaway" as const, label, channel: "till" as const, customer, promisedAt: null });
  const { check } = result(await api.order.addItems.mutate(frame({ order, opening: opening("Tab Ratatouille", "Mickey Ratatouille"), items: [{ item, product: products.latte, notes: "Ratatouille is allergic, call 555" }] })));
  const other = { order: newId("order"), item: newId("item") };
  result(await api.order.addItems.mutate(frame({ order: other.order, opening: opening("Tab Zucchini", null), items: [{ item: other.item, product: products.latte }] })));
  result(await api.order.send.mutate(frame({ order, items: [item] })));
  result(await api.drawer.open.mutate(frame({ drawer, name: "Main", float: eur("10000") })));
  const waiter = await here.place.login("Mai", ["floor.seat", "order.take", "check.settle", "manage.settings"]);
  result(await waiter.api.approval.request.mutate(frame({ approval: newId("approval"), action: "discount" as const, subject: { target: check, rate: "0.1", reason: "friend" } })));
  // A day that ends while both tabs are open carries them over by name.
  const { report } = result(await api.day.report.mutate(frame({})));
  await consumers.caughtUp();
  result(await api.cash.printReport.mutate(frame({ report })));
  const [remy, emile] = [newId("part"), newId("part")];
  result(await api.check.setParts.mutate(frame({ check, parts: [{ part: remy, name: "Rémy Ratatouille", amount: null }, { part: emile, name: "Emile Ratatouille", amount: null }] })));
  result(await api.payment.openHouseAccount.mutate(frame({ account, name: "Hotel Ratatouille", limit: null })));
  result(await api.payment.takeHouseAccount.mutate(frame({ payment: newId("payment"), check, part: remy, account })));
  result(await api.payment.takeCash.mutate(frame({ payment: newId("payment"), check, part: emile, drawer, tendered: eur("500") })));
  result(await api.check.close.mutate(frame({ check })));
  result(await api.check.makeReceipt.mutate(frame({ document: newId("document"), check })));
  const statement = newId("document");
  result(await api.ledger.generate.mutate(frame({ document: statement, report: { kind: "statement" as const, account: "1150", subject: account, from: "2020-01-01", to: "2099-12-31" }, format: "pdf" as const })));
  result(await api.payment.payHouseAccount.mutate(frame({ account, payment: newId("payment"), amount: eur("225"), method: { method: "cash" as const, drawer } })));
  await consumers.caughtUp();
  expect(await whereIs("Ratatouille")).toEqual(expect.arrayContaining(["aggregates", "aggregate_parts", "events", "print_jobs", "cash_reports", "document_jobs", "redis"]));
  const before = await verifyLog(here.admin);
  expect(before.findings).toEqual([]);

  expect(await failure(waiter.api.order.eraseGuest.mutate(frame({ order, reason: "no" })))).toMatchObject({ refused: "capability-missing" });
  expect(await failure(waiter.api.payment.eraseHouseAccount.mutate(frame({ account, reason: "no" })))).toMatchObject({ refused: "capability-missing" });
  expect(await failure(waiter.api.guest.named.query({ search: "ratat" }))).toMatchObject({ refused: "capability-missing" });
  expect(await api.guest.named.query({ search: "ratat" })).toMatchObject([
    { kind: "house-account", subject: account, name: "Hotel Ratatouille", open: true },
    { kind: "order", subject: order, name: "Tab Ratatouille", customer: "Mickey Ratatouille", notes: 1, open: false },
  ]);
  result(await api.payment.closeHouseAccount.mutate(frame({ account })));
  result(await api.order.eraseGuest.mutate(frame({ order, reason: "the guest asks for it" })));
  result(await api.payment.eraseHouseAccount.mutate(frame({ account, reason: "the guest asks for it" })));
  await expect.poll(() => whereIs("Ratatouille"), { timeout: 30_000, interval: 300 }).toEqual([]);
  await consumers.caughtUp();
  expect(await whereIs("allergic, call 555")).toEqual([]);
  // Nobody else is forgotten with them: not in the same report either.
  expect(await whereIs("Tab Zucchini")).toEqual(expect.arrayContaining(["aggregates", "cash_reports", "events"]));
  // The printer, which is not there, may be told of at any moment.
  await expect.poll(() => verifyLog(here.admin), { timeout: 30_000, interval: 300 }).toMatchObject({ findings: [], notYet: 0 });
  expect((await verifyLog(here.admin)).events).toBeGreaterThan(before.events);
  expect(await here.admin`select from audit_salts where stream in ${here.admin([order, check, account])}`).toHaveLength(0);
  // The statement says whose account it was: the file is gone, too.
  for (const table of ["document_jobs", "document_chunks"]) expect(await here.admin`select from ${here.admin(table)} where document_id = ${statement}`).toHaveLength(0);
  expect((await verifyStates((work) => here.admin.begin("isolation level repeatable read read only", (tx) => work(tx)) as ReturnType<typeof work>)).drifts).toEqual([]);
  // What was sold, to nobody in particular, is still told.
  const { entries } = await api.operation.trail.query({ stream: order, after: 0 });
  expect(entries.at(-1)).toMatchObject({ type: "sale.order.guestErased", data: { reason: "the guest asks for it" } });
  expect(JSON.stringify(entries)).toContain("erased-");
  expect((await api.history.checks.query({ search: "", before: null })).checks).toContainEqual(expect.objectContaining({ check, label: "erased" }));
  expect(await api.guest.named.query({ search: "ratat" })).toEqual([]);
  expect(await api.guest.erasures.query()).toMatchObject([
    { subject: account, by: "Sofia", reason: "the guest asks for it", state: "written", waitsFor: null, events: 2, streams: 1, files: 1 },
    { subject: order, by: "Sofia", reason: "the guest asks for it", state: "written", waitsFor: null, files: 1 },
  ]);
});

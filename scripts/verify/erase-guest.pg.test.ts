import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eraseGuest, type Erasure } from "#consumers/erasure/erase-guest.ts";
import { connect } from "#hub/db/client.ts";
import { streamKey } from "#hub/log/keys.ts";
import { startTestConsumers, type TestConsumers } from "#hub/testing/consumers.ts";
import { failure, frame, newId, result } from "#hub/testing/hub-fixture.ts";
import { onePlace } from "#hub/testing/one-place.ts";
import { keysWith, tablesWith } from "#hub/testing/whereabouts.ts";
import { testRedis } from "#scripts/testing/services.ts";
import type { Envelope } from "#shared/events/envelope.ts";
import { shardOf } from "#shared/shards.ts";
import { snapshotsOf } from "./in-snapshot.ts";
import { verifyLog } from "./verify-log.ts";
import { verifyStates } from "./verify-states.ts";

const here = onePlace();
let consumers: TestConsumers;
let redis: Redis;
beforeAll(async () => {
  const { operator, station } = here.place;
  result(await operator.commerce.addPrinter.mutate(frame({ printer: newId("printer"), name: "Pass", host: "127.0.0.1", port: 9, profile: "epson-tm-t88v" as const, stations: [station], receipts: true })));
  consumers = startTestConsumers(here.hub, { ERASURE_AGAIN_MS: "300" });
  redis = new Redis(testRedis().url);
});
afterAll(() => {
  consumers.stop();
  redis.disconnect();
});

/** Every table in which the words stand anywhere, and the place's stream. */
async function whereIs(...words: readonly string[]): Promise<readonly string[]> {
  const found = [...(await tablesWith(here.admin, ...words))];
  const [log] = await here.admin<{ epoch: string }[]>`select epoch from log_meta`;
  const entries = await redis.xrange(streamKey(shardOf(here.place.merchant), log?.epoch ?? ""), "-", "+");
  if (entries.some(([, fields]) => words.some((word) => fields.join().includes(word)))) found.push("redis");
  return found;
}

/** The kitchen is done with all that it has. */
async function served(): Promise<void> {
  await consumers.caughtUp();
  const { api } = await here.place.login("Sofia");
  const open = await here.admin<{ ticket: string }[]>`select stream as ticket from aggregates where kind = 'ticket' and head->>'status' = 'open'`;
  for (const { ticket } of open) result(await api.ticket.bump.mutate(frame({ ticket })));
}

test("a guest who is erased is in no event, state, ticket, slip, report, file or stream any more, and the chain is whole", async () => {
  const { products } = here.place;
  const { api } = await here.place.login("Sofia");
  const [order, item, drawer, account] = [newId("order"), newId("item"), newId("drawer"), newId("houseAccount")];
  const eur = (amount: string) => ({ amount, currency: "EUR" });
  const opening = (label: string, customer: string | null) => ({ serviceType: "takeaway" as const, label, channel: "till" as const, customer, promisedAt: null });
  const { check } = result(await api.order.addItems.mutate(frame({ order, opening: opening("Tab Ratatouille", "Mickey Ratatouille"), items: [{ item, product: products.latte, notes: "Ratatouille is allergic, call 555", allergy: ["Quixotea nuts", "soy (Quixotea)"] }] })));
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
  // Another guest's bill, at a table's number, is written on the account as well.
  const signed = newId("order");
  const bill = result(await api.order.addItems.mutate(frame({ order: signed, opening: opening("7", null), items: [{ item: newId("item"), product: products.latte }] }))).check;
  result(await api.order.send.mutate(frame({ order: signed, items: (await here.admin<{ part: string }[]>`select part from aggregate_parts where stream = ${signed}`).map(({ part }) => part) })));
  result(await api.payment.takeHouseAccount.mutate(frame({ payment: newId("payment"), check: bill, account })));
  result(await api.check.close.mutate(frame({ check: bill })));
  result(await api.check.printReceipt.mutate(frame({ check: bill })));
  const copy = newId("document");
  result(await api.check.makeReceipt.mutate(frame({ document: copy, check: bill })));
  // And half of one that stays open.
  const half = { order: newId("order"), item: newId("item"), part: newId("part") };
  const live = result(await api.order.addItems.mutate(frame({ order: half.order, opening: opening("8", null), items: [{ item: half.item, product: products.latte }] }))).check;
  result(await api.check.setParts.mutate(frame({ check: live, parts: [{ part: half.part, name: "1", amount: null }, { part: newId("part"), name: "2", amount: null }] })));
  result(await api.payment.takeHouseAccount.mutate(frame({ payment: newId("payment"), check: live, part: half.part, account })));
  const [owed] = await here.admin<{ amount: string }[]>`select head->'balance'->>'amount' as amount from aggregates where stream = ${account}`;
  result(await api.payment.payHouseAccount.mutate(frame({ account, payment: newId("payment"), amount: eur(owed?.amount ?? ""), method: { method: "cash" as const, drawer } })));
  await consumers.caughtUp();
  expect(await here.admin`select from print_jobs where about = ${bill} and slip::text like '%On account Hotel Ratatouille%'`).toHaveLength(1);
  expect(await whereIs("Ratatouille")).toEqual(expect.arrayContaining(["aggregates", "aggregate_parts", "events", "print_jobs", "cash_reports", "document_jobs", "redis"]));
  expect(await whereIs("Quixotea")).toEqual(expect.arrayContaining(["aggregate_parts", "events", "print_jobs", "redis"]));
  const before = await verifyLog(snapshotsOf(here.admin));
  expect(before.findings).toEqual([]);

  expect(await failure(waiter.api.order.eraseGuest.mutate(frame({ order, reason: "no" })))).toMatchObject({ refused: "capability-missing" });
  expect(await failure(waiter.api.payment.eraseHouseAccount.mutate(frame({ account, reason: "no" })))).toMatchObject({ refused: "capability-missing" });
  expect(await failure(waiter.api.guest.named.query({ search: "ratat" }))).toMatchObject({ refused: "capability-missing" });
  expect(await api.guest.named.query({ search: "ratat" })).toMatchObject([
    { kind: "house-account", subject: account, name: "Hotel Ratatouille", open: true },
    { kind: "order", subject: order, name: "Tab Ratatouille", customer: "Mickey Ratatouille", notes: 1, allergies: 1, open: false },
  ]);
  expect(await api.guest.named.query({ search: "quixotea n" })).toMatchObject([{ kind: "order", subject: order }]);
  expect(await api.guest.named.query({ search: '["' })).toEqual([]);
  result(await api.payment.closeHouseAccount.mutate(frame({ account })));
  expect(await api.order.eraseGuest.mutate(frame({ order, reason: "the guest asks for it" }))).toMatchObject({ ok: false, refusal: { refused: "order-being-made", order, items: [{ quantity: "1" }] } });
  await served();
  result(await api.order.eraseGuest.mutate(frame({ order, reason: "the guest asks for it" })));
  // A receipt that shows both is counted by whoever comes first.
  await expect.poll(() => api.guest.erasures.query(), { timeout: 30_000, interval: 300 }).toMatchObject([{ subject: order, files: 1 }]);
  result(await api.payment.eraseHouseAccount.mutate(frame({ account, reason: "the guest asks for it" })));
  await expect.poll(() => whereIs("Ratatouille"), { timeout: 30_000, interval: 300 }).toEqual([]);
  await consumers.caughtUp();
  expect(await whereIs("allergic, call 555", "Quixotea")).toEqual([]);
  // The report is printed still, of whomever else it tells; what waited for its paper and showed the guest has ended, and says so.
  const waiting = await here.admin<{ state: string; slip: string }[]>`select state, slip::text from print_jobs where about = ${report} order by seq`;
  expect(waiting).toMatchObject([{ state: "queued", slip: expect.not.stringContaining("COPY 1") }, { state: "queued", slip: expect.stringContaining("COPY 1") }]);
  for (const { slip } of waiting) expect(slip).toMatch(/Zucchini.*(Z|X): /s);
  const endings = () => here.admin`select head->>'status' as status, head->>'cause' as cause from aggregates where kind = 'print-job' and (head->>'order' = ${order} or head->>'about' = ${check})`;
  await expect.poll(async () => new Set((await endings()).map(({ status, cause }) => `${status} ${cause}`)), { timeout: 30_000, interval: 300 }).toEqual(new Set(["expired erased"]));
  // Nobody else is forgotten with them: not in the same report either.
  expect(await whereIs("Tab Zucchini")).toEqual(expect.arrayContaining(["aggregates", "cash_reports", "events"]));
  // The printer, which is not there, may be told of at any moment.
  await expect.poll(() => verifyLog(snapshotsOf(here.admin)), { timeout: 30_000, interval: 300 }).toMatchObject({ findings: [], notYet: 0 });
  expect((await verifyLog(snapshotsOf(here.admin))).events).toBeGreaterThan(before.events);
  expect(await here.admin`select from audit_salts where stream in ${here.admin([order, check, account])}`).toHaveLength(0);
  // The statement says whose account it was: the file is gone, too.
  for (const table of ["document_jobs", "document_chunks"]) expect(await here.admin`select from ${here.admin(table)} where document_id in ${here.admin([statement, copy])}`).toHaveLength(0);
  // The bill that it paid says so still, as the account is called now, on paper and on the page of bills.
  result(await api.check.printReceipt.mutate(frame({ check: bill })));
  await consumers.caughtUp();
  expect(await here.admin`select from print_jobs where about = ${bill} and kind = 'receipt' and slip::text like '%On account Guest, erased%'`).toHaveLength(1);
  expect(JSON.stringify(await api.history.check.query({ check: bill, after: 0 }))).toContain('"reference":"Guest, erased"');
  // On the bill that is open, a tablet that comes anew calls it so too.
  const { aggregates } = await api.sync.snapshot.query();
  expect(aggregates.find(({ stream }) => stream === account)).toMatchObject({ kind: "house-account", state: { name: "Guest, erased", closed: true } });
  expect((await verifyStates(snapshotsOf(here.admin))).drifts).toEqual([]);
  // What was sold, to nobody in particular, is still told.
  const { entries } = await api.operation.trail.query({ stream: order, after: 0 });
  expect(entries.at(-1)).toMatchObject({ type: "sale.order.guestErased", data: { reason: "the guest asks for it" } });
  expect(JSON.stringify(entries)).toContain("erased-");
  expect(JSON.stringify(entries)).not.toContain("Quixotea");
  expect((await api.history.checks.query({ search: "", before: null })).checks).toContainEqual(expect.objectContaining({ check, label: "Guest, erased" }));
  expect(await api.guest.named.query({ search: "ratat" })).toEqual([]);
  await expect.poll(() => api.guest.erasures.query(), { timeout: 30_000, interval: 300 }).toMatchObject([
    { subject: account, by: "Sofia", reason: "the guest asks for it", state: "done", waitsFor: null, left: 0, again: 0, events: 2, streams: 1, files: 2 },
    { subject: order, by: "Sofia", reason: "the guest asks for it", state: "done", waitsFor: null, left: 0, again: 0, files: 1 },
  ]);
});

const eur = (amount: string) => ({ amount, currency: "EUR" });

/** Orders of tabs that are open, each with a note that says the same as the tab. */
async function tabs(labels: readonly string[]) {
  const { api } = await here.place.login("Sofia");
  const drawer = newId("drawer");
  result(await api.drawer.open.mutate(frame({ drawer, name: `Drawer ${drawer.slice(-6)}`, float: eur("10000") })));
  return Promise.all(
    labels.map(async (label) => {
      const [order, item] = [newId("order"), newId("item")];
      const first = frame({ order, opening: { serviceType: "takeaway" as const, label, channel: "till" as const, customer: null, promisedAt: null }, items: [{ item, product: here.place.products.latte, notes: label }] });
      const answer = await api.order.addItems.mutate(first);
      const { check } = result(answer);
      const finish = async () => {
        result(await api.order.send.mutate(frame({ order, items: [item] })));
        result(await api.payment.takeCash.mutate(frame({ payment: newId("payment"), check, drawer, tendered: eur("5000") })));
        result(await api.check.close.mutate(frame({ check })));
      };
      const again = () => api.order.addItems.mutate(first);
      return { order, check, label, id: first.commandId, answer, again, finish };
    }),
  );
}

test("a stored answer stays the answer that it was, whatever a guest is called", async () => {
  const { api } = await here.place.login("Sofia");
  const all = await tabs([",", ":", "check", 'x"\\']);
  for (const { finish } of all) await finish();
  const repeats = ({ check, label }: (typeof all)[number], said: string) =>
    JSON.stringify({ ok: true, result: { check, label: said, list: [label, `${label},"${label}"`], notes: `not ${label}`, [label]: { notes: said }, allergy: ["egg", said, said], none: { allergy: [], list: [label] }, last: label } });
  const stored = async (id: string) => (await here.admin<{ answer: string }[]>`select answer from commands where command_id = ${id}`)[0]?.answer;
  const [plain, repeating] = [all.slice(0, 2), all.slice(2)];
  const before = await Promise.all(plain.map(({ id }) => stored(id)));
  // No command's answer repeats a name today: two are written that do.
  for (const one of repeating) await here.admin`update commands set answer = ${repeats(one, one.label)} where command_id = ${one.id}`;
  await served();
  for (const { order } of all) result(await api.order.eraseGuest.mutate(frame({ order, reason: "asked" })));
  const subjects = new Set<string>(all.map(({ order }) => order));
  await expect.poll(async () => (await api.guest.erasures.query()).filter(({ subject, state }) => subjects.has(subject) && state === "done"), { timeout: 30_000, interval: 300 }).toHaveLength(all.length);
  expect(await Promise.all(plain.map(({ id }) => stored(id)))).toEqual(before);
  for (const { again, answer } of plain) expect(await again()).toEqual(answer);
  for (const one of repeating) expect(await stored(one.id)).toBe(repeats(one, "Guest, erased"));
});

test("nothing of a guest comes back, through whichever merges and splits the words went: not from what a hub remembers, an offline tablet, a slip, nor from tables built anew, or events given again", async () => {
  const { operator, products } = here.place;
  const { api } = await here.place.login("Sofia");
  const waiter = await here.place.login("Luca", ["floor.seat", "order.take", "check.settle"]);
  const drawer = newId("drawer");
  result(await api.drawer.open.mutate(frame({ drawer, name: "Second", float: eur("10000") })));
  const begun = async (label: string, customer: string | null, notes: string | null) => {
    const [order, items] = [newId("order"), [newId("item"), newId("item")] as const];
    const first = frame({ order, opening: { serviceType: "delivery" as const, label, channel: "till" as const, customer, promisedAt: null }, items: items.map((item) => ({ item, product: products.latte, notes })) });
    const answer = await api.order.addItems.mutate(first);
    result(await api.order.send.mutate(frame({ order, items: [...items] })));
    return { order, items, check: result(answer).check, again: () => api.order.addItems.mutate(first), answer };
  };
  const guest = await begun("Tab Quasimodo", "Victor Quasimodo", "12 Parvis Quasimodo, ring 555 0199");
  const other = await begun("Tab Phoebus", null, null);
  const operation = newId("operation");
  result(await api.order.merge.mutate(frame({ operation, source: guest.order, target: other.order })));
  result(await api.order.undo.mutate(frame({ operation, order: other.order })));
  const divided = { order: newId("order"), check: newId("check") };
  result(await api.order.split.mutate(frame({ operation: newId("operation"), order: guest.order, items: [guest.items[1]], newOrder: divided.order, check: divided.check, to: { kind: "label" as const, label: "Tab Esmeralda" } })));
  const [share] = await here.admin<{ part: string }[]>`select part from aggregate_parts where stream = ${guest.check}`;
  const undone = { operation: newId("operation"), check: newId("check") };
  result(await api.check.split.mutate(frame({ operation: undone.operation, check: guest.check, into: [{ check: undone.check, lines: [{ share: share?.part ?? "" }] }] })));
  result(await api.check.undo.mutate(frame({ operation: undone.operation, check: guest.check })));
  const approval = newId("approval");
  result(await waiter.api.approval.request.mutate(frame({ approval, action: "discount" as const, subject: { target: guest.check, rate: "0.1", reason: "friend" } })));
  const { report } = result(await api.day.report.mutate(frame({})));
  await consumers.caughtUp();
  result(await api.cash.printReport.mutate(frame({ report })));
  const finish = async (check: string) => {
    result(await api.payment.takeCash.mutate(frame({ payment: newId("payment"), check, drawer, tendered: eur("5000") })));
    result(await api.check.close.mutate(frame({ check })));
    result(await api.check.makeReceipt.mutate(frame({ document: newId("document"), check })));
  };
  await finish(guest.check);
  await finish(divided.check);
  const erase = () => api.order.eraseGuest.mutate(frame({ order: divided.order, reason: "asked" }));
  expect(await erase()).toMatchObject({ ok: false, refusal: { refused: "order-open", order: other.order } });
  await finish(other.check);
  // No refusal repeats a guest's words today: one is written that does.
  const refused = frame({ order: guest.order, items: [newId("item")] });
  expect(await api.order.send.mutate(refused)).toMatchObject({ ok: false });
  const said = (label: string) => JSON.stringify({ ok: false, refusal: { refused: "not-now", label } });
  await here.admin`update commands set answer = ${said("Tab Quasimodo")} where command_id = ${refused.commandId}`;
  await served();
  const [ticket] = await here.admin<{ stream: string }[]>`select stream from aggregates where kind = 'ticket' and head->>'order' = ${guest.order}`;
  const jobs = await here.admin<{ id: string }[]>`update print_jobs set state = 'failed' where about = ${report} and state = 'queued' returning id`;
  expect(jobs.length).toBeGreaterThan(0);
  expect(await whereIs("Quasimodo")).toEqual(expect.arrayContaining(["aggregates", "aggregate_parts", "events", "cash_reports", "document_jobs", "redis"]));

  /** Whoever read any of it before goes on with it; what may be written is written without the words. */
  const goOn = async () => {
    result(await api.cash.printReport.mutate(frame({ report })));
    result(await api.cash.makeReport.mutate(frame({ document: newId("document"), report, format: "pdf" as const })));
    result(await api.check.makeReceipt.mutate(frame({ document: newId("document"), check: guest.check })));
    result(await waiter.api.approval.request.mutate(frame({ approval: newId("approval"), action: "refund" as const, subject: { target: guest.check, reason: "cold" } })));
    result(await api.ticket.recall.mutate(frame({ ticket: ticket?.stream ?? "" })));
    result(await api.ticket.bump.mutate(frame({ ticket: ticket?.stream ?? "" })));
    for (const { id } of jobs) await api.printing.reprint.mutate(frame({ job: id }));
    // A tablet that was offline sends what it kept: on an order that is finished nothing is written any more.
    expect(await api.order.addItems.mutate(frame({ order: guest.order, items: [{ item: newId("item"), product: products.latte, notes: "for Quasimodo" }] }))).toMatchObject({ ok: false, refusal: { refused: "order-completed" } });
    expect(await api.check.setParts.mutate(frame({ check: guest.check, parts: [{ part: newId("part"), name: "Quasimodo", amount: null }] }))).toMatchObject({ ok: false, refusal: { refused: "check-closed" } });
    expect(await guest.again()).toEqual(guest.answer);
  };
  result(await erase());
  await goOn();
  const ours = new Set<string>([guest.order, other.order, divided.order]);
  const states = async () => (await api.guest.erasures.query()).filter(({ subject }) => ours.has(subject)).map(({ state }) => state);
  await expect.poll(states, { timeout: 60_000, interval: 200 }).toEqual(["done", "done", "done"]);
  const words = ["Quasimodo", "555 0199", "Esmeralda"];
  const nowhere = async () => {
    await consumers.caughtUp();
    expect(await whereIs(...words)).toEqual([]);
  };
  await nowhere();
  expect(await keysWith(redis, ...words)).toEqual([]);
  await goOn();
  await nowhere();
  expect(await api.order.send.mutate(refused)).toEqual(JSON.parse(said("Guest, erased")));
  const run = async (kind: "compare" | "rebuild" | "replay", group: "sales" | "ledger" | "stock") => {
    const asked = { maintenance: newId("maintenance"), group, reason: "to be sure" };
    const { maintenance } = asked;
    if (kind === "replay") result(await operator.system.replay.mutate(frame({ ...asked, from: { kind: "position" as const, shard: shardOf(here.place.merchant), after: "0" } })));
    else result(await operator.system[kind].mutate(frame(asked)));
    const find = async () => (await here.admin<{ state: string; differing: bigint | null }[]>`select state, differing from maintenance_runs where id = ${maintenance}`)[0];
    await expect.poll(async () => (await find())?.state, { timeout: 30_000, interval: 200 }).toBe("completed");
    return find();
  };
  expect(await run("compare", "sales")).toMatchObject({ differing: 0n });
  expect(await run("compare", "ledger")).toMatchObject({ differing: 0n });
  for (const [kind, group] of [["rebuild", "sales"], ["rebuild", "stock"], ["replay", "stock"]] as const) await run(kind, group);
  await nowhere();
  await expect.poll(() => verifyLog(snapshotsOf(here.admin)), { timeout: 30_000, interval: 300 }).toMatchObject({ findings: [], notYet: 0 });
  // It still finds a row that somebody else has changed.
  const [changed] = await here.admin<{ position: bigint; envelope: string }[]>`select position, envelope from events where stream = ${guest.order} and type = 'sale.order.sent'`;
  await here.admin`update events set envelope = replace(envelope, '"latte"', '"water"') where stream = ${guest.order} and type = 'sale.order.sent'`;
  expect((await verifyLog(snapshotsOf(here.admin))).findings).toHaveLength(1);
  await here.admin`update events set envelope = ${changed?.envelope ?? ""} where stream = ${guest.order} and type = 'sale.order.sent'`;
});

test("two erasures at once that share a day's report leave neither name in it", async () => {
  const { api } = await here.place.login("Sofia");
  const both = await tabs(["Tab Pangolin", "Tab Wombat"]);
  result(await api.day.report.mutate(frame({})));
  await consumers.caughtUp();
  for (const { finish } of both) await finish();
  await expect.poll(() => verifyLog(snapshotsOf(here.admin)), { timeout: 30_000, interval: 300 }).toMatchObject({ findings: [], notYet: 0 });
  // As in a place without a printer, where no slip of the report holds up the second.
  await here.admin`delete from print_jobs`;
  const sql = connect(here.hub.database.consumerUrl, { max: 2, applicationName: "two erasures" });
  try {
    const [first, second] = both.map(({ order, check }): Erasure => ({ id: order, organizer: here.place.organizer, merchant: here.place.merchant, businessDate: null, shard: shardOf(here.place.merchant), readTo: 1_000_000_000n, subject: order, checks: [check] }));
    if (first === undefined || second === undefined) throw new Error("there are two");
    // Killed in the middle: nothing of it is left, and the next does it all.
    const killed = sql.begin(async (tx) => {
      expect(await eraseGuest(tx, first)).toMatchObject({ events: expect.any(Number) });
      throw new Error("killed");
    });
    await expect(killed).rejects.toThrow("killed");
    expect(await whereIs("Tab Pangolin")).toEqual(expect.arrayContaining(["events", "cash_reports"]));
    expect((await verifyLog(snapshotsOf(here.admin))).findings).toEqual([]);
    let other: Promise<unknown> = Promise.resolve();
    await sql.begin(async (tx) => {
      await eraseGuest(tx, first);
      other = sql.begin((beside) => eraseGuest(beside, second));
      await expect.poll(() => here.admin`select from pg_stat_activity where application_name = 'two erasures' and wait_event_type = 'Lock'`).toHaveLength(1);
    });
    expect(await other).toMatchObject({ files: 0 });
  } finally {
    await sql.end();
  }
  const reports = await here.admin<{ envelope: string }[]>`select envelope from events where type = 'cash.report.made' order by recorded_at desc limit 1`;
  expect(reports).toHaveLength(1);
  expect(reports[0]?.envelope).not.toMatch(/Pangolin|Wombat/);
  expect((await verifyLog(snapshotsOf(here.admin))).findings).toEqual([]);
});

test("an entry that another process is taking out of Redis is left to it", async () => {
  // As each process sees it: the entry is in Redis, so its stream has come that far.
  const shard = shardOf(here.place.merchant);
  const timesOf = async (position: number) => (await here.admin<{ times: number }[]>`select times from erased_entries where erasure = 'beside' and position = ${position}`).map(({ times }) => times);
  const other = connect(here.hub.database.consumerUrl, { max: 1 });
  try {
    // Due in a second, so that it is held by then.
    await here.admin`insert into erased_entries (erasure, shard, position, epoch, due_at) values ('beside', ${shard}, 1, 'none', clock_timestamp() + interval '1 second')`;
    await other.begin(async (tx) => {
      await tx`select from erased_entries where erasure = 'beside' and position = 1 for update`;
      await here.admin`insert into erased_entries (erasure, shard, position, epoch, due_at) values ('beside', ${shard}, 2, 'none', clock_timestamp() + interval '1 second')`;
      await expect.poll(() => timesOf(2), { timeout: 10_000 }).not.toEqual([0]);
      await tx`update erased_entries set times = 1, due_at = clock_timestamp() + interval '1 hour' where erasure = 'beside' and position = 1`;
    });
    expect(await timesOf(1)).toEqual([1]);
    // What Redis does not have yet may still come: it is not counted as taken out.
    await here.admin`insert into erased_entries (erasure, shard, position, epoch) values ('beside', ${shard}, 900000001, 'none')`;
    await expect.poll(async () => (await here.admin`select from erased_entries where erasure = 'beside' and position = 900000001 and due_at > clock_timestamp() and times = 0`).length, { timeout: 10_000 }).toBe(1);
  } finally {
    await other.end();
  }
});

test("all that was done above says who did it, by what right, on what device, from where, or what it follows from", async () => {
  const events = (await here.admin<{ envelope: string }[]>`select envelope from events`).map(({ envelope }) => JSON.parse(envelope) as Envelope);
  expect(new Set(events.map(({ type }) => type)).size).toBeGreaterThan(40);
  const hash = /^[A-Za-z0-9_-]{22}$/;
  for (const { type, source, actor, deviceid, capability, addresshash, causationid, commandid, correlationid, time, occurredat } of events) {
    const said = { type, source, actor, deviceid, capability, addresshash, causationid };
    for (const each of [commandid, correlationid, time, occurredat]) expect(each).toBeTruthy();
    const [, consumer] = /^\/consumers\/([a-z]+)$/.exec(source) ?? [];
    // What a printer says of itself and of a slip follows from no event; the slip's correlation leads to what asked for it.
    if (consumer !== undefined) expect(said).toMatchObject({ actor: `consumer:${consumer}`, ...(type.startsWith("printing.") ? {} : { causationid: expect.any(String) }) });
    else expect(said).toMatchObject({ source: "/hub", actor: expect.stringMatching(/^(staff:stf|device:dev)_|^system$/), addresshash: expect.stringMatching(hash), capability: expect.any(String), ...(actor.startsWith("staff:") ? { deviceid: expect.stringMatching(/^dev_/) } : {}) });
  }
});

import { readFileSync } from "node:fs";
import { ulid } from "ulidx";
import { beforeAll, expect, test } from "vitest";
import { connect } from "#hub/db/client.ts";
import { appendInTransaction } from "#hub/log/append-in-transaction.ts";
import type { AppendCommand } from "#hub/log/types.ts";
import { failure, frame, makePlace, newId, result, type TestPlace } from "#hub/testing/hub-fixture.ts";
import { onePlace } from "#hub/testing/one-place.ts";
import { aggregateForEvent } from "#shared/domain/aggregates.ts";
import { EVENTS } from "#shared/events/catalog.ts";
import { trail } from "./trail.ts";

const FIXTURES = JSON.parse(readFileSync(new URL("../../shared/events/fixtures.json", import.meta.url), "utf8")) as Readonly<Record<string, unknown>>;

const here = onePlace();
type Person = Awaited<ReturnType<TestPlace["login"]>>;
let sofia: Person;
let waiter: Person;
let stranger: Person;
beforeAll(async () => {
  sofia = await here.place.login("Sofia");
  waiter = await here.place.login("Mai", ["order.take"]);
  stranger = await (await makePlace(here.hub)).login("Eve");
});

test("everything that happened to an entity: who, when, what was before and after; and to nobody else's", async () => {
  const { api, staff } = sofia;
  const ids = { party: newId("party"), order: newId("order") };
  result(await api.party.seat.mutate(frame({ ...ids, tables: [here.place.tables[0]], covers: 2, whenOccupied: "share" as const })));
  const changed = frame({ party: ids.party, covers: 5 });
  result(await api.party.changeCovers.mutate(changed));
  const { entries, next } = await api.operation.trail.query({ stream: ids.party, after: 0 });
  expect(next).toBeNull();
  expect(entries.map(({ type, actor }) => [type, actor])).toEqual([
    ["allocation.usage.seated", { id: staff, name: "Sofia" }],
    ["allocation.usage.coversChanged", { id: staff, name: "Sofia" }],
  ]);
  expect(entries[1]).toMatchObject({ version: 2, command: changed.commandId, correlation: changed.commandId, causation: null, data: { covers: 5 }, changes: [{ field: "covers", before: 2, after: 5 }], link: null });
  // Who includes the device, by what right, and whether it came from the same place: never the address.
  const { paired: { device } } = sofia;
  for (const entry of entries) expect(entry).toMatchObject({ device: { id: device, name: "Test pos" }, capability: "floor.seat", addressHash: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/) as string });
  expect(new Set(entries.map(({ addressHash }) => addressHash)).size).toBe(1);
  expect(entries[1]?.trace).toMatch(/^[0-9a-f]{32}$/);
  expect((await api.operation.trail.query({ stream: ids.party, after: 1 })).entries).toEqual([entries[1]]);
  expect((await api.operation.trail.query({ stream: staff, after: 0 })).entries[0]).toMatchObject({ type: "identity.staff.created", changes: expect.arrayContaining([{ field: "name", before: null, after: "Sofia" }]) });

  for (const stream of [ids.party, staff, here.place.merchant]) expect(await failure(stranger.api.operation.trail.query({ stream, after: 0 }))).toMatchObject({ refused: "unknown-entity" });
  expect(await failure(waiter.api.operation.trail.query({ stream: ids.party, after: 0 }))).toMatchObject({ refused: "capability-missing" });
});

test("what the hub writes on behalf of a request has the address that it came from, pairing and PINs included", async () => {
  const written = await here.admin<{ type: string; from: string | null }[]>`
    select distinct type, envelope::jsonb ->> 'addresshash' as from from events where envelope::jsonb ->> 'source' = '/hub' and owner_id in (${here.place.merchant}, ${here.place.organizer})`;
  expect(written.map(({ type }) => type)).toEqual(expect.arrayContaining(["identity.device.paired", "identity.staff.pinChanged", "identity.staff.created"]));
  expect(new Set(written.map(({ from }) => from))).toEqual(new Set([expect.stringMatching(/^[A-Za-z0-9_-]{22}$/)]));
});

test("an event of every type of the catalogue is in the log, and on the page, with who, by what right, on what device, when, from where and why", async () => {
  const { staff, paired: { device }, api } = sofia;
  const sql = connect(here.hub.database.consumerUrl, { max: 1 });
  const common = { organizerId: here.place.organizer, merchantId: here.place.merchant, actor: `staff:${staff}`, door: { deviceid: device, capability: "manage.view", addresshash: "A".repeat(22) }, source: "/hub", counts: [], answer: "{}" };
  const commands = EVENTS.map(({ type, version }, i): AppendCommand => {
    const commandId = ulid();
    const events = [{ id: newId("event"), type, data: FIXTURES[`${type} v${version}`], dataversion: version, occurredat: "2026-11-20T19:00:00.000Z", businessdate: "2026-11-20" }];
    return { ...common, commandId, correlationId: commandId, causationId: newId("event"), hash: String(i).padStart(64, "0"), traceparent: `00-${"ab".repeat(16)}-${"cd".repeat(8)}-01`, changes: [{ stream: `tst_${i}`, kind: aggregateForEvent(type) ?? "none", expected: "any", events }] };
  });
  const { outcomes } = await sql.begin((tx) => appendInTransaction(tx, commands));
  expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(["appended"]));
  const hubSql = connect(here.hub.database.hubUrl, { max: 2 });
  const ofType = (i: number) => trail({ sql: hubSql }, common, { stream: `tst_${i}`, after: 0 });
  const shown = (await Promise.all(commands.map((_, i) => ofType(i)))).flatMap((each) => each ?? []);
  expect(shown).toHaveLength(EVENTS.length);
  // As the page gets it.
  expect(await api.operation.trail.query({ stream: "tst_0", after: 0 })).toEqual(shown[0]);
  await Promise.all([sql.end(), hubSql.end()]);
  for (const [i, { entries }] of shown.entries()) {
    const { commandId, causationId, changes } = commands[i] as AppendCommand;
    const [event] = changes[0]?.events ?? [];
    expect(entries).toMatchObject([
      { version: 1, event: event?.id, type: EVENTS[i]?.type, actor: { id: staff, name: "Sofia" }, device: { id: device, name: "Test pos" }, capability: "manage.view", addressHash: "A".repeat(22), occurredAt: "2026-11-20T19:00:00.000Z", command: commandId, correlation: commandId, causation: causationId, trace: "ab".repeat(16), data: event?.data },
    ]);
    expect(entries[0]?.recordedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  }
  // What begins something says all of it as what it is after.
  const made = shown.flatMap(({ entries }) => entries).filter(({ changes }) => changes.length > 0);
  expect(made.length).toBeGreaterThan(25);
  for (const { changes } of made) for (const { before } of changes) expect(before).toBeNull();
});

test("of what never ends, as receipts' numbers, further pages are told as well, before and after included", async () => {
  const stream = `ser_${here.place.merchant.slice(4)}_long`;
  const events = Array.from({ length: 250 }, (_, i) => ({ id: newId("event"), type: "sale.series.advanced", data: { series: "long", number: i + 1, check: newId("check") }, dataversion: 1, occurredat: "2026-11-20T19:00:00.000Z" }));
  const commandId = ulid();
  const [sql, hubSql] = [connect(here.hub.database.consumerUrl, { max: 1 }), connect(here.hub.database.hubUrl, { max: 1 })];
  await sql.begin((tx) => appendInTransaction(tx, [{ commandId, correlationId: commandId, hash: "f".repeat(64), organizerId: here.place.organizer, merchantId: here.place.merchant, actor: "system", source: "/hub", changes: [{ stream, kind: "series", expected: "any", events }], counts: [], answer: "{}" }]));
  const tenant = { organizerId: here.place.organizer, merchantId: here.place.merchant };
  const page = async (after: number, longest?: number) => trail({ sql: hubSql }, tenant, { stream, after }, longest);
  const [whole, late] = [await page(150), await page(150, 10)];
  expect(late).toEqual(whole);
  expect(late?.entries[0]).toMatchObject({ version: 151, changes: [{ field: "next", before: 151, after: 152 }] });
  expect([late?.entries.length, late?.next, (await page(100, 10))?.next, (await page(0, 10))?.next]).toEqual([100, null, 200, 100]);
  await Promise.all([sql.end(), hubSql.end()]);
});

test("what people call something finds it, at the own place only, and its trail with it", async () => {
  const { api, staff } = sofia;
  const table = here.place.tables[0] ?? "";
  const [order, item] = [newId("order"), newId("item")];
  const opening = { serviceType: "takeaway" as const, label: "Tab 100%", channel: "till" as const, customer: "Quentin", promisedAt: null };
  const { check } = result(await api.order.addItems.mutate(frame({ order, opening, items: [{ item, product: here.place.products.latte }] })));
  const find = async (search: string) => (await api.operation.entities.query({ search })).map(({ kind, stream }) => [kind, stream]);
  expect(await find("tab 100%")).toEqual([["check", check], ["order", order]]);
  // Signs of the search are letters in it.
  expect(await find("tab_100")).toEqual([]);
  expect(await find("sof")).toContainEqual(["staff", staff]);
  expect(await find("latte")).toEqual([["product", here.place.products.latte]]);
  expect(await find("test pos")).toContainEqual(["device", expect.stringMatching(/^dev_/)]);
  const [{ name } = { name: "" }] = await here.admin<{ name: string }[]>`select head->>'name' as name from aggregates where stream = ${table}`;
  expect(await find(name)).toContainEqual(["table", table]);
  // By its id, what nobody has a name for, too.
  const [party] = await here.admin<{ stream: string }[]>`select stream from aggregates where kind = 'party' and merchant_id = ${here.place.merchant}`;
  expect(await find(party?.stream ?? "")).toEqual([["party", party?.stream]]);
  // Whom a guest's name leads to is for who may erase it.
  expect(await find("quentin")).toEqual([]);
  for (const search of ["tab 100%", "sof", check, here.place.merchant]) expect(await stranger.api.operation.entities.query({ search })).toEqual([]);
  expect(await failure(waiter.api.operation.entities.query({ search: "5" }))).toMatchObject({ refused: "capability-missing" });
});

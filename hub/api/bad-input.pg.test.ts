import { createTRPCUntypedClient, httpBatchLink, httpLink, TRPCClientError } from "@trpc/client";
import postgres, { type Sql } from "postgres";
import superjson from "superjson";
import { ulid } from "ulidx";
import { afterAll, beforeAll, expect, test } from "vitest";
import { operatorBearer } from "#hub/auth/operator-token.ts";
import { ID_PREFIXES } from "#shared/ids.ts";
import { failure, frame, makePlace, newId, result, SECRET, startTestHub, type Api, type HubFixture, type TestPlace } from "#hub/testing/hub-fixture.ts";
import { sampleAlternatives, sampleInputs, type Ids, type Sampled } from "#hub/testing/sample-input.ts";

type Answer = { readonly data: unknown } | { readonly code: string; readonly refused: string | undefined; readonly fields: readonly { path: string; rule: string }[] };

let fixture: HubFixture;
let place: TestPlace;
let admin: Sql;
let bearers: Readonly<Record<"manager" | "device", string>>;
let manager: Api;
let samples: readonly Sampled[];
let alternatives: readonly Sampled[];

beforeAll(async () => {
  fixture = await startTestHub({ demo: true });
  admin = postgres(fixture.database.adminUrl, { max: 1 });
  place = await makePlace(fixture);
  const login = await place.login("Manager");
  manager = login.api;
  bearers = { manager: login.tokens.accessToken, device: login.paired.deviceToken };
  const made: Ids = Object.fromEntries(Object.values(ID_PREFIXES).map((prefix) => [prefix, `${prefix}_${ulid()}`]));
  const ids: Ids = { ...made, "": ulid(), tbl: place.tables[0] ?? "", prd: place.products.latte, cat: place.category, sta: place.station };
  samples = sampleInputs(ids);
  alternatives = sampleAlternatives(ids);
});
afterAll(async () => {
  await admin.end();
  await fixture.stop();
});

async function eventCount(): Promise<number> {
  const [row] = await admin<{ n: number }[]>`select count(*)::int as n from events`;
  return row?.n ?? -1;
}

/** By bearer. What is large goes alone: together it would be too large for the door. */
const clients = new Map<string, ReturnType<typeof createTRPCUntypedClient>>();
function clientFor(authorization: string, alone: boolean) {
  const key = `${authorization} ${alone}`;
  const options = { url: `${fixture.url}/trpc`, transformer: superjson, headers: { authorization } };
  const client = clients.get(key) ?? createTRPCUntypedClient({ links: [alone ? httpLink(options) : httpBatchLink({ ...options, maxItems: 20, maxURLLength: 4_000 })] });
  clients.set(key, client);
  return client;
}

async function call({ path, type }: Sampled, input: unknown, alone = true): Promise<Answer> {
  const onDevice = ["auth.people", "auth.login", "auth.deviceLogin", "auth.refresh"].includes(path);
  const client = clientFor(`Bearer ${onDevice ? bearers.device : bearers.manager}`, alone);
  try {
    return { data: type === "query" ? await client.query(path, input) : await client.mutation(path, input) };
  } catch (error) {
    if (!(error instanceof TRPCClientError) || error.data === undefined) throw error;
    const { code, refused, fields } = error.data as { code: string; refused?: string; fields?: [] };
    return { code, refused, fields: fields ?? [] };
  }
}

type Leaf = { readonly path: readonly string[]; readonly value: unknown };

function leavesOf(value: unknown, path: readonly string[] = []): readonly Leaf[] {
  const own = path.length === 0 ? [] : [{ path, value }];
  if (typeof value !== "object" || value === null) return own;
  return [...own, ...Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]))];
}

/** The input with one place changed; ABSENT takes it away. */
const ABSENT = Symbol("absent");
function changed(input: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const copy = (Array.isArray(input) ? [...(input as unknown[])] : { ...(input as object) }) as Record<string, unknown>;
  if (rest.length === 0 && value === ABSENT && Array.isArray(copy)) copy.splice(Number(key), 1);
  else if (rest.length === 0 && value === ABSENT) delete copy[key];
  else copy[key] = changed(copy[key], rest, value);
  return copy;
}

const WRONG: Readonly<Record<string, (value: unknown) => unknown>> = {
  missing: () => ABSENT,
  null: () => null,
  "of another type": (value) => (typeof value === "string" ? 17 : typeof value === "number" ? "17" : typeof value === "boolean" ? "yes" : 17),
  "an object": (value) => (typeof value === "object" ? "text" : { $: 1 }),
  huge: (value) => (typeof value === "string" ? "9".repeat(5_000) : typeof value === "number" ? 1e15 : Array.isArray(value) ? Array.from({ length: 1_000 }, () => value[0] as unknown) : { ...(value as object) }),
  negative: (value) => (typeof value === "number" ? -1 : "-1"),
  "a fraction": (value) => (typeof value === "number" ? 1.5 : "1.23456"),
  empty: (value) => (typeof value === "string" ? "" : Array.isArray(value) ? [] : {}),
  "with a bell": (value) => (typeof value === "string" ? `${value.slice(0, 1)}\u0007` : ["\u0007"]),
  "with an escape": (value) => (typeof value === "string" ? "\u001bp\u0000" : "\u001b"),
  "with half a character": (value) => (typeof value === "string" ? "a\ud800" : "\udc00"),
  "an id of another kind": (value) => (typeof value === "string" && /^[a-z]{3}_/.test(value) ? value.replace(/^.../, "zzz") : "zzz_1"),
};

test("every field of every procedure, wrong in every way: a typed refusal names the field, and nothing is written", async () => {
  const before = await eventCount();
  const passedOver = new Set<string>();
  let asked = 0;
  for (const sampled of samples) {
    const { schema, input, path } = sampled;
    if (schema === undefined) continue;
    const wrong = leavesOf(input).flatMap((leaf) => Object.entries(WRONG).map(([how, make]) => ({ leaf, how, input: changed(input, leaf.path, make(leaf.value)) })));
    // Some changes are no fault: an optional field may be missing. What the schema takes is the domain's to judge.
    const faulty = wrong.filter((one) => !schema.safeParse(one.input).success);
    for (let at = 0; at < faulty.length; at += 40) {
      await Promise.all(
        faulty.slice(at, at + 40).map(async ({ leaf, how, input: given }) => {
          asked++;
          const answer = await call(sampled, given, how === "huge");
          const place = leaf.path.join(".");
          const label = `${path} ${place} ${how}`;
          if ("data" in answer) throw new Error(`${label} was taken: ${JSON.stringify(answer.data)}`);
          expect([label, answer.code]).toEqual([label, "BAD_REQUEST"]);
          expect([label, answer.refused]).toEqual([label, expect.any(String)]);
          const near = answer.fields.some((field) => field.path === place || field.path.startsWith(`${place}.`) || place.startsWith(`${field.path}.`));
          if (!near) passedOver.add(`${label}: ${JSON.stringify(answer.fields)}`);
        }),
      );
    }
  }
  expect([...passedOver]).toEqual([]);
  expect(asked).toBeGreaterThan(2_000);
  expect(await eventCount()).toBe(before);
}, 120_000);

test("a date or an instant of the year 0000, or of a day that there is not, is refused by every procedure that takes one, and named", async () => {
  const before = await eventCount();
  const asked: string[] = [];
  for (const sampled of alternatives) {
    for (const { path, value } of leavesOf(sampled.input)) {
      if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d/.test(value)) continue;
      const place = path.join(".");
      asked.push(`${sampled.path} ${place}`);
      for (const day of ["0000-01-01", "0000-12-31", "2026-02-31"]) {
        const answer = await call(sampled, changed(sampled.input, path, value.replace(/^.{10}/, day)));
        expect([sampled.path, place, day, answer]).toEqual([sampled.path, place, day, expect.objectContaining({ code: "BAD_REQUEST", refused: "bad-input", fields: [{ path: place, rule: expect.any(String) as string }] })]);
      }
    }
  }
  expect(asked).toEqual(expect.arrayContaining(["day.close input.date", "day.close occurredAt", "books.trialBalance at", "books.bySubject at", "books.statement from", "books.statement after", "report.papers to", "order.addItems input.opening.promisedAt", "system.replay input.from.at", "ledger.generate input.report.at", "ledger.generate input.report.from"]));
  // The first day that there is, is one.
  expect(await manager.report.papers.query({ from: "0001-01-01", to: "9999-12-31" })).toEqual([]);
  expect(await manager.books.trialBalance.query({ at: "0001-01-01T00:00:00.000Z" })).toMatchObject({ accounts: [] });
  expect(await manager.books.statement.query({ account: "1010", from: "0001-01-01", to: "9999-12-31" })).toMatchObject({ entries: [] });
  expect(await eventCount()).toBe(before);
});

test("no input, another shape, an array, a text: refused by every procedure that takes one", async () => {
  const before = await eventCount();
  for (const sampled of samples) {
    if (sampled.schema === undefined) continue;
    for (const given of [undefined, null, [], "text", 17, { a: { b: 1 } }, new Map([["a", 1]]), new Date()]) {
      expect([sampled.path, await call(sampled, given)]).toEqual([sampled.path, expect.objectContaining({ code: "BAD_REQUEST", refused: "bad-input" })]);
    }
  }
  expect(await eventCount()).toBe(before);
});

test("hostile text in an order is refused by field, and a line feed is not hostile", async () => {
  const ids = { party: newId("party"), order: newId("order") };
  result(await manager.party.seat.mutate(frame({ ...ids, tables: [place.tables[0]], covers: 2, whenOccupied: "share" as const })));
  const before = await eventCount();
  const add = (item: object) => manager.order.addItems.mutate(frame({ ...ids, items: [{ item: newId("item"), product: place.products.latte, ...item }] }));
  const fieldsOf = async (item: object) => (await failure(add(item))).fields?.map(({ path }) => path);
  expect(await fieldsOf({ notes: "\u001bp\u0019" })).toEqual(["input.items.0.notes"]);
  expect(await fieldsOf({ notes: "a\u0000b" })).toEqual(["input.items.0.notes"]);
  expect(await fieldsOf({ notes: "a\ud800" })).toEqual(["input.items.0.notes"]);
  expect(await fieldsOf({ notes: "\u009b31m" })).toEqual(["input.items.0.notes"]);
  expect(await fieldsOf({ notes: "x".repeat(201) })).toEqual(["input.items.0.notes"]);
  expect(await fieldsOf({ allergy: ["nuts", "\u0007"] })).toEqual(["input.items.0.allergy.1"]);
  for (const quantity of ["-1", "0", "0.001", "0.5", "1.5", "99999", "1e3", " 1", "1,5", "NaN"]) expect(await fieldsOf({ quantity })).toContain("input.items.0.quantity");
  expect(await fieldsOf({ seat: 0 })).toEqual(["input.items.0.seat"]);
  expect(await eventCount()).toBe(before);
  expect((await add({ notes: "no salt,\nno pepper" })).ok).toBe(true);
});

test("another merchant's ids are unknown here, or taken: never used", async () => {
  const other = await makePlace(fixture);
  const ids = { party: newId("party"), order: newId("order") };
  result(await manager.party.seat.mutate(frame({ ...ids, tables: [place.tables[1]], covers: 2, whenOccupied: "share" as const })));
  const before = await eventCount();
  const foreignDish = await manager.order.addItems.mutate(frame({ ...ids, items: [{ item: newId("item"), product: other.products.latte }] }));
  expect(foreignDish).toMatchObject({ ok: false, refusal: { refused: "unknown-product", product: other.products.latte } });
  const foreignTable = await manager.party.seat.mutate(frame({ party: newId("party"), order: newId("order"), tables: [other.tables[0]], covers: 2, whenOccupied: "share" as const }));
  expect(foreignTable).toMatchObject({ ok: false, refusal: { refused: "unknown-table" } });
  const taken = manager.commerce.addTable.mutate(frame({ table: other.tables[0], name: "9", zone: "Room", seats: 2, x: 0, y: 0, shape: "round" }));
  expect(await failure(taken)).toMatchObject({ code: "FORBIDDEN", refused: "foreign-id", fields: [{ path: "input.table" }] });
  expect(await eventCount()).toBe(before);
});

test("a client's id that exists already is refused, whosever it is", async () => {
  const ids = { party: newId("party"), order: newId("order") };
  const seat = (party: string, order: string) => manager.party.seat.mutate(frame({ party, order, tables: [place.tables[2]], covers: 2, whenOccupied: "share" as const }));
  result(await seat(ids.party, ids.order));
  expect(await seat(ids.party, newId("order"))).toMatchObject({ ok: false, refusal: { refused: "party-exists" } });
  const item = newId("item");
  const add = () => manager.order.addItems.mutate(frame({ ...ids, items: [{ item, product: place.products.latte }] }));
  result(await add());
  expect(await add()).toMatchObject({ ok: false, refusal: { refused: "item-exists" } });
});

test("bodies that are too large, broken, nested or dressed up as prototypes end in an answer, and the hub lives on", async () => {
  const before = await eventCount();
  const authorization = `Bearer ${bearers.manager}`;
  const post = async (body: string | Uint8Array, contentType = "application/json") => {
    const response = await fetch(`${fixture.url}/trpc/order.addItems`, { method: "POST", headers: { authorization, "content-type": contentType }, body: body as BodyInit });
    return { status: response.status, body: await response.text() };
  };
  expect((await post(`{"json":{"a":"${"x".repeat(2 * 1024 * 1024)}"}}`)).status).toBe(413);
  expect((await post('{"json":')).status).toBe(400);
  expect((await post(new Uint8Array([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]))).status).toBe(400);
  expect((await post(`${"[".repeat(5_000)}${"]".repeat(5_000)}`)).status).toBe(400);
  expect((await post('{"json":{"__proto__":{"admin":true},"commandId":"x","input":{}}}')).status).toBe(400);
  expect((await post('{"json":{},"meta":{"values":{"__proto__.polluted":["Date"]}}}')).status).toBe(400);
  expect((await post("<xml/>", "text/xml")).status).toBe(415);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  for (const bearer of ["", "x", "a.b.c", "cop_", "cdv_x", `${"y".repeat(3_000)}`]) {
    const response = await fetch(`${fixture.url}/trpc/sync.snapshot`, { headers: { authorization: `Bearer ${bearer}` } });
    expect([bearer.slice(0, 10), response.status]).toEqual([bearer.slice(0, 10), 401]);
  }
  expect(await eventCount()).toBe(before);
  expect((await fetch(`${fixture.url}/healthz`)).status).toBe(200);
});

test("a zone that does not exist is refused when a merchant is set up", async () => {
  const [organizer, merchant] = [newId("organizer"), newId("merchant")];
  const operator = fixture.api(operatorBearer(SECRET, { organizer, merchant }));
  const profile = { name: "x", currency: "EUR", displayDigits: 2, zone: "Nowhere/Atlantis", cutOver: "04:00", locale: "en", address: [] };
  const policies = { taxes: [{ code: "a", name: "a", rate: "0", inclusive: true }], serviceCharge: null, rounding: { mode: "half-up" as const, level: "check" as const }, cashStep: 1 };
  const made = operator.commerce.createMerchant.mutate(frame({ merchant, profile, policies }));
  expect(await failure(made)).toMatchObject({ code: "BAD_REQUEST", fields: [{ path: "input.profile.zone" }] });
});

import { createTRPCUntypedClient, httpLink, TRPCClientError } from "@trpc/client";
import postgres, { type Sql } from "postgres";
import superjson from "superjson";
import { ulid } from "ulidx";
import { afterAll, beforeAll, expect, test } from "vitest";
import { operatorBearer } from "#hub/auth/operator-token.ts";
import { startTestConsumers, type TestConsumers } from "#hub/testing/consumers.ts";
import { frame, makePlace, newId, result, SECRET, startTestHub, until, type HubFixture, type TestPlace } from "#hub/testing/hub-fixture.ts";
import { sampleInputs, type Ids } from "#hub/testing/sample-input.ts";
import { ID_PREFIXES } from "#shared/ids.ts";
import { shardOf } from "#shared/shards.ts";

/** Stands in every name of the other merchant: an answer that holds it has told of them. */
const MARKER = "ZQXOTHERS";

let fixture: HubFixture;
let ours: TestPlace;
let theirs: TestPlace;
let theirIds: Ids;
let theirLogin: Awaited<ReturnType<TestPlace["login"]>>;
let admin: Sql;
let consumers: TestConsumers;

beforeAll(async () => {
  fixture = await startTestHub();
  admin = postgres(fixture.database.adminUrl, { max: 2 });
  ours = await makePlace(fixture);
  theirs = await makePlace(fixture, "EUR", MARKER);
  consumers = startTestConsumers(fixture);
  theirLogin = await theirs.login(`${MARKER} Mai`);
  theirIds = await liveTheirDay();
  await consumers.caughtUp();
}, 90_000);
afterAll(async () => {
  consumers.stop();
  await admin.end();
  await fixture.stop();
});

/** The other merchant sells, cooks, counts and cashes, so that every table has something of theirs to tell. */
async function liveTheirDay(): Promise<Ids> {
  const { api } = theirLogin;
  const drawer = newId("drawer");
  const ingredient = newId("ingredient");
  result(await api.catalog.createIngredient.mutate(frame({ ingredient, name: `${MARKER} flour`, unit: "g" as const, lowBelow: "10" })));
  result(await api.stock.countIngredient.mutate(frame({ ingredient, quantity: "5", reason: "count" })));
  result(await api.stock.setCountdown.mutate(frame({ product: theirs.products.bass, remaining: "9" })));
  result(await api.drawer.open.mutate(frame({ drawer, name: MARKER, float: { amount: "100", currency: "EUR" } })));
  const sell = async () => {
    const [order, item, payment] = [newId("order"), newId("item"), newId("payment")];
    const opening = { serviceType: "takeaway" as const, label: MARKER, channel: "till" as const, customer: MARKER, promisedAt: null };
    const { check } = result(await api.order.addItems.mutate(frame({ order, opening, items: [{ item, product: theirs.products.bass, notes: MARKER }] })));
    result(await api.order.send.mutate(frame({ order, items: [item] })));
    return { order, item, payment, check };
  };
  const paid = await sell();
  result(await api.payment.takeCash.mutate(frame({ payment: paid.payment, check: paid.check, drawer, tendered: { amount: "500", currency: "EUR" } })));
  result(await api.check.close.mutate(frame({ check: paid.check })));
  const open = await sell();
  result(await api.commerce.connectProvider.mutate(frame({ provider: "terminal-1", kind: "terminal" as const, name: MARKER })));
  result(await api.payment.startAttempt.mutate(frame({ payment: newId("payment"), check: open.check, provider: "terminal-1" })));
  result(await api.payment.openHouseAccount.mutate(frame({ account: newId("houseAccount"), name: MARKER, limit: null })));
  const party = newId("party");
  result(await api.party.seat.mutate(frame({ party, order: newId("order"), tables: [theirs.tables[0]], covers: 3, whenOccupied: "refuse" as const })));
  return {
    ...Object.fromEntries(Object.values(ID_PREFIXES).map((prefix) => [prefix, `${prefix}_${ulid()}`])),
    "": ulid(),
    org: theirs.organizer,
    mer: theirs.merchant,
    stf: theirLogin.staff,
    dev: theirLogin.paired.device,
    tbl: theirs.tables[0],
    sta: theirs.station,
    ptr: newId("printer"),
    cat: theirs.category,
    prd: theirs.products.bass,
    ing: ingredient,
    pty: party,
    ord: open.order,
    itm: open.item,
    chk: open.check,
    pay: paid.payment,
    drw: drawer,
    tkt: await streamOf("ticket"),
    prt: newId("job"),
  };
}

async function streamOf(kind: string): Promise<string> {
  const find = () => admin<{ stream: string }[]>`select stream from aggregates where merchant_id = ${theirs.merchant} and kind = ${kind} limit 1`;
  await until(`the first ${kind}`, async () => (await find()).length > 0);
  return (await find())[0]?.stream ?? "";
}

test("every table has row-level security, forced, with a policy; and no application role owns one or is above it", async () => {
  const tables = await admin<{ name: string; enabled: boolean; forced: boolean; policies: number; reachable: boolean }[]>`
    select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
      (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies,
      has_table_privilege('comanda_hub', c.oid, 'select, insert, update, delete') or has_table_privilege('comanda_consumer', c.oid, 'select, insert, update, delete') as reachable
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`;
  expect(tables.length).toBeGreaterThan(20);
  const open = tables.filter(({ reachable, enabled, forced, policies }) => reachable && !(enabled && forced && policies > 0));
  expect(open).toEqual([]);
  // What nobody can reach needs no policy, but must not be open either once somebody grants it.
  const unguarded = tables.filter(({ enabled, forced }) => !(enabled && forced)).map(({ name }) => name);
  expect(unguarded).toEqual(["comanda_migrations"]);
  const roles = await admin`select rolname from pg_roles where rolname like 'comanda%' and (rolsuper or rolbypassrls or rolcreaterole)`;
  expect(roles).toEqual([]);
  const owned = await admin`select relname from pg_class where relowner in ('comanda_hub'::regrole, 'comanda_consumer'::regrole)`;
  expect(owned).toEqual([]);
});

test("every table shows our merchant nothing of theirs, and nobody anything without a tenant", async () => {
  const tables = await admin<{ name: string }[]>`
    select c.relname as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and has_table_privilege('comanda_hub', c.oid, 'select') order by 1`;
  const hub = postgres(fixture.database.hubUrl, { max: 1 });
  const theirRow = `%(${[theirs.merchant, theirs.organizer, MARKER].join("|")})%`;
  const withTheirs: string[] = [];
  for (const { name } of tables) {
    const [there] = await admin`select count(*)::int as n from ${admin(name)} t where t::text similar to ${theirRow}`;
    if (there?.["n"] > 0) withTheirs.push(name);
    const [seen] = await hub.begin(async (tx) => {
      await tx`select set_config('app.merchant_id', ${ours.merchant}, true), set_config('app.organizer_id', ${ours.organizer}, true)`;
      return tx`select count(*)::int as n from ${tx(name)} t where t::text similar to ${theirRow}`;
    });
    expect([name, seen?.["n"]]).toEqual([name, 0]);
    const [without] = await hub`select count(*)::int as n from ${hub(name)} t where t::text similar to ${`%(${[theirs.merchant, theirs.organizer, ours.merchant].join("|")})%`}`;
    expect([name, without?.["n"]]).toEqual([name, 0]);
  }
  await hub.end();
  // The test says something only of tables in which there is something to find.
  for (const name of ["aggregates", "aggregate_parts", "commands", "countdowns", "device_credentials", "events", "ledger_balances", "ledger_day_balances", "ledger_entries", "sales_days", "sales_drawers", "sales_open_checks", "sales_taxes", "sessions", "staff_pins", "stock_levels"]) {
    expect(withTheirs).toContain(name);
  }
});

test("our role writes nothing under their name", async () => {
  const hub = postgres(fixture.database.hubUrl, { max: 1 });
  const asOurs = (work: (tx: postgres.TransactionSql) => Promise<unknown>) =>
    hub.begin(async (tx) => {
      await tx`select set_config('app.merchant_id', ${ours.merchant}, true), set_config('app.organizer_id', ${ours.organizer}, true)`;
      return work(tx);
    });
  await expect(asOurs((tx) => tx`insert into staff_pins (staff, organizer_id, pin_hash) values ('stf_x', ${theirs.organizer}, 'x')`)).rejects.toThrow("row-level security");
  await expect(asOurs((tx) => tx`insert into socket_tickets (ticket_hash, organizer_id, merchant_id, session, expires_at) values ('x', ${theirs.organizer}, ${theirs.merchant}, 's', now())`)).rejects.toThrow("row-level security");
  expect(await asOurs((tx) => tx`update sessions set ended_at = now() where merchant_id = ${theirs.merchant} returning 1`)).toHaveLength(0);
  for (const table of ["events", "aggregates", "commands", "ledger_entries"]) await expect(asOurs((tx) => tx`delete from ${tx(table)}`)).rejects.toThrow("permission denied");
  await hub.end();
});

test("every procedure, asked by ours with their ids, tells nothing of them and changes nothing of theirs", async () => {
  const manager = await ours.login("Manager");
  const kds = await ours.device("kds", ours.station);
  const screen = await fixture.api(kds.deviceToken).auth.deviceLogin.mutate();
  const bearers = {
    manager: manager.tokens.accessToken,
    operator: operatorBearer(SECRET, { organizer: ours.organizer, merchant: ours.merchant }),
    screen: screen.accessToken,
    device: manager.paired.deviceToken,
    nobody: undefined,
  };
  const before = await theirView();
  const granted = new Set<string>();
  for (const { path, type, input } of sampleInputs(theirIds)) {
    if (path === "auth.logout") continue;
    for (const [who, bearer] of Object.entries(bearers)) {
      const asked = typeof input === "object" && input !== null && "commandId" in input ? { ...input, commandId: ulid(), occurredAt: undefined } : input;
      const answer = await call(bearer, path, type, asked);
      expect([path, who, JSON.stringify(answer)]).not.toEqual([path, who, expect.stringContaining(MARKER)]);
      if ("data" in answer && (answer.data as { ok?: boolean } | null)?.ok === true) granted.add(path);
    }
  }
  // Granted is only what makes or changes something of our own, in which an id is a mere name.
  expect([...granted].sort()).toEqual([
    "commerce.addPrinter", "commerce.addStation", "commerce.connectProvider", "commerce.disconnectProvider",
    "day.close", "day.report", "ledger.generate", "payment.changeHouseAccount", "payment.closeHouseAccount", "payment.eraseHouseAccount", "payment.openHouseAccount",
  ]);
  expect(await theirView()).toEqual(before);
});

async function theirView(): Promise<unknown> {
  const { api } = theirLogin;
  const { aggregates } = await api.sync.snapshot.query();
  const { at: _at, ...report } = await api.report.today.query();
  const [events] = await admin`select count(*)::int as n from events where merchant_id = ${theirs.merchant} or organizer_id = ${theirs.organizer}`;
  const sessions = await admin`select id, ended_at from sessions where merchant_id = ${theirs.merchant} order by id`;
  return { aggregates: [...aggregates].sort((a, b) => a.stream.localeCompare(b.stream)), report, events, sessions: [...sessions] };
}

async function call(bearer: string | undefined, path: string, type: "query" | "mutation", input: unknown): Promise<{ data: unknown } | { error: unknown }> {
  const client = createTRPCUntypedClient({ links: [httpLink({ url: `${fixture.url}/trpc`, transformer: superjson, headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` } })] });
  try {
    return { data: type === "query" ? await client.query(path, input) : await client.mutation(path, input) };
  } catch (error) {
    if (!(error instanceof TRPCClientError)) throw error;
    expect([path, (error.data as { code?: string } | null)?.code]).not.toEqual([path, "INTERNAL_SERVER_ERROR"]);
    return { error: { message: error.message, data: error.data } };
  }
}

test("our socket hears nothing of them, not even when it asks for their shard from the beginning", async () => {
  const { api } = await ours.login("Manager");
  const [{ ticket }, snapshot] = [await api.auth.socketTicket.mutate(), await api.sync.snapshot.query()];
  const heard: string[] = [];
  const socket = new WebSocket(`${fixture.url.replace("http", "ws")}/ws`);
  socket.addEventListener("message", ({ data }) => heard.push(String(data)));
  await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
  const positions = { ...snapshot.cursor.positions, [String(shardOf(theirs.merchant))]: "0", [String(shardOf(theirs.organizer))]: "0" };
  socket.send(JSON.stringify({ type: "hello", protocol: 1, ticket, cursor: { epoch: snapshot.epoch, positions } }));
  await expect.poll(() => heard.some((text) => text.includes('"caughtUp"') || text.includes('"snapshotRequired"')), { timeout: 5_000 }).toBe(true);
  const party = newId("party");
  result(await theirLogin.api.party.seat.mutate(frame({ party, order: newId("order"), tables: [theirs.tables[1]], covers: 2, whenOccupied: "refuse" })));
  const own = newId("party");
  result(await api.party.seat.mutate(frame({ party: own, order: newId("order"), tables: [ours.tables[1]], covers: 2, whenOccupied: "refuse" })));
  await expect.poll(() => heard.some((text) => text.includes(own)), { timeout: 5_000 }).toBe(true);
  for (const text of heard) for (const secret of [MARKER, theirs.merchant, theirs.organizer, party]) expect(text).not.toContain(secret);
  socket.close();
});

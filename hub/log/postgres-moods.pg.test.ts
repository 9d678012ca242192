import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { RunningServer } from "#scripts/services/server.ts";
import { startPostgres } from "#scripts/testing/services.ts";
import { shardOf } from "#shared/shards.ts";
import { connect, type Sql } from "#hub/db/client.ts";
import { lookAtBackbone } from "#hub/observe/backbone.ts";
import { createEventLog, type EventLog } from "./append.ts";
import { readRange } from "./read.ts";
import { change, command, newMerchant, newOrder, type Owner } from "./testing/commands.ts";
import { waitFor } from "./testing/wait-for.ts";

const SOON = 10_000;
const CONNECTIONS = 30;
let server: RunningServer;
let admin: Sql;
let log: EventLog;
const as = (role: string) => server.url.replace("postgres@", `${role}@`);
beforeAll(async () => {
  server = await startPostgres({ migrated: true, durable: true, settings: { max_connections: String(CONNECTIONS) } });
  admin = connect(server.url, { max: 2, applicationName: "test-admin" });
  log = await createEventLog({ hubUrl: as("comanda_hub"), consumerUrl: as("comanda_consumer"), busyMs: 300, awayMs: 600, answerMs: 300 });
});
afterEach(gapless);
afterAll(async () => {
  await log.close();
  await admin.end({ timeout: 1 });
  await server.stop();
});

/** LOG-1, after whatever happened. */
async function gapless(): Promise<void> {
  const rows = await admin<{ shard: number; events: bigint; head: bigint }[]>`select shard, count(*) as events, max(position) as head from events group by shard`;
  for (const { events, head } of rows) expect(events).toBe(head);
}

const sale = (owner: Owner) => command(owner, [change(newOrder(), 0)]);
const timed = async <T>(work: Promise<T>) => {
  const since = Date.now();
  return { came: await work, ms: Date.now() - since };
};
/** Two merchants whose commands do not wait for each other. */
function neighbours(): readonly [Required<Owner>, Required<Owner>] {
  const one = newMerchant();
  for (;;) {
    const other = newMerchant();
    if (shardOf(other.merchantId) !== shardOf(one.merchantId)) return [one, other];
  }
}

test("a transaction that is left open over a shard: its commands are refused within a bound, others go on, and an operator sees whose it is", async () => {
  const [held, free] = neighbours();
  await log.append(sale(held));
  const left = connect(server.url, { max: 1, applicationName: "left-open", idleInTransactionTimeoutMs: 0 });
  await left`begin`;
  const [{ pid } = { pid: 0 }] = await left<{ pid: number }[]>`select pg_backend_pid() as pid, pg_advisory_xact_lock(2666632, ${shardOf(held.merchantId)}), (select count(*) from events)`;
  const waiting = sale(held);
  const [refused, done] = await Promise.all([timed(log.append(waiting)), timed(log.append(sale(free)))]);
  expect(refused.came).toEqual({ outcome: "unavailable", reason: "shard-busy" });
  expect(refused.ms).toBeLessThan(2_000);
  expect(done.came.outcome).toBe("appended");
  const system = connect(as("comanda_consumer"), { max: 1 });
  const seen = async () => (await lookAtBackbone(system, Date.now())).transactions.find((one) => one.pid === pid);
  const first = await seen();
  expect(first).toMatchObject({ user: "postgres", shards: [shardOf(held.merchantId)] });
  // By this the rule knows that it is one and the same (hub/observe/alerts.ts).
  expect((await seen())?.id).toBe(first?.id);
  await left`rollback`;
  expect(await seen()).toBeUndefined();
  expect((await log.append(waiting)).outcome).toBe("appended");
  await Promise.all([left.end(), system.end()]);
});

test("every connection of the server taken: a command waits, is refused within its bound, and goes in once there is one", async () => {
  const owner = newMerchant();
  await log.append(sale(owner));
  const hogs = connect(server.url, { max: CONNECTIONS, applicationName: "hogs", connectTimeoutMs: 1_000 });
  const holding = Array.from({ length: CONNECTIONS }, () => hogs`select pg_sleep(60)`.catch(() => {}));
  await admin`select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'comanda-log%'`;
  await waitFor("a full server", SOON, async () => (await admin`select from pg_stat_activity where backend_type = 'client backend'`).length >= CONNECTIONS - 3);
  const sent = sale(owner);
  const refused = await timed(log.append(sent));
  expect(refused.came).toEqual({ outcome: "unavailable", reason: "database-away" });
  expect(refused.ms).toBeLessThan(4_000);
  await admin`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'hogs'`;
  await hogs.end({ timeout: 0 });
  await Promise.all(holding);
  await waitFor("a connection", SOON, async () => (await log.append(sent)).outcome !== "unavailable");
});

describe("a disk that is slow to write", () => {
  const setting = async (name: string, value: string | number) => {
    await admin.unsafe(`alter system set ${name} = ${typeof value === "number" ? value : `'${value}'`}`);
    await admin`select pg_reload_conf()`;
    await waitFor("the setting", SOON, async () => (await admin<{ value: string }[]>`select current_setting(${name}) as value`)[0]?.value === String(value));
  };

  /** The setting is in force once the checkpointer has seen it, whatever a session says of it. */
  async function hangs(): Promise<boolean> {
    const probe = connect(server.url, { max: 1, applicationName: "probe" });
    const table = `probe_${Date.now()}`;
    const ended = probe.unsafe(`create table ${table} ()`).then(() => true, () => true);
    for (let hung = false; ; ) {
      if (await Promise.race([ended, new Promise<boolean>((resolve) => setTimeout(resolve, 20, hung))])) {
        await admin`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'probe'`;
        await probe.end({ timeout: 0 });
        return hung;
      }
      hung = (await admin`select from pg_stat_activity where application_name = 'probe' and wait_event = 'SyncRep'`).length > 0;
    }
  }

  test("a tenth of a second for each commit: everything is answered, in batches", async () => {
    await setting("commit_siblings", 0);
    await setting("commit_delay", 100_000);
    // Its bounds are those of production: the others' are too short for a machine that is slow as well.
    const patient = await createEventLog({ hubUrl: as("comanda_hub"), consumerUrl: as("comanda_consumer") });
    const sales = Array.from({ length: 40 }, () => sale(newMerchant()));
    const came = await Promise.all(sales.map((each) => patient.append(each)));
    await setting("commit_delay", 0);
    await patient.close();
    expect(new Set(came.map(({ outcome }) => outcome))).toEqual(new Set(["appended"]));
    const [made] = await admin<{ transactions: number }[]>`select count(distinct xmin::text)::int as transactions from commands where command_id = any(${sales.map(({ commandId }) => commandId)})`;
    expect(made?.transactions).toBeLessThan(10);
  });

  test("a commit that does not end: refused within the bound, not made twice when it ends after all", async () => {
    const owner = newMerchant();
    // Nobody of that name confirms it: the commit waits where a hanging fsync would make it wait.
    await setting("synchronous_standby_names", "nobody");
    await waitFor("commits that hang", SOON, hangs);
    const sent = [sale(owner), sale(owner)];
    const refused = await timed(Promise.all(sent.map((each) => log.append(each))));
    expect(refused.came).toEqual(sent.map(() => ({ outcome: "unavailable", reason: expect.stringMatching(/^(database-away|shard-busy)$/) as string })));
    expect(refused.ms).toBeLessThan(4_000);
    // Each try that hangs keeps a server process: they are few, however long it lasts.
    for (let i = 0; i < 5; i++) expect((await log.append(sale(newMerchant()))).outcome).toBe("unavailable");
    const [lanes] = await admin<{ open: number }[]>`select count(*)::int as open from pg_stat_activity where application_name = 'comanda-log-append'`;
    expect(lanes?.open).toBeLessThanOrEqual(5);
    await setting("synchronous_standby_names", "");
    for (const each of sent) await waitFor("its answer", SOON, async () => ["repeat", "appended"].includes((await log.append(each)).outcome));
    expect(await admin`select from commands where command_id = any(${sent.map((each) => each.commandId)})`).toHaveLength(2);
    expect(await readRange(admin, shardOf(owner.merchantId), 0n, 1_000).then((events) => events.filter(({ commandId }) => sent.some((each) => each.commandId === commandId)))).toHaveLength(2);
  });
});

test("a server that only reads, as a standby before its promotion: said so, and the same commands go in when it writes", async () => {
  const owner = newMerchant();
  await admin.unsafe("alter system set default_transaction_read_only = on");
  await admin`select pg_reload_conf()`;
  await waitFor("new sessions that only read", SOON, async () => {
    const fresh = connect(server.url, { max: 1 });
    const [shown] = await fresh<{ value: string }[]>`select current_setting('default_transaction_read_only') as value`;
    await fresh.end();
    return shown?.value === "on";
  });
  await admin`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'comanda-log-append'`;
  const sent = sale(owner);
  await waitFor("the refusal", SOON, async () => JSON.stringify(await log.append(sent)) === '{"outcome":"unavailable","reason":"database-read-only"}');
  expect(log.state().append.database).toBe("read-only");
  await admin.unsafe("alter system reset default_transaction_read_only");
  await admin`select pg_reload_conf()`;
  await waitFor("the answer", SOON, async () => (await log.append(sent)).outcome === "appended");
  expect(log.state().append.database).toBe("up");
});

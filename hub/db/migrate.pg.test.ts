import { randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testDatabase, type TestDatabase } from "#scripts/testing/services.ts";
import { waitFor } from "#hub/log/testing/wait-for.ts";
import { connect } from "./client.ts";
import { migrate } from "./migrate.ts";
import { rolePasswords, roleUrls } from "./roles.ts";

let home: TestDatabase;
const made: string[] = [];
beforeAll(async () => {
  home = await testDatabase();
});
afterAll(async () => {
  const sql = postgres(home.adminUrl, { max: 1, onnotice: () => {} });
  for (const name of made) await sql.unsafe(`drop database if exists ${name} with (force)`);
  await sql.end();
  await home.drop();
});

/** The product's migrations, and `9999_more.sql`. */
function folderWith(more: string): string {
  const folder = mkdtempSync(join(tmpdir(), "migrations-"));
  cpSync(new URL("./migrations/", import.meta.url), folder, { recursive: true });
  writeFileSync(join(folder, "9999_more.sql"), more);
  return folder;
}

async function emptyDatabase(): Promise<string> {
  const name = `migrate_${randomBytes(5).toString("hex")}`;
  const sql = postgres(home.adminUrl, { max: 1, onnotice: () => {} });
  await sql.unsafe(`create database ${name}`);
  await sql.end();
  made.push(name);
  const url = new URL(home.adminUrl);
  url.pathname = `/${name}`;
  return url.toString();
}

describe("migrations", () => {
  test("racing starters on two databases of one cluster: each migration is applied once", async () => {
    const [one, two] = [await emptyDatabase(), await emptyDatabase()];
    const results = await Promise.all([one, one, one, two, two].map((url) => migrate(url, { passwords: rolePasswords("secret") })));
    for (const ofDatabase of [results.slice(0, 3), results.slice(3)]) {
      const applied = ofDatabase.flatMap((result) => result.applied);
      expect(applied).toContain("0001_log_tables.sql");
      expect(new Set(applied).size).toBe(applied.length);
    }
    expect(await migrate(one)).toEqual({ applied: [] });
  });

  test("one that was changed after it had been applied is refused by name", async () => {
    const url = await emptyDatabase();
    await migrate(url);
    const sql = postgres(url, { max: 1 });
    await sql`update comanda_migrations set checksum = 'another' where id = 2`;
    await sql.end();
    await expect(migrate(url)).rejects.toThrow(/0002_log_append\.sql was changed after/);
  });

  test("one that has to wait for a table lets by whoever comes after it, and is applied when the table is free", async () => {
    const url = await emptyDatabase();
    await migrate(url);
    const folder = folderWith("alter table events add column more text");
    const [holder, reader] = [postgres(url, { max: 1 }), postgres(url, { max: 1 })];
    await holder`begin`;
    await holder`select count(*) from events`;
    const migrating = migrate(url, { folder: pathToFileURL(`${folder}/`) });
    await waitFor("the migration to wait", 10_000, async () => (await reader`select from pg_locks where not granted and relation = 'events'::regclass`).length > 0);
    // Behind the lock that is waited for; it would stand there as long as the holder does.
    await reader`select count(*) from events`;
    await holder`commit`;
    expect((await migrating).applied).toEqual(["9999_more.sql"]);
    await Promise.all([holder.end(), reader.end()]);
    rmSync(folder, { recursive: true });
  });

  test("gives way to a command that holds one of its tables and wants the other, and goes on when that is done", async () => {
    const url = await emptyDatabase();
    await migrate(url);
    const folder = folderWith("alter table events add column more text; alter table commands add column more text");
    const [holder, reader] = [postgres(url, { max: 1 }), postgres(url, { max: 1 })];
    await holder`begin`;
    // So that it is the migration that Postgres lets fail.
    await holder`set local deadlock_timeout = '1min'`;
    await holder`select count(*) from commands`;
    const migrating = migrate(url, { folder: pathToFileURL(`${folder}/`) });
    await waitFor("the migration to hold the one table", 10_000, async () => (await reader`select from pg_locks where not granted and relation = 'commands'::regclass`).length > 0);
    await holder`select count(*) from events`;
    await holder`commit`;
    expect((await migrating).applied).toEqual(["9999_more.sql"]);
    await Promise.all([holder.end(), reader.end()]);
    rmSync(folder, { recursive: true });
  });

  test("the login roles get passwords that every process finds from the secret", async () => {
    const { hubUrl, consumerUrl } = roleUrls("postgres://postgres:x@db.example:5432/comanda?sslmode=require", "secret");
    expect(hubUrl).toMatch(/^postgres:\/\/comanda_hub:[\w-]{43}@db\.example:5432\/comanda\?sslmode=require$/);
    expect(consumerUrl).toContain("comanda_consumer:");
    expect(rolePasswords("secret")).toEqual(rolePasswords("secret"));
    expect(rolePasswords("other").hub).not.toBe(rolePasswords("secret").hub);
  });

  test("what days' papers said was returned is still there for the Z that has yet to come (CSH-12)", async () => {
    const url = await emptyDatabase();
    const folder = folderWith("select 1");
    const since = "0295_returned_of_the_day.sql";
    for (const name of readdirSync(folder)) if (name >= since) rmSync(join(folder, name));
    await migrate(url, { folder: pathToFileURL(`${folder}/`) });
    rmSync(folder, { recursive: true });
    const sql = postgres(url, { max: 1 });
    await sql`insert into sales_days (merchant_id, business_date, currency, total) values ('mer_1', '2026-11-20', 'EUR', 1100)`;
    const returned = (date: string, code: string) => sql`insert into sales_taxes values ('mer_1', ${date}, 'EUR', true, ${code}, '0.1', true, 'VAT', 500, 50)`;
    for (const [date, code] of [["2026-11-20", "food"], ["2026-11-20", "drink"], ["2026-11-21", "food"]] as const) await returned(date, code);
    await migrate(url);
    const days = await sql`select business_date::text as date, total, returned_net, returned_tax, returned_value from sales_days order by 1`;
    const forced = await sql`select relname from pg_class where relname in ('sales_days', 'sales_taxes') and relforcerowsecurity`;
    await sql.end();
    expect(days).toEqual([
      { date: "2026-11-20", total: "1100", returned_net: "1000", returned_tax: "100", returned_value: "0" },
      { date: "2026-11-21", total: "0", returned_net: "500", returned_tax: "50", returned_value: "0" },
    ]);
    expect(forced).toHaveLength(2);
  });

  test("slips of a place that is there already have its name, its address and its decimals (CSH-15)", async () => {
    const url = await emptyDatabase();
    const folder = folderWith("select 1");
    for (const name of readdirSync(folder)) if (name >= "0306_places_on_paper.sql") rmSync(join(folder, name));
    await migrate(url, { folder: pathToFileURL(`${folder}/`) });
    rmSync(folder, { recursive: true });
    const sql = postgres(url, { max: 1 });
    const head = { name: "Warung", address: ["Jl. Senja 1", "Ubud"], displayDigits: 0, zone: "Asia/Makassar", locale: "id" };
    await sql`insert into print_places (merchant_id, organizer_id, zone, locale) values ('mer_1', 'org_1', 'UTC', 'en'), ('mer_2', 'org_1', 'UTC', 'en')`;
    await sql`insert into aggregates (stream, kind, organizer_id, merchant_id, owner_id, version, evolve_version, active, head) values ('mer_1', 'merchant', 'org_1', 'mer_1', 'mer_1', 1, 1, true, ${JSON.stringify(head)}::text::json)`;
    await migrate(url);
    const places = await sql`select merchant_id, name, address, display_digits, zone, locale from print_places order by 1`;
    const forced = await sql`select relname from pg_class where relname in ('print_places', 'aggregates') and relforcerowsecurity`;
    await sql.end();
    expect(places).toEqual([
      { merchant_id: "mer_1", name: "Warung", address: ["Jl. Senja 1", "Ubud"], display_digits: 0, zone: "Asia/Makassar", locale: "id" },
      { merchant_id: "mer_2", name: "", address: [], display_digits: 2, zone: "UTC", locale: "en" },
    ]);
    expect(forced).toHaveLength(2);
  });

  test("nobody of the application is a superuser, owns a table or gets past row-level security", async () => {
    const sql = connect(home.adminUrl, { max: 1 });
    const roles = await sql`select rolname from pg_roles where rolname like 'comanda\\_%' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)`;
    expect(roles).toEqual([]);
    const owned = await sql`select relname from pg_class where relowner::regrole::text in ('comanda_hub', 'comanda_consumer', 'comanda_log') and relkind in ('r', 'p')`;
    expect(owned).toEqual([]);
    await sql.end();
  });
});

describe("LOG-4 months of command ids", () => {
  test("are there from 90 days back to two months ahead, and an old one is dropped", async () => {
    const sql = connect(home.adminUrl, { max: 1 });
    await sql`select ulid_floor('2026-11-01T00:00:00Z') as floor`.then(([row]) => expect(row?.floor).toMatch(/^[0-9A-Z]{10}$/));
    await sql.unsafe(`set role comanda_owner;
      create table commands_2020_01 partition of commands for values from ('01DXF6DT00') to ('01E013YT00');
      reset role`);
    await sql`select log_keep_partitions()`;
    const names = (await sql<{ name: string }[]>`select inhrelid::regclass::text as name from pg_inherits where inhparent = 'commands'::regclass order by 1`).map(({ name }) => name);
    expect(names).not.toContain("commands_2020_01");
    expect(names.length).toBeGreaterThanOrEqual(6);
    const [{ now } = { now: "" }] = await sql<{ now: string }[]>`select 'commands_' || to_char(now() + interval '2 months', 'YYYY_MM') as now`;
    expect(names.at(-1)).toBe(now);
    await sql.end();
  });

  test("can be kept by the hub's role, which the daily job runs as", async () => {
    const sql = connect(home.hubUrl, { max: 1 });
    await sql`select log_keep_partitions()`;
    await sql.end();
  });
});

describe("application connections", () => {
  test("have lock, statement and idle-in-transaction time-outs (LOG-8)", async () => {
    const sql = connect(home.hubUrl, { max: 1, lockTimeoutMs: 50 });
    for (const setting of ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"]) {
      const [row] = await sql`select current_setting(${setting}) as value`;
      expect(row?.value).not.toBe("0");
    }
    await sql.end();
  });
});

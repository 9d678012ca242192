import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { cuttingProxy, type CuttingProxy } from "#hub/log/testing/cutting-proxy.ts";
import { waitFor } from "#hub/log/testing/wait-for.ts";
import { testDatabase, type TestDatabase } from "#scripts/testing/services.ts";
import { connect, type Sql } from "./client.ts";

let database: TestDatabase;
let proxy: CuttingProxy;
let admin: Sql;
let sql: Sql;
beforeAll(async () => {
  database = await testDatabase();
  proxy = await cuttingProxy(database.adminUrl);
  admin = connect(database.adminUrl, { max: 2, applicationName: "test-admin" });
  await admin`create table written (who text)`;
  return async () => {
    await admin.end();
    await proxy.close();
    await database.drop();
  };
});
afterEach(() => sql.end({ timeout: 0 }));

/** The pool works: more queries at once than it has connections each get their own answer. A loss may be noticed late, a wrong answer is never right. */
async function answers(max: number): Promise<void> {
  const asked = Array.from({ length: max * 5 }, (_, i) => i);
  await waitFor("answers from the whole pool", 10_000, async () => {
    const answered = await Promise.allSettled(asked.map((i) => sql<{ i: number }[]>`select ${i}::int as i`));
    for (const [i, answer] of answered.entries()) if (answer.status === "fulfilled") expect(answer.value[0]?.i).toBe(i);
    return answered.every(({ status }) => status === "fulfilled");
  });
}

/** So many statements of the pool are under way in the server, besides those that it still has from connections that were cut. */
async function underWay(name: string, statements: number, before: readonly number[] = []): Promise<void> {
  await waitFor("the statements", 10_000, async () => (await sleeping(name)).filter((pid) => !before.includes(pid)).length === statements);
}

async function sleeping(name: string): Promise<readonly number[]> {
  const found = await admin<{ pid: number }[]>`select pid from pg_stat_activity where application_name = ${name} and state = 'active' and query like '%pg_sleep%'`;
  return found.map(({ pid }) => pid);
}

describe.each([
  ["the network cut it", async () => proxy.cut()],
  ["its backend was terminated", async (name: string) => void (await admin`select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${name}`)],
] as const)("a connection is lost because %s", (cause, lose) => {
  const name = `lost-${cause.length}`;

  test("in mid-statement of a transaction: it rejects, and the pool works on", async () => {
    sql = connect(proxy.through(database.adminUrl), { max: 2, applicationName: name });
    for (let time = 0; time < 3; time++) {
      const before = await sleeping(name);
      const lost = Promise.allSettled([sql.begin((tx) => tx`select pg_sleep(20)`), sql.begin((tx) => tx`select pg_sleep(20)`)]);
      await underWay(name, 2, before);
      await lose(name);
      expect((await lost).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
      await answers(2);
    }
  });

  test("between two statements of a transaction: the second one is refused and writes nothing", async () => {
    sql = connect(proxy.through(database.adminUrl), { max: 1, applicationName: name });
    let goOn = () => {};
    const lost = Promise.allSettled([
      sql.begin(async (tx) => {
        await tx`insert into written values ('first')`;
        await new Promise<void>((resolve) => (goOn = resolve));
        await tx`insert into written values ('second')`;
      }),
    ]);
    await waitFor("the first statement", 10_000, async () => (await admin`select from pg_stat_activity where application_name = ${name} and state = 'idle in transaction' and query like 'insert%'`).length === 1);
    await lose(name);
    // The pool's one connection is dialled again for somebody else before the transaction's code goes on.
    await waitFor("the next statement", 10_000, () => sql`select 1`.then(() => true, () => false));
    goOn();
    await lost;
    await answers(1);
    expect(await admin`select from written`).toHaveLength(0);
  });

  test("with many statements on their way: each rejects or is answered, and the next get answers of their own", async () => {
    sql = connect(proxy.through(database.adminUrl), { max: 3, applicationName: name });
    for (let time = 0; time < 10; time++) {
      const sent = Promise.allSettled(Array.from({ length: 60 }, (_, i) => sql`select ${i}::int as i, repeat('x', ${i * 20}::int)`));
      await new Promise((resolve) => setTimeout(resolve, time));
      await lose(name);
      const late = Promise.allSettled(Array.from({ length: 10 }, (_, i) => sql`select ${i}::int as i`));
      await Promise.all([sent, late]);
      await answers(3);
    }
  });
});

describe("a server that falls silent with its connections open, as one whose machine is gone", () => {
  afterEach(() => {
    proxy.heal();
    proxy.cut();
  });

  test("regression: a statement without an answer rejects past its bound, for all that are on their way, and the pool works on", async () => {
    sql = connect(proxy.through(database.adminUrl), { max: 2, applicationName: "silent", silenceMs: 300 });
    await answers(2);
    proxy.swallowAnswers();
    const silent = await Promise.allSettled(Array.from({ length: 6 }, (_, i) => sql`select ${i}::int as i`));
    expect(silent.map(({ status }) => status)).not.toContain("fulfilled");
    proxy.heal();
    await answers(2);
  });

  test("a slow statement, an idle connection and a transaction that thinks are not taken for silent", async () => {
    sql = connect(proxy.through(database.adminUrl), { max: 1, applicationName: "slow", silenceMs: 700 });
    const [{ pid } = {}] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
    await sql.begin(async (tx) => {
      await tx`select 1`;
      await new Promise((resolve) => setTimeout(resolve, 900));
      for (let i = 0; i < 5; i++) await tx`select pg_sleep(0.2)`;
    });
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect(await sql`select pg_backend_pid() as pid`).toEqual([{ pid }]);
  });
});

describe("a query's garbage", () => {
  const leftBy = async (driver: string) => {
    const script = fileURLToPath(new URL("./testing/bytes-left-by-queries.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, ["--no-warnings", "--expose-gc", "--no-allocation-site-pretenuring", script, database.adminUrl, driver]);
    return Number(stdout);
  };

  test("goes with the young heap, where postgres.js by itself keeps it until the old one is collected", async () => {
    sql = connect(database.adminUrl, { max: 1, applicationName: "test" });
    expect(await leftBy(fileURLToPath(new URL("./driver.ts", import.meta.url)))).toBeLessThan(60);
    expect(await leftBy(createRequire(import.meta.url).resolve("postgres"))).toBeGreaterThan(100);
  });
});

import { beforeAll, expect, test } from "vitest";
import { connect, type Sql } from "#hub/db/client.ts";
import { within } from "#hub/log/waiting.ts";
import { startPostgres } from "../testing/services.ts";
import { commitsHeld, fullPool, heldOn, silent } from "./postgres-moods.ts";

const AWHILE_MS = 400;

let stack: { readonly postgres: Awaited<ReturnType<typeof startPostgres>>; readonly adminUrl: string };
let sql: Sql;
beforeAll(async () => {
  const postgres = await startPostgres({ settings: { max_connections: "30" } });
  stack = { postgres, adminUrl: postgres.url };
  sql = connect(postgres.url, { max: 1, applicationName: "comanda-test" });
  await sql`create table told (what text)`;
  return async () => {
    await sql.end({ timeout: 1 });
    await postgres.stop();
  };
});

/** True when it has not come after a while. */
const isWaiting = (answer: Promise<unknown>) => within(AWHILE_MS, answer).then(() => false, () => true);

test("stopped as a whole: whoever is connected gets no answer either, until it goes on", async () => {
  let answer: Promise<unknown> = Promise.resolve();
  await silent({ stack }, async () => {
    answer = sql`select 1`.execute();
    expect(await isWaiting(answer)).toBe(true);
  });
  await answer;
});

test("a commit that waits is not seen, and is there when it has come", async () => {
  let answer: Promise<unknown> = Promise.resolve();
  await commitsHeld({ stack }, async () => {
    await heldOn(sql);
    answer = sql`insert into told values ('late')`.execute();
    expect(await isWaiting(answer)).toBe(true);
  });
  await answer;
  expect(await sql`select what from told`).toEqual([{ what: "late" }]);
});

test("a full pool has no session for the product, and has again afterwards", async () => {
  await fullPool({ stack }, async () => {
    const another = connect(stack.adminUrl, { max: 1, applicationName: "comanda-test", connectTimeoutMs: 1_000 });
    await expect(another`select 1`).rejects.toThrow(/too many clients|reserved|CONNECT/);
    await another.end({ timeout: 1 });
  });
  expect(await sql`select 1 as one`.catch(() => sql`select 1 as one`)).toEqual([{ one: 1 }]);
});

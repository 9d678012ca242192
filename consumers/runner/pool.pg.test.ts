import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase, type TestDatabase } from "#scripts/testing/services.ts";
import { runnerPool } from "./pool.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

test("regression: a process that stood still in a transaction kept its shard for half a minute; it is ended when a handler's time is over", async () => {
  const sql = runnerPool(db.consumerUrl, 1);
  try {
    expect(await sql`show idle_in_transaction_session_timeout`).toEqual([{ idle_in_transaction_session_timeout: "10s" }]);
  } finally {
    await sql.end();
  }
});

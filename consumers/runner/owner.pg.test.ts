import { afterAll, beforeAll, expect, test } from "vitest";
import { connect, type Sql } from "#hub/db/client.ts";
import { testDatabase, type TestDatabase } from "#scripts/testing/services.ts";
import { isEarlierRun, ownerName } from "./owner.ts";

const AT = Date.now();

let db: TestDatabase;
let sql: Sql;
beforeAll(async () => {
  db = await testDatabase();
  sql = connect(db.consumerUrl, { max: 1 });
});
afterAll(async () => {
  await sql.end();
  await db.drop();
});

test.each([
  ["consumers", "consumers", true],
  ["consumers", "consumers-2", false],
  ["consumers-2", "consumers", false],
  ["consumers_a", "consumersxa", false],
])("a run of %s stands in the place of an earlier one of %s: %s", async (mine, other, isSo) => {
  const [earlier, later] = [ownerName(other, AT), ownerName(mine, AT + 1)];
  const [row] = await sql`select ${isEarlierRun(sql, "owner", later)} as earlier from (values (${earlier})) held (owner)`;
  expect(row).toEqual({ earlier: isSo });
});

test("regression: an earlier run that comes late takes nothing from the one that has its place", async () => {
  const [earlier, later] = [ownerName("consumers", AT), ownerName("consumers", AT + 1)];
  const [row] = await sql`select ${isEarlierRun(sql, "owner", earlier)} as earlier from (values (${later})) held (owner)`;
  expect(row).toEqual({ earlier: false });
});

test("no run is its own predecessor, and what nobody holds was held by none", async () => {
  const mine = ownerName("consumers");
  const rows = await sql`select ${isEarlierRun(sql, "owner", mine)} as earlier from (values (${mine}), (null)) held (owner)`;
  expect(rows.map(({ earlier }) => earlier as unknown)).toEqual([false, null]);
});

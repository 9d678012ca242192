import { expect, test } from "vitest";
import { connect } from "#hub/db/client.ts";
import { testDatabase } from "../testing/services.ts";
import { withoutIndexes } from "./indexes-after.ts";

test("tables that were filled without their indexes have all of them again, and their keys hold", async () => {
  const db = await testDatabase();
  const sql = connect(db.adminUrl, { max: 1 });
  try {
    const tables = ["commands", "events", "ledger_journals", "ledger_entries"];
    const indexes = () => sql`select tablename, indexname, indexdef from pg_indexes where schemaname = 'public' order by 1, 2`;
    const constraints = () => sql`select conrelid::regclass::text as of, conname, pg_get_constraintdef(oid) as says from pg_constraint where contype in ('p', 'u') order by 1, 2`;
    const before = [await indexes(), await constraints()];
    await withoutIndexes(sql, tables, async () => {
      const left = await sql<{ tablename: string }[]>`select distinct tablename from pg_indexes where schemaname = 'public'`;
      expect(left.filter(({ tablename }) => tables.includes(tablename) || tablename.startsWith("commands"))).toEqual([]);
    });
    expect([await indexes(), await constraints()]).toEqual(before);
  } finally {
    await sql.end();
    await db.drop();
  }
});

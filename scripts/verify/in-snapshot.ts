import type { Sql, TransactionSql } from "#hub/db/client.ts";

/** Runs its work with one view of the tables, so that all that it reads is of one moment. */
export type InSnapshot = <T>(work: (tx: TransactionSql) => Promise<T>) => Promise<T>;

export function snapshotsOf(sql: Sql): InSnapshot {
  return async (work) => {
    const read = await sql.begin("isolation level repeatable read read only", async (tx) => ({ of: await work(tx) }));
    return read.of;
  };
}

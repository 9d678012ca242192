import { ulid } from "ulidx";
import type { Sql } from "#hub/db/client.ts";

const ULID_LENGTH = 26;

/** A name for this run of the process, told from the runs that had its place before. `at`: when it began, milliseconds since 1970. */
export function ownerName(processName: string, at = Date.now()): string {
  return `${processName}-${ulid(at)}`;
}

/** The column names an earlier run of this process, told by its ULID: it is gone, or it hangs and what it holds is ours (`CONSUMERS_NAME`). */
export function isEarlierRun(sql: Sql, column: string, owner: string) {
  const place = owner.slice(0, -ULID_LENGTH);
  return sql`(left(${sql(column)}, ${-ULID_LENGTH}::int) = ${place} and ${sql(column)} collate "C" < ${owner})`;
}

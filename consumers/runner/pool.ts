import { connect, type Sql } from "#hub/db/client.ts";
import { TIME_LIMIT_MS } from "./handler-run.ts";

/**
 * What handlers write with. A process that stands still (stopped, swapped out) within a transaction which appends keeps its shard from everybody: Postgres
 * ends it once nothing was said for as long as a handler may take.
 */
export function runnerPool(databaseUrl: string, max: number): Sql {
  return connect(databaseUrl, { max, applicationName: "comanda-consumers", idleInTransactionTimeoutMs: TIME_LIMIT_MS });
}

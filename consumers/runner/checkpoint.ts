import { forgettable, type Sql, type TransactionSql } from "#hub/db/client.ts";
import { runnerError } from "./failures.ts";
import type { Lease } from "./leases.ts";

/** How the transaction commits: `again` when its events would only be applied once more, so it need not wait for the disk (ADR 0008). */
export type Commits = "again" | "durably";

/**
 * RUN-2: moves the checkpoint if the fence is still mine, it stands where I left it, and the log's epoch is the one I work in
 * (a restored log gives the same positions to other events, LOG-7). Otherwise everything is rolled back.
 */
export async function moveCheckpoint(sql: Sql | TransactionSql, lease: Lease, from: bigint, to: bigint, commits: Commits): Promise<void> {
  const moved = await sql`
    update consumer_checkpoints
    set position = ${to}, moved_at = clock_timestamp(), lease_until = clock_timestamp() + ${lease.leaseMs} * interval '1 millisecond'
    where consumer_group = ${lease.group} and shard = ${lease.shard} and fence = ${lease.fence} and position = ${from}
      and log_epoch = ${lease.logEpoch} and log_epoch = (select epoch from log_meta)
    returning ${commits === "again" ? forgettable(sql) : sql`1`}`;
  if (moved.count !== 1) throw runnerError("fenced", `${lease.group}/${lease.shard} was taken over, or moved from ${from}`);
}

/** The same guard for work that moves no checkpoint: retries of parked events. Holds off a take-over until COMMIT. */
export async function holdCheckpoint(tx: TransactionSql, lease: Lease): Promise<void> {
  const held = await tx`
    select from consumer_checkpoints
    where consumer_group = ${lease.group} and shard = ${lease.shard} and fence = ${lease.fence}
      and log_epoch = ${lease.logEpoch} and log_epoch = (select epoch from log_meta)
    for update`;
  if (held.count !== 1) throw runnerError("fenced", `${lease.group}/${lease.shard} was taken over`);
}

/** Before a batch that may hold an event which kills its process: marks where the batch ends. */
export async function markSuspects(sql: Sql, lease: Lease, to: bigint): Promise<void> {
  await sql`
    update consumer_checkpoints set suspect_to = ${to}
    where consumer_group = ${lease.group} and shard = ${lease.shard} and fence = ${lease.fence}`;
}

import type { Sql, TransactionSql } from "#hub/db/client.ts";
import type { ParsedEvent } from "#hub/log/types.ts";
import type { Lease } from "./leases.ts";
import type { ParkedEntry } from "./parked-line.ts";

export type Attempt = {
  readonly attempts: number;
  /** Begun and neither applied nor failed. */
  readonly unfinished: boolean;
  readonly firstFailedAt: Date | null;
  /** Of an unfinished one: what the watchdog saw. */
  readonly reason: string | null;
};

export async function attemptOf(sql: Sql, lease: Lease, position: bigint): Promise<Attempt | undefined> {
  const [row] = await sql<Attempt[]>`
    select attempts, failed_at is null or failed_at < started_at as unfinished, first_failed_at as "firstFailedAt", reason
    from consumer_attempts
    where consumer_group = ${lease.group} and shard = ${lease.shard} and position = ${position}`;
  return row;
}

/** RUN-4: in a transaction of its own, before the handler runs. */
export async function startAttempt(sql: Sql, lease: Lease, position: bigint, attempts: number, at: Date): Promise<void> {
  await sql`
    insert into consumer_attempts (consumer_group, shard, position, attempts, started_at)
    values (${lease.group}, ${lease.shard}, ${position}, ${attempts}, ${at})
    on conflict (consumer_group, shard, position) do update
    set attempts = excluded.attempts, reason = null, started_at = greatest(excluded.started_at, consumer_attempts.failed_at + interval '1 microsecond')`;
}

/** An attempt that ended by nobody's fault: it does not count. */
export async function forgetAttempt(sql: Sql, lease: Lease, position: bigint): Promise<void> {
  await sql`
    update consumer_attempts set attempts = attempts - 1, failed_at = greatest(started_at, failed_at)
    where consumer_group = ${lease.group} and shard = ${lease.shard} and position = ${position} and attempts > 1`;
  await sql`
    delete from consumer_attempts
    where consumer_group = ${lease.group} and shard = ${lease.shard} and position = ${position}
      and attempts = 1 and failed_at is null`;
}

export async function failAttempt(tx: TransactionSql, lease: Lease, position: bigint, reason: string, at: Date): Promise<{ firstFailedAt: Date }> {
  const [row] = await tx<{ firstFailedAt: Date }[]>`
    update consumer_attempts
    set failed_at = greatest(${at}, started_at), first_failed_at = coalesce(first_failed_at, ${at}), reason = ${reason}
    where consumer_group = ${lease.group} and shard = ${lease.shard} and position = ${position}
    returning first_failed_at as "firstFailedAt"`;
  return row ?? { firstFailedAt: at };
}

export async function endAttempts(tx: TransactionSql, lease: Lease, ...positions: readonly bigint[]): Promise<void> {
  await tx`
    delete from consumer_attempts
    where consumer_group = ${lease.group} and shard = ${lease.shard} and position = any(${positions.map(String)}::text[]::bigint[])`;
}

export type ToPark = {
  readonly event: Pick<ParsedEvent, "position"> & { readonly envelope: { readonly organizerid: string; readonly merchantid?: string } };
  readonly keys: readonly string[];
  readonly dueAt: Date | null;
};

/** In the checkpoint's transaction. */
export async function park(tx: TransactionSql, lease: Lease, parked: readonly ToPark[], at: Date): Promise<void> {
  if (parked.length === 0) return;
  const rows = parked.map(({ event: { position, envelope }, keys, dueAt }) => ({
    position: position.toString(), keys, organizer_id: envelope.organizerid, merchant_id: envelope.merchantid ?? null, due_at: dueAt,
  }));
  await tx`
    insert into parked_events (consumer_group, shard, position, keys, organizer_id, merchant_id, due_at, parked_at)
    select ${lease.group}::text, ${lease.shard}::smallint, position, keys, organizer_id, merchant_id, due_at, ${at}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      as row (position bigint, keys text[], organizer_id text, merchant_id text, due_at timestamptz)
    on conflict (consumer_group, shard, position) do update set due_at = excluded.due_at, dead = false`;
}

/** RUN-4c: in a transaction of its own, before parked events are tried together. */
export async function markTogether(sql: Sql, lease: Lease, positions: readonly bigint[]): Promise<void> {
  await sql`
    update parked_events set alone = true
    where consumer_group = ${lease.group} and shard = ${lease.shard} and position = any(${positions.map(String)}::text[]::bigint[])`;
}

/** What they met together was nobody's fault. What another process has marked since is left as it is. */
export async function unmarkTogether(sql: Sql, lease: Lease, positions: readonly bigint[]): Promise<void> {
  await sql`
    update parked_events set alone = false
    where consumer_group = ${lease.group} and shard = ${lease.shard} and position = any(${positions.map(String)}::text[]::bigint[])
      and exists (select from consumer_checkpoints c where c.consumer_group = ${lease.group} and c.shard = ${lease.shard} and c.fence = ${lease.fence})`;
}

export async function blockKeys(tx: TransactionSql, lease: Lease, position: bigint): Promise<void> {
  await tx`
    update parked_events set dead = true, due_at = null
    where consumer_group = ${lease.group} and shard = ${lease.shard} and position = ${position}`;
}

export async function unpark(tx: TransactionSql, lease: Lease, ...positions: readonly bigint[]): Promise<void> {
  await tx`
    delete from parked_events
    where consumer_group = ${lease.group} and shard = ${lease.shard} and position = any(${positions.map(String)}::text[]::bigint[])`;
}

/** What the shard's owner has to remember. */
export async function parkedOf(sql: Sql, lease: Lease): Promise<ParkedEntry[]> {
  const rows = await sql<{ position: bigint; keys: string[]; dueAt: Date | null; dead: boolean; alone: boolean }[]>`
    select position, keys, due_at as "dueAt", dead, alone from parked_events
    where consumer_group = ${lease.group} and shard = ${lease.shard} order by position`;
  return rows.map((row) => ({ position: row.position, keys: row.keys, dueAtMs: row.dueAt?.getTime() ?? null, dead: row.dead, alone: row.alone }));
}

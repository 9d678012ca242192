import type { Sql, TransactionSql } from "#hub/db/client.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { MaintenanceKind } from "#shared/events/system.ts";
import { runnerError } from "../failures.ts";

/** A claim that was not renewed for `claimMs` is somebody else's: its process died. */
export type Claimant = { readonly name: string; readonly claimMs: number };

export type Run = {
  readonly id: string;
  readonly group: string;
  readonly kind: MaintenanceKind;
  readonly organizer: string;
  readonly merchant: string | null;
  readonly by: string;
  /** The event that asked for it. */
  readonly cause: string;
  readonly fromTime: Date | null;
  readonly fromShard: number | null;
  readonly fromPosition: bigint | null;
};

export type RunShard = { readonly shard: number; readonly from: bigint; readonly position: bigint; readonly target: bigint; readonly skipped: readonly bigint[] };

export async function noteRequest(sql: TransactionSql, event: Extract<EventEnvelope, { type: "system.maintenance.requested" }>): Promise<void> {
  const { kind, group, from, reason } = event.data;
  await sql`
    insert into maintenance_runs (id, consumer_group, kind, organizer_id, merchant_id, requested_by, reason, requested_at, cause, from_time, from_shard, from_position)
    values (${event.subject}, ${group}, ${kind}, ${event.organizerid}, ${event.merchantid ?? null}, ${event.actor}, ${reason}, ${event.time}, ${event.id},
      ${from?.kind === "time" ? from.at : null}, ${from?.kind === "position" ? from.shard : null}, ${from?.kind === "position" ? from.after : null})
    on conflict do nothing`;
}

/** The oldest that nobody is at, those that were let go behind all others; a consumer has one at a time. */
export async function claim(sql: Sql, groups: readonly string[], { name, claimMs }: Claimant): Promise<Run | undefined> {
  const [run] = await sql<Run[]>`
    update maintenance_runs r
    set state = 'running', claimed_by = ${name}, lease_until = clock_timestamp() + ${claimMs} * interval '1 millisecond', started_at = coalesce(started_at, clock_timestamp())
    where r.id = (
      select w.id from maintenance_runs w
      where w.state in ('waiting', 'running') and w.consumer_group = any(${groups as string[]}::text[]) and (w.lease_until is null or w.lease_until < clock_timestamp())
        and not exists (select from maintenance_runs o where o.consumer_group = w.consumer_group and o.state = 'running' and o.id <> w.id)
      order by w.lease_until nulls first, w.requested_at, w.id limit 1 for update skip locked)
    returning r.id, r.consumer_group as "group", r.kind, r.organizer_id as organizer, r.merchant_id as merchant, r.requested_by as "by", r.cause,
      r.from_time as "fromTime", r.from_shard as "fromShard", r.from_position as "fromPosition"`;
  return run;
}

/** In the transaction of a step: nothing of it is kept if the run is somebody else's by now. */
export async function hold(tx: Sql | TransactionSql, run: Run, { name, claimMs }: Claimant): Promise<void> {
  const held = await tx`
    update maintenance_runs set lease_until = clock_timestamp() + ${claimMs} * interval '1 millisecond'
    where id = ${run.id} and claimed_by = ${name} and state = 'running'`;
  if (held.count !== 1) throw runnerError("fenced", `${run.id} was taken over`);
}

export async function progress(tx: Sql | TransactionSql, run: Run, done: bigint, total: bigint): Promise<void> {
  await tx`update maintenance_runs set done = ${done}, total = ${total} where id = ${run.id}`;
}

export async function end(tx: TransactionSql, run: Run, failure: string | null): Promise<void> {
  await tx`
    update maintenance_runs set state = ${failure === null ? "completed" : "failed"}, failure = ${failure}, ended_at = clock_timestamp(), claimed_by = null, lease_until = null
    where id = ${run.id}`;
}

/** Whoever looks next goes on with it. */
export async function letGo(sql: Sql, { name }: Claimant): Promise<void> {
  await sql`update maintenance_runs set claimed_by = null, lease_until = clock_timestamp() where claimed_by = ${name} and state = 'running'`;
}

export async function shardsOf(sql: Sql | TransactionSql, run: Run): Promise<RunShard[]> {
  return sql<RunShard[]>`select shard, from_position as "from", position, target, skipped from maintenance_shards where run_id = ${run.id} order by shard`;
}

export async function checkpointsOf(sql: Sql | TransactionSql, group: string): Promise<ReadonlyMap<number, bigint>> {
  const rows = await sql<{ shard: number; position: bigint }[]>`select shard, position from consumer_checkpoints where consumer_group = ${group} order by shard`;
  return new Map(rows.map(({ shard, position }) => [shard, position]));
}

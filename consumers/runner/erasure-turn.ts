import type { TransactionSql } from "#hub/db/client.ts";
import type { ParsedEvent } from "#hub/log/types.ts";
import { parseEvent } from "./separate.ts";

/*
 * ADR 14: an erasure has a place for itself. What a checkpoint goes over it waits for; a parked event, of which no checkpoint tells, is read and
 * applied while no erasure of its place is under way. Both take the lock before they take any other: neither waits for the other with something in hand.
 */

/** One erasure of a place at a time as well: a day's report names many guests, and who writes its text anew must have read what the erasure before wrote. */
export async function takeTurn(tx: TransactionSql, merchant: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${lockOf(merchant)}, 0))`;
}

/** As the log has them now, and goes on to have them until the transaction ends. */
export async function readAnew(tx: TransactionSql, events: readonly ParsedEvent[]): Promise<readonly ParsedEvent[]> {
  const places = new Set(events.flatMap(({ envelope: { merchantid } }) => merchantid ?? []));
  for (const merchant of [...places].sort()) await tx`select pg_advisory_xact_lock_shared(hashtextextended(${lockOf(merchant)}, 0))`;
  const rows = await tx<{ shard: number; position: bigint; envelope: string }[]>`
    select e.shard, e.position, e.envelope
    from unnest(${events.map(({ shard }) => String(shard))}::text[]::smallint[], ${events.map(({ position }) => String(position))}::text[]::bigint[]) as n (shard, position)
    join events e on e.shard = n.shard and e.position = n.position order by e.shard, e.position`;
  if (rows.length !== events.length) throw new Error(`of ${events.length} parked events the log has ${rows.length}`);
  return rows.map(({ shard, position, envelope }) => parseEvent(shard, position, envelope));
}

function lockOf(merchant: string): string {
  return `erasure ${merchant}`;
}

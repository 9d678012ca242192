import type { Sql, TransactionSql } from "#hub/db/client.ts";
import { SHARD_COUNT } from "#shared/shards.ts";
import type { StoredEvent } from "./types.ts";

type Row = { shard: number; position: bigint; command_id: string; envelope: string };
type Reader = Sql | TransactionSql;

/**
 * Events of a shard after a position, in order, whole commands only: the last command is completed past the limit.
 * Needs a role that reads all tenants.
 */
export async function readRange(sql: Reader, shard: number, after: bigint, limit: number): Promise<StoredEvent[]> {
  const rows = await sql<Row[]>`
    select shard, position, command_id, envelope from events
    where shard = ${shard} and position > ${after} order by position limit ${limit}`;
  return wholeCommands(sql, rows, limit);
}

/** A merchant's events of one shard after a position, under row-level security; whole commands only. */
export async function readMerchant(tx: TransactionSql, merchantId: string, shard: number, after: bigint, limit: number): Promise<StoredEvent[]> {
  const rows = await tx<Row[]>`
    select shard, position, command_id, envelope from events
    where merchant_id = ${merchantId} and shard = ${shard} and position > ${after} order by position limit ${limit}`;
  return wholeCommands(tx, rows, limit);
}

/** An organizer's own events (those of no merchant) after a position, under row-level security; whole commands only. */
export async function readOrganizer(tx: TransactionSql, organizerId: string, shard: number, after: bigint, limit: number): Promise<StoredEvent[]> {
  const rows = await tx<Row[]>`
    select shard, position, command_id, envelope from events
    where merchant_id is null and organizer_id = ${organizerId} and shard = ${shard} and position > ${after}
    order by position limit ${limit}`;
  return wholeCommands(tx, rows, limit);
}

/** One stream after a version of it, to fold a state again (LOG-5). */
export async function readStream(sql: Reader, stream: string, afterVersion = 0): Promise<StoredEvent[]> {
  const rows = await sql<Row[]>`
    select shard, position, command_id, envelope from events
    where stream = ${stream} and stream_version > ${afterVersion} order by stream_version`;
  return rows.map(stored);
}

/** A bounded piece of one stream, for people who look at what was: `limit` events at most after a version. */
export async function readStreamPage(sql: Reader, stream: string, afterVersion: number, limit: number): Promise<StoredEvent[]> {
  const rows = await sql<Row[]>`
    select shard, position, command_id, envelope from events
    where stream = ${stream} and stream_version > ${afterVersion} order by stream_version limit ${limit}`;
  return rows.map(stored);
}

/** The last position of every shard, in the transaction's snapshot. Any role may ask. */
export async function heads(sql: Reader): Promise<bigint[]> {
  const rows = await sql<{ head: bigint }[]>`select head from log_heads() order by shard`;
  return Array.from({ length: SHARD_COUNT }, (_, shard) => rows[shard]?.head ?? 0n);
}

/** RT-2: a frame is one command's events, which lie beside each other in their shard. */
async function wholeCommands(sql: Reader, rows: readonly Row[], limit: number): Promise<StoredEvent[]> {
  const last = rows.at(-1);
  if (last === undefined || rows.length < limit) return rows.map(stored);
  const rest = await sql<Row[]>`
    select shard, position, command_id, envelope from events
    where shard = ${last.shard} and position > ${last.position} and position < coalesce((
      select position from events
      where shard = ${last.shard} and position > ${last.position} and command_id <> ${last.command_id}
      order by position limit 1), 9223372036854775807) and command_id = ${last.command_id}
    order by position`;
  return [...rows, ...rest].map(stored);
}

function stored({ shard, position, command_id, envelope }: Row): StoredEvent {
  return { shard, position, commandId: command_id, text: envelope };
}

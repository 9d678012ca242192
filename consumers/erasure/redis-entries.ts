import type { Redis } from "ioredis";
import { openRedis } from "#consumers/runner/redis-connection.ts";
import type { Sql, TransactionSql } from "#hub/db/client.ts";
import { entryId, positionOf, streamKey } from "#hub/log/keys.ts";
import { within } from "#hub/log/waiting.ts";

type Entry = { readonly erasure: string; readonly shard: number; readonly position: bigint };

const ANSWER_MS = 2_000;
const PAGE = 500;
const LATER_MS = 2_000;

/**
 * Takes entries out of the streams, each twice: a stream that Redis lost in between may have been filled again from a page of the log that was read before.
 * One that Redis does not have yet is not counted. The rows are held meanwhile: of two processes only one may take an entry out, or both times would be one.
 */
export async function forgetInRedis(sql: Sql, redisUrl: string, againAfterMs: number): Promise<void> {
  await sql.begin(async (tx) => {
    const entries = await tx<Entry[]>`
      select erasure, shard, position from erased_entries where due_at <= clock_timestamp() order by due_at limit ${PAGE} for update skip locked`;
    if (entries.length === 0) return;
    const [log] = await tx<{ epoch: string }[]>`select epoch from log_meta`;
    const gone: Entry[] = [];
    const missing: Entry[] = [];
    for (const [shard, own] of Map.groupBy(entries, (entry) => entry.shard)) {
      const published = await takeOut(redisUrl, shard, log?.epoch ?? "", own);
      for (const entry of own) (entry.position <= published ? gone : missing).push(entry);
    }
    await putOff(tx, missing, 0, LATER_MS);
    await tx`delete from erased_entries e using ${rowsOf(tx, gone)} where ${isRow(tx)} and e.times > 0`;
    await putOff(tx, gone, 1, againAfterMs);
  });
}

function rowsOf(tx: TransactionSql, entries: readonly Entry[]) {
  const columns = [entries.map(({ erasure }) => erasure), entries.map(({ shard }) => String(shard)), entries.map(({ position }) => String(position))] as const;
  return tx`unnest(${columns[0]}::text[], ${columns[1]}::text[]::smallint[], ${columns[2]}::text[]::bigint[]) as n (erasure, shard, position)`;
}

function isRow(tx: TransactionSql) {
  return tx`e.erasure = n.erasure and e.shard = n.shard and e.position = n.position`;
}

async function putOff(tx: TransactionSql, entries: readonly Entry[], times: number, ms: number): Promise<void> {
  if (entries.length === 0) return;
  await tx`
    update erased_entries e set times = times + ${times}, due_at = clock_timestamp() + ${ms} * interval '1 millisecond'
    from ${rowsOf(tx, entries)} where ${isRow(tx)}`;
}

/** The stream's last position, -1 when it has none. Streams of earlier epochs, which nobody reads any more (LOG-7), go whole. */
async function takeOut(redisUrl: string, shard: number, epoch: string, entries: readonly Entry[]): Promise<bigint> {
  const key = streamKey(shard, epoch);
  const redis = await openRedis(redisUrl, "comanda:erasure", key);
  try {
    for (const old of await keysOf(redis, streamKey(shard, "*"))) if (old < key) await within(ANSWER_MS, redis.unlink(old));
    const last = await lastOf(redis, key);
    await within(ANSWER_MS, redis.xdel(key, ...entries.map(({ position }) => entryId(position))));
    return last;
  } finally {
    redis.disconnect(false);
  }
}

async function keysOf(redis: Redis, pattern: string): Promise<readonly string[]> {
  const found: string[] = [];
  let cursor = "0";
  do {
    const [next, keys] = await within(ANSWER_MS, redis.scan(cursor, "MATCH", pattern, "COUNT", 1_000));
    found.push(...keys);
    cursor = next;
  } while (cursor !== "0");
  return found;
}

async function lastOf(redis: Redis, key: string): Promise<bigint> {
  if ((await within(ANSWER_MS, redis.exists(key))) === 0) return -1n;
  const info = (await within(ANSWER_MS, redis.xinfo("STREAM", key))) as readonly unknown[];
  const last = info[info.indexOf("last-generated-id") + 1];
  return typeof last === "string" ? positionOf(last) : -1n;
}

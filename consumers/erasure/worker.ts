import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { loop } from "#consumers/runner/loop.ts";
import { openRedis } from "#consumers/runner/redis-connection.ts";
import type { Sql, TransactionSql } from "#hub/db/client.ts";
import { streamKey } from "#hub/log/keys.ts";
import { within } from "#hub/log/waiting.ts";
import { eraseGuest, type Erasure, type NotYet } from "./erase-guest.ts";

type Entry = { readonly shard: number; readonly position: bigint; readonly epoch: string };

const LOOK_MS = 2_000;
const ANSWER_MS = 2_000;
const PAGE = 500;

type ErasureOptions = { readonly sql: Sql; readonly redisUrl: string; readonly logger: Logger; readonly againAfter?: string };

/**
 * Forgets guests in Postgres, one erasure a transaction, and then in Redis as soon as it is there: twice, since a reader of the old text may have
 * published it again meanwhile.
 */
export function startErasure({ sql, redisUrl, logger, againAfter = "1 minute" }: ErasureOptions): { stop(): Promise<void> } {
  async function look(): Promise<void> {
    for (let next = await nextWaiting(sql); next !== undefined; next = await nextWaiting(sql)) await eraseOne(sql, next, logger);
    await forgetInRedis(sql, redisUrl, againAfter);
    await sql`
      update erasures e set left_in_redis = n.entries, state = case when n.entries = 0 then 'done' else state end, done_at = case when n.entries = 0 then clock_timestamp() end
      from (select w.id, (select count(*)::int from erased_entries x where x.erasure = w.id) as entries from erasures w where w.state = 'written') n
      where e.id = n.id and e.left_in_redis is distinct from n.entries`;
  }
  return loop(look, () => LOOK_MS, (error) => logger.warn({ err: error }, "erasures are looked for later"));
}

/** The one that was tried longest ago; none when all were tried just now. */
async function nextWaiting(sql: Sql): Promise<string | undefined> {
  const [next] = await sql<{ id: string }[]>`
    select id from erasures where state = 'waiting' and (tried_at is null or tried_at < clock_timestamp() - interval '1500 ms') order by tried_at nulls first, asked_at limit 1`;
  return next?.id;
}

async function eraseOne(sql: Sql, id: string, logger: Logger): Promise<void> {
  const waits = (tx: Sql | TransactionSql, what: NotYet["waitsFor"] | "trouble") => tx`update erasures set waits_for = ${what}, tried_at = clock_timestamp() where id = ${id} and state = 'waiting'`;
  try {
    await sql.begin(async (tx) => {
      const [erasure] = await tx<Erasure[]>`select id, merchant_id as merchant, subject, checks from erasures where id = ${id} and state = 'waiting' for update`;
      if (erasure === undefined) return;
      const erased = await eraseGuest(tx, erasure);
      if ("waitsFor" in erased) {
        await waits(tx, erased.waitsFor);
        return;
      }
      const { events, streams, slips, files } = erased;
      await tx`update erasures set state = 'written', waits_for = null, events = ${events}, streams = ${streams}, slips = ${slips}, files = ${files}, written_at = clock_timestamp() where id = ${id}`;
    });
  } catch (error) {
    logger.warn({ err: error, erasure: id }, "a guest is forgotten later");
    await waits(sql, "trouble");
  }
}

/** The rows are held meanwhile: of two processes only one may take an entry out, or both times would be one. */
async function forgetInRedis(sql: Sql, redisUrl: string, againAfter: string): Promise<void> {
  await sql.begin(async (tx) => {
    const entries = await tx<Entry[]>`select shard, position, epoch from erased_entries where due_at <= clock_timestamp() order by due_at limit ${PAGE} for update skip locked`;
    if (entries.length === 0) return;
    const redis = await openRedis(redisUrl, "comanda:erasure");
    try {
      await takeOut(redis, entries);
    } finally {
      redis.disconnect(false);
    }
    const keys = { shards: entries.map(({ shard }) => String(shard)), positions: entries.map(({ position }) => String(position)) };
    await tx`
      delete from erased_entries e using unnest(${keys.shards}::text[]::smallint[], ${keys.positions}::text[]::bigint[]) as n (shard, position)
      where e.shard = n.shard and e.position = n.position and e.times > 0`;
    await tx`
      update erased_entries e set times = times + 1, due_at = clock_timestamp() + ${againAfter}::interval
      from unnest(${keys.shards}::text[]::smallint[], ${keys.positions}::text[]::bigint[]) as n (shard, position)
      where e.shard = n.shard and e.position = n.position`;
  });
}

async function takeOut(redis: Redis, entries: readonly Entry[]): Promise<void> {
  const byStream = new Map<string, string[]>();
  for (const { shard, epoch, position } of entries) {
    const key = streamKey(shard, epoch);
    byStream.set(key, [...(byStream.get(key) ?? []), `${position}-0`]);
  }
  for (const [key, ids] of byStream) await within(ANSWER_MS, redis.xdel(key, ...ids));
}

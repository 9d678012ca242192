import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { loop } from "#consumers/runner/loop.ts";
import { openRedis } from "#consumers/runner/redis-connection.ts";
import type { Sql } from "#hub/db/client.ts";
import { streamKey } from "#hub/log/keys.ts";
import { within } from "#hub/log/waiting.ts";

type Entry = { readonly shard: number; readonly position: bigint; readonly epoch: string };

const LOOK_MS = 2_000;
const ANSWER_MS = 2_000;
const PAGE = 500;

/** Takes out of Redis what was erased in Postgres, as soon as Redis is there: twice, since a reader of the old text may have published it again meanwhile. */
export function startErasure({ sql, redisUrl, logger, againAfter = "1 minute" }: { readonly sql: Sql; readonly redisUrl: string; readonly logger: Logger; readonly againAfter?: string }): { stop(): Promise<void> } {
  async function look(): Promise<void> {
    const entries = await sql<Entry[]>`select shard, position, epoch from erased_entries where due_at <= clock_timestamp() order by due_at limit ${PAGE}`;
    if (entries.length === 0) return;
    const redis = await openRedis(redisUrl, "comanda:erasure");
    try {
      await takeOut(redis, entries);
    } finally {
      redis.disconnect(false);
    }
    const keys = { shards: entries.map(({ shard }) => String(shard)), positions: entries.map(({ position }) => String(position)) };
    await sql`
      delete from erased_entries e using unnest(${keys.shards}::text[]::smallint[], ${keys.positions}::text[]::bigint[]) as n (shard, position)
      where e.shard = n.shard and e.position = n.position and e.times > 0`;
    await sql`
      update erased_entries e set times = times + 1, due_at = clock_timestamp() + ${againAfter}::interval
      from unnest(${keys.shards}::text[]::smallint[], ${keys.positions}::text[]::bigint[]) as n (shard, position)
      where e.shard = n.shard and e.position = n.position`;
  }
  return loop(look, () => LOOK_MS, (error) => logger.debug({ err: error }, "erased entries are taken out of Redis later"));
}

async function takeOut(redis: Redis, entries: readonly Entry[]): Promise<void> {
  const byStream = new Map<string, string[]>();
  for (const { shard, epoch, position } of entries) {
    const key = streamKey(shard, epoch);
    byStream.set(key, [...(byStream.get(key) ?? []), `${position}-0`]);
  }
  for (const [key, ids] of byStream) await within(ANSWER_MS, redis.xdel(key, ...ids));
}

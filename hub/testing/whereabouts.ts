import type { Redis } from "ioredis";
import type { Sql } from "#hub/db/client.ts";

/** Every table of every schema in which one of the words stands anywhere, in bytes too. */
export async function tablesWith(admin: Sql, ...words: readonly string[]): Promise<readonly string[]> {
  const tables = await admin<{ name: string }[]>`
    select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_t%' order by 1`;
  const patterns = words.flatMap((word) => [`%${word}%`, `%${Buffer.from(word).toString("hex")}%`]);
  const found: string[] = [];
  for (const { name } of tables) {
    const [row] = await admin.unsafe(`select from ${name} t where t::text like any($1::text[]) limit 1`, [patterns]);
    if (row !== undefined) found.push(name.replace(/^public\./, ""));
  }
  return found;
}

/** Every key of Redis, of whatever kind, in which one of the words stands, or whose name has it. */
export async function keysWith(redis: Redis, ...words: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (let cursor: string | undefined; cursor !== "0"; ) {
    const [next, keys] = await redis.scan(cursor ?? "0", "COUNT", 500);
    cursor = next;
    for (const key of keys) {
      const all = key + JSON.stringify(await valueOf(redis, key));
      if (words.some((word) => all.includes(word))) found.push(key);
    }
  }
  return found;
}

async function valueOf(redis: Redis, key: string): Promise<unknown> {
  const kind = await redis.type(key);
  switch (kind) {
    case "stream":
      return redis.xrange(key, "-", "+");
    case "string":
      return redis.get(key);
    case "hash":
      return redis.hgetall(key);
    case "list":
      return redis.lrange(key, 0, -1);
    case "set":
      return redis.smembers(key);
    case "zset":
      return redis.zrange(key, "0", "-1");
    case "none":
      return null;
    default:
      throw new Error(`a key of a kind that nobody looks into: ${kind}`);
  }
}

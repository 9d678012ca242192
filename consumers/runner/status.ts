import type { Sql } from "#hub/db/client.ts";
import type { ShardStatus } from "./ports.ts";

/** Lag is counted in our own positions: Redis's own `lag` is wrong after SETID and after trimming. */
export async function shardStatus(sql: Sql, groups: readonly string[], owner: string, heads: readonly bigint[]): Promise<ShardStatus[]> {
  const rows = await sql<{ group: string; shard: number; checkpoint: bigint; owner: string | null; parked: number; deadLetters: number }[]>`
    select c.consumer_group as "group", c.shard, c.position as checkpoint, c.owner,
      (select count(*)::int from parked_events p where p.consumer_group = c.consumer_group and p.shard = c.shard and not p.dead) as parked,
      (select count(*)::int from dead_letters d where d.consumer_group = c.consumer_group and d.shard = c.shard and d.state = 'open') as "deadLetters"
    from consumer_checkpoints c where c.consumer_group = any(${groups as string[]}::text[])
    order by c.consumer_group, c.shard`;
  return rows.map((row) => {
    const head = heads[row.shard] ?? 0n;
    return { ...row, head, lag: head > row.checkpoint ? head - row.checkpoint : 0n, mine: row.owner === owner };
  });
}

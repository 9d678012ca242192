import type { Sql, TransactionSql } from "#hub/db/client.ts";

/**
 * Whether every consumer has all behind it up to this place: what it read before, it has done by then, in its own transactions. Whatever it makes of
 * later events it makes of texts without the name, or of events that are looked for again. Those of another release that serve beside us count, too.
 */
export async function allHaveRead(sql: Sql | TransactionSql, groups: readonly string[], shard: number, to: bigint): Promise<boolean> {
  const [row] = await sql<{ behind: boolean }[]>`
    select exists (
      select from (select unnest(${[...groups]}::text[]) union select unnest(groups) from consumer_processes) as g (name) left join consumer_checkpoints c on c.consumer_group = g.name and c.shard = ${shard}
      where coalesce(c.position, 0) < ${to}) as behind`;
  return row?.behind === false;
}

/** Whether something is built anew from texts that were read before; none begins until the transaction ends. */
export async function holdRebuilds(tx: TransactionSql): Promise<"building" | "held"> {
  await tx`lock table maintenance_runs in share mode`;
  const running = await tx`select from maintenance_runs where state = 'running' limit 1`;
  return running.length > 0 ? "building" : "held";
}

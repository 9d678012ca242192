import type { Redis } from "ioredis";
import { streamKey } from "#hub/log/keys.ts";
import type { Sql } from "#hub/db/client.ts";
import { waitFor } from "../services/server.ts";

/**
 * Holds a table so that the next transaction that writes to it stands still in its middle; the answer lets it go on. Which one
 * stands there is known by the name that each connection gave.
 */
export async function holdTable(admin: Sql, table: string): Promise<{ release(): Promise<void>; waitsFor(applicationName: string): Promise<void> }> {
  const own = await admin.reserve();
  await own`begin`;
  await own.unsafe(`lock table ${table} in exclusive mode`);
  return {
    async release() {
      await own`rollback`;
      own.release();
    },
    waitsFor: (applicationName) =>
      waitFor(`a transaction of ${applicationName} waiting for ${table}`, 30_000, async () => {
        const rows = await admin`
          select from pg_locks l join pg_stat_activity a using (pid)
          where not l.granted and l.relation = ${table}::regclass and a.application_name = ${applicationName}`;
        return rows.length > 0;
      }),
  };
}

/** Where the command is in the log; undefined until it is committed. */
export async function placeOf(admin: Sql, commandId: string): Promise<{ readonly shard: number; readonly to: bigint } | undefined> {
  const [row] = await admin<{ shard: number; to: bigint }[]>`select shard, to_position as "to" from commands where command_id = ${commandId}`;
  return row;
}

export async function isPublished(redis: Redis, epoch: string, { shard, to }: { readonly shard: number; readonly to: bigint }): Promise<boolean> {
  return (await redis.xrange(streamKey(shard, epoch), `${to}-0`, `${to}-0`)).length > 0;
}

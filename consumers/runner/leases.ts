import { forgettable, type Sql } from "#hub/db/client.ts";
import { SHARD_COUNT } from "#shared/shards.ts";

export type Lease = {
  readonly group: string;
  readonly shard: number;
  readonly fence: bigint;
  readonly logEpoch: string;
  readonly position: bigint;
  readonly leaseMs: number;
  /** The last owner did not release it: it died, hangs, or was cut off. */
  readonly unclean: boolean;
  /** Above the position: a process died in a marked batch that ended here. */
  readonly suspectTo: bigint;
  /** Events up to here were applied before, and come again. */
  readonly replayedTo: bigint;
};

/** A lease that is still mine, and where its checkpoint stands. */
export type Renewed = { readonly fence: bigint; readonly position: bigint };

export function leaseName({ group, shard }: Pick<Lease, "group" | "shard">): string {
  return `${group}/${shard}`;
}

export type Leases = ReturnType<typeof leases>;

/** RUN-2: who owns which (group, shard), by Postgres's clock. Fences, not leases, keep a zombie from writing. */
export function leases(sql: Sql, owner: string, processName: string, groups: readonly string[], leaseMs: number, fromHead: readonly string[] = []) {
  const until = sql`clock_timestamp() + ${leaseMs} * interval '1 millisecond'`;

  return {
    /** A new process of the same name stands in the place of the old one, whose leases end at once. */
    async register(): Promise<void> {
      await sql`
        insert into consumer_checkpoints (consumer_group, shard, position)
        select g, h.shard, case when g = any(${fromHead as string[]}::text[]) then h.head else 0 end
        from unnest(${groups as string[]}::text[]) g, log_heads() h
        on conflict do nothing`;
      await sql`
        with old as (delete from consumer_processes where name = ${processName} returning owner)
        update consumer_checkpoints c set lease_until = '-infinity' from old where c.owner = old.owner`;
      await this.beat();
    },

    /** The heartbeat; answers how many processes serve each group. */
    async beat(): Promise<ReadonlyMap<string, number>> {
      await sql`
        insert into consumer_processes (owner, name, groups) values (${owner}, ${processName}, ${groups as string[]}::text[])
        on conflict (owner) do update set beat_at = clock_timestamp()
        returning ${forgettable(sql)}`;
      await sql`delete from consumer_processes where beat_at < clock_timestamp() - 10 * ${leaseMs} * interval '1 millisecond'`;
      const rows = await sql<{ group: string; count: number }[]>`
        select g as "group", count(*)::int as count from consumer_processes, unnest(groups) g
        where beat_at > clock_timestamp() - ${leaseMs} * interval '1 millisecond' group by g`;
      return new Map(rows.map((row) => [row.group, row.count]));
    },

    /**
     * Renews what is still mine and says what that is. Rows that a transaction of a worker holds are left out: it renews
     * its lease with its checkpoint, and waiting for it here would hold up all the others.
     */
    async renew(): Promise<ReadonlyMap<string, Renewed>> {
      await sql`
        with mine as (
          select consumer_group, shard from consumer_checkpoints where owner = ${owner} order by consumer_group, shard for update skip locked
        )
        update consumer_checkpoints c set lease_until = ${until}
        from mine where c.consumer_group = mine.consumer_group and c.shard = mine.shard
        returning ${forgettable(sql)}`;
      const rows = await sql<({ group: string; shard: number } & Renewed)[]>`
        select consumer_group as "group", shard, fence, position from consumer_checkpoints where owner = ${owner}`;
      return new Map(rows.map(({ group, shard, fence, position }) => [leaseName({ group, shard }), { fence, position }]));
    },

    /** Takes free or expired shards of a group, at most `count`. */
    async take(group: string, count: number): Promise<Lease[]> {
      const taken = await sql<Omit<Lease, "leaseMs">[]>`
        with free as (
          select shard, owner from consumer_checkpoints
          where consumer_group = ${group} and (owner is null or lease_until < clock_timestamp())
          order by shard limit ${count} for update skip locked
        )
        update consumer_checkpoints c
        set owner = ${owner}, fence = c.fence + 1, lease_until = ${until}, log_epoch = (select epoch from log_meta)
        from free
        where c.consumer_group = ${group} and c.shard = free.shard
        returning c.consumer_group as "group", c.shard, c.fence, c.log_epoch as "logEpoch", c.position,
          c.suspect_to as "suspectTo", c.replayed_to as "replayedTo", free.owner is not null as unclean`;
      return taken.map((lease) => ({ ...lease, leaseMs }));
    },

    async release(group: string, shard: number, fence: bigint): Promise<void> {
      await sql`
        update consumer_checkpoints set owner = null, lease_until = null
        where consumer_group = ${group} and shard = ${shard} and fence = ${fence}`;
    },

    /** The checkpoint as it stands, when the lease is still mine. */
    async look(group: string, shard: number, fence: bigint): Promise<{ position: bigint; logEpoch: string } | undefined> {
      const [row] = await sql<{ position: bigint; logEpoch: string }[]>`
        select position, log_epoch as "logEpoch" from consumer_checkpoints
        where consumer_group = ${group} and shard = ${shard} and fence = ${fence} and owner = ${owner}
          and log_epoch = (select epoch from log_meta)`;
      return row;
    },

    async leave(): Promise<void> {
      await sql`update consumer_checkpoints set owner = null, lease_until = null where owner = ${owner}`;
      await sql`delete from consumer_processes where owner = ${owner}`;
    },
  };
}

/** Shards that one of `processes` may hold, so that all together hold every shard. */
export function fairShare(processes: number): number {
  return Math.ceil(SHARD_COUNT / Math.max(1, processes));
}

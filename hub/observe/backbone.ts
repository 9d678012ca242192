import type { Sql } from "#hub/db/client.ts";
import { readMeta, type EpochReason } from "#hub/log/epoch.ts";
import type { QueueSeen } from "#hub/log/queue-seen.ts";
import { heads } from "#hub/log/read.ts";

/** Of the advisory locks under which a shard is appended to (LOG-1). */
const LOCK_CLASS = 2666632;

/** Positions as texts: JSON has no number for them. */
export type ShardSeen = { readonly shard: number; readonly checkpoint: string; readonly head: string; readonly lag: number };
export type GroupSeen = {
  readonly group: string;
  readonly shards: readonly ShardSeen[];
  /** Positions not yet applied, over all shards: our own, since Redis's `lag` is wrong after trimming. */
  readonly lag: number;
  /** How long the oldest of them has been in the log, one that is given again since that was done; null when there is none. */
  readonly oldestMs: number | null;
  /** Processes that hold a shard of it, and have said so in time. */
  readonly owners: number;
  readonly parkedEvents: number;
  readonly parkedKeys: number;
  /** How long the one that was parked first has waited for its retry or behind another, a dead letter that blocks its keys among them; null without any. */
  readonly parkedMs: number | null;
  readonly deadLetters: number;
};
/** Since each process began: differences say what happened between two looks. */
export type WorkSeen = { readonly owner: string; readonly group: string; readonly applied: number; readonly failed: number; readonly cutOff: number; readonly ages: readonly number[] };
/** One that is open now; the same `id` in two looks is the same transaction. */
export type TransactionSeen = { readonly id: string; readonly pid: number; readonly user: string; /** Whose appends wait for it. */ readonly shards: readonly number[] };
/** A handler that kept the thread of its process. `outcome` null: it still does. */
export type BlockedSeen = {
  readonly process: string;
  readonly sinceMs: number;
  readonly outcome: "went-on" | "ended" | null;
  readonly standsIn: string | null;
  readonly handlers: readonly { readonly group: string; readonly shard: number; readonly from: string; readonly to: string }[];
};
export type BackboneSeen = {
  readonly head: bigint;
  readonly groups: readonly GroupSeen[];
  readonly work: readonly WorkSeen[];
  /** Dead letters of the last five minutes. */
  readonly recentDeadLetters: number;
  readonly printersDown: number;
  readonly processes: number;
  readonly transactions: readonly TransactionSeen[];
  /** LOG-7. */
  readonly epoch: { readonly reason: EpochReason; readonly sinceMs: number };
  /** What waits in the consumers' processes. */
  readonly queues: readonly ProcessQueue[];
  /** Of the last minutes, oldest first. */
  readonly blocked: readonly BlockedSeen[];
};
/** `owner`: the process, "hub" for the one that looks. */
export type ProcessQueue = QueueSeen & { readonly owner: string };

type CheckpointRow = { group: string; shard: number; position: bigint; owner: string | null; oldest: Date | null };
type CountRow = { group: string; events: number; keys: number; first: Date };

/** One look at all of it, with a role that reads every tenant: it tells counts, never whose. */
export async function lookAtBackbone(sql: Sql, nowMs: number): Promise<BackboneSeen> {
  // The heads before the checkpoints: what is appended and applied in between is no lag.
  const now = await heads(sql);
  const [checkpoints, parked, dead, work, queues, [counts], transactions, meta, blocked] = await Promise.all([
    sql<CheckpointRow[]>`
      select c.consumer_group as "group", c.shard, c.position, case when c.lease_until > clock_timestamp() then c.owner end as owner,
        least(
          greatest((select e.recorded_at from events e where e.shard = c.shard and e.position = c.position + 1), case when c.position < c.replayed_to then c.replayed_at end),
          case when c.position < c.replayed_to then (select e.recorded_at from events e where e.shard = c.shard and e.position = c.replayed_to + 1) end
        ) as oldest
      from consumer_checkpoints c order by c.consumer_group, c.shard`,
    sql<CountRow[]>`
      select consumer_group as "group", count(distinct position)::int as events, count(distinct key)::int as keys, min(parked_at) as first
      from parked_events, unnest(keys) as key where not dead group by consumer_group`,
    sql<{ group: string; events: number }[]>`select consumer_group as "group", count(*)::int as events from dead_letters where state = 'open' group by consumer_group`,
    sql<{ owner: string; group: string; applied: bigint; failed: bigint; cutOff: bigint; ages: bigint[] }[]>`
      select owner, consumer_group as "group", applied, failed, cut_off as "cutOff", ages from consumer_stats`,
    sql<{ owner: string; queue: string; length: number; bound: number; full: bigint }[]>`
      select owner, queue, length, bound, full_count as full from consumer_queues where at > clock_timestamp() - interval '15 seconds'`,
    sql<{ recent: number; printers: number; processes: number }[]>`
      select (select count(*)::int from dead_letters where recorded_at > clock_timestamp() - interval '5 minutes') as recent,
        (select count(*)::int from print_printers where not online) as printers,
        (select count(*)::int from consumer_processes where beat_at > clock_timestamp() - interval '10 seconds') as processes`,
    // When they began is for superusers to see; that they are still there is for everybody.
    sql<TransactionSeen[]>`
      select l.virtualtransaction as id, l.pid, a.usename as "user",
        coalesce(array_agg(l.objid::int) filter (where l.locktype = 'advisory' and l.classid = ${LOCK_CLASS}), '{}') as shards
      from pg_locks l join pg_stat_activity a on a.pid = l.pid
      where l.granted and a.datname = current_database() and a.usename is not null and l.pid <> pg_backend_pid()
      group by 1, 2, 3`,
    readMeta(sql),
    sql<(Omit<BlockedSeen, "sinceMs"> & { readonly since: Date })[]>`
      select process, since, outcome, stack[1] as "standsIn", running as handlers from blocked_threads
      where since > clock_timestamp() - interval '15 minutes' order by since desc limit 50`,
  ]);
  const groups = [...new Set(checkpoints.map(({ group }) => group))].map((group): GroupSeen => {
    const own = checkpoints.filter((row) => row.group === group);
    const shards = own.map(({ shard, position }): ShardSeen => {
      const head = now[shard] ?? 0n;
      return { shard, checkpoint: position.toString(), head: head.toString(), lag: head > position ? Number(head - position) : 0 };
    });
    const oldest = own.flatMap(({ oldest: at }) => (at === null ? [] : [at.getTime()]));
    const waiting = parked.find((row) => row.group === group);
    return {
      group,
      shards,
      lag: shards.reduce((sum, { lag }) => sum + lag, 0),
      oldestMs: oldest.length === 0 ? null : Math.max(0, nowMs - Math.min(...oldest)),
      owners: new Set(own.flatMap(({ owner }) => (owner === null ? [] : [owner]))).size,
      parkedEvents: waiting?.events ?? 0,
      parkedKeys: waiting?.keys ?? 0,
      parkedMs: waiting === undefined ? null : Math.max(0, nowMs - waiting.first.getTime()),
      deadLetters: dead.find((row) => row.group === group)?.events ?? 0,
    };
  });
  return {
    head: now.reduce((sum, head) => sum + head, 0n),
    groups,
    work: work.map(({ owner, group, applied, failed, cutOff, ages }) => ({ owner, group, applied: Number(applied), failed: Number(failed), cutOff: Number(cutOff), ages: ages.map(Number) })),
    recentDeadLetters: counts?.recent ?? 0,
    printersDown: counts?.printers ?? 0,
    processes: counts?.processes ?? 0,
    transactions,
    epoch: { reason: meta?.reason ?? "installation", sinceMs: meta?.since.getTime() ?? nowMs },
    queues: queues.map((queue) => ({ ...queue, full: Number(queue.full) })),
    blocked: blocked.toReversed().map(({ since, ...one }) => ({ ...one, sinceMs: since.getTime() })),
  };
}

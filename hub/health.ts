import type { EventLog } from "#hub/log/append.ts";
import type { Feed } from "#hub/log/feed.ts";
import type { DatabaseState } from "#hub/log/append-lane.ts";
import { readMeta, type EpochReason } from "#hub/log/epoch.ts";
import { within } from "#hub/log/waiting.ts";
import type { Realtime } from "#hub/realtime/create-realtime.ts";
import type { Sql } from "#hub/db/client.ts";

export type Health = {
  /** `degraded`: orders are taken, something beside is away. `down`: nothing can be written. */
  readonly status: "ok" | "degraded" | "down";
  /** `full` and `read-only`: it answers and takes nothing. */
  readonly postgres: DatabaseState;
  /** `refuses`: it answers and takes nothing (no memory left, not a master); `publishing.refused` has its own word for it. */
  readonly redis: "up" | "away" | "refuses" | "none";
  /** Events committed and not yet in Redis, as far as this hub knows. */
  readonly publishing: { readonly behind: string; readonly refused?: string };
  readonly sockets: number;
  /** Positions that each consumer has still to apply; null when Postgres is away. */
  readonly consumers: Readonly<Record<string, string>> | null;
  readonly epoch: string;
  /** LOG-7: why and when the epoch began; null when Postgres is away. After a restore or a promotion what was written last may be lost. */
  readonly epochStarted: { readonly reason: EpochReason; readonly at: string } | null;
  readonly version: string;
};

const PROBE_MS = 1_500;

export async function readHealth(parts: { sql: Sql; log: EventLog; feed: Feed; realtime: Realtime; version: string }): Promise<Health> {
  const { log, feed, realtime, version } = parts;
  const state = log.state();
  const probe = await within(PROBE_MS, Promise.all([consumerLag(parts.sql), readMeta(parts.sql)])).catch(() => undefined);
  const postgres = probe === undefined ? "away" : writing(state.append.database);
  const meta = probe?.[1];
  const redis = state.publish === undefined ? "none" : state.publish.redis === "away" || feed.state().redis !== "up" ? "away" : state.publish.refused === undefined ? "up" : "refuses";
  return {
    status: postgres !== "up" ? "down" : redis === "away" || redis === "refuses" ? "degraded" : "ok",
    postgres,
    redis,
    publishing: { behind: String(state.publish?.behind ?? 0n), ...(state.publish?.refused === undefined ? {} : { refused: state.publish.refused }) },
    sockets: realtime.stats().sockets,
    consumers: probe?.[0] ?? null,
    epoch: state.epoch,
    epochStarted: meta === undefined ? null : { reason: meta.reason, at: meta.since.toISOString() },
    version,
  };
}

/** A batch may have been lost on the way to a database that answers this. */
function writing(database: DatabaseState): DatabaseState {
  return database === "away" ? "up" : database;
}

/**
 * Our own positions: Redis's `lag` is wrong after trimming. Heads and checkpoints are of one snapshot: a checkpoint that
 * moved after the heads were read would hide the events that its consumer appended with it.
 */
async function consumerLag(sql: Sql): Promise<Record<string, string>> {
  const rows = await sql<{ group: string; behind: bigint }[]>`
    select consumer_group as "group", sum(greatest(head - position, 0))::bigint as behind
    from consumer_checkpoints join log_heads() using (shard) group by 1 order by 1`;
  return Object.fromEntries(rows.map(({ group, behind }) => [group, String(behind)]));
}

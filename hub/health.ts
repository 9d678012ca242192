import type { EventLog } from "#hub/log/append.ts";
import type { Feed } from "#hub/log/feed.ts";
import { heads } from "#hub/log/read.ts";
import { within } from "#hub/log/waiting.ts";
import type { Realtime } from "#hub/realtime/create-realtime.ts";
import type { Sql } from "#hub/db/client.ts";

export type Health = {
  /** `degraded`: orders are taken, something beside is away. `down`: nothing can be written. */
  readonly status: "ok" | "degraded" | "down";
  readonly postgres: "up" | "away";
  readonly redis: "up" | "away" | "none";
  /** Events committed and not yet in Redis, as far as this hub knows. */
  readonly publishing: { readonly behind: string };
  readonly sockets: number;
  /** Positions that each consumer has still to apply; null when Postgres is away. */
  readonly consumers: Readonly<Record<string, string>> | null;
  readonly epoch: string;
  readonly version: string;
};

const PROBE_MS = 1_500;

export async function readHealth(parts: { sql: Sql; log: EventLog; feed: Feed; realtime: Realtime; version: string }): Promise<Health> {
  const { log, feed, realtime, version } = parts;
  const state = log.state();
  const consumers = await within(PROBE_MS, consumerLag(parts.sql)).catch(() => undefined);
  const postgres = consumers === undefined ? "away" : "up";
  const redis = state.publish === undefined ? "none" : state.publish.redis === "up" && feed.state().redis === "up" ? "up" : "away";
  return {
    status: postgres === "away" ? "down" : redis === "away" ? "degraded" : "ok",
    postgres,
    redis,
    publishing: { behind: String(state.publish?.behind ?? 0n) },
    sockets: realtime.stats().sockets,
    consumers: consumers ?? null,
    epoch: state.epoch,
    version,
  };
}

/** Our own positions: Redis's `lag` is wrong after trimming. */
async function consumerLag(sql: Sql): Promise<Record<string, string>> {
  const [now, rows] = await Promise.all([
    heads(sql),
    sql<{ group: string; shard: number; position: bigint }[]>`select consumer_group as "group", shard, position from consumer_checkpoints`,
  ]);
  const lag = new Map<string, bigint>();
  for (const { group, shard, position } of rows) {
    const behind = (now[shard] ?? 0n) - position;
    lag.set(group, (lag.get(group) ?? 0n) + (behind > 0n ? behind : 0n));
  }
  return Object.fromEntries([...lag].map(([group, behind]) => [group, String(behind)]));
}

import type { Sql, TransactionSql } from "#hub/db/client.ts";
import { heads } from "#hub/log/read.ts";
import { shardOf } from "#shared/shards.ts";
import { delay, waitFor } from "../services/server.ts";
import type { Device } from "./device.ts";
import type { Outside } from "./outside.ts";
import { devicesOf } from "./restaurant.ts";
import type { Stage } from "./stage.ts";

export type Health = {
  readonly status: "ok" | "degraded" | "down";
  readonly sockets: number;
  readonly postgres: "up" | "away" | "full" | "read-only";
  readonly redis: "up" | "away" | "refuses" | "none";
  readonly publishing: { readonly behind: string; readonly refused?: string };
  readonly epoch: string;
  readonly epochStarted: { readonly reason: string; readonly at: string } | null;
  readonly consumers: Readonly<Record<string, string>> | null;
};

/** A stage of which nothing outside is touched: only the providers' books are read. */
export type Watched = Omit<Stage, "outside"> & { readonly outside: Pick<Outside, "books"> | undefined };

/** Undefined while the hub does not answer; the first hub unless another is named. */
export async function healthOf({ stack }: Pick<Stage, "stack">, url = stack.url): Promise<Health | undefined> {
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(3_000) });
    return (await response.json()) as Health;
  } catch {
    return undefined;
  }
}

/** Waits until no consumer is more than `behind` events behind. */
export async function keepsUp(stage: Stage, behind = 50, withinMs = 60_000): Promise<void> {
  await waitFor("the consumers to keep up", withinMs, async () => {
    const consumers = (await healthOf(stage))?.consumers;
    return consumers !== null && consumers !== undefined && Object.values(consumers).every((lag) => Number(lag) <= behind);
  });
}

/** Waits until everything has come to rest, or says what has not. */
export async function settled(stage: Watched, withinMs = 120_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const restless = await whatMoves(stage);
    if (restless.length === 0) return;
    if (Date.now() > deadline) throw new Error(`not at rest after ${withinMs / 1000} s: ${restless.join("; ")}`);
    await delay(100);
  }
}

async function whatMoves(stage: Watched): Promise<readonly string[]> {
  const before = await heads(stage.admin);
  const healths = await Promise.all(stage.stack.hubs.map(({ url }) => healthOf(stage, url)));
  const lag = Object.entries(healths[0]?.consumers ?? { all: "away" }).filter(([, behind]) => behind !== "0");
  const inPostgres = await unfinished(stage.admin);
  const untold = (await stage.outside?.books().catch(() => undefined))?.reduce((sum, { undelivered }) => sum + undelivered, 0) ?? (stage.outside === undefined ? 0 : "?");
  const after = await heads(stage.admin);
  return [
    ...healths.flatMap((health, i) => [
      ...(health?.status === "ok" ? [] : [`hub ${i + 1} says ${health?.status ?? "nothing"}`]),
      ...(health?.publishing.behind === "0" ? [] : [`${health?.publishing.behind} events wait in hub ${i + 1} for Redis`]),
    ]),
    ...lag.map(([group, behind]) => `${group} is ${behind} behind`),
    ...inPostgres,
    ...(untold === 0 ? [] : [`providers have ${untold} webhooks to deliver`]),
    ...devicesOf(stage.restaurants).flatMap((device) => restlessness(device, after)),
    ...(before.every((head, shard) => head === after[shard]) ? [] : ["the log grows"]),
  ];
}

/** What Postgres says is under way, beside consumers that have yet to come to the end of the log. */
export async function unfinished(sql: Sql | TransactionSql): Promise<readonly string[]> {
  const [printing] = await sql<{ jobs: number; reports: number }[]>`
    select (select count(*)::int from print_jobs where state in ('queued', 'sending')) as jobs, (select count(*)::int from print_reports) as reports`;
  const [parked] = await sql<{ waiting: number }[]>`select count(*)::int as waiting from parked_events where not dead`;
  const [owing] = await sql<{ payments: number; payouts: number }[]>`
    select (select count(*)::int from aggregates where kind = 'payment' and head->>'status' in ('created', 'sent', 'authorized', 'unknown')) as payments,
      (select count(*)::int from payment_requests where state = 'queued' and kind = 'refund' and outcome is distinct from 'over') as payouts`;
  return [
    ...(printing?.jobs === 0 && printing.reports === 0 ? [] : [`${printing?.jobs} print jobs and ${printing?.reports} reports are under way`]),
    ...(owing?.payments === 0 && owing.payouts === 0 ? [] : [`${owing?.payments} payments and ${owing?.payouts} payouts wait for their provider`]),
    ...(parked?.waiting === 0 ? [] : [`${parked?.waiting} events are parked`]),
  ];
}

function restlessness({ name, outbox, connection, world, merchant, organizer }: Device, now: readonly bigint[]): readonly string[] {
  const waiting = outbox.state.get().waiting;
  const { phase, stale } = connection.state.get();
  const behind = [shardOf(merchant), shardOf(organizer)].filter((shard) => BigInt(world.cursor()?.positions[String(shard)] ?? "0") < (now[shard] ?? 0n));
  return [
    ...(waiting === 0 && outbox.assumed().length === 0 ? [] : [`${name} has ${waiting} commands without an answer and assumes ${outbox.assumed().length}`]),
    ...(phase === "live" && !stale ? [] : [`${name} is ${phase}${stale ? " and stale" : ""}`]),
    ...behind.map((shard) => `${name} is behind on shard ${shard}`),
    ...(world.view.get().kinds === world.confirmed() ? [] : [`${name} has yet to draw`]),
  ];
}

import { pino } from "pino";
import { startMaintenance } from "#consumers/runner/maintenance/worker.ts";
import { runnerLog } from "#consumers/runner/log-port.ts";
import type { Runner } from "#consumers/runner/ports.ts";
import { startRunner } from "#consumers/runner/runner.ts";
import { FAST } from "#consumers/runner/testing/bench.ts";
import { createEffects, effectConsumer } from "#consumers/runner/testing/effects.ts";
import { runnerStats } from "#consumers/runner/stats.ts";
import type { ConsumerDefinition } from "#consumers/runner/types.ts";
import { stockConsumer } from "#consumers/stock/consumer.ts";
import { connect, type Sql } from "#hub/db/client.ts";
import { createEventLog, type EventLog } from "#hub/log/append.ts";
import { frame, makePlace, newId, result, startTestHub, until, type HubFixture, type TestPlace } from "#hub/testing/hub-fixture.ts";
import { testRedis } from "#scripts/testing/services.ts";
import { operationsConsumer } from "../consumer.ts";

export let fixture: HubFixture;
export let place: TestPlace;
export let manager: Awaited<ReturnType<TestPlace["login"]>>;
export let admin: Sql;
export let sql: Sql;
export let log: EventLog;
export let house: Runner;
export const running: { stop(): Promise<void> }[] = [];
export const logger = pino({ level: "silent" });
let stats: ReturnType<typeof runnerStats>;

/** Of these the picky consumer takes nothing. */
export const broken = new Set<string>();
export const picky = effectConsumer("picky", ({ envelope }) => {
  if (broken.has(envelope.subject)) throw new Error("no such shelf");
}, { retryAfterMs: [], deadLetterBlocksKey: true });

/** Whose counts the stock's consumer cannot apply. */
export const spilled = new Set<string>();
export const stock: ConsumerDefinition = {
  ...stockConsumer,
  policy: { ...stockConsumer.policy, retryAfterMs: [] },
  handle: (events, context) => {
    if (events.some(({ envelope: { type, subject } }) => type === "stock.ingredient.counted" && spilled.has(subject))) throw new Error("no such shelf");
    return stockConsumer.handle(events, context);
  },
};

export function run(consumers: readonly ConsumerDefinition[], processName = "test"): Runner {
  const runner = startRunner({ sql, log: runnerLog(sql, log), redisUrl: testRedis().url, consumers, processName, timings: FAST, observe: stats });
  running.push(runner);
  return runner;
}

export async function startHouse(): Promise<void> {
  house = run([stock, operationsConsumer, { ...picky, types: ["sale.order.sent", "stock.ingredient.created"] }]);
  await house.started;
}

export async function openHouse(): Promise<void> {
  fixture = await startTestHub();
  const { adminUrl, hubUrl, consumerUrl } = fixture.database;
  await createEffects(adminUrl);
  admin = connect(adminUrl, { max: 2 });
  sql = connect(consumerUrl, { max: 12 });
  log = await createEventLog({ hubUrl, consumerUrl, redisUrl: testRedis().url });
  stats = runnerStats(sql, "test", logger, 100);
  running.push(stats);
  place = await makePlace(fixture);
  manager = await place.login("Sofia");
  await startHouse();
  running.push(startMaintenance({ sql, log: runnerLog(sql, log), consumers: [stockConsumer, operationsConsumer], processName: "test", logger, lookEveryMs: 50 }));
}

export async function closeHouse(): Promise<void> {
  await Promise.all(running.map((one) => one.stop()));
  await log.close();
  await Promise.all([admin.end(), sql.end()]);
  await fixture.stop();
}

export const soon = (what: string, holds: () => Promise<boolean>) => until(what, holds, 10_000);
export async function ingredient(counts: readonly string[]): Promise<string> {
  const id = newId("ingredient");
  result(await manager.api.catalog.createIngredient.mutate(frame({ ingredient: id, name: `Milk ${id.slice(-6)}`, unit: "ml" as const, lowBelow: "1" })));
  for (const quantity of counts) result(await manager.api.stock.countIngredient.mutate(frame({ ingredient: id, quantity, reason: "count" })));
  return id;
}
export async function onHand(id: string): Promise<string | undefined> {
  const [row] = await admin<{ onHand: string }[]>`select on_hand as "onHand" from stock_levels where ingredient_id = ${id}`;
  return row?.onHand;
}
export async function movements(id: string): Promise<string[]> {
  const rows = await admin<{ quantity: string }[]>`select quantity from stock_movements where ingredient_id = ${id} order by recorded_at, event_id`;
  return rows.map(({ quantity }) => quantity);
}
export const effects = (subject: string) => admin`select from effects where subject = ${subject}`;
export async function deadLetterOf(subject: string): Promise<{ id: string; state: string }> {
  const find = () => admin<{ id: string; state: string }[]>`select id, state from dead_letters where envelope like ${`%${subject}%`} and state = 'open'`;
  await soon("the dead letter", async () => (await find()).length === 1);
  return (await find())[0] ?? { id: "", state: "" };
}
export const eventsOf = async (stream: string) => {
  const rows = await admin<{ envelope: string }[]>`select envelope from events where stream = ${stream} order by stream_version`;
  return rows.map(({ envelope }) => JSON.parse(envelope) as { type: string; actor: string; data: Record<string, unknown> });
};
/** As its processes counted it: what they did, and of how much of it they say how old it was. */
export async function workOf(group: string): Promise<{ readonly applied: bigint; readonly aged: bigint }> {
  const [row] = await admin<{ applied: bigint; aged: bigint }[]>`
    select sum(applied)::bigint as applied, sum((select sum(n) from unnest(ages) n))::bigint as aged from consumer_stats where consumer_group = ${group}`;
  return row ?? { applied: 0n, aged: 0n };
}
export async function runOf(id: string): Promise<Record<string, unknown>> {
  const find = () => admin`select * from maintenance_runs where id = ${id} and state in ('completed', 'failed')`;
  await soon("the end of the run", async () => (await find()).length === 1);
  return (await find())[0] ?? {};
}

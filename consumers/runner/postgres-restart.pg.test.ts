import { expect, test } from "vitest";
import { connect } from "#hub/db/client.ts";
import { startPostgres, testRedisUrl } from "#scripts/testing/services.ts";
import { startRunner } from "./runner.ts";
import { asItIs, FAST, merchantOn, orders, upTo } from "./testing/bench.ts";
import { benchLog } from "./testing/bench-log.ts";
import { createEffects, effectConsumer, effectsOf, until } from "./testing/effects.ts";

test("RUN-1, RUN-4: Postgres killed under load: every event once, none counted as a failure", async () => {
  const server = await startPostgres({ migrated: true, durable: true });
  const consumerUrl = server.url.replace(/\/\/[^@]*@/, "//comanda_consumer@");
  await createEffects(server.url);
  const log = await benchLog(consumerUrl, testRedisUrl());
  const sql = connect(consumerUrl, { max: 12 });
  const [group, shard] = ["postgres-dies", 0];
  const runner = startRunner({ sql, redisUrl: testRedisUrl(), log: log.runnerLog, consumers: [effectConsumer(group, () => {}, { batchSize: 3 })], processName: "test", timings: FAST, read: asItIs });
  await runner.started;
  let written = 0;
  const write = async (count: number) => {
    await log.write(merchantOn(shard), orders(count, "ord_a"));
    written += count;
  };
  for (let round = 0; round < 2; round++) {
    await write(20);
    await server.kill("SIGKILL");
    await server.restart();
    await until("Postgres answers", async () => (await sql`select 1`.catch(() => [])).length === 1);
    await write(5);
  }
  const allApplied = () => until("all applied", async () => (await effectsOf(sql, group, shard).catch(() => [])).length >= written, 20_000);
  await allApplied();
  // Of the last commits some may be forgotten (ADR 0008), and nothing new comes that would show it.
  await write(20);
  await allApplied();
  await server.kill("SIGKILL");
  await server.restart();
  await allApplied();
  expect((await effectsOf(sql, group, shard)).map(({ position }) => position)).toEqual(upTo(written));
  expect(await sql`select from parked_events`).toHaveLength(0);
  await runner.stop();
  await log.close();
  await sql.end({ timeout: 1 });
  await server.stop();
}, 120_000);

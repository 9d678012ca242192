import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Redis } from "ioredis";
import { connect, type Sql } from "#hub/db/client.ts";
import { shardOf } from "#shared/shards.ts";
import { testDatabase, testRedis, type TestDatabase } from "#scripts/testing/services.ts";
import type { Runner, RunnerOptions } from "./ports.ts";
import { startRunner } from "./runner.ts";
import { benchLog, type BenchLog } from "./testing/bench-log.ts";
import { createEffects, effectConsumer, effectsOf, until } from "./testing/effects.ts";

const MERCHANT = "mer_01JD0000000000000000000001";
const SHARD = shardOf(MERCHANT);
const FAST = { leaseMs: 1_500, tickMs: 200, safetyPollMs: 500, outagePollMs: 100, blockMs: 500, skipFlushMs: 50 };

let database: TestDatabase;
let log: BenchLog;
let sql: Sql;
let redis: Redis;
const running: Runner[] = [];

beforeAll(async () => {
  database = await testDatabase();
  await createEffects(database.adminUrl);
  sql = connect(database.consumerUrl, { max: 12 });
  log = await benchLog(database.consumerUrl, testRedis().url);
  redis = new Redis(testRedis().url);
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((runner) => runner.stop()));
});

afterAll(async () => {
  redis.disconnect();
  await log.close();
  await sql.end({ timeout: 1 });
  await database.drop();
});

function start(options: Partial<RunnerOptions> & Pick<RunnerOptions, "consumers">): Runner {
  const runner = startRunner({
    sql,
    redisUrl: testRedis().url,
    log: log.runnerLog,
    processName: "test",
    timings: FAST,
    ...options,
  });
  running.push(runner);
  return runner;
}

const positions = async (group: string) => (await effectsOf(sql, group, SHARD)).map(({ position }) => position);
const orders = (count: number, subject = "ord_a") => Array.from({ length: count }, () => ({ subject }));

test("RUN-1: events reach the handler in position order, once, and Redis's pending list is empty afterwards", async () => {
  const group = "in-order";
  const runner = start({ consumers: [effectConsumer(group)] });
  await runner.started;
  const before = await log.runnerLog.heads();
  const events = [...(await log.write(MERCHANT, orders(30))), ...(await log.write(MERCHANT, orders(30)))];
  const first = before[SHARD] ?? 0n;
  await until("60 effects", async () => (await positions(group)).length >= Number(first) + 60);
  expect(await positions(group)).toEqual(Array.from({ length: Number(first) + 60 }, (_, i) => BigInt(i + 1)));
  await until("acks", async () => ((await redis.xpending(await log.streamOf(MERCHANT), group)) as unknown[])[0] === 0);
  const status = await runner.status();
  const shard = status.shards.find((one) => one.shard === SHARD);
  expect(shard).toMatchObject({ checkpoint: events.at(-1)?.position, lag: 0n, mine: true, parked: 0, deadLetters: 0 });
  expect(status.redis.get(group)).toBe(true);
});

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startRedis } from "#scripts/testing/services.ts";
import type { Runner } from "./ports.ts";
import { applied, FAST, groupIn, merchantOn, openBench, orders, REDIS_ONLY, untilApplied, upTo, type Bench } from "./testing/bench.ts";
import { effectConsumer, until } from "./testing/effects.ts";

let bench: Bench;
let server: Awaited<ReturnType<typeof startRedis>>;
beforeAll(async () => {
  server = await startRedis();
  bench = await openBench(server.url);
});
afterEach(() => bench.stopAll());
afterAll(async () => {
  await bench.close();
  await server.stop();
});

function untilReading(runner: Runner, group: string, reading = true): Promise<void> {
  return until(`reading: ${reading}`, async () => (await runner.status()).redis.get(group) === reading);
}

async function untilShown(group: string, shard: number, position: number): Promise<void> {
  const stream = await bench.log.streamOf(merchantOn(shard));
  await until(`Redis shows ${group} at ${position}`, async () => (await groupIn(bench.redis, stream, group))?.["last-delivered-id"] === `${position}-0`);
}

/** After it an event comes through Redis again: nobody polls within the test. */
async function expectRedisAgain(runner: Runner, group: string, shard: number, count: number): Promise<void> {
  await untilReading(runner, group);
  await bench.log.write(merchantOn(shard), orders(1, "ord_a"));
  await untilApplied(bench, group, shard, count);
  expect(await applied(bench, group, shard)).toEqual(upTo(count));
  await untilShown(group, shard, count);
}

test("RUN-1: while Redis is dead events come from Postgres, and through Redis again when it is back, empty", async () => {
  const [group, shard] = ["redis-dead", 0];
  const runner = bench.start({ consumers: [effectConsumer(group)], timings: REDIS_ONLY });
  await runner.started;
  await bench.log.write(merchantOn(shard), orders(3, "ord_a"));
  await untilApplied(bench, group, shard, 3);
  await server.kill("SIGKILL");
  await untilReading(runner, group, false);
  await bench.log.append(merchantOn(shard), orders(4, "ord_a"));
  await untilApplied(bench, group, shard, 7);
  await server.restart();
  await expectRedisAgain(runner, group, shard, 8);
});

test("RUN-1: a Redis that hangs is as good as dead, and is used again when it wakes", async () => {
  const [group, shard] = ["redis-hangs", 1];
  const runner = bench.start({ consumers: [effectConsumer(group)], timings: FAST });
  await runner.started;
  await untilReading(runner, group);
  await server.kill("SIGSTOP");
  try {
    await bench.log.append(merchantOn(shard), orders(4, "ord_a"));
    await untilApplied(bench, group, shard, 4);
    await untilReading(runner, group, false);
  } finally {
    await server.kill("SIGCONT");
  }
  await expectRedisAgain(runner, group, shard, 5);
});

test("RUN-1: FLUSHALL loses nothing", async () => {
  const [group, shard] = ["flushed", 2];
  const runner = bench.start({ consumers: [effectConsumer(group)], timings: REDIS_ONLY });
  await runner.started;
  await untilReading(runner, group);
  await bench.log.write(merchantOn(shard), orders(3, "ord_a"));
  await untilApplied(bench, group, shard, 3);
  await bench.redis.flushall();
  await expectRedisAgain(runner, group, shard, 4);
});

test("RUN-1: a connection killed under load loses nothing", async () => {
  const [group, shard] = ["killed", 3];
  const runner = bench.start({ consumers: [effectConsumer(group)], timings: REDIS_ONLY });
  await runner.started;
  await untilReading(runner, group);
  for (let round = 0; round < 10; round++) {
    const events = await bench.log.append(merchantOn(shard), orders(5, "ord_a"));
    const clients = String(await bench.redis.client("LIST")).split("\n");
    const ids = clients.filter((line) => /name=comanda:(reader|groups)/.test(line)).map((line) => /^id=(\d+)/.exec(line)?.[1] ?? "");
    const kills = ids.map((id) => bench.redis.client("KILL", "ID", id));
    await Promise.all([bench.log.publish(events), ...kills]);
  }
  await untilApplied(bench, group, shard, 50);
  await expectRedisAgain(runner, group, shard, 51);
});

test("RUN-1: a group destroyed by hand is made again at the checkpoint", async () => {
  const [group, shard] = ["destroyed", 4];
  const runner = bench.start({ consumers: [effectConsumer(group)], timings: REDIS_ONLY });
  await runner.started;
  await untilReading(runner, group);
  await bench.log.write(merchantOn(shard), orders(3, "ord_a"));
  await untilApplied(bench, group, shard, 3);
  await untilShown(group, shard, 3);
  await bench.redis.xgroup("DESTROY", await bench.log.streamOf(merchantOn(shard)), group);
  await expectRedisAgain(runner, group, shard, 4);
});

test("RUN-1: a group moved ahead by hand passes over nothing, and is put back", async () => {
  const [group, shard] = ["moved-ahead", 5];
  const runner = bench.start({ consumers: [effectConsumer(group)], timings: REDIS_ONLY });
  await runner.started;
  await untilReading(runner, group);
  await bench.log.write(merchantOn(shard), orders(1, "ord_a"));
  await untilShown(group, shard, 1);
  await bench.redis.xgroup("SETID", await bench.log.streamOf(merchantOn(shard)), group, "1000000-0");
  await bench.log.write(merchantOn(shard), orders(3, "ord_a"));
  await expectRedisAgain(runner, group, shard, 5);
});

test("RUN-1: entries trimmed before they were read come from Postgres", async () => {
  const [group, shard] = ["trimmed", 6];
  const stream = await bench.log.streamOf(merchantOn(shard));
  await bench.log.write(merchantOn(shard), orders(30, "ord_a"));
  await bench.redis.xgroup("CREATE", stream, group, "0");
  // Ten are a stranger's, all but the last three are gone.
  await bench.redis.xreadgroup("GROUP", group, "former", "COUNT", 10, "STREAMS", stream, ">");
  await bench.redis.xtrim(stream, "MAXLEN", 3);
  const runner = bench.start({ consumers: [effectConsumer(group)], timings: REDIS_ONLY });
  await runner.started;
  await untilApplied(bench, group, shard, 30);
  await expectRedisAgain(runner, group, shard, 31);
});

import { Redis } from "ioredis";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { cuttingProxy, type CuttingProxy } from "#hub/log/testing/cutting-proxy.ts";
import { startRedis, testRedis } from "#scripts/testing/services.ts";
import { StreamReader, type WantedStream } from "./stream-reader.ts";
import { FAST, merchantOn, openBench, orders, REDIS_ONLY, untilApplied, type Bench } from "./testing/bench.ts";
import { effectConsumer, until } from "./testing/effects.ts";

let bench: Bench;
let proxy: CuttingProxy;
beforeAll(async () => {
  bench = await openBench();
  proxy = await cuttingProxy(bench.redisUrl);
});
afterEach(async () => {
  await bench.stopAll();
  proxy.heal();
  proxy.pointAt(bench.redisUrl);
});
afterAll(async () => {
  await proxy.close();
  await bench.close();
});

/** The file's readers: other files' are in other databases of the same server. */
async function clients(redis: Redis): Promise<string[]> {
  const number = new URL(bench.redisUrl).pathname.slice(1);
  return String(await redis.client("LIST")).split("\n").filter((line) => line.includes("name=comanda:reader") && line.includes(` db=${number} `));
}

test("regression: a Redis that takes a connection and never greets is let go, and read again when it speaks", async () => {
  const [group, shard] = ["never-greeted", 0];
  const runner = bench.start({ consumers: [effectConsumer(group)], redisUrl: proxy.through(bench.redisUrl), timings: REDIS_ONLY });
  await runner.started;
  const reads = (reading: boolean) => until(`reading: ${reading}`, async () => (await runner.status()).redis.get(group) === reading, 10_000);
  await reads(true);
  proxy.swallowAnswers();
  proxy.cut();
  await reads(false);
  // One to read and one to tell: both have dialled again, and their greetings are swallowed for good.
  await until("two that were never greeted", () => proxy.deaf >= 2);
  proxy.heal();
  await reads(true);
  await bench.log.write(merchantOn(shard), orders(2, "ord_a"));
  await untilApplied(bench, group, shard, 2);
});

test("regression: a Redis that answers and is not written to any more is left, as after a failover behind one address", async () => {
  const [group, shard] = ["left-behind", 1];
  const former = await startRedis({ args: ["--databases", "1000"] });
  const readers = async (redis: Redis) => (await clients(redis)).length;
  const there = new Redis(former.url);
  proxy.pointAt(former.url);
  const runner = bench.start({ consumers: [effectConsumer(group)], redisUrl: proxy.through(bench.redisUrl), timings: FAST });
  await runner.started;
  await until("the former master is read", async () => (await readers(there)) === 1);
  proxy.pointAt(bench.redisUrl);
  let count = 0;
  await until("the new master is read", async () => {
    await bench.log.write(merchantOn(shard), orders(1, "ord_a"));
    count += 1;
    return (await readers(bench.redis)) === 1;
  });
  await untilApplied(bench, group, shard, count);
  there.disconnect();
  await former.stop();
});

test("regression: an UNBLOCK that overtakes its XREAD is said again", async () => {
  const epoch = await bench.log.runnerLog.epoch();
  let wanted: WantedStream[] = [{ shard: 3, epoch, after: 0n }];
  let asked = 0;
  const brought: bigint[] = [];
  const reader = new StreamReader({
    redisUrl: testRedis().url,
    blockMs: 30_000,
    logger: pino({ level: "silent" }),
    wanted: () => (asked++, wanted),
    onEntry: ({ shard }, position) => void (shard === 2 && brought.push(position)),
    onState: () => {},
  });
  const blocked = async () => (await clients(bench.redis)).some((line) => line.includes("cmd=xread"));
  await until("the read", blocked);
  await bench.log.write(merchantOn(2), orders(1, "ord_a"));
  const before = asked;
  wanted = [...wanted, { shard: 2, epoch, after: 0n }];
  let overtaken = 2;
  const overtaking = { client: (...[command, id]: [string, string]) => (overtaken-- > 0 ? Promise.resolve(0) : bench.redis.client(command as "UNBLOCK", id)) } as unknown as Redis;
  reader.changed(overtaking);
  await until("the stream that is wanted since", () => brought.length === 1);
  expect(asked).toBeGreaterThan(before);
  await reader.stop();
});

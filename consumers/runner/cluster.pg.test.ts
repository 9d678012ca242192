import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startCluster, type OwnCluster } from "#scripts/testing/services.ts";
import { queueWaker } from "./queue-waker.ts";
import { queueWorker } from "./queue-worker.ts";
import { groupIn, merchantOn, openBench, orders, REDIS_ONLY, type Bench } from "./testing/bench.ts";
import { effectConsumer, until } from "./testing/effects.ts";

let cluster: OwnCluster;
let bench: Bench;
beforeAll(async () => {
  cluster = await startCluster();
  bench = await openBench(cluster.server.url);
});
afterAll(async () => {
  await bench.close();
  await cluster.server.stop();
});

test("RUN-1f: in a Redis cluster every shard rings over a connection of its own, and each group stands where its checkpoint stands", async () => {
  const group = "clustered";
  const merchants = [0, 5, 11].map(merchantOn);
  const seen = new Map<number, number>();
  const runner = bench.start({ redisUrl: cluster.clusterUrl, consumers: [effectConsumer(group, ({ shard }) => void seen.set(shard, (seen.get(shard) ?? 0) + 1))], timings: REDIS_ONLY });
  await runner.started;
  await until("reading", async () => (await runner.status()).redis.get(group) === true);
  for (const merchant of merchants) await bench.log.publish(await bench.log.append(merchant, orders(10, "ord_a")));
  await until("all events", () => [0, 5, 11].every((shard) => seen.get(shard) === 10));
  for (const merchant of merchants) {
    const stream = await bench.log.streamOf(merchant);
    await until("the mark", async () => (await groupIn(bench.redis, stream, group))?.["last-delivered-id"] === "10-0");
  }
});

test("RUN-3: workers are woken over a Redis cluster", async () => {
  const logger = pino({ level: "silent" });
  const rung: string[] = [];
  const worker = queueWorker({ redisUrl: cluster.clusterUrl, queue: "clustered", work: async ({ id = "" }) => void rung.push(id), logger });
  const waker = queueWaker(cluster.clusterUrl, logger);
  await until("the bell", () => {
    if (rung.length === 0) waker.wake("clustered", "prt_1");
    return rung.length > 0;
  });
  expect(new Set(rung)).toEqual(new Set(["prt_1"]));
  await waker.close();
  await worker.stop();
});

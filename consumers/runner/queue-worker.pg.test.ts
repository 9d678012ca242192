import { createServer, type AddressInfo } from "node:net";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { cuttingProxy, type CuttingProxy } from "#hub/log/testing/cutting-proxy.ts";
import { connectRedis } from "#hub/log/redis.ts";
import { testRedis } from "#scripts/testing/services.ts";
import { queueWaker } from "./queue-waker.ts";
import { queueWorker } from "./queue-worker.ts";
import { until } from "./testing/effects.ts";

const QUEUE = "moods";
const logger = pino({ level: "silent" });
let proxy: CuttingProxy;
let redis: Redis;
let queue: Queue;
beforeAll(async () => {
  proxy = await cuttingProxy(testRedis().url);
  redis = new Redis(testRedis().url, { maxRetriesPerRequest: null });
  queue = new Queue(QUEUE, { connection: redis });
});
beforeEach(() => proxy.heal());
afterAll(async () => {
  await queue.close();
  redis.disconnect();
  await proxy.close();
});

let made = 0;
const ring = () => queue.add("wake", {}, { jobId: `prt_${++made}`, removeOnComplete: true });

test("regression: a worker whose connections are open and say nothing is replaced, and jobs ring again", async () => {
  const rung: string[] = [];
  const worker = queueWorker({ redisUrl: proxy.through(testRedis().url), queue: QUEUE, work: async ({ id = "" }) => void rung.push(id), logger, askEveryMs: 200, stuckMs: 800 });
  await ring();
  await until("the first job", () => rung.length === 1);
  // What is sent now is lost with its answers, and what dials now is taken and never greeted: one to work, one to wait.
  proxy.swallowAnswers();
  proxy.cut();
  await until("two that were never greeted", () => proxy.deaf >= 2);
  proxy.heal();
  await ring();
  await until("the job after the silence", () => rung.length === 2, 10_000);
  await worker.stop();
});

test("regression: a copy of a connection, which BullMQ makes and lets go, prints nothing of what it runs into", async () => {
  let taken = 0;
  const server = createServer((socket) => {
    taken++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const printed = vi.spyOn(console, "error").mockImplementation(() => {});
  const connection = connectRedis(`redis://127.0.0.1:${port}`);
  const copy = connection.duplicate();
  await until("greetings that were cut short", () => taken >= 6);
  for (const one of [copy, connection]) one.disconnect();
  await new Promise((resolve) => server.close(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  expect(printed.mock.calls.map(String)).toEqual([]);
  printed.mockRestore();
});

test("regression: a bell that nobody answers holds a bounded number of calls, and rings again on a connection of its own", async () => {
  const rung: string[] = [];
  const worker = queueWorker({ redisUrl: testRedis().url, queue: QUEUE, work: async ({ id = "" }) => void rung.push(id), logger, askEveryMs: 200 });
  const waker = queueWaker(proxy.through(testRedis().url), logger, { answerMs: 300, restMs: 100, mostWaiting: 10 });
  waker.wake(QUEUE, "prt_a");
  await until("the first bell", () => rung.includes("prt_a"));
  proxy.swallowAnswers();
  for (let i = 0; i < 1_000; i++) waker.wake(QUEUE, `prt_silent${i}`);
  expect(waker.waiting).toBe(10);
  await until("what waits is given up", () => waker.waiting === 0, 5_000);
  proxy.heal();
  await until("a bell again", () => {
    waker.wake(QUEUE, `prt_again${++made}`);
    return rung.some((id) => id.startsWith("prt_again"));
  }, 10_000);
  await waker.close();
  await worker.stop();
});

import { Worker } from "bullmq";
import { Redis } from "ioredis";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startRedis } from "#scripts/testing/services.ts";
import { queueWaker, type QueueWaker } from "./queue-waker.ts";
import { merchantOn, openBench, orders, type Bench } from "./testing/bench.ts";
import { effectConsumer, until } from "./testing/effects.ts";

let server: Awaited<ReturnType<typeof startRedis>>;
let bench: Bench;
let waker: QueueWaker;
beforeAll(async () => {
  server = await startRedis();
  bench = await openBench(server.url);
  waker = queueWaker(server.url, pino({ level: "silent" }));
});
afterAll(async () => {
  await waker.close();
  await bench.close();
  await server.stop();
});

test("RUN-3: a worker is woken after COMMIT, never before, never for what was rolled back, and again after Redis was away", async () => {
  const [group, shard] = ["wakes", 0];
  const woken: { id: string; committed: boolean }[] = [];
  const connection = new Redis(server.url, { maxRetriesPerRequest: null });
  connection.on("error", () => {});
  const worker = new Worker(
    "printing-test",
    async ({ id = "" }) => {
      const rows = await bench.sql`select from effects where grp = ${group} and position = ${BigInt(id.slice(4))}`;
      woken.push({ id, committed: rows.length === 1 });
    },
    { connection },
  );
  worker.on("error", () => {});
  let failures = 1;
  const base = effectConsumer(group);
  const consumer = {
    ...base,
    async handle(...[events, context]: Parameters<typeof base.handle>) {
      await base.handle(events, context);
      for (const { position } of events) context.wake("printing-test", `prt_${position}`);
      if (failures-- > 0) throw Object.assign(new Error("deadlock"), { code: "40P01" });
    },
  };
  const runner = bench.start({ consumers: [consumer], wake: waker.wake });
  await runner.started;
  await bench.log.write(merchantOn(shard), orders(3, "ord_a"));
  await until("three jobs", () => woken.length >= 3);
  expect(woken).toEqual([1, 2, 3].map((position) => ({ id: `prt_${position}`, committed: true })));

  await server.kill("SIGKILL");
  await bench.log.append(merchantOn(shard), orders(1, "ord_a"));
  await until("the event is applied without Redis", async () => (await bench.sql`select from effects where grp = ${group} and position = 4`).length === 1);
  await server.restart();
  await until("jobs wake again", async () => {
    await bench.log.append(merchantOn(shard), orders(1, "ord_a"));
    await new Promise((resolve) => setTimeout(resolve, 300));
    return woken.length > 3;
  });
  await worker.close(true);
  connection.disconnect();
});

test("RUN-3: of wakes that Redis does not take so many wait and no more, and the sweep has the rest", async () => {
  const hung = queueWaker(server.url, pino({ level: "silent" }));
  for (let i = 0; i < 203; i++) hung.wake("printing-full", `prt_${i}`);
  expect(hung.queue()).toEqual({ queue: "wakes", length: 200, bound: 200, full: 3 });
  await until("Redis has taken them", () => hung.queue().length === 0);
  await hung.close();
});

test("RUN-3: a job id without a prefix is refused where it is made", () => {
  expect(() => waker.wake("printing-test", "42")).toThrow(/prefix/);
  expect(() => waker.wake("printing-test", "prt:42")).toThrow(/prefix/);
});

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import { readEvent } from "#shared/events/read.ts";
import { applied, merchantOn, openBench, orders, groupIn, REDIS_ONLY, shardOfRunner, untilApplied, upTo, type Bench } from "./testing/bench.ts";
import { effectConsumer, until } from "./testing/effects.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterEach(() => bench.stopAll());
afterAll(() => bench.close());

test("RUN-1: events reach the handler in position order, once, and Redis shows the group where it stands", async () => {
  const [group, shard] = ["in-order", 0];
  const merchant = merchantOn(shard);
  const runner = bench.start({ consumers: [effectConsumer(group)] });
  await runner.started;
  await bench.log.write(merchant, orders(30, "ord_a"));
  await bench.log.write(merchant, orders(30, "ord_a"));
  await untilApplied(bench, group, shard, 60);
  expect(await applied(bench, group, shard)).toEqual(upTo(60));
  const stream = await bench.log.streamOf(merchant);
  await until("the mark", async () => (await groupIn(bench.redis, stream, group))?.["last-delivered-id"] === "60-0");
  expect(await groupIn(bench.redis, stream, group)).toMatchObject({ pending: 0, lag: 0 });
  expect(await shardOfRunner(runner, shard, group)).toMatchObject({ checkpoint: 60n, head: 60n, lag: 0n, mine: true, parked: 0, deadLetters: 0 });
  await until("reading", async () => (await runner.status()).redis.get(group) === true);
});

test("RUN-1: events of other types move the checkpoint and never reach the handler", async () => {
  const [group, shard] = ["foreign-types", 1];
  const merchant = merchantOn(shard);
  const runner = bench.start({ consumers: [effectConsumer(group)] });
  await runner.started;
  // The type inside of the data must not be taken for the event's.
  await bench.log.write(merchant, [{ subject: "chk_a", type: "sale.check.created", data: { type: "sale.order.sent" } }]);
  await bench.log.write(merchant, [...orders(1, "ord_a"), { subject: "chk_a", type: "sale.check.closed" }]);
  await until("the checkpoint at 3", async () => (await shardOfRunner(runner, shard, group)).checkpoint === 3n);
  expect(await applied(bench, group, shard)).toEqual([2n]);
});

test("RUN-1: every event rings through Redis, while nobody looks at Postgres", async () => {
  const [group, shard] = ["latency", 2];
  const merchant = merchantOn(shard);
  let seen = 0;
  const consumer = effectConsumer(group, (event) => void (seen += event.shard === shard ? 1 : 0));
  const runner = bench.start({ consumers: [consumer], timings: REDIS_ONLY });
  await runner.started;
  await until("reading", async () => (await runner.status()).redis.get(group) === true);
  for (let i = 1; i <= 30; i++) {
    await bench.log.publish(await bench.log.append(merchant, orders(1, "ord_a")));
    await until(`event ${i}`, () => seen === i);
  }
});

test("RUN-1: an event that was never published is found in Postgres", async () => {
  const [group, shard] = ["unpublished", 3];
  const merchant = merchantOn(shard);
  const runner = bench.start({ consumers: [effectConsumer(group)] });
  await runner.started;
  await bench.log.append(merchant, orders(5, "ord_a"));
  await untilApplied(bench, group, shard, 5);
  // A hole: 6 is published by nobody, 7 rings.
  const [, seventh] = await bench.log.append(merchant, orders(2, "ord_a"));
  if (seventh !== undefined) await bench.log.publish([seventh]);
  await untilApplied(bench, group, shard, 7);
  expect(await applied(bench, group, shard)).toEqual(upTo(7));
});

test("RUN-1: a second start goes on at the checkpoint, without Redis's help", async () => {
  const [group, shard] = ["second-start", 4];
  const merchant = merchantOn(shard);
  const first = bench.start({ consumers: [effectConsumer(group)] });
  await first.started;
  await bench.log.write(merchant, orders(10, "ord_a"));
  await untilApplied(bench, group, shard, 10);
  await first.stop();
  await bench.log.write(merchant, orders(10, "ord_a"));
  const second = bench.start({ consumers: [effectConsumer(group)] });
  await second.started;
  await untilApplied(bench, group, shard, 20);
  expect(await applied(bench, group, shard)).toEqual(upTo(20));
});

test("RUN-2: a graceful stop ends within 5 s even when a handler hangs, and releases the leases", async () => {
  const [group, shard] = ["hanging-stop", 5];
  const merchant = merchantOn(shard);
  let entered = false;
  const consumer = effectConsumer(group, () => {
    entered = true;
    return new Promise(() => {});
  });
  const runner = bench.start({ consumers: [consumer] });
  await runner.started;
  await bench.log.write(merchant, orders(1, "ord_a"));
  await until("the handler", () => entered);
  const before = Date.now();
  await runner.stop();
  expect(Date.now() - before).toBeLessThan(5_000);
  const status = await shardOfRunner(runner, shard, group);
  expect(status).toMatchObject({ checkpoint: 0n, owner: null });
  expect(await applied(bench, group, shard)).toEqual([]);
});

test("RUN-2: two processes share the shards, and hand them over without loss or repetition", async () => {
  const group = "sharing";
  const shards = [6, 7, 8, 9];
  const write = (count: number) => Promise.all(shards.map((shard) => bench.log.write(merchantOn(shard), orders(count, "ord_a"))));
  const one = bench.start({ consumers: [effectConsumer(group)] });
  await one.started;
  await write(20);
  const two = bench.start({ consumers: [effectConsumer(group)] });
  await two.started;
  await write(20);
  await until("half of the shards each", async () => {
    const { shards: all } = await one.status();
    return all.filter(({ mine }) => mine).length === 8 && all.filter(({ owner, mine }) => owner !== null && !mine).length === 8;
  });
  await write(20);
  await one.stop();
  await write(20);
  for (const shard of shards) {
    await untilApplied(bench, group, shard, 80);
    expect(await applied(bench, group, shard)).toEqual(upTo(80));
  }
});

test("an event that is not what its schema says never reaches the handler: it is a dead letter that says why", async () => {
  const [group, shard] = ["not-valid", 11];
  const merchant = merchantOn(shard);
  const handed: string[] = [];
  const consumer = effectConsumer(group, ({ envelope }) => void handed.push(envelope.subject), { retryAfterMs: [] });
  await bench.start({ consumers: [consumer], read: (envelope) => ((envelope.data as { ok?: boolean }).ok === true ? (envelope as EventEnvelope) : readEvent(envelope)) }).started;
  await bench.log.write(merchant, [...orders(1, "ord_a"), ...orders(1, "ord_b", { ok: true })]);
  await untilApplied(bench, group, shard, 1);
  const letters = () => bench.sql<{ reason: string }[]>`select reason from dead_letters where consumer_group = ${group} and shard = ${shard}`;
  await until("the dead letter", async () => (await letters()).length === 1);
  expect((await letters())[0]?.reason).toMatch(/invalid: sale\.order\.sent: header/);
  expect(handed).not.toContain(`ord_a-${shard}`);
});

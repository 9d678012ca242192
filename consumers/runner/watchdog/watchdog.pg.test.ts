import { once } from "node:events";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { lookAtBackbone } from "#hub/observe/backbone.ts";
import { applied, merchantOn, openBench, orders, upTo, type Bench } from "../testing/bench.ts";
import { children } from "../testing/children.ts";
import { effectConsumer, until } from "../testing/effects.ts";
import { boardOver } from "./board.ts";

let bench: Bench;
const { run, killAll } = children(() => bench, "ignore");
beforeAll(async () => {
  bench = await openBench();
});
afterEach(async () => {
  await killAll();
  await bench.stopAll();
});
afterAll(() => bench.close());

test("what is under way is read over the shared memory, and a slot that was left is free", () => {
  const board = boardOver();
  const [first, second] = [1n, 2n].map((from) => ({ group: "kitchen", shard: 15, fence: 7n, from, to: 9_000_000_000_000n, single: from === 1n }));
  if (first === undefined || second === undefined) throw new Error("two of them");
  const leave = board.enter(first);
  board.enter(second);
  const other = boardOver(board.memory);
  expect(other.running()).toHaveLength(2);
  leave();
  expect(other.running()).toEqual([second]);
});

test("RUN-4j: a handler that never gives the thread back is told of, its process is ended, the attempt counts, and others go on", { timeout: 40_000 }, async () => {
  const [group, shard] = ["blocks", 14];
  const merchant = merchantOn(shard);
  await bench.log.append(merchant, [...orders(2, "ord_a"), ...orders(1, "ord_loop"), ...orders(2, "ord_b")]);
  const plan = { group, shard, batchSize: 10, blocker: { subject: `ord_loop-${shard}`, endAfterMs: 1_500 } };
  const live = async () => {
    const [, signal] = (await once(run(plan), "exit")) as [number | null, string | null];
    expect(signal).toBe("SIGKILL");
  };
  // In its batch, which the watchdog marks; then alone, as the first attempt.
  await live();
  await live();
  const [attempt] = await bench.sql<{ attempts: number; reason: string }[]>`select attempts, reason from consumer_attempts where consumer_group = ${group} and shard = ${shard} and position = 3`;
  expect(attempt?.attempts).toBe(1);
  expect(attempt?.reason).toMatch(/^blocked the thread: .* runner\/testing\/child\.ts:\d+$/);

  // Another process takes the shard over: the attempt is a failed one, and whoever shares no key with it has been applied.
  const successor = bench.start({ consumers: [effectConsumer(group, (event) => { if (event.shard === shard && event.position === 3n) throw new Error("still not"); }, { batchSize: 10 })] });
  await successor.started;
  await until("the others go on", async () => (await applied(bench, group, shard)).length === 4, 20_000);
  expect((await applied(bench, group, shard)).toSorted()).toEqual(upTo(5).filter((position) => position !== 3n));

  const { blocked } = await lookAtBackbone(bench.sql, Date.now());
  expect(blocked.map(({ process, outcome, handlers }) => ({ process, outcome, handlers }))).toEqual([
    { process: "child", outcome: "ended", handlers: [{ group, shard, from: "1", to: "5", single: false }] },
    { process: "child", outcome: "ended", handlers: [{ group, shard, from: "3", to: "3", single: true }] },
  ]);
  expect(blocked[0]?.standsIn).toMatch(/child\.ts/);
  const [last] = await bench.sql<{ events: string[] }[]>`select events from blocked_threads order by id desc limit 1`;
  expect(last?.events).toEqual((await bench.sql<{ id: string }[]>`select id from events where shard = ${shard} and position = 3`).map(({ id }) => id));
});

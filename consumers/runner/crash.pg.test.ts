import { once } from "node:events";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { applied, merchantOn, openBench, orders, upTo, type Bench } from "./testing/bench.ts";
import { children } from "./testing/children.ts";
import { until } from "./testing/effects.ts";

let bench: Bench;
const { run, killAll } = children(() => bench);
beforeAll(async () => {
  bench = await openBench();
});
afterEach(() => killAll());
afterAll(() => bench.close());

const ticketsOf = async (shard: number) =>
  (await bench.sql<{ cause: string }[]>`select envelope::json ->> 'causationid' as cause from events where shard = ${shard} and type = 'sale.ticket.created'`).map(({ cause }) => cause);

test.each([
  ["after the effects", "afterEffects", 10],
  ["between checkpoint and commit", "beforeCommit", 11],
  ["between commit and ack", "afterCommit", 12],
] as const)("RUN-2: SIGKILL %s in mid-batch: effects and appends are there once", async (_, hook, shard) => {
  const group = `crash-${hook.toLowerCase()}`;
  await bench.log.append(merchantOn(shard), orders(25, "ord_a"));
  const first = run({ group, shard, batchSize: 10, killAt: { hook, nth: 2 } });
  const [, signal] = (await once(first, "exit")) as [number | null, string | null];
  expect(signal).toBe("SIGKILL");
  run({ group, shard, batchSize: 10 });
  await until("25 effects", async () => (await applied(bench, group, shard)).length >= 25, 20_000);
  expect(await applied(bench, group, shard)).toEqual(upTo(25));
  const tickets = await ticketsOf(shard);
  expect(tickets).toHaveLength(25);
  expect(new Set(tickets).size).toBe(25);
});

test("RUN-4: an event that kills its process counts its attempts, and only its key waits", async () => {
  const [group, shard] = ["kills", 13];
  const merchant = merchantOn(shard);
  const poison = `ord_poison-${shard}`;
  await bench.log.append(merchant, [...orders(2, "ord_a"), ...orders(1, "ord_poison"), ...orders(2, "ord_a"), ...orders(1, "ord_poison")]);
  let deaths = 0;
  const live = async () => {
    for (let i = 0; i < 4; i++) {
      await once(run({ group, shard, batchSize: 10, poison }), "exit");
      deaths += 1;
    }
  };
  await live();
  // In its batch, in the marked batch, alone (attempt 1), and as a retry that was due (attempt 2).
  expect(deaths).toBe(4);
  const [attempt] = await bench.sql`select attempts from consumer_attempts where consumer_group = ${group} and shard = ${shard} and position = 3`;
  expect(attempt?.["attempts"]).toBe(2);
  // Whoever shares no key with it was applied meanwhile, once.
  expect(await applied(bench, group, shard)).toEqual([1n, 2n, 4n, 5n]);
  const cured = run({ group, shard, batchSize: 10 });
  await until("the poison's key goes on", async () => (await applied(bench, group, shard)).length === 6, 20_000);
  expect(await applied(bench, group, shard)).toEqual([1n, 2n, 4n, 5n, 3n, 6n]);
  cured.kill("SIGTERM");
  const [code] = (await once(cured, "exit")) as [number | null];
  expect(code).toBe(0);
});

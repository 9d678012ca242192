import fc from "fast-check";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { StoredEvent } from "#hub/log/types.ts";
import { startRedis } from "#scripts/testing/services.ts";
import type { BatchPoint } from "./ports.ts";
import { FAST, merchantOn, openBench, type Bench } from "./testing/bench.ts";
import { effectConsumer, effectsOf, until } from "./testing/effects.ts";

let bench: Bench;
/** A server of its own: a schedule cuts every connection that there is. */
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

const SUBJECTS = ["ord_a", "ord_b", "ord_c"];
type Draft = { readonly subject: number; readonly shares: number | null; readonly fails: number };
type Step =
  | { readonly do: "append"; readonly drafts: readonly Draft[]; readonly publish: "all" | "twice" | "last" | "none" }
  | { readonly do: "start" | "stop" | "kill-connections" | "flush" | "destroy-group" }
  | { readonly do: "lose-commits"; readonly count: number };

const drafts = fc.array(
  fc.record({
    subject: fc.nat(2),
    // A second key that other subjects have, too.
    shares: fc.option(fc.nat(2), { nil: null, freq: 3 }),
    // So often the event fails before it succeeds.
    fails: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) }),
  }),
  { minLength: 1, maxLength: 12 },
);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant("append" as const), drafts, publish: fc.constantFrom("all", "twice", "last", "none") }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("start" as const, "stop", "kill-connections", "flush", "destroy-group") }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("lose-commits" as const), count: fc.integer({ min: 1, max: 3 }) }) },
  ),
  { minLength: 4, maxLength: 12 },
);

const SCHEDULES = Number(process.env["RUNNER_SCHEDULES"] ?? 12);
let runs = 0;

async function play(script: readonly Step[]): Promise<void> {
  const shard = runs++ % 16;
  const [group, merchant] = [`any-${runs}`, merchantOn(shard)];
  const [before = 0n] = [(await bench.log.runnerLog.heads())[shard]];
  const failures = new Map<string, number>();
  const written: { position: bigint; keys: string[] }[] = [];
  let losing = 0;
  const lose = (point: BatchPoint) => {
    if (point.shard !== shard || losing === 0) return;
    losing -= 1;
    throw Object.assign(new Error("lost"), { code: "CONNECTION_CLOSED" });
  };
  // Retries come at once: the clock runs a thousand times as fast.
  const born = Date.now();
  const clock = { now: () => born + (Date.now() - born) * 1_000 };
  const consumer = effectConsumer(group, (event) => {
    const left = failures.get(event.envelope.id) ?? 0;
    if (left === 0) return;
    failures.set(event.envelope.id, left - 1);
    throw new Error("fails for a while");
  }, { batchSize: 5 });
  const start = async () => {
    await bench.start({ consumers: [consumer], clock, hooks: { beforeCommit: lose, afterCommit: lose }, timings: { ...FAST, leaseMs: 800, tickMs: 100 } }).started;
  };
  const act: Record<Exclude<Step["do"], "append" | "lose-commits">, () => Promise<unknown>> = {
    start,
    stop: () => bench.stopAll(),
    flush: () => bench.redis.flushdb(),
    "kill-connections": () => bench.redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes").catch(() => {}),
    "destroy-group": async () => bench.redis.xgroup("DESTROY", await bench.log.streamOf(merchant), group).catch(() => {}),
  };

  await start();
  for (const step of script) {
    if (step.do === "lose-commits") losing = step.count;
    else if (step.do === "append") {
      const events = await append(merchant, step.drafts, failures, written);
      const chosen = { all: events, twice: events, last: events.slice(-1), none: [] }[step.publish];
      await bench.log.publish(chosen).catch(() => {});
      if (step.publish === "twice") await bench.log.publish(events).catch(() => {});
    } else await act[step.do]();
  }
  losing = 0;
  await start();

  await until(`${written.length} effects`, async () => (await effectsOf(bench.sql, group, shard)).filter(({ position }) => position > before).length >= written.length, 15_000);
  const effects = (await effectsOf(bench.sql, group, shard)).map(({ position }) => position).filter((position) => position > before);
  expect([...effects].sort((a, b) => Number(a - b))).toEqual(written.map(({ position }) => position));
  for (const key of new Set(written.flatMap(({ keys }) => keys))) {
    const ofKey = new Set(written.filter(({ keys }) => keys.includes(key)).map(({ position }) => position));
    expect(effects.filter((position) => ofKey.has(position))).toEqual([...ofKey]);
  }
  await bench.stopAll();
  expect(await bench.sql`select from parked_events where consumer_group = ${group}`).toHaveLength(0);
  expect(await bench.sql`select from consumer_attempts where consumer_group = ${group}`).toHaveLength(0);
}

async function append(merchant: string, drafts: readonly Draft[], failures: Map<string, number>, written: { position: bigint; keys: string[] }[]): Promise<StoredEvent[]> {
  const keysOf = ({ shares }: Draft) => (shares === null ? [] : [`shared-${shares}`]);
  const events = await bench.log.append(merchant, drafts.map((draft) => ({ subject: SUBJECTS[draft.subject] ?? "", data: { keys: keysOf(draft) } })));
  for (const [i, event] of events.entries()) {
    const draft = drafts[i];
    if (draft === undefined) continue;
    failures.set((JSON.parse(event.text) as { id: string }).id, draft.fails);
    written.push({ position: event.position, keys: [SUBJECTS[draft.subject] ?? "", ...keysOf(draft)] });
  }
  return events;
}

test("RUN-1, RUN-2, RUN-4: any schedule of duplicates, losses, failures and restarts ends like one clean pass, in order per key", async () => {
  await fc.assert(fc.asyncProperty(steps, play), { numRuns: SCHEDULES, endOnFailure: true });
}, SCHEDULES * 20_000);

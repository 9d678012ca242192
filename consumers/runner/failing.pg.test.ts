import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { connect, inTenant, type TransactionSql } from "#hub/db/client.ts";
import { decideDeadLetter } from "./dead-letters.ts";
import type { Clock } from "./ports.ts";
import type { ReadEvent } from "./readable.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import { applied, asItIs, merchantOn, openBench, orders, shardOfRunner, untilApplied, upTo, type Bench } from "./testing/bench.ts";
import { ORGANIZER } from "./testing/bench-log.ts";
import { effectConsumer, until } from "./testing/effects.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterEach(() => bench.stopAll());
afterAll(() => bench.close());

/** Time that passes when the test says so. */
function handClock(): Clock & { pass(ms: number): void } {
  let now = Date.parse("2026-11-20T19:00:00Z");
  return { now: () => now, pass: (ms) => void (now += ms) };
}

const dueOf = async (group: string, shard: number, position: bigint) => {
  const [row] = await bench.sql<{ dueAt: Date | null; dead: boolean }[]>`
    select due_at as "dueAt", dead from parked_events where consumer_group = ${group} and shard = ${shard} and position = ${position}`;
  return row;
};
const attemptsOf = async (group: string, shard: number, position: bigint) => {
  const [row] = await bench.sql<{ attempts: number }[]>`
    select attempts from consumer_attempts where consumer_group = ${group} and shard = ${shard} and position = ${position}`;
  return row?.attempts ?? 0;
};
const deadLettersOf = (group: string) => bench.sql<Record<string, unknown>[]>`select * from dead_letters where consumer_group = ${group} order by position`;
const untilTried = (group: string, shard: number, position: bigint, times: number) =>
  until(`attempt ${times} of ${position} failed`, async () => {
    const [row] = await bench.sql`
      select from consumer_attempts
      where consumer_group = ${group} and shard = ${shard} and position = ${position} and attempts = ${times} and failed_at >= started_at`;
    return row !== undefined;
  });

test("RUN-4: a failing event parks its key only, and the order within the key is kept when a retry succeeds", async () => {
  const [group, shard] = ["parks-its-key", 0];
  const merchant = merchantOn(shard);
  const clock = handClock();
  let broken = true;
  const consumer = effectConsumer(group, (event) => {
    if (event.shard !== shard) return;
    if (event.position === 3n && broken) throw new Error("no such printer");
  });
  const runner = bench.start({ consumers: [consumer], clock });
  await runner.started;
  // a b a! a b, and later an event that shares a key with a parked one through a second key.
  await bench.log.write(merchant, [...orders(1, "ord_a"), ...orders(1, "ord_b"), ...orders(2, "ord_a"), ...orders(1, "ord_b")]);
  await untilApplied(bench, group, shard, 3);
  await bench.log.write(merchant, [...orders(1, "ord_c", { keys: [`ord_a-${shard}`] }), ...orders(1, "ord_c"), ...orders(1, "ord_b")]);
  await untilApplied(bench, group, shard, 4);
  expect(await applied(bench, group, shard)).toEqual([1n, 2n, 5n, 8n]);
  await until("checkpoint", async () => (await shardOfRunner(runner, shard, group)).checkpoint === 8n);
  expect((await shardOfRunner(runner, shard, group)).parked).toBe(4);

  broken = false;
  // The clock stands: work goes on, and nothing is tried again.
  await bench.log.write(merchant, orders(1, "ord_d"));
  await untilApplied(bench, group, shard, 5);
  expect(await applied(bench, group, shard)).toEqual([1n, 2n, 5n, 8n, 9n]);
  clock.pass(1_000);
  await untilApplied(bench, group, shard, 9);
  expect(await applied(bench, group, shard)).toEqual([1n, 2n, 5n, 8n, 9n, 3n, 4n, 6n, 7n]);
  expect((await shardOfRunner(runner, shard, group)).parked).toBe(0);
  expect(await attemptsOf(group, shard, 3n)).toBe(0);
});

test("RUN-4: after one try and retries at 1, 2, 4, 8 and 16 s an event is a dead letter, is announced, and its key goes on", async () => {
  const [group, shard] = ["dead-goes-on", 1];
  const merchant = merchantOn(shard);
  const clock = handClock();
  const consumer = effectConsumer(group, (event) => {
    if (event.shard !== shard) return;
    if (event.position === 2n) throw new Error("the ticket has no station");
  });
  const runner = bench.start({ consumers: [consumer], clock });
  await runner.started;
  const events = await bench.log.write(merchant, orders(3, "ord_a"));
  for (const [i, seconds] of [1, 2, 4, 8, 16].entries()) {
    await untilTried(group, shard, 2n, i + 1);
    const due = await dueOf(group, shard, 2n);
    expect(due?.dueAt?.getTime()).toBe(clock.now() + seconds * 1_000);
    clock.pass(seconds * 1_000 - 1);
    // Work goes on, and the event is not tried before its time.
    await bench.log.write(merchant, orders(1, "ord_b"));
    await untilApplied(bench, group, shard, i + 2);
    expect(await attemptsOf(group, shard, 2n)).toBe(i + 1);
    clock.pass(1);
  }
  await untilApplied(bench, group, shard, 7);
  expect(await applied(bench, group, shard)).toEqual([1n, 4n, 5n, 6n, 7n, 8n, 3n]);
  const [letter] = await deadLettersOf(group);
  expect(letter).toMatchObject({
    position: 2n,
    attempts: 6,
    topic: "sale.order.sent.dlq",
    state: "open",
    blocks_keys: false,
    merchant_id: merchant,
    reason: "Error: the ticket has no station",
  });
  const { first_failed_at: first, last_failed_at: last } = (letter ?? {}) as { first_failed_at: Date; last_failed_at: Date };
  expect(last.getTime() - first.getTime()).toBe(31_000);
  const [told] = await bench.sql<{ envelope: string }[]>`select envelope from events where type = 'system.dead-letter.recorded' and merchant_id = ${merchant}`;
  expect(JSON.parse(told?.envelope ?? "{}")).toMatchObject({
    merchantid: merchant,
    causationid: (JSON.parse(events[1]?.text ?? "{}") as { id: string }).id,
    data: { group, eventType: "sale.order.sent", attempts: 6, reason: "Error: the ticket has no station" },
  });
});

test("RUN-4: a blocking dead letter holds its key until a person retries it, then the key goes on in order", async () => {
  const [group, shard] = ["dead-blocks", 2];
  const merchant = merchantOn(shard);
  const clock = handClock();
  let broken = true;
  const consumer = effectConsumer(group, (event) => {
    if (event.shard !== shard) return;
    if (event.position === 1n && broken) throw new Error("no such account");
  }, { deadLetterBlocksKey: true });
  const runner = bench.start({ consumers: [consumer], clock });
  await runner.started;
  await bench.log.write(merchant, [...orders(1, "chk_a"), ...orders(1, "chk_b"), ...orders(1, "chk_a")]);
  for (let i = 1; i <= 5; i++) {
    await untilTried(group, shard, 1n, i);
    clock.pass(16_000);
  }
  await until("the dead letter", async () => (await deadLettersOf(group)).length === 1);
  clock.pass(3_600_000);
  await bench.log.write(merchant, orders(1, "chk_a"));
  await until("checkpoint", async () => (await shardOfRunner(runner, shard, group)).lag === 0n);
  expect(await applied(bench, group, shard)).toEqual([2n]);
  expect(await dueOf(group, shard, 1n)).toMatchObject({ dead: true });
  expect(await shardOfRunner(runner, shard, group)).toMatchObject({ deadLetters: 1 });

  broken = false;
  const [letter] = await deadLettersOf(group);
  const decision = { deadLetterId: String(letter?.["id"]), decision: "retry", by: "staff:stf_1" } as const;
  expect(await decideDeadLetter(bench.sql, decision)).toEqual({ decided: true });
  expect(await decideDeadLetter(bench.sql, decision)).toEqual({ refused: "not-open" });
  await untilApplied(bench, group, shard, 4);
  // Position 4 is the announcement of the dead letter, which this consumer does not take.
  expect(await applied(bench, group, shard)).toEqual([2n, 1n, 3n, 5n]);
  await until("resolved", async () => (await deadLettersOf(group))[0]?.["state"] === "resolved");
});

test("RUN-4: a discarded dead letter lets its key go on without it", async () => {
  const [group, shard] = ["dead-discarded", 3];
  const merchant = merchantOn(shard);
  const clock = handClock();
  const consumer = effectConsumer(group, (event) => {
    if (event.shard !== shard) return;
    if (event.position === 1n) throw new Error("no such account");
  }, { deadLetterBlocksKey: true });
  const runner = bench.start({ consumers: [consumer], clock });
  await runner.started;
  await bench.log.write(merchant, orders(2, "chk_a"));
  for (let i = 1; i <= 5; i++) {
    await untilTried(group, shard, 1n, i);
    clock.pass(16_000);
  }
  await until("the dead letter", async () => (await deadLettersOf(group)).length === 1);
  const [letter] = await deadLettersOf(group);
  await decideDeadLetter(bench.sql, { deadLetterId: String(letter?.["id"]), decision: "discard", by: "staff:stf_1", note: "entered by hand" });
  await untilApplied(bench, group, shard, 1);
  expect(await applied(bench, group, shard)).toEqual([2n]);
  expect((await deadLettersOf(group))[0]).toMatchObject({ state: "discarded", decided_by: "staff:stf_1" });
});

test("RUN-4: a shard with too many parked events waits, says so, and goes on when it has been decided; another shard does not wait", async () => {
  const [group, shard] = ["parked-full", 14];
  const merchant = merchantOn(shard);
  const consumer = effectConsumer(group, ({ position, shard: on }) => {
    if (on === shard && position === 1n) throw new Error("no such account");
  }, { deadLetterBlocksKey: true, retryAfterMs: [], batchSize: 1 });
  const runner = bench.start({ consumers: [consumer], parkedMost: 3 });
  await runner.started;
  await bench.log.write(merchant, orders(8, "chk_a"));
  const parked = () => runner.queues().find(({ queue }) => queue === `${group}/parked`);
  await until("the line is full", () => (parked()?.full ?? 0) > 0);
  expect(parked()).toMatchObject({ length: 3, bound: 3 });
  expect((await shardOfRunner(runner, shard, group)).checkpoint).toBe(3n);
  await bench.log.write(merchantOn(15), orders(1, "chk_b"));
  await untilApplied(bench, group, 15, 1);
  const [letter] = await deadLettersOf(group);
  await decideDeadLetter(bench.sql, { deadLetterId: String(letter?.["id"]), decision: "discard", by: "staff:stf_1" });
  await untilApplied(bench, group, shard, 7);
  expect(await applied(bench, group, shard)).toEqual(upTo(8).slice(1));
});

test("RUN-4: a manager decides through the hub on the dead letters of the own merchant only", async () => {
  const [group, shard] = ["tenant-decides", 8];
  const merchant = merchantOn(shard);
  const clock = handClock();
  let broken = true;
  const consumer = effectConsumer(group, (event) => {
    if (event.shard !== shard) return;
    if (broken) throw new Error("not yet");
  });
  const runner = bench.start({ consumers: [consumer], clock });
  await runner.started;
  await bench.log.write(merchant, orders(1, "ord_a"));
  for (let i = 1; i <= 5; i++) {
    await untilTried(group, shard, 1n, i);
    clock.pass(16_000);
  }
  await until("the dead letter", async () => (await deadLettersOf(group)).length === 1);
  const deadLetterId = String((await deadLettersOf(group))[0]?.["id"]);
  const hub = connect(bench.databaseUrls.hubUrl, { max: 1 });
  const as = (merchantId: string, fn: (tx: TransactionSql) => Promise<unknown>) => inTenant(hub, { organizerId: ORGANIZER, merchantId }, fn);
  const decision = { deadLetterId, decision: "retry", by: "staff:stf_1" } as const;
  expect(await as(merchantOn(9), (tx) => decideDeadLetter(tx, decision))).toEqual({ refused: "not-open" });
  expect(await as(merchantOn(9), (tx) => tx`select from dead_letters`)).toHaveLength(0);
  const forged = (tx: TransactionSql) => tx`
    insert into dead_letter_decisions (dead_letter_id, organizer_id, merchant_id, decision, decided_by)
    values (${deadLetterId}, ${ORGANIZER}, ${merchantOn(9)}, 'discard', 'staff:stf_2')`;
  await expect(as(merchantOn(9), forged)).rejects.toMatchObject({ code: "23503" });
  broken = false;
  expect(await as(merchant, (tx) => decideDeadLetter(tx, decision))).toEqual({ decided: true });
  await untilApplied(bench, group, shard, 1);
  await hub.end();
});

test("RUN-4: a failing batch rolls back whole and is done again one by one: each event once, one failure counted", async () => {
  const [group, shard] = ["batch-again", 4];
  const merchant = merchantOn(shard);
  const clock = handClock();
  const calls: bigint[][] = [];
  const consumer = effectConsumer(group, () => {});
  const handle = consumer.handle;
  const failing = { ...consumer, handle: async (...[events, context]: Parameters<typeof handle>) => {
    await handle(events, context);
    if (events[0]?.shard !== shard) return;
    calls.push(events.map(({ position }) => position));
    if (events.some(({ position }) => position === 4n)) throw new Error("fails after its effects");
  } };
  await bench.log.append(merchant, orders(6, "ord_a").map((draft, i) => ({ ...draft, subject: `ord_${i}` })));
  const runner = bench.start({ consumers: [failing], clock });
  await runner.started;
  await untilApplied(bench, group, shard, 5);
  expect(await applied(bench, group, shard)).toEqual([1n, 2n, 3n, 5n, 6n]);
  expect(calls[0]).toEqual(upTo(6));
  expect(calls.slice(1)).toEqual(upTo(6).map((position) => [position]));
  expect(await attemptsOf(group, shard, 4n)).toBe(1);
});

test("RUN-4c: what only waited behind a parked event goes in batches, in order; in a batch that fails, or kills its process, each by itself; after a failure that passes together again", async () => {
  const [group, shard] = ["behind-together", 4];
  const merchant = merchantOn(shard);
  const clock = handClock();
  const calls: bigint[][] = [];
  const before = (await bench.log.runnerLog.heads())[shard] ?? 0n;
  const [first, poison] = [before + 1n, before + 28n];
  let broken = true;
  let passing: string | undefined;
  /** Of those that are tried together: marked before they are, for whoever comes after a process that died of it. */
  const marked: bigint[] = [];
  const consumer = effectConsumer(group, () => {}, { startsAt: "head", batchSize: 10 });
  const start = () => bench.start({ clock, consumers: [{ ...consumer, handle: async (events, context) => {
    await consumer.handle(events, context);
    if (events[0]?.shard !== shard) return;
    calls.push(events.map(({ position }) => position));
    if (passing !== undefined && events.length > 1) {
      const code = passing;
      passing = undefined;
      throw Object.assign(new Error(code), { code });
    }
    if (broken && events.some(({ position }) => position === first)) throw new Error("not yet");
    if (!events.some(({ position }) => position === poison)) return;
    if (events.length > 1) marked.push(...(await bench.sql<{ position: bigint }[]>`select position from parked_events where consumer_group = ${group} and alone order by position`).map(({ position }) => position));
    throw new Error("never");
  } }] });
  const runner = start();
  await runner.started;
  await bench.log.write(merchant, orders(1, "ord_a"));
  await untilTried(group, shard, first, 1);
  await bench.log.write(merchant, orders(34, "ord_a"));
  await until("all wait", async () => (await shardOfRunner(runner, shard, group)).parked === 35);
  expect(await applied(bench, group, shard)).toEqual([]);
  broken = false;
  calls.length = 0;
  clock.pass(1_000);
  await untilApplied(bench, group, shard, 27);
  await untilTried(group, shard, poison, 1);
  expect(await applied(bench, group, shard)).toEqual(upTo(27).map((i) => before + i));
  // The first alone, two batches of ten, one that fails with the poison, and those of it that came before it one by one.
  expect(calls.map((call) => call.length)).toEqual([1, 10, 10, 10, ...upTo(7).map(() => 1)]);
  expect(marked).toEqual(calls[3]);
  expect(await attemptsOf(group, shard, poison)).toBe(1);
  // Another process knows them, and those that never were in a batch go together again, and once more when what they met was nobody's fault.
  await bench.stopAll();
  passing = "40001";
  await bench.sql`delete from parked_events where consumer_group = ${group} and position = ${poison}`;
  calls.length = 0;
  await start().started;
  await untilApplied(bench, group, shard, 34);
  expect(calls.map((call) => call.length).toSorted()).toEqual([1, 1, 1, 4, 4]);
});

test("RUN-4: deferred constraints are checked for the one event that breaks them", async () => {
  const [group, shard] = ["deferred", 5];
  const merchant = merchantOn(shard);
  const clock = handClock();
  const admin = connect(bench.databaseUrls.adminUrl, { max: 1 });
  await admin`create table deferred_once (value int unique deferrable initially deferred)`;
  await admin`grant all on deferred_once to comanda_consumer`;
  await admin`insert into deferred_once values (2)`;
  await admin.end();
  const consumer = effectConsumer(group, async (event, { sql }) => {
    if (event.shard !== shard) return;
    await sql`insert into deferred_once values (${event.position})`;
  });
  await bench.log.append(merchant, orders(3, "ord_a").map((draft, i) => ({ ...draft, subject: `ord_${i}` })));
  const runner = bench.start({ consumers: [consumer], clock });
  await runner.started;
  await untilApplied(bench, group, shard, 2);
  expect(await applied(bench, group, shard)).toEqual([1n, 3n]);
  const [attempt] = await bench.sql`select reason from consumer_attempts where consumer_group = ${group} and shard = ${shard} and position = 2`;
  expect(attempt?.["reason"]).toMatch(/duplicate key/);
});

test("RUN-4: deadlocks, lost connections and busy shards are retried and never counted", async () => {
  const [group, shard] = ["never-counted", 6];
  const merchant = merchantOn(shard);
  const causes = ["40P01", "40001", "55P03", "57P01", "CONNECTION_CLOSED", "ECONNREFUSED"];
  let calls = 0;
  const consumer = effectConsumer(group, (event) => {
    if (event.shard !== shard) return;
    const code = causes[calls++];
    if (code !== undefined) throw Object.assign(new Error(code), { code });
  });
  const runner = bench.start({ consumers: [consumer] });
  await runner.started;
  await bench.log.write(merchant, orders(1, "ord_a"));
  await untilApplied(bench, group, shard, 1);
  expect(calls).toBe(causes.length + 1);
  expect(await bench.sql`select from consumer_attempts where consumer_group = ${group}`).toHaveLength(0);
  expect(await bench.sql`select from parked_events where consumer_group = ${group}`).toHaveLength(0);
});

test("RUN-4: a handler that never returns is given up, counted, and writes nothing when it comes back", async () => {
  const [group, shard] = ["never-returns", 7];
  const merchant = merchantOn(shard);
  const clock = handClock();
  const late: Promise<unknown>[] = [];
  const consumer = effectConsumer(group, (event, { sql, signal }) => {
    if (event.shard !== shard) return;
    if (event.position !== 1n) return;
    return new Promise(() => {
      signal.addEventListener("abort", () => {
        const insert = async () => {
          await new Promise((resolve) => setTimeout(resolve, 50));
          await sql`insert into effects (grp, shard, position) values (${group}, ${shard}, 99)`;
        };
        late.push(insert().then(() => "written", () => "refused"));
      });
    });
    // Short, and yet far more than the other event needs, which has as much.
  }, { timeLimitMs: 750 });
  const runner = bench.start({ consumers: [consumer], clock });
  await runner.started;
  await bench.log.write(merchant, [...orders(1, "ord_a"), ...orders(1, "ord_b")]);
  await untilApplied(bench, group, shard, 1);
  await until("parked", async () => (await attemptsOf(group, shard, 1n)) === 1);
  // Once in the batch, once alone.
  expect(await Promise.all(late)).toEqual(["refused", "refused"]);
  expect(await applied(bench, group, shard)).toEqual([2n]);
});

test("an event of a newer version waits for the process that knows it, uncounted, and its place with it; others go on", async () => {
  const [group, shard] = ["newer-version", 10];
  const merchant = merchantOn(shard);
  const clock = handClock();
  const consumer = effectConsumer(group, undefined, { retryAfterMs: [] });
  const old: ReadEvent = (envelope) => ((envelope.data as { v?: number }).v === 2 ? { unreadable: "newer-version", detail: "v2" } : (envelope as EventEnvelope));
  const before = bench.start({ consumers: [consumer], clock, read: old });
  await before.started;
  await bench.log.write(merchant, [...orders(1, "ord_a"), ...orders(1, "ord_a", { v: 2 }), ...orders(1, "ord_a"), ...orders(1, "ord_b")]);
  await untilApplied(bench, group, shard, 2);
  for (let i = 0; i < 3; i++) {
    const due = (await dueOf(group, shard, 2n))?.dueAt?.getTime() ?? 0;
    clock.pass(15_000);
    await until("another look", async () => ((await dueOf(group, shard, 2n))?.dueAt?.getTime() ?? 0) > due);
  }
  expect(await applied(bench, group, shard)).toEqual([1n, 4n]);
  expect(await attemptsOf(group, shard, 2n)).toBe(0);
  expect(await deadLettersOf(group)).toEqual([]);
  await before.stop();
  clock.pass(15_000);
  await bench.start({ consumers: [consumer], clock, read: asItIs }).started;
  await untilApplied(bench, group, shard, 4);
  expect(await applied(bench, group, shard)).toEqual([1n, 4n, 2n, 3n]);
});

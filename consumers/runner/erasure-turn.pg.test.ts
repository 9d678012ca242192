import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { connect, type Sql, type TransactionSql } from "#hub/db/client.ts";
import { takeTurn } from "./erasure-turn.ts";
import type { RunnerLog } from "./ports.ts";
import { applied, merchantOn, openBench, orders, untilApplied, type Bench } from "./testing/bench.ts";
import { effectConsumer, until } from "./testing/effects.ts";

let bench: Bench;
let admin: Sql;
let eraser: Sql;
beforeAll(async () => {
  bench = await openBench();
  admin = connect(bench.databaseUrls.adminUrl, { max: 2 });
  eraser = connect(bench.databaseUrls.consumerUrl, { max: 1 });
});
afterEach(() => bench.stopAll());
afterAll(async () => {
  await Promise.all([admin.end(), eraser.end()]);
  await bench.close();
});

const ANNA = { guest: "Anna" };

/** As an erasure does: in its turn, and then all of it at once. */
async function erase(merchant: string, whenInTurn: (tx: TransactionSql) => Promise<void> = async () => {}): Promise<void> {
  await eraser.begin(async (tx) => {
    await takeTurn(tx, merchant);
    await whenInTurn(tx);
    await admin`update events set envelope = replace(envelope, 'Anna', 'Nobody') where merchant_id = ${merchant}`;
  });
}

const waitForTheTurn = () => until("somebody waits for the place's turn", async () => (await admin`select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`).length > 0);
const untilParked = (group: string, count: number) => until(`${count} are parked`, async () => (await bench.sql`select from parked_events where consumer_group = ${group}`).length === count);

/** A consumer that says what it was given, and fails as long as it is broken; it is tried again when the test says so. */
function listener(group: string, shard: number) {
  let now = Date.parse("2026-11-20T19:00:00Z");
  const state = { broken: true, heard: [] as string[], meanwhile: async (): Promise<void> => {} };
  const consumer = effectConsumer(group, async (event) => {
    if (event.shard !== shard) return;
    await state.meanwhile();
    if (state.broken) throw new Error("not now");
    state.heard.push(`${event.position} ${(event.envelope.data as typeof ANNA).guest}`);
  }, { retryAfterMs: [1_000] });
  return { consumer, state, clock: { now: () => now }, retry: () => void (now += 1_000) };
}

test("ADR 14: a parked event that was read before its guest was erased is tried as it is written now, alone and with others", async () => {
  const [group, shard] = ["read-before", 0];
  const merchant = merchantOn(shard);
  const { consumer, state, clock, retry } = listener(group, shard);
  // Each time that parked events were read, an erasure comes in between.
  const log: RunnerLog = {
    ...bench.log.runnerLog,
    async readRange(...of) {
      const found = await bench.log.runnerLog.readRange(...of);
      if (!state.broken) await erase(merchant);
      return found;
    },
  };
  await bench.start({ consumers: [consumer], log, clock }).started;
  await bench.log.write(merchant, orders(3, "ord_a", ANNA));
  await untilParked(group, 3);
  state.broken = false;
  retry();
  await untilApplied(bench, group, shard, 3);
  expect(state.heard).toEqual(["1 Nobody", "2 Nobody", "3 Nobody"]);
});

test("ADR 14: an erasure waits for a parked event that is being applied, and one that is due for the erasure", async () => {
  const [group, shard] = ["waits-for-it", 1];
  const merchant = merchantOn(shard);
  const { consumer, state, clock, retry } = listener(group, shard);
  await bench.start({ consumers: [consumer], clock }).started;
  await bench.log.write(merchant, orders(1, "ord_a", ANNA));
  await untilParked(group, 1);
  const erasures: Promise<void>[] = [];
  let seen = -1;
  state.meanwhile = async () => {
    state.meanwhile = async () => {};
    erasures.push(erase(merchant, async () => void (seen = (await applied(bench, group, shard)).length)));
    await waitForTheTurn();
    state.broken = false;
  };
  retry();
  await untilApplied(bench, group, shard, 1);
  await Promise.all(erasures);
  // Whatever was made of the name is there to be found.
  expect([state.heard, seen]).toEqual([["1 Anna"], 1]);

  state.broken = true;
  state.heard = [];
  await bench.log.write(merchant, orders(1, "ord_b", ANNA));
  await untilParked(group, 1);
  await erase(merchant, async () => {
    state.broken = false;
    retry();
    await waitForTheTurn();
    expect(state.heard).toEqual([]);
  });
  await untilApplied(bench, group, shard, 2);
  expect(state.heard).toEqual(["2 Nobody"]);
});

test("ADR 14: a dead letter holds the event as it is written when it dies", async () => {
  const [group, shard] = ["dies", 2];
  const merchant = merchantOn(shard);
  const { consumer, state, clock, retry } = listener(group, shard);
  await bench.start({ consumers: [consumer], clock }).started;
  await bench.log.write(merchant, orders(1, "ord_a", ANNA));
  await untilParked(group, 1);
  // Its second and last attempt has the name, and ends after the name is gone.
  state.meanwhile = async () => void (await admin`update events set envelope = replace(envelope, 'Anna', 'Nobody') where merchant_id = ${merchant}`);
  retry();
  const letters = () => bench.sql<{ envelope: string }[]>`select envelope from dead_letters where consumer_group = ${group}`;
  await until("the dead letter", async () => (await letters()).length === 1);
  expect((await letters())[0]?.envelope).toContain("Nobody");
  expect((await letters())[0]?.envelope).not.toContain("Anna");
});

import { afterEach, describe, expect, test } from "vitest";
import { connect, type Sql } from "#hub/db/client.ts";
import type { EventLog } from "#hub/log/append.ts";
import { createFeed } from "#hub/log/feed.ts";
import { heads } from "#hub/log/read.ts";
import { connectRedis } from "#hub/log/redis.ts";
import { change, command, event, newMerchant, newOrder, type Owner } from "#hub/log/testing/commands.ts";
import { openLog, type LogUnderTest } from "#hub/log/testing/open-log.ts";
import { createHttpServer } from "#hub/transport/http-server.ts";
import { testRedis, testRedisUrl } from "#scripts/testing/services.ts";
import type { Cursor } from "#shared/protocol/cursor.ts";
import { shardOf } from "#shared/shards.ts";
import { createRealtime } from "./create-realtime.ts";
import { createEventIndex } from "./event-index.ts";
import type { RealtimeLimits } from "./limits.ts";
import { helloText, Screen, ticket } from "./testing/rehearsal.ts";
import type { SocketSession } from "./types.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function log(): Promise<LogUnderTest> {
  await testRedis().flush();
  const under = await openLog({ redis: true });
  closing.push(() => under.close());
  return under;
}

/** A hub's `/ws` over the real log: its feed from its own commits, Redis and Postgres, its index under row-level security. */
async function socketHub(under: LogUnderTest, local: EventLog | undefined, limits: Partial<RealtimeLimits> = {}) {
  const consumer = connect(under.database.consumerUrl, { max: 2 });
  const hub: Sql = connect(under.database.hubUrl, { max: 4 });
  const errors: unknown[] = [];
  const server = createHttpServer({ onError: (error) => errors.push(error) });
  const from = { epoch: under.log.epoch, positions: await heads(consumer) };
  const realtime = createRealtime({
    server,
    from,
    limits: { heartbeatMs: 50, ...limits },
    index: createEventIndex(hub),
    authenticate: async (text) => JSON.parse(text) as SocketSession,
    onError: (error) => errors.push(error),
  });
  const feed = await createFeed({ sql: consumer, from, onFrame: realtime.onFrame, openRedis: () => connectRedis(testRedisUrl()), ...(local === undefined ? {} : { local }) });
  const listening = await server.listen(0, "127.0.0.1");
  if ("refused" in listening) throw new Error(listening.refused);
  const close = async () => {
    await feed.stop();
    realtime.close();
    await server.close();
    await Promise.all([consumer.end(), hub.end()]);
  };
  closing.push(async () => {
    await close();
    expect(errors).toEqual([]);
  });
  return { url: `ws://127.0.0.1:${listening.port}/ws`, realtime, feed };
}

/** Two orders changed by one command: two events of two streams, or neither. */
async function sell(append: EventLog, owner: Owner, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const changes = [newOrder(), newOrder()].map((stream, place) => change(stream, 0, { events: [event({ round, place }, place === 0 ? "sale.order.created" : "sale.check.created")] }));
    const outcome = await append.append(command(owner, changes));
    expect(outcome.outcome).toBe("appended");
  }
}

function start(under: LogUnderTest, owner: Required<Owner>): Cursor {
  return { epoch: under.log.epoch, positions: { [String(shardOf(owner.merchantId))]: "0", [String(shardOf(owner.organizerId))]: "0" } };
}

function hello(owner: Required<Owner>, cursor: Cursor, capabilities?: string[]): string {
  return helloText({ ticket: ticket({ ...owner, ...(capabilities === undefined ? {} : { capabilities }) }), cursor });
}

async function stored(under: LogUnderTest, owner: Required<Owner>): Promise<string[]> {
  const rows = await under.admin<{ id: string }[]>`select id from events where merchant_id = ${owner.merchantId} order by position`;
  return rows.map((row) => row.id);
}

/** Connects and leaves at random until `done`, then stays to the end; what it applied, in order. */
async function comeAndGo(urls: readonly string[], under: LogUnderTest, owner: Required<Owner>, done: () => boolean) {
  const seen: (readonly string[])[] = [];
  let cursor = start(under, owner);
  for (let round = 0; ; round++) {
    const last = done();
    const screen = new Screen(urls[round % urls.length] ?? "", hello(owner, cursor), cursor);
    if (last) {
      await screen.got("caughtUp");
      const wanted = (await stored(under, owner)).length;
      await expect.poll(() => seen.flat().length + screen.ids.length, { timeout: 10_000 }).toBe(wanted);
    } else await pause(20 + Math.random() * 150);
    screen.close();
    await screen.closed;
    expect(screen.of("snapshotRequired")).toEqual([]);
    expect(screen.steps.filter((step) => step !== "apply")).toEqual([]);
    seen.push(...screen.applied.map((frame) => frame.ids));
    cursor = screen.cursor ?? cursor;
    if (last) return seen;
  }
}

describe("RT-2 on the real log", () => {
  test("screens that come and go, between two hubs, see every command once, whole, in order, and nobody else's", async () => {
    const under = await log();
    const hubs = [await socketHub(under, under.log, { ring: { frames: 30, bytes: 1e6 } }), await socketHub(under, undefined, { ring: { frames: 10, bytes: 1e6 } })];
    const urls = hubs.map((hub) => hub.url);
    const merchants = [newMerchant(), newMerchant(), newMerchant()];
    let running = true;
    const screens = merchants.flatMap((owner) => [0, 1].map(async (turn) => ({ owner, seen: await comeAndGo(turn === 0 ? urls : urls.toReversed(), under, owner, () => !running) })));
    await Promise.all(merchants.map((owner) => sell(under.log, owner, 200)));
    running = false;
    for (const { owner, seen } of await Promise.all(screens)) {
      expect(seen.flat()).toEqual(await stored(under, owner));
      expect(seen.every((ids) => ids.length === 2)).toBe(true);
    }
    expect(hubs.map((hub) => hub.realtime.stats().holes)).toEqual([0, 0]);
  }, 60_000);

  test("Redis is flushed while the feed runs: no screen notices", async () => {
    const under = await log();
    const hub = await socketHub(under, undefined);
    const owner = newMerchant();
    const cursor = start(under, owner);
    const screen = new Screen(hub.url, hello(owner, cursor), cursor);
    await screen.got("caughtUp");
    const selling = sell(under.log, owner, 150);
    for (let n = 0; n < 3; n++) {
      await pause(60);
      await testRedis().flush();
    }
    await selling;
    const wanted = await stored(under, owner);
    await expect.poll(() => screen.ids.length, { timeout: 10_000 }).toBe(wanted.length);
    expect(screen.ids).toEqual(wanted);
    expect(screen.steps.filter((step) => step !== "apply")).toEqual([]);
  });

  test("failure 20: what a kitchen screen missed while it was away comes by itself, past a restart of the hub", async () => {
    const under = await log();
    const owner = newMerchant();
    const before = await socketHub(under, under.log);
    const cursor = start(under, owner);
    const first = new Screen(before.url, hello(owner, cursor), cursor);
    await first.got("caughtUp");
    await sell(under.log, owner, 3);
    await expect.poll(() => first.applied.length, { timeout: 10_000 }).toBe(3);
    before.realtime.close();
    await first.closed;
    await sell(under.log, owner, 5);
    const after = await socketHub(under, under.log);
    const second = new Screen(after.url, hello(owner, first.cursor ?? cursor), first.cursor);
    await second.got("caughtUp");
    await sell(under.log, owner, 2);
    await expect.poll(() => second.applied.length, { timeout: 10_000 }).toBe(7);
    expect([...first.ids, ...second.ids]).toEqual(await stored(under, owner));
  });

  test("a reader of part of the topics resumes with that part", async () => {
    const under = await log();
    const owner = newMerchant();
    await sell(under.log, owner, 4);
    const hub = await socketHub(under, under.log);
    const cursor = start(under, owner);
    const cook = new Screen(hub.url, hello(owner, cursor, ["kitchen.work"]), cursor);
    await cook.got("caughtUp");
    expect(cook.applied.map((frame) => frame.types)).toEqual(Array(4).fill(["sale.order.created"]));
  });

  test("who missed more than is replayed takes a snapshot, and is live from there", async () => {
    const under = await log();
    const owner = newMerchant();
    await sell(under.log, owner, 6);
    const hub = await socketHub(under, under.log, { maxResumeEvents: 10 });
    const screen = new Screen(hub.url, hello(owner, start(under, owner)));
    await screen.got("caughtUp");
    expect(screen.of("snapshotRequired")).toEqual([{ type: "snapshotRequired", reason: "too-old" }]);
    await sell(under.log, owner, 1);
    await expect.poll(() => screen.applied.length, { timeout: 10_000 }).toBe(1);
  });
});

import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startRedis, testRedis } from "#scripts/testing/services.ts";
import { connect, type Sql } from "#hub/db/client.ts";
import { shardOf } from "#shared/shards.ts";
import type { EventLog } from "./append.ts";
import { positionOf, streamKey } from "./keys.ts";
import { createPublisher, type Publisher } from "./publish.ts";
import { readRange } from "./read.ts";
import { connectRedis } from "./redis.ts";
import { change, command, event, newMerchant, newOrder, type Owner } from "./testing/commands.ts";
import { openLog, type LogUnderTest } from "./testing/open-log.ts";
import { waitFor } from "./testing/wait-for.ts";

let redis: Redis;
const opened: LogUnderTest[] = [];
beforeAll(() => {
  redis = new Redis(testRedis().url);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
  await redis.flushdb();
});
afterAll(() => redis.disconnect());

async function open(options: Parameters<typeof openLog>[0] = {}): Promise<LogUnderTest> {
  const it = await openLog({ redis: true, ...options });
  opened.push(it);
  return it;
}

async function fill(log: EventLog, owner: Owner, commands: number): Promise<void> {
  const outcomes = await Promise.all(
    Array.from({ length: commands }, () => log.append(command(owner, [change(newOrder(), 0, { events: [event(), event()] })]))),
  );
  expect(outcomes.every(({ outcome }) => outcome === "appended")).toBe(true);
}

/** Another process's, which looks around by itself at its start only. */
function publisherOn(it: LogUnderTest, sql: Sql, held: number): Publisher {
  const { epoch } = it.log;
  return createPublisher({ openRedis: () => connectRedis(testRedis().url), sql, epoch, sweepMs: 60_000, maxLength: 1_000, backfill: 1_000n, held });
}

/** Positions and texts of a stream. */
async function entries(epoch: string, shard: number, client = redis): Promise<[bigint, string][]> {
  const found = await client.xrange(streamKey(shard, epoch), "-", "+");
  return found.map(([id, [field, text]]) => {
    expect(field).toBe("e");
    return [positionOf(id), text ?? ""];
  });
}

async function stored(it: LogUnderTest, shard: number): Promise<[bigint, string][]> {
  return (await readRange(it.admin, shard, 0n, 100_000)).map(({ position, text }) => [position, text]);
}

describe("LOG-6 publishing", () => {
  test("every event is in its shard's stream under its position, byte for byte, with two hubs publishing", async () => {
    const it = await open();
    const other = await it.another();
    const owner = newMerchant();
    const shard = shardOf(owner.merchantId);
    await Promise.all([fill(it.log, owner, 40), fill(other, owner, 40)]);
    await waitFor("publishing", 10_000, async () => (await entries(it.log.epoch, shard)).length === 160);
    expect(await entries(it.log.epoch, shard)).toEqual(await stored(it, shard));
  });

  test("the append does not wait for it: Redis stands still, commands are answered, and people can see it", async () => {
    const server = await startRedis();
    const it = await openLog({ redisUrl: server.url });
    const owner = newMerchant();
    await fill(it.log, owner, 3);
    await it.log.published();
    await server.kill("SIGSTOP");
    const started = Date.now();
    await fill(it.log, owner, 50);
    expect(Date.now() - started).toBeLessThan(4_500);
    // Before a call is given up, and only as long as it lasts.
    await waitFor("seeing it", 10_000, () => it.log.state().publish?.redis === "away");
    expect((it.log.state().publish?.awaySince ?? Infinity) - started).toBeLessThan(4_500);
    await server.kill("SIGCONT");
    await waitFor("its going on", 10_000, () => it.log.state().publish?.redis === "up" && it.log.state().publish?.behind === 0n);
    await server.stop();
    await waitFor("noticing", 10_000, () => it.log.state().publish?.redis === "away");
    expect(it.log.state().publish?.awaySince).toBeTypeOf("number");
    await server.restart();
    await waitFor("publishing", 15_000, () => it.log.state().publish?.redis === "up" && it.log.state().publish?.behind === 0n);
    const again = new Redis(server.url);
    const shard = shardOf(owner.merchantId);
    expect((await entries(it.log.epoch, shard, again)).at(-1)?.[0]).toBe(106n);
    again.disconnect();
    await it.close();
    await server.stop();
  });

  test("FLUSHALL: the streams are filled again by the sweep alone, from a bounded way back", async () => {
    const it = await open({ backfill: 30n });
    const owner = newMerchant();
    const shard = shardOf(owner.merchantId);
    await fill(it.log, owner, 40);
    await it.log.published();
    await redis.flushdb();
    await waitFor("the sweep", 10_000, async () => (await entries(it.log.epoch, shard)).at(-1)?.[0] === 80n);
    const [first] = await entries(it.log.epoch, shard);
    expect(first?.[0]).toBe(51n);
    await fill(it.log, owner, 1);
    await it.log.published();
    expect((await entries(it.log.epoch, shard)).map(([position]) => position)).toEqual(Array.from({ length: 32 }, (_, i) => BigInt(51 + i)));
  });

  test("a stream that lost its end, as a Redis that forgets its last second does, goes on without a hole", async () => {
    const it = await open();
    const owner = newMerchant();
    const shard = shardOf(owner.merchantId);
    const key = streamKey(shard, it.log.epoch);
    await fill(it.log, owner, 10);
    await it.log.published();
    const kept = (await entries(it.log.epoch, shard)).slice(0, 12);
    // In one go: what is missing for a moment is what the sweep is there to fill in.
    const harm = redis.multi().del(key);
    for (const [position, text] of kept) harm.xadd(key, `${position}-0`, "e", text);
    await harm.exec();
    await fill(it.log, owner, 5);
    await waitFor("publishing", 10_000, async () => (await entries(it.log.epoch, shard)).length === 30);
    expect(await entries(it.log.epoch, shard)).toEqual(await stored(it, shard));
  });

  test("what a hub committed and died before it published is published by another one's sweep", async () => {
    const it = await open();
    const dying = await it.another({ openRedis: () => connectRedis("redis://127.0.0.1:1") });
    const owner = newMerchant();
    const shard = shardOf(owner.merchantId);
    await fill(dying, owner, 5);
    await waitFor("the sweep", 10_000, async () => (await entries(it.log.epoch, shard)).length === 10);
  });

  test("a consumer group on a stream that has no entry yet does not stop it from starting", async () => {
    const it = await open();
    const owner = newMerchant();
    const shard = shardOf(owner.merchantId);
    await redis.xgroup("CREATE", streamKey(shard, it.log.epoch), "kitchen", "0", "MKSTREAM");
    await fill(it.log, owner, 2);
    await waitFor("publishing", 10_000, async () => (await entries(it.log.epoch, shard)).length === 4);
  });

  test("streams are trimmed to a bound", async () => {
    const it = await open({ streamLength: 100 });
    const owner = newMerchant();
    await fill(it.log, owner, 400);
    await it.log.published();
    const length = await redis.xlen(streamKey(shardOf(owner.merchantId), it.log.epoch));
    expect(length).toBeGreaterThanOrEqual(100);
    expect(length).toBeLessThan(300);
  });

  test("what others published since the last look is not read from Postgres, to publish what follows on it", async () => {
    const it = await open({ sweepMs: 60_000 });
    const silent = await it.another({ openRedis: () => connectRedis("redis://127.0.0.1:1") });
    const owner = newMerchant();
    const shard = shardOf(owner.merchantId);
    const sql = connect(it.database.consumerUrl, { max: 1 });
    const publisher = publisherOn(it, sql, 100);
    await fill(it.log, owner, 1);
    await it.log.published();
    await publisher.sweep();
    await sql.end();

    await fill(it.log, owner, 5);
    await waitFor("what the other publishes", 10_000, async () => (await entries(it.log.epoch, shard)).length === 12);
    await fill(silent, owner, 1);
    publisher.offer(shard, await readRange(it.admin, shard, 12n, 100));
    await waitFor("publishing", 10_000, async () => (await entries(it.log.epoch, shard)).length === 14);
    expect(await entries(it.log.epoch, shard)).toEqual(await stored(it, shard));
    await publisher.close();
  });

  test("memory is bounded: past it positions are kept and Postgres is read", async () => {
    const it = await open();
    const owner = newMerchant();
    const shard = shardOf(owner.merchantId);
    const silent = await it.another({ openRedis: () => connectRedis("redis://127.0.0.1:1") });
    await fill(silent, owner, 30);
    const sql = connect(it.database.consumerUrl, { max: 1 });
    const publisher = publisherOn(it, sql, 0);
    publisher.offer(shard, await readRange(it.admin, shard, 0n, 100));
    await waitFor("publishing", 10_000, async () => (await entries(it.log.epoch, shard)).length === 60);
    await publisher.close();
    await sql.end();
  });
});

import { Redis } from "ioredis";
import { afterEach, describe, expect, test } from "vitest";
import { startCluster, startRedis, testRedis } from "#scripts/testing/services.ts";
import { connect, type Sql } from "#hub/db/client.ts";
import { SHARD_COUNT, shardOf } from "#shared/shards.ts";
import type { EventLog } from "./append.ts";
import { headOf } from "./event-head.ts";
import { createFeed, StaleCursor, type Feed, type FeedOptions } from "./feed.ts";
import type { Frame } from "./feed-shard.ts";
import { streamKey } from "./keys.ts";
import { heads, readRange } from "./read.ts";
import { connectRedis, connectToStream } from "./redis.ts";
import type { StoredEvent } from "./types.ts";
import { change, command, event, newMerchant, newOrder, ulid, type Owner } from "./testing/commands.ts";
import { cuttingProxy } from "./testing/cutting-proxy.ts";
import { openLog, type LogUnderTest } from "./testing/open-log.ts";
import { waitFor } from "./testing/wait-for.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(options: Parameters<typeof openLog>[0] = { redis: true }): Promise<LogUnderTest & { sql: Sql }> {
  const it = await openLog(options);
  const sql = connect(it.database.consumerUrl, { max: 2 });
  closing.push(() => it.close(), () => sql.end());
  return { ...it, sql };
}

async function follow(options: Omit<FeedOptions, "onFrame">): Promise<{ feed: Feed; frames: Frame[] }> {
  const frames: Frame[] = [];
  const feed = await createFeed({ onFrame: (frame) => frames.push(frame), ...options });
  closing.push(() => feed.stop());
  return { feed, frames };
}

const throughRedis = () => connectRedis(testRedis().url);

function sell(log: EventLog, owner: Owner, commands: number): Promise<unknown> {
  return Promise.all(
    Array.from({ length: commands }, (_, i) =>
      log.append(command(owner, [change(newOrder(), 0, { events: Array.from({ length: 1 + (i % 4) }, () => event()) })])),
    ),
  );
}

const withoutHead = ({ shard, position, commandId, text }: StoredEvent): StoredEvent => ({ shard, position, commandId, text });

/** Every shard's events once, in order, and each frame one whole command. */
async function expectAll(frames: readonly Frame[], it: LogUnderTest): Promise<void> {
  for (let shard = 0; shard < SHARD_COUNT; shard++) {
    const stored = await readRange(it.admin, shard, 0n, 100_000);
    const given = frames.filter((frame) => frame.shard === shard);
    expect(given.flatMap((frame) => frame.events.map(withoutHead))).toEqual(stored);
    for (const event of given.flatMap((frame) => frame.events)) expect(JSON.parse(event.text)).toMatchObject(headOf(event));
    for (const frame of given) {
      expect(stored.filter(({ commandId }) => commandId === frame.commandId)).toEqual(frame.events.map(withoutHead));
      expect([frame.from, frame.to]).toEqual([frame.events[0]?.position, frame.events.at(-1)?.position]);
    }
  }
}

async function caughtUp(it: LogUnderTest, feed: Feed): Promise<void> {
  const at = await heads(it.admin);
  await waitFor("the feed", 10_000, () => feed.cursor().positions.every((position, shard) => position >= (at[shard] ?? 0n)));
}

describe("RT-2 the feed gives every command once, whole, in order", () => {
  test("with two hubs selling and each hearing its own commits first", async () => {
    const it = await open();
    const other = await it.another();
    const one = await follow({ sql: it.sql, openRedis: throughRedis, local: it.log, from: "head" });
    const two = await follow({ sql: it.sql, openRedis: throughRedis, local: other, from: "head" });
    const owners = Array.from({ length: 3 }, newMerchant);
    await Promise.all(owners.flatMap((owner) => [sell(it.log, owner, 40), sell(other, owner, 40)]));
    for (const { feed, frames } of [one, two]) {
      await caughtUp(it, feed);
      await expectAll(frames, it);
    }
  });

  test("a hub's own commit is there at once, without Redis and before any poll", async () => {
    const it = await open({});
    const { frames } = await follow({ sql: it.sql, local: it.log, from: "head", pollMs: 60_000, pollAloneMs: 60_000 });
    await sell(it.log, newMerchant(), 1);
    expect(frames).toHaveLength(1);
  });

  test("without Redis at all Postgres is asked", async () => {
    const it = await open({});
    const { feed, frames } = await follow({ sql: it.sql, from: "head" });
    await sell(it.log, newMerchant(), 20);
    await caughtUp(it, feed);
    await expectAll(frames, it);
    expect(feed.state()).toMatchObject({ redis: "none", database: "up" });
  });

  test("while Redis is killed, flushed and back again", async () => {
    const server = await startRedis();
    const it = await open({ redisUrl: server.url });
    const { feed, frames } = await follow({ sql: it.sql, openRedis: () => connectRedis(server.url), from: "head", blockMs: 200 });
    const owner = newMerchant();
    await waitFor("Redis", 10_000, () => feed.state().redis === "up");
    await sell(it.log, owner, 10);
    await caughtUp(it, feed);
    await server.kill("SIGKILL");
    await sell(it.log, owner, 10);
    await caughtUp(it, feed);
    await waitFor("Redis away", 10_000, () => feed.state().redis === "away");
    await server.restart();
    await sell(it.log, owner, 10);
    await caughtUp(it, feed);
    await waitFor("Redis again", 10_000, () => feed.state().redis === "up" && it.log.state().publish?.redis === "up");
    const redis = new Redis(server.url);
    await redis.flushall();
    redis.disconnect();
    await sell(it.log, owner, 10);
    await caughtUp(it, feed);
    await expectAll(frames, it);
    closing.unshift(() => server.stop());
  });

  test("regression: a Redis that answers and is not written to any more is left, as after a failover behind one address", async () => {
    const [former, it] = [await startRedis(), await open()];
    closing.push(() => former.stop());
    const proxy = await cuttingProxy(former.url);
    closing.push(() => proxy.close());
    const { feed, frames } = await follow({ sql: it.sql, openRedis: () => connectRedis(proxy.through(former.url), { connectionName: "the-feed" }), from: "head", pollMs: 50, blockMs: 100 });
    await waitFor("the former master", 10_000, () => feed.state().redis === "up");
    proxy.pointAt(testRedis().url);
    const redis = new Redis(testRedis().url);
    const owner = newMerchant();
    await waitFor("the new master", 10_000, async () => {
      await sell(it.log, owner, 1);
      return String(await redis.client("LIST")).includes("name=the-feed");
    });
    redis.disconnect();
    await caughtUp(it, feed);
    await expectAll(frames, it);
  });

  test("from a cursor behind a trimmed stream: Postgres has what Redis has not", async () => {
    const it = await open();
    const owner = newMerchant();
    await sell(it.log, owner, 60);
    await it.log.published();
    const redis = new Redis(testRedis().url);
    await redis.xtrim(streamKey(shardOf(owner.merchantId), it.log.epoch), "MAXLEN", 7);
    redis.disconnect();
    const zero = { epoch: it.log.epoch, positions: Array.from({ length: SHARD_COUNT }, () => 0n) };
    const { feed, frames } = await follow({ sql: it.sql, openRedis: throughRedis, from: zero, pollMs: 60_000 });
    await caughtUp(it, feed);
    await expectAll(frames, it);
  });

  test("over a Redis cluster, each shard from its own node and nothing from Postgres", async () => {
    const { server, clusterUrl } = await startCluster();
    closing.push(() => server.stop());
    const it = await open({ redisUrl: clusterUrl });
    const { feed, frames } = await follow({ sql: it.sql, openRedis: (shard) => connectToStream(clusterUrl, streamKey(shard, it.log.epoch)), cluster: true, from: "head", pollMs: 60_000, pollAloneMs: 60_000 });
    await waitFor("the cluster to be read", 10_000, () => feed.state().redis === "up");
    await Promise.all([sell(it.log, newMerchant(), 20), sell(it.log, newMerchant(), 20), sell(it.log, newMerchant(), 20)]);
    await caughtUp(it, feed);
    await expectAll(frames, it);
  });

  test("a command of more events than a page is one frame", async () => {
    const it = await open();
    const owner = newMerchant();
    const { feed, frames } = await follow({ sql: it.sql, openRedis: throughRedis, from: "head", pollMs: 60_000 });
    await it.log.append(command(owner, [change(newOrder(), 0, { events: Array.from({ length: 1_300 }, () => event()) })]));
    await sell(it.log, owner, 3);
    await caughtUp(it, feed);
    await expectAll(frames, it);
    expect(frames[0]?.events).toHaveLength(1_300);
  });

  test("a hole that nobody publishes is looked up", async () => {
    const it = await open();
    const dying = await it.another({ openRedis: () => connectRedis("redis://127.0.0.1:1") });
    const { feed, frames } = await follow({ sql: it.sql, local: it.log, from: "head", pollMs: 60_000, pollAloneMs: 60_000 });
    const owner = newMerchant();
    await sell(dying, owner, 5);
    await sell(it.log, owner, 1);
    await caughtUp(it, feed);
    await expectAll(frames, it);
  });

  test("in a cluster's layout each shard is read over its own connection", async () => {
    const it = await open();
    let connections = 0;
    const { feed, frames } = await follow({
      sql: it.sql,
      openRedis: () => (connections++, throughRedis()),
      cluster: true,
      from: "head",
      pollMs: 60_000,
      pollAloneMs: 60_000,
    });
    await Promise.all(Array.from({ length: 10 }, () => sell(it.log, newMerchant(), 3)));
    await caughtUp(it, feed);
    await expectAll(frames, it);
    expect(connections).toBeGreaterThanOrEqual(SHARD_COUNT);
  });

  test("a cursor resumes where another feed stood; one of another epoch is refused", async () => {
    const it = await open();
    const owner = newMerchant();
    const first = await follow({ sql: it.sql, local: it.log, from: "head" });
    await sell(it.log, owner, 5);
    const cursor = first.feed.cursor();
    await first.feed.stop();
    await sell(it.log, owner, 5);
    const second = await follow({ sql: it.sql, openRedis: throughRedis, from: cursor });
    await caughtUp(it, second.feed);
    await expectAll([...first.frames, ...second.frames], it);
    await expect(follow({ sql: it.sql, from: { ...cursor, epoch: ulid() } })).rejects.toBeInstanceOf(StaleCursor);
  });
});

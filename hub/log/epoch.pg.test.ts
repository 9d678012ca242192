import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testRedis } from "#scripts/testing/services.ts";
import { shardOf } from "#shared/shards.ts";
import { createEventLog } from "./append.ts";
import { findDivergence, findMissing, openEpoch, startNewEpoch, type Divergence } from "./epoch.ts";
import { createFeed } from "./feed.ts";
import type { Frame } from "./feed-shard.ts";
import { streamKey } from "./keys.ts";
import { connectRedis } from "./redis.ts";
import { change, command, newMerchant, newOrder, type Owner } from "./testing/commands.ts";
import { openLog, type LogUnderTest } from "./testing/open-log.ts";
import { waitFor } from "./testing/wait-for.ts";

let redis: Redis;
beforeAll(() => {
  redis = new Redis(testRedis().url);
});
afterAll(() => redis.disconnect());

const owner = newMerchant();
const shard = shardOf(owner.merchantId);

async function fill(it: LogUnderTest, by: Owner, commands: number, note: string): Promise<void> {
  for (let i = 0; i < commands; i++) await it.log.append(command(by, [change(newOrder(), 0, { note })]));
  await it.log.published();
}

/** As a restore from an older backup leaves it: the last events never happened. */
async function restoreBehind(it: LogUnderTest, head: number): Promise<void> {
  await it.admin`delete from commands where to_position > ${head} and shard = ${shard}`;
  await it.admin`delete from events where position > ${head} and shard = ${shard}`;
}

describe("LOG-7 epoch", () => {
  test("of many starters on a new database one makes it, and all have it", async () => {
    const it = await openLog();
    await it.admin`delete from log_meta`;
    const opened = await Promise.all(Array.from({ length: 8 }, () => openEpoch(it.admin, undefined, Date.now())));
    expect(new Set(opened.map(({ epoch }) => epoch)).size).toBe(1);
    await it.close();
  });

  test("a Postgres restored behind Redis gets a new one at start-up, and nothing is swallowed", async () => {
    const it = await openLog({ redis: true });
    await fill(it, owner, 5, "before");
    const old = it.log.epoch;
    await it.log.close();
    await restoreBehind(it, 3);

    const restored = await createEventLog({ hubUrl: it.database.hubUrl, consumerUrl: it.database.consumerUrl, redisUrl: testRedis().url, sweepMs: 100 });
    expect(restored.opened).toEqual({ epoch: restored.epoch, started: "restore", diverged: [{ shard, published: 5n, head: 3n }] });
    expect(restored.epoch).not.toBe(old);
    await restored.append(command(owner, [change(newOrder(), 0, { note: "after" })]));
    await restored.published();
    const published = await redis.xrange(streamKey(shard, restored.epoch), "-", "+");
    expect(published.map(([id]) => id)).toEqual(["1-0", "2-0", "3-0", "4-0"]);
    expect(published[3]?.[1][1]).toContain("after");
    await restored.close();
    await it.close();
  });

  test("one that has caught up with other events since is found by the text at the same position", async () => {
    const it = await openLog({ redis: true });
    await fill(it, owner, 5, "before");
    const old = it.log.epoch;
    await it.log.close();
    await restoreBehind(it, 3);
    const silent = await createEventLog({ hubUrl: it.database.hubUrl, consumerUrl: it.database.consumerUrl });
    for (let i = 0; i < 4; i++) await silent.append(command(owner, [change(newOrder(), 0, { note: "after" })]));
    await silent.close();
    expect(await findDivergence(it.admin, redis, old)).toEqual([{ shard, published: 5n, head: 7n }]);
    await it.close();
  });

  test("a healthy log is never taken for a restored one, also under load and by many starters", async () => {
    const it = await openLog({ redis: true });
    let loading = true;
    const load = (async () => {
      while (loading) await Promise.all([1, 2, 3, 4].map(() => it.log.append(command(newMerchant(), [change(newOrder(), 0)]))));
    })();
    for (let i = 0; i < 15; i++) expect(await findDivergence(it.admin, redis, it.log.epoch)).toEqual([]);
    loading = false;
    await load;
    const [one, two] = await Promise.all([it.another(), it.another()]);
    expect([one?.epoch, two?.epoch]).toEqual([it.log.epoch, it.log.epoch]);
    await it.close();
  });

  test("a restore under a running hub: the hub finds it after its connections broke and goes on in a new epoch", async () => {
    const it = await openLog({ redis: true });
    await fill(it, owner, 5, "before");
    const old = it.log.epoch;
    const heard: string[] = [];
    it.log.onEpoch((epoch) => heard.push(epoch));
    await restoreBehind(it, 3);
    await waitFor("the new epoch", 10_000, () => it.log.epoch !== old);
    expect(heard).toEqual([it.log.epoch]);
    await it.log.append(command(owner, [change(newOrder(), 0, { note: "after" })]));
    await waitFor("publishing", 10_000, async () => (await redis.xlen(streamKey(shard, it.log.epoch))) === 4);
    await it.close();
  });

  test("the operator's command: of two one wins, hubs and feeds follow", async () => {
    const it = await openLog({ redis: true });
    await fill(it, owner, 2, "before");
    const old = it.log.epoch;
    const frames: Frame[] = [];
    const epochs: string[] = [];
    const feed = await createFeed({
      sql: it.admin,
      openRedis: () => connectRedis(testRedis().url),
      from: "head",
      onFrame: (frame) => frames.push(frame),
      onEpoch: (epoch) => epochs.push(epoch),
      pollMs: 50,
    });
    const both = await Promise.all([1, 2].map(() => startNewEpoch(it.admin, { from: old, reason: "promotion", now: Date.now() })));
    expect(both[0]).toBe(both[1]);
    expect(both[0]).not.toBe(old);
    await waitFor("the hub and the feed", 10_000, () => it.log.epoch === both[0] && epochs.length === 1);
    await fill(it, owner, 1, "after");
    await waitFor("the frame", 10_000, () => frames.length === 1);
    expect(feed.cursor().epoch).toBe(both[0]);
    expect(await it.admin`select reason from log_meta`).toEqual([{ reason: "promotion" }]);
    await feed.stop();
    await it.close();
  });

  test("regression: without any Redis the hub's own screens know that the log went back, and 4,901 is not swallowed", async () => {
    const it = await openLog();
    const frames: Frame[] = [];
    const heard: { epoch: string; missing: readonly Divergence[] }[] = [];
    const feed = await createFeed({ sql: it.admin, local: it.log, from: "head", onFrame: (frame) => frames.push(frame), onBehind: (epoch, missing) => heard.push({ epoch, missing }), pollAloneMs: 40 });
    for (let i = 0; i < 5; i++) await it.log.append(command(owner, [change(newOrder(), 0)]));
    expect(frames).toHaveLength(5);
    await restoreBehind(it, 3);
    await waitFor("the new epoch", 10_000, () => heard.length === 1 && feed.cursor().epoch !== it.log.opened.epoch);
    expect(heard).toEqual([{ epoch: feed.cursor().epoch, missing: [{ shard, published: 5n, head: 3n }] }]);
    expect(feed.cursor().positions[shard]).toBe(3n);
    await it.log.append(command(owner, [change(newOrder(), 0)]));
    await waitFor("the frame", 5_000, () => frames.length === 6);
    expect(frames.at(-1)).toMatchObject({ from: 4n, to: 4n });
    await feed.stop();
    await it.close();
  });

  test("regression: a Redis that goes away between its greeting and the comparison does not keep the hub from starting", async () => {
    const it = await openLog();
    const going = { status: "ready", xrevrange: () => Promise.reject(new Error("Connection is closed.")), disconnect: () => {} } as unknown as Redis;
    let opened = 0;
    const log = await it.another({ openRedis: () => (opened++ === 0 ? going : connectRedis(testRedis().url)) });
    expect(log.opened).toEqual({ epoch: it.log.epoch, diverged: [] });
    await it.close();
  });

  test("what was given is missing when another command stands in its place", async () => {
    const it = await openLog();
    const commands = [1, 2, 3].map(() => command(owner, [change(newOrder(), 0)]));
    for (const each of commands) await it.log.append(each);
    const given = (position: bigint, commandId: string | undefined) => ({ shard, position, commandId: commandId ?? "" });
    expect(await findMissing(it.admin, [given(3n, commands[2]?.commandId)])).toEqual([]);
    expect(await findMissing(it.admin, [given(3n, commands[1]?.commandId)])).toEqual([{ shard, published: 3n, head: 3n }]);
    expect(await findMissing(it.admin, [given(4n, commands[2]?.commandId)])).toEqual([{ shard, published: 4n, head: 3n }]);
    await it.close();
  });

  test("another server than the one that wrote the log: compared with Redis where that is whole, a new epoch where it is not", async () => {
    const it = await openLog({ redis: true });
    await fill(it, owner, 2, "before");
    const old = it.log.epoch;
    const origin = async () => (await it.admin<{ origin: string }[]>`select origin from log_meta`)[0]?.origin;
    const own = await origin();
    expect(own).toMatch(/^\d+\/[0-9A-F]{8}$/);
    await it.log.close();
    const moved = () => it.admin`update log_meta set origin = 'elsewhere/00000001'`;
    const open = async (redisUrl?: string) => {
      const log = await createEventLog({ hubUrl: it.database.hubUrl, consumerUrl: it.database.consumerUrl, ...(redisUrl === undefined ? {} : { redisUrl }) });
      await log.close();
      return log.opened;
    };
    await moved();
    expect(await open(testRedis().url)).toEqual({ epoch: old, diverged: [] });
    expect(await origin()).toBe(own);
    await moved();
    expect(await open()).toMatchObject({ started: "promotion" });
    expect(await it.admin`select origin, reason from log_meta`).toEqual([{ origin: own, reason: "promotion" }]);
    await moved();
    // The new epoch's streams were never filled: nothing to compare with.
    expect(await open(testRedis().url)).toMatchObject({ started: "promotion" });
    await it.close();
  });
});

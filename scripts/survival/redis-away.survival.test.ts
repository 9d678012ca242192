import { Redis } from "ioredis";
import { beforeAll, expect, test } from "vitest";
import { delay, waitFor } from "../services/server.ts";
import { audit } from "./check/audit.ts";
import { startLoad } from "./load.ts";
import { cutOff, failedOver, outOfMemory, tailCut, trimmed, ungrouped, type RedisMood } from "./redis-moods.ts";
import { healthOf, settled } from "./settled.ts";
import type { Stage } from "./stage.ts";
import { openTestStage } from "./test-stage.ts";

/** How long the issue has Redis away. */
const AWAY_MS = 10_000;

let stage: Stage;
beforeAll(async () => {
  stage = await openTestStage();
  return () => stage.close();
});

async function ticketCount(): Promise<number> {
  const [row] = await stage.admin<{ count: number }[]>`select count(*)::int as count from kitchen_tickets`;
  return row?.count ?? 0;
}

test("RUN-1: killed for ten seconds, orders are taken and tickets made meanwhile, and all of it is published when Redis is back", async () => {
  const { stack, restaurants } = stage;
  const load = startLoad(restaurants, { seed: 31 });
  await load.goesOn(40);
  await stack.redis.kill("SIGKILL");
  const since = Date.now();
  const before = await ticketCount();
  await load.goesOn(100);
  await waitFor("tickets without Redis", 60_000, async () => (await ticketCount()) > before + 5);
  await waitFor("the hub to say so", 30_000, async () => (await healthOf(stage))?.status === "degraded");
  await delay(since + AWAY_MS - Date.now());
  await stack.redis.restart();
  await waitFor("the hub to be well again", 60_000, async () => (await healthOf(stage))?.status === "ok");
  await load.goesOn(40);
  await load.stop();
  await settled(stage);
  expect(await audit(stage)).toEqual([]);
});

test("RUN-1: silent for a while, its connections still open, orders are taken and tickets made meanwhile", async () => {
  const { stack, restaurants } = stage;
  const load = startLoad(restaurants, { seed: 33 });
  await load.goesOn(40);
  await stack.redis.kill("SIGSTOP");
  const before = await ticketCount();
  await load.goesOn(60);
  await waitFor("tickets without Redis", 60_000, async () => (await ticketCount()) > before + 5);
  await stack.redis.kill("SIGCONT");
  await load.goesOn(40);
  await load.stop();
  await settled(stage);
  expect(await audit(stage)).toEqual([]);
});

test("LOG-6: flushed under load, streams begin again and nobody misses anything", async () => {
  const { stack, restaurants } = stage;
  const load = startLoad(restaurants, { seed: 32 });
  const redis = new Redis(stack.redis.url);
  for (let time = 0; time < 3; time++) {
    await load.goesOn(40);
    await redis.flushall();
  }
  redis.disconnect();
  await load.goesOn(40);
  await load.stop();
  await settled(stage);
  expect(await audit(stage)).toEqual([]);
});

const MOODS: readonly (readonly [what: string, mood: RedisMood])[] = [
  ["its connections cut again and again", cutOff],
  ["the tail of its file lost", tailCut],
  ["a lagging replica in its place", failedOver],
  ["entries trimmed before they are read", trimmed],
  ["groups destroyed by hand", ungrouped],
  ["no memory left", outOfMemory],
];

/** The hub and the consumers each read over a connection that blocks, and the workers of three queues wait on theirs. */
async function expectRead(url: string): Promise<void> {
  const redis = new Redis(url);
  const blocked = async () => String(await redis.client("LIST")).split("\n").flatMap((line) => / cmd=(xread|bzpopmin) /.exec(line)?.[1] ?? []).toSorted();
  await waitFor("every connection to read again", 40_000, async () => (await blocked()).join() === "bzpopmin,bzpopmin,bzpopmin,xread,xread");
  redis.disconnect();
}

test("in one mood after the other, orders and tickets go on, all is published afterwards, and every screen is right without a reload", async () => {
  const { stack, restaurants } = stage;
  const load = startLoad(restaurants, { seed: 51 });
  for (const [what, mood] of MOODS) {
    await mood(stage, async () => {
      const before = await ticketCount();
      await load.goesOn(12);
      await waitFor(`tickets with ${what}`, 60_000, async () => (await ticketCount()) > before);
      if (mood !== outOfMemory) return;
      let health = await healthOf(stage);
      await waitFor("the hub to say that Redis refuses", 30_000, async () => (health = await healthOf(stage))?.publishing.refused === "OOM");
      expect(health).toMatchObject({ status: "degraded", redis: "refuses", postgres: "up" });
    });
    // Commands go on, so what was behind is behind no more at some look and not at every one.
    await waitFor(`everything published again after ${what}`, 60_000, async () => {
      const health = await healthOf(stage);
      return health?.status === "ok" && health.publishing.behind === "0";
    });
  }
  await expectRead(stack.redis.url);
  await load.stop();
  await settled(stage);
  expect(await audit(stage)).toEqual([]);
});

import { beforeAll, expect, test } from "vitest";
import { audit } from "../survival/check/audit.ts";
import { startLoad } from "../survival/load.ts";
import type { PointName } from "../survival/points/places.ts";
import { settled } from "../survival/settled.ts";
import type { Stage } from "../survival/stage.ts";
import { openTestStage } from "../survival/test-stage.ts";
import { SINGLE_REDIS } from "./faults.ts";
import { play } from "./scenario.ts";

const SEED = 71;

let stage: Stage;
beforeAll(async () => {
  stage = await openTestStage({ hubs: 2, consumerProcesses: 2, balanced: true, outside: true, points: true });
  return () => stage.close();
});

const HUB: readonly PointName[] = ["hub after COMMIT", "hub before XADD", "hub before the webhook's acknowledgement", "hub after the webhook's acknowledgement"];
/** What leaves a slip behind comes first: it is given up when its lease ends. In mid-batch: each consumer has done a part of its work. */
const CONSUMERS: readonly PointName[] = [
  "printing after the first byte",
  "printing before the outcome is written",
  "kitchen before its tickets",
  "ledger before its journals",
  "stock before its movements",
  "printing before its jobs",
  "consumers after COMMIT",
];

/** One after the other, and whoever was killed is back before the next. */
async function meetAll(points: readonly PointName[]): Promise<void> {
  for (const point of points) {
    const one = await stage.points?.meet(point);
    await one?.restart();
  }
}

// First, since it knows of all that was done to the product until then.
test("the short form of `npm run chaos`: its own load, faults, figures and checker", async () => {
  const names = ["Redis killed", "stopped hub after COMMIT", "provider: twice"];
  const faults = SINGLE_REDIS.filter(({ name }) => names.includes(name));
  const report = await play({ name: "short", stage: {}, faults }, stage, { seed: SEED, each: true, untilMs: Number.POSITIVE_INFINITY, stopped: () => false, told: () => {} });
  expect(report.findings).toEqual([]);
  expect(report.struck.map(({ fault, times }) => [fault, times]).toSorted()).toEqual(names.map((name) => [name, 1]).toSorted());
});

test("a hub and a process of consumers killed at each named point under load, side by side: nothing is lost, nothing is there twice, nobody is charged twice", async () => {
  const load = startLoad(stage.restaurants, { seed: SEED, tapMs: 100 });
  await Promise.all([meetAll(HUB), meetAll(CONSUMERS)]);
  await load.goesOn(20);
  await load.stop();
  await settled(stage);
  expect(await audit(stage)).toEqual([]);
});

import { beforeAll, expect, test } from "vitest";
import { waitFor, type RunningProcess } from "../services/server.ts";
import { chance } from "./chance.ts";
import { audit } from "./check/audit.ts";
import { startLoad } from "./load.ts";
import { healthOf, settled } from "./settled.ts";
import type { Stage } from "./stage.ts";
import { openTestStage } from "./test-stage.ts";

const SEED = 51;
const STEPS = 8;
const SHARDS = 16;

let stage: Stage;
beforeAll(async () => {
  stage = await openTestStage({ hubs: 2, consumerProcesses: 3, balanced: true });
  return () => stage.close();
});

/** How many shards each living process holds, by consumer; 0 stands for those that nobody holds. */
async function holdings(): Promise<readonly { readonly group: string; readonly held: readonly number[] }[]> {
  const rows = await stage.admin<{ group: string; held: number[] }[]>`
    select g as "group", array_agg((select count(*)::int from consumer_checkpoints c where c.consumer_group = g and c.owner = p.owner)) as held
    from consumer_processes p, unnest(p.groups) g where p.beat_at > clock_timestamp() - interval '6 seconds' group by g`;
  return rows;
}

/** RUN-2c: every consumer's shards are all held, and nobody of so many processes holds more than his share. */
const sharedBy = (processes: number) =>
  waitFor(`${processes} processes to share the shards`, 30_000, async () => {
    const groups = await holdings();
    const share = Math.ceil(SHARDS / processes);
    return groups.length > 0 && groups.every(({ held }) => held.length === processes && Math.max(...held) <= share && held.reduce((sum, one) => sum + one, 0) === SHARDS);
  });

test("two hubs and three consumers' processes, killed and started at random: screens move between hubs by their cursor, and nothing is lost, double or out of order", async () => {
  const { stack, restaurants } = stage;
  const own = chance(SEED);
  const dead = new Set<RunningProcess>();
  const kill = async (one: RunningProcess) => {
    if (dead.has(one)) return;
    await one.kill("SIGKILL");
    dead.add(one);
  };
  const start = async (one: RunningProcess) => {
    await one.restart();
    dead.delete(one);
  };
  const load = startLoad(restaurants, { seed: SEED });
  await sharedBy(3);
  for (const { url } of stack.hubs) expect((await healthOf(stage, url))?.sockets).toBeGreaterThan(0);
  const first = stack.hubs.map(({ pid }) => pid);

  for (let step = 0; step < STEPS; step++) {
    await load.goesOn(20);
    const kind = own.is(0.5) ? stack.hubs : stack.consumerProcesses;
    const one = own.pick<RunningProcess>(kind);
    const othersLive = kind.some((other) => other !== one && !dead.has(other));
    // Somebody is always there to serve: what an only hub's end does is told elsewhere.
    if (dead.has(one)) await start(one);
    else if (othersLive) await kill(one);
  }

  for (const one of stack.consumerProcesses.slice(1)) await kill(one);
  if (dead.has(stack.consumers)) await start(stack.consumers);
  await sharedBy(1);
  await Promise.all([...dead].map(start));
  await load.goesOn(40);
  await load.stop();
  await sharedBy(3);
  await settled(stage);
  expect(await audit(stage)).toEqual([]);
  // Every screen has moved, and those of the second hub twice at least.
  for (const [i, { pid }] of stack.hubs.entries()) expect(pid).not.toBe(first[i]);
});

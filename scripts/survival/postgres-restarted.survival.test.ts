import { beforeAll, expect, test } from "vitest";
import { waitFor } from "../services/server.ts";
import { audit } from "./check/audit.ts";
import { startLoad, type Load } from "./load.ts";
import { devicesOf } from "./restaurant.ts";
import { healthOf, settled } from "./settled.ts";
import type { Stage } from "./stage.ts";
import { openTestStage } from "./test-stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openTestStage();
  return () => stage.close();
});

/** Postgres comes back once a tablet has felt that it is away, and nothing else is restarted. */
async function without(postgres: () => Promise<void>, load: Load): Promise<void> {
  await load.goesOn(40);
  await postgres();
  await waitFor("a tablet without an answer", 60_000, () => devicesOf(stage.restaurants).some(({ outbox }) => outbox.state.get().stuckSince !== null));
  await stage.stack.postgres.restart();
  await waitFor("the hub to be well again", 60_000, async () => (await healthOf(stage))?.status === "ok");
}

test.each([
  ["shut down fast", "SIGINT", 41],
  ["shut down at once", "SIGQUIT", 42],
  ["killed", "SIGKILL", 43],
] as const)("LOG-3: Postgres %s under load and started again: every answer is in the log once", async (_, signal, seed) => {
  const load = startLoad(stage.restaurants, { seed });
  await without(() => stage.stack.postgres.kill(signal), load);
  await load.goesOn(40);
  await load.stop();
  await settled(stage);
  expect(await audit(stage)).toEqual([]);
});

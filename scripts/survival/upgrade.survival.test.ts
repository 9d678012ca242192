import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { migrate } from "#hub/db/migrate.ts";
import { waitFor } from "../services/server.ts";
import { audit } from "./check/audit.ts";
import { startLoad } from "./load.ts";
import { devicesOf } from "./restaurant.ts";
import { settled } from "./settled.ts";
import type { Stage } from "./stage.ts";
import { openTestStage } from "./test-stage.ts";

const SOON = 60_000;
const NEXT_RELEASE = { imports: ["scripts/survival/next-release.mjs"] };
/** What a next release may do to tables that the old one reads and writes: add. */
const EXPANSION = ["events", "commands", "aggregates", "aggregate_parts", "consumer_checkpoints"].map((table) => `alter table ${table} add column added_later text;`).join("\n");

let stage: Stage;
beforeAll(async () => {
  stage = await openTestStage({ balanced: true });
  return () => stage.close();
});

/** The migrations of the next release. */
function nextMigrations(): URL {
  const folder = join(stage.logDir, "migrations");
  mkdirSync(folder);
  cpSync(fileURLToPath(new URL("../../hub/db/migrations/", import.meta.url)), folder, { recursive: true });
  writeFileSync(join(folder, "9999_expansion.sql"), EXPANSION);
  return pathToFileURL(`${folder}/`);
}

async function thereAre(what: string, query: string): Promise<void> {
  await waitFor(what, SOON, async () => (await stage.admin.unsafe(query)).length > 0);
}

test("EVT-6: a rolling upgrade under load: migrations, a new hub beside the old, then new consumers: what the old do not know waits for the new", async () => {
  const { stack, restaurants, balancer } = stage;
  const load = startLoad(restaurants, { seed: 61 });
  await load.goesOn(30);
  expect((await migrate(stack.adminUrl, { folder: nextMigrations() })).applied).toEqual(["9999_expansion.sql"]);
  await load.goesOn(20);

  const [oldHub, oldConsumers] = [stack.hub, stack.consumers];
  await stack.addHub(NEXT_RELEASE);
  balancer?.cut();
  await thereAre("an order sent by the next release", `select from events where type = 'sale.order.sent' and envelope like '%"dataversion":2%'`);
  await thereAre("the kitchen of the old release to leave it alone", `select from parked_events where consumer_group = 'kitchen'`);
  await load.goesOn(40);
  await stack.retire(oldHub);
  await load.goesOn(20);
  await stack.addConsumers(NEXT_RELEASE);
  await stack.retire(oldConsumers);
  await load.goesOn(20);
  await load.stop();
  await settled(stage);
  // The log has events of the next release, which this one cannot read.
  expect(await audit(stage, { anew: false })).toEqual([]);
  expect(devicesOf(restaurants).map((device) => device.loadedAnew())).toContain(1);
  const sent = await stage.admin`select distinct envelope::json->>'dataversion' as version from events where type = 'sale.order.sent' order by 1`;
  expect(sent.map(({ version }) => version as string)).toEqual(["1", "2"]);
});

import type { Sql } from "#hub/db/client.ts";
import { shardOf } from "#shared/shards.ts";
import { delay } from "../services/server.ts";
import type { Device } from "../survival/device.ts";
import type { Load } from "../survival/load.ts";
import { devicesOf } from "../survival/restaurant.ts";
import { healthOf } from "../survival/settled.ts";
import type { Stage } from "../survival/stage.ts";
import type { Whole } from "./times.ts";

/** What has waited for longer is late. */
const YOUNG_MS = 2_000;
/** What stands still is old by then. */
const CALM_MS = YOUNG_MS + 500;
const WHOLE_WITHIN_MS = 120_000;
/** More that are answered: people are served. */
const ANSWERS = 20;
const LOOK_MS = 100;

/** Resolves once nothing has been late for a while; says what is late when it never ends. */
export async function whole(stage: Stage, load: Load): Promise<Whole> {
  const [calm, served] = await Promise.all([calmSince(stage), load.goesOn(ANSWERS, WHOLE_WITHIN_MS).then(() => Date.now())]);
  return served > calm.at ? { at: served, last: `${ANSWERS} more answers` } : calm;
}

async function calmSince(stage: Stage): Promise<Whole> {
  const deadline = Date.now() + WHOLE_WITHIN_MS;
  let since: number | undefined;
  let last = "";
  for (;;) {
    const at = Date.now();
    const late = await whatIsLate(stage).catch((error: unknown) => [`Postgres says ${error instanceof Error ? error.message : String(error)}`]);
    since = late.length > 0 ? undefined : (since ?? at);
    if (late.length > 0) last = late.join(", ");
    if (since !== undefined && Date.now() - since >= CALM_MS) return { at: since, last };
    if (at > deadline) throw new Error(`not whole again within ${WHOLE_WITHIN_MS / 1000} s: ${late.join("; ")}`);
    await delay(LOOK_MS);
  }
}

/** Taps, hubs, consumers with what they have parked, printers' queues and screens, as far as they are not as they are on a quiet day. */
async function whatIsLate(stage: Stage): Promise<readonly string[]> {
  const devices = devicesOf(stage.restaurants);
  const [healths, behind, slips, unseen] = await Promise.all([
    Promise.all(stage.stack.hubs.map(({ url }) => healthOf(stage, url))),
    lateGroups(stage.admin),
    lateSlips(stage.admin),
    lateScreens(stage.admin, devices),
  ]);
  const now = Date.now();
  const waiting = devices.filter(({ sent }) => sent.some(({ answer, tappedAt }) => answer === undefined && now - tappedAt > YOUNG_MS));
  const away = devices.filter(({ connection }) => connection.state.get().phase !== "live" || connection.state.get().stale);
  return [
    ...healths.flatMap((health, i) => (health?.status === "ok" ? [] : [`hub ${i + 1} says ${health?.status ?? "nothing"}`])),
    ...waiting.map(({ name }) => `${name} waits for an answer`),
    ...away.map(({ name }) => `${name} is not live`),
    ...behind.map((group) => `${group}'s work`),
    ...slips.map((printer) => `slips of ${printer}`),
    ...unseen.map((name) => `screen ${name}`),
  ];
}

async function lateGroups(admin: Sql): Promise<readonly string[]> {
  const rows = await admin<{ group: string }[]>`
    select distinct "group" from (
      select c.consumer_group as "group", e.recorded_at as since from consumer_checkpoints c join events e on e.shard = c.shard and e.position = c.position + 1
      union all select consumer_group, parked_at from parked_events where not dead
    ) undone where since < clock_timestamp() - ${`${YOUNG_MS} milliseconds`}::interval`;
  return rows.map(({ group }) => group);
}

async function lateSlips(admin: Sql): Promise<readonly string[]> {
  const rows = await admin<{ printer: string }[]>`
    select distinct p.name as printer from print_jobs j join print_printers p using (merchant_id, printer_id)
    where j.state in ('queued', 'sending') and j.created_at < clock_timestamp() - ${`${YOUNG_MS} milliseconds`}::interval`;
  return rows.map(({ printer }) => printer);
}

async function lateScreens(admin: Sql, devices: readonly Device[]): Promise<readonly string[]> {
  const at = devices.flatMap(({ name, merchant, organizer, world }) => [shardOf(merchant), shardOf(organizer)].map((shard) => ({ name, shard, next: String(BigInt(world.cursor()?.positions[String(shard)] ?? "0") + 1n) })));
  const rows = await admin<{ name: string }[]>`
    select distinct screen.name from jsonb_to_recordset(${JSON.stringify(at)}::text::jsonb) as screen (name text, shard smallint, next bigint)
    join events e on e.shard = screen.shard and e.position = screen.next
    where e.recorded_at < clock_timestamp() - ${`${YOUNG_MS} milliseconds`}::interval`;
  return rows.map(({ name }) => name);
}

import { Redis } from "ioredis";
import { beforeAll, expect, test } from "vitest";
import { cuttingProxy, type CuttingProxy } from "#hub/log/testing/cutting-proxy.ts";
import { readEpoch } from "#hub/log/epoch.ts";
import { stateOf } from "../../clients/kit/sync/world.ts";
import { newId } from "../../clients/kit/ids.ts";
import { waitFor } from "../services/server.ts";
import { audit } from "./check/audit.ts";
import type { Device } from "./device.ts";
import { isPublished, placeOf } from "./kills.ts";
import { devicesOf, type Restaurant } from "./restaurant.ts";
import { settled } from "./settled.ts";
import type { Stage } from "./stage.ts";
import { openTestStage } from "./test-stage.ts";

const SOON = 30_000;

let stage: Stage;
let trattoria: Restaurant;
let redis: Redis;
let proxy: CuttingProxy;
beforeAll(async () => {
  stage = await openTestStage();
  const [first] = stage.restaurants;
  if (first === undefined) throw new Error("there is no restaurant");
  trattoria = first;
  redis = new Redis(stage.stack.redis.url, { retryStrategy: () => 100, maxRetriesPerRequest: null });
  redis.on("error", () => {});
  proxy = await cuttingProxy(stage.stack.url);
  return async () => {
    redis.disconnect();
    await proxy.close();
    await stage.close();
  };
});

/** One order of one item; the answer comes later, if at all. */
function tapAt(tablet: Device) {
  const order = newId("order");
  const [dish] = trattoria.menu;
  if (dish === undefined) throw new Error("there is nothing to order");
  const opening = { serviceType: "takeaway" as const, label: "Pickup", channel: "tablet" as const, customer: null, promisedAt: null };
  const answer = tablet.send("order.addItems", { order, opening, items: [{ ...dish, item: newId("item") }] });
  const command = tablet.sent.at(-1);
  if (command === undefined) throw new Error("nothing was sent");
  return { order, answer, commandId: command.commandId };
}

const show = (order: string) => devicesOf([trattoria]).map((device) => stateOf(device.world.confirmed(), "order", order) !== undefined);

async function committed(commandId: string) {
  await waitFor("the commit", SOON, async () => (await placeOf(stage.admin, commandId)) !== undefined);
  const place = await placeOf(stage.admin, commandId);
  if (place === undefined) throw new Error("the commit is gone");
  return place;
}

async function everybodyHasIt(order: string, place: { readonly shard: number; readonly to: bigint }): Promise<void> {
  const epoch = (await readEpoch(stage.admin)) ?? "";
  await waitFor("the event in Redis", SOON, () => isPublished(redis, epoch, place));
  await waitFor("the order on every screen", SOON, () => show(order).every(Boolean));
}

test("LOG-6: killed between commit and publish, the event reaches Redis and the kitchen all the same", async () => {
  const { stack } = stage;
  const [tablet] = trattoria.tablets;
  if (tablet === undefined) throw new Error("there is no tablet");
  // The consumers' process publishes what it finds missing, too: without it only the hub can.
  await stack.consumers.stop();
  await stack.redis.kill("SIGSTOP");
  const { order, answer, commandId } = tapAt(tablet);
  expect(await answer).toMatchObject({ ok: true });
  const place = await committed(commandId);
  const sending = tablet.send("order.send", { order, items: Object.keys(stateOf(tablet.world.view.get().kinds, "order", order)?.items ?? {}) });
  expect(await sending).toMatchObject({ ok: true });
  await stack.hub.kill("SIGKILL");
  // What the hub had written to the socket of a Redis that was stopped dies with both.
  await stack.redis.kill("SIGKILL");
  await stack.redis.restart();
  const epoch = (await readEpoch(stage.admin)) ?? "";
  expect(await isPublished(redis, epoch, place)).toBe(false);

  await stack.hub.restart();
  await everybodyHasIt(order, place);
  await stack.consumers.restart();
  await settled(stage);
  expect(await audit(stage)).toEqual([]);
});

test("LOG-4: killed when everybody had seen it but its tablet, the retry gets the first answer, too", async () => {
  const { stack } = stage;
  const tablet = await trattoria.openTablet("behind a bad network", { callUrl: proxy.through(stack.url).replace(/\/$/, "") });
  await waitFor("the tablet to be live", SOON, () => tablet.connection.state.get().phase === "live");
  proxy.swallowAnswers();
  const { order, answer, commandId } = tapAt(tablet);
  const place = await committed(commandId);
  await everybodyHasIt(order, place);
  expect(tablet.sent.at(-1)?.answer).toBeUndefined();
  await stack.hub.kill("SIGKILL");
  proxy.cut();
  proxy.heal();

  await stack.hub.restart();
  expect(await answer).toMatchObject({ ok: true, at: { shard: place.shard, to: String(place.to) } });
  await settled(stage);
  expect(await audit(stage)).toEqual([]);
});

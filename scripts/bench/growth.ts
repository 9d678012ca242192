import { Redis } from "ioredis";
import type { Stack } from "../services/stack.ts";
import { say } from "../start/report.ts";
import type { OnAStack } from "./bench.ts";
import { caughtUp, compare, makePlaces, type Grown } from "./compared.ts";
import { openDrawer, serveOneOrder } from "./evening.ts";
import type { Figure } from "./figures.ts";
import { growLog } from "./grown-log.ts";
import { ulid } from "./place.ts";

/** The same load on products whose logs are of different lengths. */
export async function growth({ stack, places, events, another, ...on }: OnAStack): Promise<Figure[]> {
  const made: Stack[] = [];
  try {
    const byLength: Grown[] = [];
    for (const [i, length] of events.entries()) {
      const one = i === 0 ? stack : await another(`events-${length}`);
      if (i > 0) made.push(one);
      const at = i === 0 ? places : await makePlaces(one, places.length);
      const product = { name: `${length.toLocaleString("en")} events`, stack: one, places: at };
      await grow(product, length);
      byLength.push(product);
    }
    return await compare(byLength, on);
  } finally {
    for (const one of made) await one.stop();
  }
}

/** An order at each place from the first tap to the closed check, written again until the log has so many events. */
async function grow({ name, stack, places }: Grown, events: number): Promise<void> {
  const drawers: string[] = [];
  for (const place of places) drawers.push(await openDrawer(stack, place));
  const since = ulid();
  await Promise.all(places.map((place, i) => serveOneOrder(stack, place, drawers[i] ?? "")));
  await caughtUp(stack, name);
  await Promise.all([stack.consumers.stop(), stack.hub.stop()]);
  say(`  a log of ${name} ...`);
  const began = performance.now();
  await growLog(stack.adminUrl, since, events);
  // It begins anew shortly before the end of the log, as after it was lost.
  const redis = new Redis(stack.redis.url);
  await redis.flushall();
  redis.disconnect();
  await Promise.all([stack.hub.restart(), stack.consumers.restart()]);
  say(`  written in ${((performance.now() - began) / 1000).toFixed(0)} s`);
}

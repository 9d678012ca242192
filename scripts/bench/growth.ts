import { Redis } from "ioredis";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "#hub/db/client.ts";
import type { Stack } from "../services/stack.ts";
import { say } from "../start/report.ts";
import type { OnAStack } from "./bench.ts";
import { measureCommands } from "./commands.ts";
import { openDrawer, serveOneOrder } from "./evening.ts";
import { figure, percentile, type Figure } from "./figures.ts";
import { growLog } from "./grown-log.ts";
import { makeBenchPlace, renewed, ulid, type BenchPlace } from "./place.ts";
import { cpuFromNow } from "./proc.ts";
import { openStreams, type Streams } from "./published.ts";

const IN_FLIGHT = 64;
const WARM_UP_SECONDS = 15;
const CAUGHT_UP_WITHIN_MS = 60_000;
const MERCHANTS = 1_000;
/** Restaurants that are set up at the same time. */
const TOGETHER = 8;
const EACH_ROUND_FROM = 192;
const WITHIN = { atLeast: 0.8, atMost: 1.2 } as const;

/** A product with a log of its own length or with its own number of restaurants; the first is what the others are held to. */
type Grown = { readonly name: string; readonly stack: Stack; readonly places: readonly BenchPlace[] };
type Opened = Grown & { readonly streams: Streams };
/** Milliseconds of processor time of a command: of the hub and its Postgres, which answer it, and of the consumers. */
type Round = { readonly perSecond: number; readonly p99: number; readonly answering: number; readonly consumers: number };

/**
 * The same load on products whose logs are of different lengths, and on one restaurant and a thousand: in turns, round by
 * round, so that a machine that slows down slows all of them, and none while another's consumers are behind.
 */
export async function growth({ stack, places, rounds, seconds, events, another }: OnAStack): Promise<Figure[]> {
  const made: Stack[] = [];
  const next = async (name: string) => {
    const one = await another(name);
    made.push(one);
    return one;
  };
  try {
    const byLength: Grown[] = [];
    for (const [i, length] of events.entries()) {
      const one = i === 0 ? stack : await next(`events-${length}`);
      const at = i === 0 ? places : await makePlaces(one, places.length);
      await grow(one, at, length);
      byLength.push({ name: `${length.toLocaleString("en")} events`, stack: one, places: at });
    }
    const figures = await compare(byLength, rounds, seconds);
    for (const one of made.splice(0)) await one.stop();

    say(`  setting up ${MERCHANTS} restaurants ...`);
    const many = await next("merchants");
    const byMerchants = [
      { name: "1 merchant", stack, places: places.slice(0, 1) },
      { name: `${MERCHANTS.toLocaleString("en")} merchants`, stack: many, places: await makePlaces(many, MERCHANTS) },
    ];
    return [...figures, ...(await compare(byMerchants, rounds, seconds))];
  } finally {
    for (const one of made) await one.stop();
  }
}

async function makePlaces(stack: Stack, count: number): Promise<readonly BenchPlace[]> {
  const places: BenchPlace[] = [];
  const one = async () => {
    for (let left = count - places.length - TOGETHER; left > -TOGETHER; left = count - places.length - TOGETHER) places.push(await makeBenchPlace(stack));
  };
  await Promise.all(Array.from({ length: Math.min(TOGETHER, count) }, one));
  return places.slice(0, count);
}

/** An order at each place from the first tap to the closed check, written again until the log has so many events. */
async function grow(stack: Stack, places: readonly BenchPlace[], events: number): Promise<void> {
  const drawers: string[] = [];
  for (const place of places) drawers.push(await openDrawer(stack, place));
  const since = ulid();
  await Promise.all(places.map((place, i) => serveOneOrder(stack, place, drawers[i] ?? "")));
  await caughtUp(stack);
  await Promise.all([stack.consumers.stop(), stack.hub.stop()]);
  say(`  a log of ${events.toLocaleString("en")} events ...`);
  const began = performance.now();
  await growLog(stack.adminUrl, since, events);
  // It begins anew shortly before the end of the log, as after it was lost.
  const redis = new Redis(stack.redis.url);
  await redis.flushall();
  redis.disconnect();
  await Promise.all([stack.hub.restart(), stack.consumers.restart()]);
  say(`  written in ${((performance.now() - began) / 1000).toFixed(0)} s`);
}

/** All consumers have done everything: nothing of one round is left to be done in the next. */
async function caughtUp(stack: Stack): Promise<void> {
  const sql = connect(stack.adminUrl, { max: 1 });
  try {
    for (const until = performance.now() + CAUGHT_UP_WITHIN_MS; performance.now() < until; await sleep(100)) {
      const [row] = await sql<{ behind: number }[]>`select coalesce(max(h.head - c.position), 0)::int as behind from consumer_checkpoints c join log_heads() h using (shard)`;
      if (row?.behind === 0) return;
    }
    say("  the consumers are behind: what is measured next runs beside them");
  } finally {
    await sql.end();
  }
}

async function compare(grown: readonly Grown[], rounds: number, seconds: number): Promise<Figure[]> {
  const all: Opened[] = [];
  for (const one of grown) all.push({ ...one, streams: await openStreams(one.stack) });
  try {
    return await compareOpened(all, rounds, seconds);
  } finally {
    for (const { streams } of all) await streams.close();
  }
}

async function compareOpened(all: readonly Opened[], rounds: number, seconds: number): Promise<Figure[]> {
  for (const { name, stack, places, streams } of all) {
    say(`  warming up: ${name}`);
    await measureCommands(stack.url, streams, await staffed(stack, places), IN_FLIGHT, WARM_UP_SECONDS);
    await caughtUp(stack);
  }
  const seen: Round[][] = all.map(() => []);
  for (let round = 1; round <= rounds; round++) {
    for (const [i, opened] of all.entries()) seen[i]?.push(await measure(opened, round, seconds));
    say(`  round ${round}: ${all.map(({ name }, i) => `${name} ${seen[i]?.at(-1)?.perSecond.toFixed(0)}/s, p99 ${seen[i]?.at(-1)?.p99.toFixed(0)} ms`).join("; ")}`);
  }
  return all.flatMap(({ name }, i) => {
    const of = (what: keyof Round) => (seen[i] ?? []).map((r) => r[what]);
    const ratio = (what: keyof Round) => of(what).map((value, round) => value / (seen[0]?.[round]?.[what] ?? Number.NaN));
    const own = [figure(`${name}: commands`, "/s", of("perSecond")), figure(`${name}: their answer, p99`, "ms", of("p99")), figure(`${name}: CPU of a command, hub and Postgres`, "ms", of("answering")), figure(`${name}: CPU of a command, consumers`, "ms", of("consumers"))];
    if (i === 0) return own;
    return [
      ...own,
      figure(`${name} to ${all[0]?.name}: commands`, "x", ratio("perSecond"), { atLeast: WITHIN.atLeast }),
      figure(`${name} to ${all[0]?.name}: p99`, "x", ratio("p99"), { atMost: WITHIN.atMost }),
      figure(`${name} to ${all[0]?.name}: CPU`, "x", ratio("answering"), { atMost: WITHIN.atMost }),
      figure(`${name} to ${all[0]?.name}: CPU of the consumers`, "x", ratio("consumers"), { atMost: WITHIN.atMost }),
    ];
  });
}

async function measure({ stack, places, streams }: Opened, round: number, seconds: number): Promise<Round> {
  const at = await staffed(stack, places, round);
  const used = cpuFromNow({ hub: stack.hub.pid, consumers: stack.consumers.pid, postgres: stack.postgres.pid });
  const { perSecond, answered, latencies } = await measureCommands(stack.url, streams, at, IN_FLIGHT, seconds);
  // A consumer that is behind has its work of this round still before it.
  const own = used();
  await caughtUp(stack);
  const { consumers } = used();
  const commands = answered.length;
  return { perSecond, p99: percentile(latencies, 0.99), answering: ((own.hub + own.postgres) * 1000) / commands, consumers: (consumers * 1000) / commands };
}

/** Each round begins at other places than the one before. */
async function staffed(stack: Stack, places: readonly BenchPlace[], round = 0): Promise<readonly BenchPlace[]> {
  const first = (round * EACH_ROUND_FROM) % places.length;
  return Promise.all([...places.slice(first), ...places.slice(0, first)].map(async (place) => ({ ...place, accessToken: await renewed(stack, place, place.accessToken) })));
}

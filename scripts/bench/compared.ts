import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "#hub/db/client.ts";
import type { Stack } from "../services/stack.ts";
import { say } from "../start/report.ts";
import { lossesOf, type Answered, type Judged } from "./answered.ts";
import type { OnAStack } from "./bench.ts";
import { measureCommands } from "./commands.ts";
import { figure, percentile, type Figure } from "./figures.ts";
import { makeBenchPlace, renewed, type BenchPlace } from "./place.ts";
import { cpuFromNow } from "./proc.ts";
import { openStreams, type Streams } from "./published.ts";

const IN_FLIGHT = 64;
const WARM_UP_SECONDS = 15;
const CAUGHT_UP_WITHIN_MS = 60_000;
/** Restaurants that are set up at the same time. */
const TOGETHER = 8;
const EACH_ROUND_FROM = 192;
const WITHIN = { atLeast: 0.8, atMost: 1.2 } as const;

/** A product with a log of its own length or with its own number of restaurants; the first is what the others are held to. */
export type Grown = { readonly name: string; readonly stack: Stack; readonly places: readonly BenchPlace[] };
type Opened = Grown & { readonly streams: Streams };
/** Milliseconds of processor time of a command: of the hub and its Postgres, which answer it, and of the consumers. */
type Cost = { readonly perSecond: number; readonly p99: number; readonly answering: number; readonly consumers: number };
export type Round = Cost & { readonly judged: Judged };

export async function makePlaces(stack: Stack, count: number): Promise<readonly BenchPlace[]> {
  const places: BenchPlace[] = [];
  const one = async () => {
    for (let left = count - places.length - TOGETHER; left > -TOGETHER; left = count - places.length - TOGETHER) places.push(await makeBenchPlace(stack));
  };
  await Promise.all(Array.from({ length: Math.min(TOGETHER, count) }, one));
  return places.slice(0, count);
}

/** All consumers of the product called `name` have done everything: nothing of one round is left to be done in the next. Throws when they have not after a minute. */
export async function caughtUp(stack: Pick<Stack, "adminUrl">, name: string): Promise<void> {
  const sql = connect(stack.adminUrl, { max: 1 });
  const behind = async () => {
    const [row] = await sql<{ behind: number }[]>`select coalesce(max(h.head - c.position), 0)::int as behind from consumer_checkpoints c join log_heads() h using (shard)`;
    return row?.behind ?? 0;
  };
  try {
    await untilNoneIsBehind(behind, name, CAUGHT_UP_WITHIN_MS);
  } finally {
    await sql.end();
  }
}

/** Throws when the furthest behind is still behind after so long: work that was not done would be missing in what the product cost, and run beside what is measured next. */
export async function untilNoneIsBehind(behind: () => Promise<number>, name: string, withinMs: number): Promise<void> {
  const until = performance.now() + withinMs;
  for (let left = await behind(); left !== 0; left = await behind()) {
    if (performance.now() >= until) throw new Error(`the consumers of ${name} were ${left} events behind ${withinMs / 1000} s after the load`);
    await sleep(100);
  }
}

/**
 * The same load on each, in turns, round by round, so that a machine that slows down slows all of them, and none while another's consumers are behind.
 * The first round of each is the one that a profile is made of. After each round every answered command is looked for in the log and on Redis.
 */
export async function compare(grown: readonly Grown[], on: Pick<OnAStack, "rounds" | "seconds" | "profiled">): Promise<Figure[]> {
  const all: Opened[] = [];
  for (const one of grown) all.push({ ...one, streams: await openStreams(one.stack) });
  try {
    return await compareOpened(all, on);
  } finally {
    for (const { streams } of all) await streams.close();
  }
}

async function compareOpened(all: readonly Opened[], { rounds, seconds, profiled }: Pick<OnAStack, "rounds" | "seconds" | "profiled">): Promise<Figure[]> {
  for (const { name, stack, places, streams } of all) {
    say(`  warming up: ${name}`);
    await measureCommands(stack.url, streams, await staffed(stack, places), IN_FLIGHT, WARM_UP_SECONDS);
    await caughtUp(stack, name);
  }
  const seen: Round[][] = all.map(() => []);
  for (let round = 1; round <= rounds; round++) {
    for (const [i, opened] of all.entries()) {
      const oneRound = () => measure(opened, round, seconds);
      const { answered, ...cost } = await (round === 1 ? profiled(oneRound, opened) : oneRound());
      seen[i]?.push({ ...cost, judged: await opened.streams.judge(answered) });
    }
    say(`  round ${round}: ${all.map(({ name }, i) => `${name} ${seen[i]?.at(-1)?.perSecond.toFixed(0)}/s, p99 ${seen[i]?.at(-1)?.p99.toFixed(0)} ms`).join("; ")}`);
  }
  return figuresOf(all.map(({ name }, i) => ({ name, rounds: seen[i] ?? [] })));
}

/** What each product costs and what it lost, and what each costs to the first, round by round. */
export function figuresOf(all: readonly { readonly name: string; readonly rounds: readonly Round[] }[]): Figure[] {
  const [first] = all;
  return all.flatMap((one) => {
    const { name, rounds } = one;
    const of = (what: keyof Cost) => rounds.map((r) => r[what]);
    const ratio = (what: keyof Cost) => of(what).map((value, round) => value / (first?.rounds[round]?.[what] ?? Number.NaN));
    const own = [
      figure(`${name}: commands`, "/s", of("perSecond")),
      figure(`${name}: their answer, p99`, "ms", of("p99")),
      figure(`${name}: CPU of a command, hub and Postgres`, "ms", of("answering")),
      figure(`${name}: CPU of a command, consumers`, "ms", of("consumers")),
      ...lossesOf(rounds.map(({ judged }) => judged), `${name}: `),
    ];
    if (one === first) return own;
    return [
      ...own,
      figure(`${name} to ${first?.name}: commands`, "x", ratio("perSecond"), { atLeast: WITHIN.atLeast }),
      figure(`${name} to ${first?.name}: p99`, "x", ratio("p99"), { atMost: WITHIN.atMost }),
      figure(`${name} to ${first?.name}: CPU`, "x", ratio("answering"), { atMost: WITHIN.atMost }),
      figure(`${name} to ${first?.name}: CPU of the consumers`, "x", ratio("consumers"), { atMost: WITHIN.atMost }),
    ];
  });
}

async function measure({ name, stack, places, streams }: Opened, round: number, seconds: number): Promise<Cost & { readonly answered: readonly Answered[] }> {
  const at = await staffed(stack, places, round);
  const used = cpuFromNow({ hub: stack.hub.pid, consumers: stack.consumers.pid, postgres: stack.postgres.pid });
  const { perSecond, answered, latencies } = await measureCommands(stack.url, streams, at, IN_FLIGHT, seconds);
  // A consumer that is behind has its work of this round still before it.
  const own = used();
  await caughtUp(stack, name);
  const { consumers } = used();
  const commands = answered.length;
  return { perSecond, p99: percentile(latencies, 0.99), answering: ((own.hub + own.postgres) * 1000) / commands, consumers: (consumers * 1000) / commands, answered };
}

/** Each round begins at other places than the one before. */
async function staffed(stack: Stack, places: readonly BenchPlace[], round = 0): Promise<readonly BenchPlace[]> {
  const first = (round * EACH_ROUND_FROM) % places.length;
  return Promise.all([...places.slice(first), ...places.slice(0, first)].map(async (place) => ({ ...place, accessToken: await renewed(stack, place, place.accessToken) })));
}

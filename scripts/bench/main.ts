import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { runStack } from "../services/stack.ts";
import { buildClients } from "../start/build.ts";
import { requireRedisServer } from "../start/redis-step.ts";
import { explain, say } from "../start/report.ts";
import type { Bench } from "./bench.ts";
import { catchUp, PLACES as CATCHING_UP } from "./catch-up.ts";
import { measureChecks } from "./checks.ts";
import { commandsAgainstPgbench } from "./commands-against-pgbench.ts";
import { consumerRates } from "./consumer-rates.ts";
import { fanOut } from "./fan-out.ts";
import { figure, holds, lineOf, lossesAmong, NAME_WIDTH, type Figure } from "./figures.ts";
import { growth } from "./growth.ts";
import { isolation } from "./isolation.ts";
import { tapToKitchen } from "./kitchen.ts";
import { merchants } from "./merchants.ts";
import { inAFolder, leaveOnSignals, type Opened } from "./opened.ts";
import { helpOn, readOptions, type Options } from "./options.ts";
import { makeBenchPlace, type BenchPlace } from "./place.ts";
import { COLLECTING } from "./proc.ts";
import { profilable, profiled } from "./profile.ts";
import { screensAgainstRooms } from "./screens.ts";
import { soak } from "./soak.ts";
import { measureStarts } from "./starts.ts";

async function starts(rounds: number, opened: Opened): Promise<Figure[]> {
  const took = await measureStarts(rounds, opened);
  say(`  a later start: ${took.map((seconds) => seconds.toFixed(1)).join(", ")} s`);
  return [figure("npm start, not the first", "s", took, { atMost: 10 })];
}

/** And how many restaurants it needs. */
const ON_A_STACK: Readonly<Record<string, readonly [bench: Bench, places: number]>> = {
  commands: [commandsAgainstPgbench, 8],
  screens: [screensAgainstRooms, 1],
  kitchen: [tapToKitchen, 8],
  "fan-out": [fanOut, 1],
  consumers: [consumerRates, 1],
  "catch-up": [catchUp, CATCHING_UP],
  isolation: [isolation, 9],
  soak: [soak, 8],
  growth: [growth, 8],
  merchants: [merchants, 1],
  checks: [({ stack, places: [place], rounds }) => measureChecks(stack, place as BenchPlace, rounds), 1],
};
const NAMES = ["start", ...Object.keys(ON_A_STACK)];

const tell = (error: unknown) => console.error(explain(error));
let beside = tell;

/** What a listener throws has nobody who awaits it: it ends the bench that runs, and not those before it. */
function thrownBeside(): Promise<never> {
  return new Promise((_, reject) => (beside = reject));
}

/** Each on a product of its own, so that none finds what another left behind. */
async function onAStack(name: string, [bench, count]: readonly [Bench, number], options: Options, opened: Opened): Promise<Figure[]> {
  say(`\n${name}: starting hub, consumers, Redis and Postgres ...`);
  const { dir } = opened;
  const pids: number[] = [];
  opened.running = () => pids;
  const started = (pid: number) => pids.push(pid);
  // Before the hub, which looks for the apps when it starts.
  if (name === "checks") await buildClients(started);
  const more = options.profile ? profilable(dir) : { imports: name === "soak" ? [COLLECTING] : [] };
  const another = (part: string) => runStack({ dir: join(dir, part), durable: true, started, ...more });
  const stack = await another("stack");
  try {
    const places: BenchPlace[] = [];
    for (let i = 0; i < count; i++) places.push(await makeBenchPlace(stack));
    return await Promise.race([thrownBeside(), bench({ stack, places, dir, another, ...options, imports: more.imports, profiled: (round, of = { name, stack }) => (options.profile ? profiled(of, dir, round) : round()) })]);
  } finally {
    beside = tell;
    await stack.stop();
  }
}

/** What a bench has measured, or why it could not. */
type Outcome = { readonly bench: string; readonly figures: readonly Figure[]; readonly error?: string };

async function outcomeOf(name: string, options: Options): Promise<Outcome> {
  const began = performance.now();
  try {
    const figures = await inAFolder((opened) => (name === "start" ? starts(options.rounds, opened) : onAStack(name, ON_A_STACK[name] as readonly [Bench, number], options, opened)));
    say(`  ${name} took ${((performance.now() - began) / 60_000).toFixed(1)} minutes`);
    return { bench: name, figures };
  } catch (error) {
    console.error(`\n${name} ended before its end: ${explain(error)}`);
    return { bench: name, figures: [], error: explain(error) };
  }
}

function print(outcomes: readonly Outcome[]): void {
  say(`\n${cpus().length} cores, ${cpus()[0]?.model ?? "unknown"}; load, hub, consumers, Redis (AOF) and Postgres (fsync) share them; medians (lowest to highest, of so many rounds)`);
  for (const { bench, figures, error } of outcomes) {
    for (const each of figures) say(lineOf(each));
    if (error !== undefined) say(`${bench.padEnd(NAME_WIDTH)} NOT MEASURED: ${error.split("\n", 1)[0]}`);
  }
}

/** Written after every bench: what ends one does not take the others' figures with it. */
function keep(json: string | undefined, outcomes: readonly Outcome[]): void {
  if (json === undefined) return;
  const all = outcomes.flatMap(({ bench, figures, error }) => [...figures.map((each) => ({ bench, ...each, holds: holds(each) })), ...(error === undefined ? [] : [{ bench, error, holds: false }])]);
  writeFileSync(json, `${JSON.stringify(all, null, 2)}\n`);
}

/** Answers the exit code. */
async function main(): Promise<number> {
  let options: Options;
  try {
    options = readOptions(process.argv.slice(2), NAMES);
  } catch (error) {
    console.error((error as Error).message);
    return 2;
  }
  if (options.help) {
    say(helpOn(NAMES));
    return 0;
  }
  leaveOnSignals();
  await requireRedisServer();
  const outcomes: Outcome[] = [];
  for (const name of options.only) {
    outcomes.push(await outcomeOf(name, options));
    keep(options.json, outcomes);
  }
  print(outcomes);
  const lost = lossesAmong(outcomes);
  if (lost !== undefined) console.error(`\n${lost}`);
  return lost === undefined && outcomes.every(({ error }) => error === undefined) ? 0 : 1;
}

process.on("uncaughtException", (error) => beside(error));
const code = await main().catch((error: unknown) => {
  console.error(explain(error));
  return 1;
});
process.exit(code);

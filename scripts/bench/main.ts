import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isRunning } from "../services/server.ts";
import { runStack } from "../services/stack.ts";
import { buildClients } from "../start/build.ts";
import { requireRedisServer } from "../start/redis-step.ts";
import { explain, say } from "../start/report.ts";
import type { Bench, OnAStack } from "./bench.ts";
import { catchUp, PLACES as CATCHING_UP } from "./catch-up.ts";
import { measureChecks } from "./checks.ts";
import { commandsAgainstPgbench } from "./commands-against-pgbench.ts";
import { consumerRates } from "./consumer-rates.ts";
import { fanOut } from "./fan-out.ts";
import { figure, holds, lineOf, type Figure } from "./figures.ts";
import { growth } from "./growth.ts";
import { isolation } from "./isolation.ts";
import { tapToKitchen } from "./kitchen.ts";
import { makeBenchPlace, type BenchPlace } from "./place.ts";
import { COLLECTING } from "./proc.ts";
import { screensAgainstRooms } from "./screens.ts";
import { soak } from "./soak.ts";
import { measureStarts } from "./starts.ts";

const ROUNDS = 5;
const SECONDS = 6;
const MINUTES = 20;
const EVENTS = "10000,1000000,5000000";

async function starts(rounds: number): Promise<Figure[]> {
  const took = await measureStarts(rounds);
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
  checks: [({ stack, places: [place] }) => measureChecks(stack, place as BenchPlace), 1],
};
const NAMES = ["start", ...Object.keys(ON_A_STACK)];
/** Run only when they are asked for. */
const ALONE: readonly string[] = ["soak", "growth"];

type Extent = Pick<OnAStack, "rounds" | "seconds" | "minutes" | "events">;

/** Each on a product of its own, so that none finds what another left behind. */
async function onAStack(name: string, [bench, count]: readonly [Bench, number], extent: Extent): Promise<Figure[]> {
  say(`\n${name}: starting hub, consumers, Redis and Postgres ...`);
  // Before the hub, which looks for the apps when it starts.
  if (name === "checks") await buildClients(() => {});
  const dir = mkdtempSync(join(tmpdir(), "comanda-bench-"));
  chmodSync(dir, 0o755);
  const pids: number[] = [];
  const interrupted = () => {
    for (const pid of pids.filter(isRunning)) process.kill(pid, "SIGKILL");
    rmSync(dir, { recursive: true, force: true });
    process.exit(130);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, interrupted);
  const another = (part: string) => runStack({ dir: join(dir, part), durable: true, started: (pid) => pids.push(pid), imports: name === "soak" ? [COLLECTING] : [] });
  const stack = await another("stack");
  try {
    const places: BenchPlace[] = [];
    for (let i = 0; i < count; i++) places.push(await makeBenchPlace(stack));
    return await bench({ stack, places, dir, another, ...extent });
  } finally {
    await stack.stop();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.removeListener(signal, interrupted);
    rmSync(dir, { recursive: true, force: true });
  }
}

function print(figures: readonly Figure[]): void {
  say(`\n${cpus().length} cores, ${cpus()[0]?.model ?? "unknown"}; load, hub, consumers, Redis (AOF) and Postgres (fsync) share them; medians of the rounds (lowest to highest)`);
  for (const each of figures) say(lineOf(each));
}

async function bench(only: string | undefined, json: string | undefined, extent: Extent): Promise<void> {
  const chosen = only === undefined ? NAMES.filter((name) => !ALONE.includes(name)) : NAMES.filter((name) => name === only);
  if (chosen.length === 0) throw new Error(`--only takes one of ${NAMES.join(", ")}`);
  await requireRedisServer();
  const figures: Figure[] = [];
  for (const name of chosen) figures.push(...(name === "start" ? await starts(extent.rounds) : await onAStack(name, ON_A_STACK[name] as readonly [Bench, number], extent)));
  print(figures);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(figures.map((each) => ({ ...each, holds: holds(each) })), null, 2)}\n`);
}

const { values } = parseArgs({ options: { json: { type: "string" }, only: { type: "string" }, rounds: { type: "string" }, seconds: { type: "string" }, minutes: { type: "string" }, events: { type: "string" } }, strict: true });
const events = (values.events ?? EVENTS).split(",").map(Number);
await bench(values.only, values.json, { rounds: Number(values.rounds ?? ROUNDS), seconds: Number(values.seconds ?? SECONDS), minutes: Number(values.minutes ?? MINUTES), events }).catch((error: unknown) => {
  console.error(explain(error));
  process.exit(1);
});

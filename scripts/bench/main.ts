import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runStack, type Stack } from "../services/stack.ts";
import { buildClients } from "../start/build.ts";
import { requireRedisServer } from "../start/redis-step.ts";
import { explain, say } from "../start/report.ts";
import { measureChecks } from "./checks.ts";
import { measureCommands } from "./commands.ts";
import { figure, holds, percentile, type Figure } from "./figures.ts";
import { Pgbench, requirePgbench, rowSizes } from "./pgbench.ts";
import { makeBenchPlace, type BenchPlace } from "./place.ts";
import { measureTapToScreen } from "./screens.ts";
import { measureStarts } from "./starts.ts";

const ROUNDS = 3;
const SECONDS = 8;
const PLACES = 8;
/** So long the processes compile what they run often; a hub works for weeks. */
const WARM_UP_SECONDS = 20;

/** Hub and pgbench in turn, round by round, so that a machine that slows down slows both. */
async function commandsAgainstPgbench(stack: Stack, places: readonly BenchPlace[], dir: string): Promise<Figure[]> {
  const path = await requirePgbench();
  say("Warming up ...");
  await measureCommands(stack, places, 64, WARM_UP_SECONDS);
  const peer = await Pgbench.prepare(path, stack.adminUrl, dir, await rowSizes(stack.adminUrl));
  const figures: Figure[] = [];
  for (const inFlight of [16, 64]) {
    const rounds: { hub: number; p99: number; pgbench: number }[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      const load = await measureCommands(stack, places, inFlight, SECONDS);
      const pgbench = await peer.run(inFlight, SECONDS);
      rounds.push({ hub: load.perSecond, p99: percentile(load.latencies, 0.99), pgbench });
      say(`  ${inFlight} in flight, round ${round}: hub ${load.perSecond.toFixed(0)}/s, pgbench ${pgbench.toFixed(0)}/s`);
    }
    figures.push(
      figure(`commands at ${inFlight} in flight`, "/s", rounds.map((r) => r.hub)),
      figure(`their answer, p99, at ${inFlight}`, "ms", rounds.map((r) => r.p99)),
      figure(`pgbench at ${inFlight} clients`, "/s", rounds.map((r) => r.pgbench)),
      figure(`commands to pgbench at ${inFlight}`, "x", rounds.map((r) => r.hub / r.pgbench), inFlight === 64 ? { atLeast: 0.5 } : undefined),
    );
  }
  return figures;
}

async function tapToScreen(stack: Stack, place: BenchPlace): Promise<Figure[]> {
  say("Warming up ...");
  await measureTapToScreen(stack, place, 50, 200, WARM_UP_SECONDS);
  const rounds = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const seen = await measureTapToScreen(stack, place, 50, 200, SECONDS);
    say(`  tap to 50 screens at 200/s, round ${round}: p50 ${seen.p50.toFixed(1)} ms, p99 ${seen.p99.toFixed(1)} ms, ${seen.missing} of ${seen.taps * 50} not seen`);
    rounds.push(seen);
  }
  return [
    figure("tap to screen, p50", "ms", rounds.map((r) => r.p50)),
    figure("tap to screen, p99", "ms", rounds.map((r) => r.p99), { atMost: 60 }),
    figure("frames not seen", "", rounds.map((r) => r.missing), { atMost: 0 }),
  ];
}

async function starts(): Promise<Figure[]> {
  const took = await measureStarts(ROUNDS);
  say(`  a later start: ${took.map((seconds) => seconds.toFixed(1)).join(", ")} s`);
  return [figure("npm start, not the first", "s", took, { atMost: 10 })];
}

type Bench = (stack: Stack, places: readonly BenchPlace[], dir: string) => Promise<Figure[]>;
const ON_A_STACK: Readonly<Record<string, Bench>> = {
  commands: (stack, places, dir) => commandsAgainstPgbench(stack, places, join(dir, "pgbench")),
  screens: (stack, [place]) => tapToScreen(stack, place as BenchPlace),
  checks: (stack, [place]) => measureChecks(stack, place as BenchPlace),
};
const NAMES = ["start", ...Object.keys(ON_A_STACK)];

async function onAStack(names: readonly string[]): Promise<Figure[]> {
  await requireRedisServer();
  // Before the hub, which looks for the apps when it starts.
  if (names.includes("checks")) await buildClients(() => {});
  const dir = mkdtempSync(join(tmpdir(), "comanda-bench-"));
  chmodSync(dir, 0o755);
  const stack = await runStack({ dir: join(dir, "stack"), durable: true });
  try {
    say(`Hub, consumers, Redis and Postgres run; making ${PLACES} restaurants ...`);
    const places: BenchPlace[] = [];
    for (let i = 0; i < PLACES; i++) places.push(await makeBenchPlace(stack));
    const figures: Figure[] = [];
    for (const name of names) figures.push(...((await ON_A_STACK[name]?.(stack, places, dir)) ?? []));
    return figures;
  } finally {
    await stack.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

function print(figures: readonly Figure[]): void {
  say(`\n${cpus().length} cores, ${cpus()[0]?.model ?? "unknown"}; load, hub, consumers, Redis (AOF) and Postgres (fsync) share them; medians of the rounds (lowest to highest)`);
  for (const each of figures) {
    const { name, value, unit, range, aim } = each;
    const shown = (n: number) => (Math.abs(n) >= 100 ? n.toFixed(0) : n.toFixed(2));
    const wanted = aim === undefined ? "" : `  aim ${"atLeast" in aim ? `at least ${aim.atLeast}` : `at most ${aim.atMost}`} ${unit}: ${holds(each) ? "holds" : "MISSED"}`;
    say(`${name.padEnd(34)} ${shown(value).padStart(8)} ${unit.padEnd(3)} (${shown(range[0])} to ${shown(range[1])})${wanted}`);
  }
}

async function bench(only: string | undefined, json: string | undefined): Promise<void> {
  const chosen = only === undefined ? NAMES : NAMES.filter((name) => name === only);
  if (chosen.length === 0) throw new Error(`--only takes one of ${NAMES.join(", ")}`);
  const figures = chosen.includes("start") ? await starts() : [];
  const others = chosen.filter((name) => name !== "start");
  if (others.length > 0) figures.push(...(await onAStack(others)));
  print(figures);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(figures.map((each) => ({ ...each, holds: holds(each) })), null, 2)}\n`);
}

const { values } = parseArgs({ options: { json: { type: "string" }, only: { type: "string" } }, strict: true });
await bench(values.only, values.json).catch((error: unknown) => {
  console.error(explain(error));
  process.exit(1);
});

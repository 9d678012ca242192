import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { requireRedisServer } from "../start/redis-step.ts";
import { explain, say } from "../start/report.ts";
import type { Finding } from "../survival/check/history.ts";
import { openStage, type Stage } from "../survival/stage.ts";
import { CLUSTER, SINGLE_REDIS } from "./faults.ts";
import { GUARDS, harmed, type Guard } from "./guards.ts";
import { play, type Report, type Scenario } from "./scenario.ts";

const SCENARIOS: readonly Scenario[] = [
  { name: "processes", stage: { hubs: 2, consumerProcesses: 3, balanced: true, outside: true, points: true }, faults: SINGLE_REDIS },
  { name: "cluster", stage: { hubs: 2, consumerProcesses: 2, balanced: true, outside: true, redisCluster: true }, faults: CLUSTER },
];

const MINUTES = 6;
const MOST_SHOWN = 20;

const HELP = `npm run chaos: kills, stops and starts everything under load, and counts afterwards.

  --minutes N   how long faults are made, all scenarios together (${MINUTES})
  --seed N      the order of faults and of what people do; printed, to play it again
  --only NAME   one of ${SCENARIOS.map(({ name }) => name).join(", ")}; with --guards, of ${GUARDS.map(({ name }) => name).join(", ")}
  --fault NAME  only the faults that have this in their name, like "away for a minute" or "open for half an hour" (30 minutes)
  --json FILE   the reports as JSON
  --guards      instead: switches each guard of the product off in turn, and sees that the checker reports the harm

Ends with 1 when anything was lost, double, out of order or never whole again; with --guards, when the checker missed it.`;

let stopped = false;

/** The product opened for a run; its folder stays when the run went wrong. */
async function onStage<Result>(options: Scenario["stage"], run: (stage: Stage) => Promise<Result>, isWell: (result: Result) => boolean): Promise<Result> {
  const dir = mkdtempSync(join(tmpdir(), "comanda-chaos-"));
  chmodSync(dir, 0o755);
  const stage = await openStage({ ...options, dir });
  let well = false;
  try {
    const result = await run(stage);
    well = isWell(result);
    if (!well) say(`  the logs are in ${dir}`);
    return result;
  } finally {
    await stage.close();
    if (well) rmSync(dir, { recursive: true, force: true });
  }
}

async function chaos(scenarios: readonly Scenario[], minutes: number, seed: number): Promise<readonly Report[]> {
  const reports: Report[] = [];
  for (const scenario of scenarios) {
    if (stopped) break;
    say(`\n${scenario.name}: opening two restaurants ...`);
    const untilMs = () => Date.now() + (minutes * 60_000) / scenarios.length;
    reports.push(await onStage(scenario.stage, (stage) => play(scenario, stage, { seed, minutes, untilMs: untilMs(), stopped: () => stopped, told: say }), ({ findings }) => findings.length === 0));
  }
  return reports;
}

type Watched = { readonly guard: string; readonly reported: readonly Finding[]; readonly others: number };

/** The checker itself is tested: with a guard switched off it has to report the harm. */
async function withoutGuards(guards: readonly Guard[], seed: number): Promise<readonly Watched[]> {
  const watched: Watched[] = [];
  for (const guard of guards) {
    if (stopped) break;
    say(`\nwithout ${guard.name}: opening two restaurants ...`);
    const options = { consumerProcesses: 2, balanced: true, outside: true, points: true, imports: [`scripts/chaos/guards/${guard.name}.mjs`] };
    const findings = await onStage(options, (stage) => harmed(guard, stage, seed), (all) => all.some((finding) => guard.harm.test(finding)));
    const reported = findings.filter((finding) => guard.harm.test(finding));
    watched.push({ guard: guard.name, reported, others: findings.length - reported.length });
    say(reported.length > 0 ? `  reported: ${reported[0]}` : `  NOT reported; ${findings.length} other findings${findings.slice(0, MOST_SHOWN).map((finding) => `\n    ${finding}`).join("")}`);
  }
  return watched;
}

function print(reports: readonly Report[]): void {
  for (const { name, seconds, commands, struck, findings } of reports) {
    say(`\n${name}: ${commands} commands in ${seconds} s, ${struck.reduce((sum, { times }) => sum + times, 0)} faults`);
    for (const { fault, times, wholeAfterMs } of struck) say(`  ${fault.padEnd(42)} ${String(times).padStart(4)} times   whole again after ${(wholeAfterMs / 1000).toFixed(1)} s at most`);
    say(findings.length === 0 ? "  nothing lost, nothing double, all in order" : `  ${findings.length} findings:`);
    for (const finding of findings.slice(0, MOST_SHOWN)) say(`    ${finding}`);
  }
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} takes a number above 0`);
  return value;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { minutes: { type: "string" }, seed: { type: "string" }, only: { type: "string" }, fault: { type: "string" }, json: { type: "string" }, guards: { type: "boolean" }, help: { type: "boolean" } }, strict: true });
  if (values.help === true) {
    say(HELP);
    return 0;
  }
  const named = <Thing extends { readonly name: string }>(all: readonly Thing[]) => all.filter(({ name }) => values.only === undefined || name === values.only);
  const isMeant = (name: string) => values.fault === undefined || name.includes(values.fault);
  const minutes = values.minutes === undefined ? MINUTES : positive("minutes", values.minutes);
  const chosen = named(SCENARIOS).map((scenario) => ({ ...scenario, faults: scenario.faults.filter(({ name, minutes: least = 0 }) => isMeant(name) && (values.fault === undefined || least <= minutes)) })).filter(({ faults }) => faults.length > 0);
  const guards = named(GUARDS);
  if (values.fault !== undefined && chosen.length === 0) throw new Error(`no fault of ${minutes} minutes has "${values.fault}" in its name`);
  if ((values.guards === true ? guards : chosen).length === 0) throw new Error(`--only takes one of ${(values.guards === true ? GUARDS : SCENARIOS).map(({ name }) => name).join(", ")}`);
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Math.floor(positive("seed", values.seed));
  process.on("SIGINT", () => {
    if (stopped) process.exit(130);
    stopped = true;
    say("\nending after this fault; once more to leave at once");
  });
  const keep = (what: unknown) => {
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(what, null, 2)}\n`);
  };
  await requireRedisServer();
  if (values.guards === true) {
    const watched = await withoutGuards(guards, seed);
    keep(watched);
    return watched.length === guards.length && watched.every(({ reported }) => reported.length > 0) ? 0 : 1;
  }
  say(`seed ${seed}, ${minutes} minutes of faults, ${cpus().length} cores`);
  const reports = await chaos(chosen, minutes, seed);
  print(reports);
  const isWell = reports.length === chosen.length && reports.every(({ findings }) => findings.length === 0);
  say(`\n${isWell ? "seed" : "played again by: npm run chaos --"} ${isWell ? seed : replay(minutes, seed, values)}`);
  keep(reports);
  return isWell ? 0 : 1;
}

function replay(minutes: number, seed: number, { only, fault }: { readonly only?: string | undefined; readonly fault?: string | undefined }): string {
  return `--minutes ${minutes} --seed ${seed}${only === undefined ? "" : ` --only ${only}`}${fault === undefined ? "" : ` --fault "${fault}"`}`;
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(explain(error));
  return 1;
});

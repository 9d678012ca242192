import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { requireRedisServer } from "../start/redis-step.ts";
import { isRunning } from "../services/server.ts";
import { explain, say } from "../start/report.ts";
import type { Finding } from "../survival/check/history.ts";
import { openStage, type Stage } from "../survival/stage.ts";
import { EXIT, exitOf, exitOfGuards } from "./exit.ts";
import { CLUSTER, SINGLE_REDIS } from "./faults.ts";
import { GUARDS, harmed, type Guard } from "./guards.ts";
import { onPress } from "./interrupt.ts";
import { chosenForms, chosenOne, leftOut, MINUTES, MINUTES_OF_EACH, readOptions, replay, type Options } from "./options.ts";
import { FULL_DISK } from "./postgres-faults.ts";
import { play, type Report, type Scenario } from "./scenario.ts";
import { findingsTold, outcomeTold, struckTold, unseenTold } from "./told.ts";

const SCENARIOS: readonly Scenario[] = [
  { name: "processes", stage: { hubs: 2, consumerProcesses: 3, balanced: true, outside: true, points: true }, faults: SINGLE_REDIS },
  { name: "cluster", stage: { hubs: 2, consumerProcesses: 2, balanced: true, outside: true, redisCluster: true }, faults: CLUSTER },
  { name: "disk", asked: true, stage: { hubs: 2, consumerProcesses: 2, balanced: true, outside: true, smallDisk: true }, faults: FULL_DISK },
];

const HELP = `npm run chaos: kills, stops and starts everything under load, and counts afterwards.

  --minutes N   how long faults are made, all forms together (${MINUTES}); with --each, when no further one begins (${MINUTES_OF_EACH})
  --each        every fault of every form once, in the seed's order, and then counts: ${SCENARIOS.filter(({ asked }) => asked).map(({ name }) => name).join(", ")} too, which otherwise has to be named;
                what needs more minutes than there are is left out, and said
  --seed N      the order of faults and of what people do; printed, to play it again
  --only NAME   one of ${SCENARIOS.map(({ name }) => name).join(", ")}; with --guards, of ${GUARDS.map(({ name }) => name).join(", ")}
  --fault NAME  only the faults that have this in their name, like "away for a minute" or "open for half an hour" (30 minutes)
  --json FILE   the seed, the command that plays it again, and the reports as JSON
  --guards      instead: switches each guard of the product off in turn, and sees that the checker reports the harm

Ends with ${EXIT.found} when anything was lost, double, out of order or never whole again; with --guards, when the checker missed it.
Ends with ${EXIT.refused} when it was asked for what cannot be played, was ended early, when no fault of a form was played, or when --each did not play all (too short, or nobody came upon a printer's or provider's mood).`;

const MOST_NAMED = 20;

let stopped = false;

/** What runs now, for whoever leaves at once. */
type Open = { readonly dir: string; readonly pids: number[]; stage?: Stage };
let opened: Open | undefined;

/** Nothing that was started stays: no process, no disk, no folder. */
function leave(exit: number): never {
  for (const pid of opened?.pids.filter(isRunning) ?? []) process.kill(pid, "SIGKILL");
  opened?.stage?.disk?.close();
  if (opened !== undefined) rmSync(opened.dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  process.exit(exit);
}

/** The product opened for a run; its folder stays when the run went wrong. */
async function onStage<Result>(options: Scenario["stage"], run: (stage: Stage) => Promise<Result>, isWell: (result: Result) => boolean): Promise<Result> {
  const dir = mkdtempSync(join(tmpdir(), "comanda-chaos-"));
  chmodSync(dir, 0o755);
  const pids: number[] = [];
  const open: Open = { dir, pids };
  opened = open;
  const stage = await openStage({ ...options, dir, started: (pid) => pids.push(pid) });
  open.stage = stage;
  let well = false;
  try {
    const result = await run(stage);
    well = isWell(result);
    if (!well) say(`  the logs are in ${dir}`);
    return result;
  } finally {
    // What was found is told, however the product ends.
    await stage.close().catch((error: unknown) => say(`  it did not end in good order: ${explain(error)}`));
    opened = undefined;
    if (well) rmSync(dir, { recursive: true, force: true });
  }
}

/** Each form's report is printed, and given to `keep` with those before it, as soon as it is there. */
async function chaos(scenarios: readonly Scenario[], { minutes, seed, each }: Options, keep: (reports: readonly Report[]) => void): Promise<readonly Report[]> {
  const reports: Report[] = [];
  const began = Date.now();
  for (const scenario of scenarios) {
    if (stopped) break;
    say(`\n${scenario.name}: opening two restaurants ...`);
    const playIt = (stage: Stage): Promise<Report> => {
      const untilMs = each ? began + minutes * 60_000 : Date.now() + (minutes * 60_000) / scenarios.length;
      return play(scenario, stage, { seed, each, untilMs, stopped: () => stopped, told: say });
    };
    const unopened = (error: unknown): Report => ({ name: scenario.name, seed, seconds: 0, commands: 0, done: {}, struck: [], order: [], unseen: [], unplayed: scenario.faults.map(({ name }) => name), findings: [`${scenario.name} could not be opened: ${explain(error)}`] });
    const report = await onStage(scenario.stage, playIt, ({ findings }) => findings.length === 0).catch(unopened);
    reports.push(report);
    print(report);
    keep(reports);
  }
  return reports;
}

type Watched = { readonly guard: string; readonly reported: readonly Finding[]; readonly others: number };

/** The checker itself is tested: with a guard switched off it has to report the harm. */
async function withoutGuards(guards: readonly Guard[], seed: number, keep: (watched: readonly Watched[]) => void): Promise<readonly Watched[]> {
  const watched: Watched[] = [];
  for (const guard of guards) {
    if (stopped) break;
    say(`\nwithout ${guard.name}: opening two restaurants ...`);
    const options = { consumerProcesses: 2, balanced: true, outside: true, points: true, imports: [`scripts/chaos/guards/${guard.name}.mjs`] };
    const findings = await onStage(options, (stage) => harmed(guard, stage, seed), (all) => guard.harm(all).length > 0);
    const reported = guard.harm(findings);
    watched.push({ guard: guard.name, reported, others: findings.length - reported.length });
    keep(watched);
    say(reported.length > 0 ? `  reported: ${reported[0]}` : `  NOT reported; ${findings.length} other findings${findingsTold(findings).map((finding) => `\n    ${finding}`).join("")}`);
  }
  return watched;
}

function print({ name, seconds, commands, struck, unplayed, unseen, findings }: Report): void {
  say(`\n${name}: ${commands} commands in ${seconds} s, ${struck.reduce((sum, { times }) => sum + times, 0)} faults`);
  for (const line of struckTold(struck)) say(`  ${line}`);
  if (unplayed.length > MOST_NAMED) say(`  ${unplayed.length} of ${unplayed.length + struck.length} faults were not played: --each plays all that its minutes allow, --json names them`);
  else if (unplayed.length > 0) say(`  not played: ${unplayed.join(", ")}`);
  if (unseen.length > 0) say(`  ${unseenTold(unseen)}`);
  for (const line of outcomeTold({ struck, findings })) say(`  ${line}`);
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), () => Date.now() % 1_000_000);
  if (options.help) {
    say(HELP);
    return EXIT.well;
  }
  const { guards, each, minutes, seed, only, json } = options;
  const run = guards ? onGuards(only === undefined ? GUARDS : [chosenOne(GUARDS, only)], seed) : onFaults(chosenForms(SCENARIOS, options), options);
  const inOrder = () => {
    stopped = true;
    say("\nending after this fault; once more to leave at once");
  };
  process.on("SIGINT", onPress(inOrder, () => leave(130)));
  process.on("SIGTERM", () => leave(143));
  process.on("SIGHUP", () => leave(129));
  await requireRedisServer();
  say(`seed ${seed}, ${guards ? "one guard after the other" : each ? `each fault once, ${minutes} minutes at most` : `${minutes} minutes of faults`}, ${cpus().length} cores`);
  try {
    return await run((kept) => {
      if (json !== undefined) writeFileSync(json, `${JSON.stringify({ seed, replay: replay(options), commit: commitOf(), ...(stopped ? { stopped } : {}), ...kept }, null, 2)}\n`);
    });
  } finally {
    if (stopped) say("\nended early: what came after was not played");
    say(`\nplayed again by: ${replay(options)}`);
  }
}

/** The order of a seed is that of one list of faults; undefined without git or its folder. */
function commitOf(): string | undefined {
  const { status, stdout } = spawnSync("git", ["rev-parse", "HEAD"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** Writes down what is known so far. */
type Keep = (kept: object) => void;

const onGuards = (guards: readonly Guard[], seed: number) => async (keep: Keep): Promise<number> => {
  const watched = await withoutGuards(guards, seed, (so) => keep({ guards: so }));
  return exitOfGuards(watched.map(({ reported }) => reported.length), guards.length);
};

const onFaults = (chosen: readonly Scenario[], options: Options) => async (keep: Keep): Promise<number> => {
  const left = leftOut(SCENARIOS, options);
  for (const { name, minutes } of left) say(`left out: ${name}, which needs --minutes ${minutes}`);
  const reports = await chaos(chosen, options, (so) => keep({ leftOut: left, reports: so }));
  return exitOf(reports, { forms: chosen.length, each: options.each, stopped });
};

process.exitCode = await main().catch((error: unknown) => {
  console.error(explain(error));
  return EXIT.refused;
});

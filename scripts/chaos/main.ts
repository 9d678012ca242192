import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { requireRedisServer } from "../start/redis-step.ts";
import { explain, say } from "../start/report.ts";
import { openStage } from "../survival/stage.ts";
import { CLUSTER, SINGLE_REDIS } from "./faults.ts";
import { play, type Report, type Scenario } from "./scenario.ts";

const SCENARIOS: readonly Scenario[] = [
  { name: "processes", stage: { hubs: 2, consumerProcesses: 3, balanced: true }, faults: SINGLE_REDIS },
  { name: "cluster", stage: { hubs: 2, consumerProcesses: 2, balanced: true, redisCluster: true }, faults: CLUSTER },
];

const MINUTES = 6;
const MOST_SHOWN = 20;

const HELP = `npm run chaos: kills, stops and starts everything under load, and counts afterwards.

  --minutes N   how long faults are made, all scenarios together (${MINUTES})
  --seed N      the order of faults and of what people do; printed, to play it again
  --only NAME   one of ${SCENARIOS.map(({ name }) => name).join(", ")}
  --json FILE   the reports as JSON

Ends with 1 when anything was lost, double, out of order or never whole again.`;

let stopped = false;

async function chaos(scenarios: readonly Scenario[], minutes: number, seed: number): Promise<readonly Report[]> {
  await requireRedisServer();
  say(`seed ${seed}, ${minutes} minutes of faults, ${cpus().length} cores`);
  const reports: Report[] = [];
  for (const scenario of scenarios) {
    if (stopped) break;
    const dir = mkdtempSync(join(tmpdir(), "comanda-chaos-"));
    chmodSync(dir, 0o755);
    say(`\n${scenario.name}: opening two restaurants ...`);
    const stage = await openStage({ ...scenario.stage, dir });
    try {
      const untilMs = Date.now() + (minutes * 60_000) / scenarios.length;
      const report = await play(scenario, stage, { seed, untilMs, stopped: () => stopped, told: say });
      reports.push(report);
      if (report.findings.length > 0) say(`  the logs are in ${dir}`);
    } finally {
      await stage.close();
      if ((reports.at(-1)?.findings.length ?? 1) === 0) rmSync(dir, { recursive: true, force: true });
    }
  }
  return reports;
}

function print(reports: readonly Report[]): void {
  for (const { name, seconds, commands, struck, findings } of reports) {
    say(`\n${name}: ${commands} commands in ${seconds} s, ${struck.reduce((sum, { times }) => sum + times, 0)} faults`);
    for (const { fault, times, wholeAfterMs } of struck) say(`  ${fault.padEnd(26)} ${String(times).padStart(4)} times   whole again after ${(wholeAfterMs / 1000).toFixed(1)} s at most`);
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
  const { values } = parseArgs({ options: { minutes: { type: "string" }, seed: { type: "string" }, only: { type: "string" }, json: { type: "string" }, help: { type: "boolean" } }, strict: true });
  if (values.help === true) {
    say(HELP);
    return 0;
  }
  const chosen = SCENARIOS.filter(({ name }) => values.only === undefined || name === values.only);
  if (chosen.length === 0) throw new Error(`--only takes one of ${SCENARIOS.map(({ name }) => name).join(", ")}`);
  const minutes = values.minutes === undefined ? MINUTES : positive("minutes", values.minutes);
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Math.floor(positive("seed", values.seed));
  process.on("SIGINT", () => {
    if (stopped) process.exit(130);
    stopped = true;
    say("\nending after this fault; once more to leave at once");
  });
  const reports = await chaos(chosen, minutes, seed);
  print(reports);
  say(`\nseed ${seed}`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(reports, null, 2)}\n`);
  return reports.length === chosen.length && reports.every(({ findings }) => findings.length === 0) ? 0 : 1;
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(explain(error));
  return 1;
});

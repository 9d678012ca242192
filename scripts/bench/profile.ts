import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { connect, type Sql } from "#hub/db/client.ts";
import { waitFor, type RunningProcess } from "../services/server.ts";
import type { Stack, StackOptions } from "../services/stack.ts";
import { ROOT } from "../start/child.ts";
import { say } from "../start/report.ts";

const FUNCTIONS = 15;
const STATEMENTS = 10;
const STATEMENT_SHOWN = 110;
const WRITTEN_WITHIN_MS = 30_000;
/** What beginning a profile costs is not the product's, and over before the round. */
const INSPECTOR = "node:inspector";
const BEGINS_MS = 2_000;

type CallFrame = { readonly functionName: string; readonly url: string; readonly lineNumber: number };
/** As V8's inspector writes it; deltas in microseconds. */
export type CpuProfile = { readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[]; readonly samples: readonly number[]; readonly timeDeltas: readonly number[] };
/** Of a function itself, without what it calls; `share` of the time in which the process did something. */
export type Cost = { readonly name: string; readonly at: string; readonly ms: number; readonly share: number };

export function costliest({ nodes, samples, timeDeltas }: CpuProfile, count: number, root: string): Cost[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const spent = new Map<string, { readonly name: string; readonly at: string; ms: number }>();
  let busy = 0;
  for (const [i, id] of samples.entries()) {
    const frame = frames.get(id);
    if (frame === undefined || frame.functionName === "(idle)" || frame.url === INSPECTOR) continue;
    const ms = (timeDeltas[i] ?? 0) / 1000;
    const at = frame.url === "" ? "" : `${frame.url.replace(root, "")}:${frame.lineNumber + 1}`;
    const key = `${frame.functionName} ${at}`;
    const one = spent.get(key) ?? { name: frame.functionName || "(anonymous)", at, ms: 0 };
    one.ms += ms;
    busy += ms;
    spent.set(key, one);
  }
  return [...spent.values()].sort((a, b) => b.ms - a.ms).slice(0, count).map((one) => ({ ...one, share: one.ms / busy }));
}

/** What a stack needs so that `profiled` can look into it. */
export function profilable(dir: string): Required<Pick<StackOptions, "env" | "imports" | "postgresSettings">> {
  return {
    env: { PROFILE_DIR: dir },
    imports: ["scripts/bench/profile-on-signal.ts"],
    // The statements within functions too: the log is written by one.
    postgresSettings: { shared_preload_libraries: "pg_stat_statements", "pg_stat_statements.track": "all" },
  };
}

/** Runs a round, and tells of each process of the product where its time went, and of Postgres by statement. */
export async function profiled<Result>({ name: of, stack }: { readonly name: string; readonly stack: Stack }, dir: string, round: () => Promise<Result>): Promise<Result> {
  const named = (kind: string, all: readonly RunningProcess[]) => all.map((process, i) => ({ name: all.length > 1 ? `${kind} ${i + 1}` : kind, process }));
  const looked = [...named("hub", stack.hubs), ...named("consumers", stack.consumerProcesses)];
  const sql = connect(stack.adminUrl, { max: 1 });
  try {
    await sql`create extension if not exists pg_stat_statements`;
    await sql`select pg_stat_statements_reset()`;
    for (const { process } of looked) await process.kill("SIGHUP");
    await sleep(BEGINS_MS);
    const result = await round();
    for (const { process } of looked) await process.kill("SIGHUP");
    const statements = await costliestStatements(sql);
    for (const { name, process } of looked) sayFunctions(`${of}, ${name}`, await writtenBy(process.pid, dir));
    say(`\n  ${of}, Postgres: all calls in ms, mean in ms, calls, rows; what a function runs is in its own line too`);
    for (const { all, mean, calls, rows, query } of statements) say(`  ${all.toFixed(0).padStart(7)} ${mean.toFixed(3).padStart(8)} ${String(calls).padStart(7)} ${String(rows).padStart(7)}  ${query.replaceAll(/\s+/g, " ").slice(0, STATEMENT_SHOWN)}`);
    return result;
  } finally {
    await sql.end();
  }
}

function sayFunctions(name: string, profile: CpuProfile): void {
  say(`\n  ${name}: ms of their own, share of the busy time, function`);
  for (const { name: called, at, ms, share } of costliest(profile, FUNCTIONS, String(pathToFileURL(ROOT)))) say(`  ${ms.toFixed(0).padStart(7)} ${(100 * share).toFixed(1).padStart(5)} %  ${called} ${at}`);
}

async function writtenBy(pid: number, dir: string): Promise<CpuProfile> {
  const file = join(dir, `${pid}.cpuprofile`);
  let profile: CpuProfile | undefined;
  await waitFor(`the profile of process ${pid}`, WRITTEN_WITHIN_MS, () => (profile = existsSync(file) ? parsed(readFileSync(file, "utf8")) : undefined) !== undefined);
  rmSync(file);
  return profile as CpuProfile;
}

/** Nothing while it is still being written. */
function parsed(text: string): CpuProfile | undefined {
  try {
    return JSON.parse(text) as CpuProfile;
  } catch {
    return undefined;
  }
}

type Statement = { readonly all: number; readonly mean: number; readonly calls: bigint; readonly rows: bigint; readonly query: string };

async function costliestStatements(sql: Sql): Promise<readonly Statement[]> {
  return sql<Statement[]>`select total_exec_time as all, mean_exec_time as mean, calls, rows, query from pg_stat_statements order by total_exec_time desc limit ${STATEMENTS}`;
}

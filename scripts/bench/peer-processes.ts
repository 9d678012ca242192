import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "#hub/db/client.ts";
import { migrate } from "#hub/db/migrate.ts";
import type { Stack } from "../services/stack.ts";
import { ROOT, runChild, type RunningChild } from "../start/child.ts";
import { cannotStart, say } from "../start/report.ts";
import { runTool, tail } from "../start/tool.ts";
import { rowSizes } from "./pgbench.ts";

const FOLDER = join(ROOT, "scripts/bench/peers");

type Lock = { readonly packages: Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>> };

function areInstalled(): boolean {
  const there = join(FOLDER, "node_modules/.package-lock.json");
  if (!existsSync(there)) return false;
  const [wanted, found] = [join(FOLDER, "package-lock.json"), there].map((path) => (JSON.parse(readFileSync(path, "utf8")) as Lock).packages);
  return Object.entries(wanted ?? {}).every(([path, { version, optional }]) => path === "" || optional === true || found?.[path]?.version === version);
}

/** The libraries that the product is measured against; it does not depend on them. */
export async function installPeers(): Promise<void> {
  if (areInstalled()) return;
  say("Installing what the product is measured against (scripts/bench/peers) with npm ...");
  const run = await runTool("npm", ["ci", "--prefix", FOLDER]);
  if (run.status !== 0) throw cannotStart(`${tail(run.output)}\nThe peers could not be installed: see the lines above, then run this again.`);
}

/** A database with the hub's own tables, and the numbers that the peer's rows need. */
export async function peerDatabase(adminUrl: string, name: string): Promise<string> {
  const admin = connect(adminUrl, { max: 1, statementTimeoutMs: 60_000 });
  await admin.unsafe(`drop database if exists ${name} with (force)`);
  await admin.unsafe(`create database ${name}`);
  await admin.end();
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  await migrate(url.toString());
  const sql = connect(url.toString(), { max: 1 });
  await sql`create sequence peer_position cache 100`;
  await sql.end();
  return url.toString();
}

export type RoomsProcess = RunningChild & { readonly url: string };

/** Socket.IO with its adapter, on the product's Postgres and Redis, in a database of its own. */
export async function runRooms(stack: Stack, dir: string, options: { readonly name: string; readonly databaseUrl: string; readonly recovery?: boolean; readonly imports?: readonly string[] }): Promise<RoomsProcess> {
  const { name, databaseUrl, recovery = false, imports = [] } = options;
  const env = { DATABASE_URL: databaseUrl, REDIS_URL: stack.redis.url, ROW_SIZES: JSON.stringify(await rowSizes(stack.adminUrl)), ...(recovery ? { RECOVERY: "yes" } : {}) };
  const child = await runChild({ name, script: "scripts/bench/peers/rooms.ts", env, imports, logFile: join(dir, `${name}.log`) }, () => {});
  return Object.defineProperty(child, "url", { value: `http://127.0.0.1:${Number(child.ready["port"])}` }) as RoomsProcess;
}

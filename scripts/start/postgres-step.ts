import { createHmac } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { roleUrls, rolePasswords } from "#hub/db/roles.ts";
import { migrate } from "#hub/db/migrate.ts";
import { clusterPlace, postgresUser, postmaster } from "../services/postgres-files.ts";
import { runPostgres } from "../services/postgres.ts";
import type { RunningServer } from "../services/server.ts";
import type { DataFolder } from "./data-folder.ts";
import { cannotStart } from "./report.ts";

const LEAST_VERSION = 160_000;
const DATABASE = "comanda";

export type PostgresFound = { readonly adminUrl: string; readonly ours?: RunningServer; readonly says: string };
export type DatabaseUrls = { readonly adminUrl: string; readonly hubUrl: string; readonly consumerUrl: string };

async function useGiven(url: string): Promise<PostgresFound> {
  const { host, pathname } = new URL(url);
  const sql = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => {} });
  try {
    const [row] = await sql<{ number: number; version: string; may: boolean }[]>`
      select current_setting('server_version_num')::int as number, current_setting('server_version') as version,
             (select rolsuper or rolcreaterole from pg_roles where rolname = current_user) as may`;
    if (row === undefined || row.number < LEAST_VERSION) {
      throw cannotStart(`What DATABASE_URL names (${host}) is Postgres ${row?.version}: Comanda needs 16 or newer.`);
    }
    if (!row.may) throw cannotStart(`The role of DATABASE_URL may not create roles: give it CREATEROLE, or name another role in DATABASE_URL.`);
    return { adminUrl: url, says: `yours at ${host}${pathname}, version ${row.version}` };
  } catch (error) {
    if (error instanceof Error && error.name === "CannotStart") throw error;
    const reason = error instanceof Error ? error.message || (error as NodeJS.ErrnoException).code : String(error);
    throw cannotStart(`Postgres at ${host} does not answer (${reason}): correct DATABASE_URL, or leave it out to have one run for you.`);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** The embedded cluster's superuser has no password to remember: it follows from the installation's secret. */
export function superuserPassword(secret: string): string {
  return createHmac("sha256", secret).update("comanda/postgres/superuser").digest("base64url");
}

async function runOurs(folder: DataFolder): Promise<PostgresFound> {
  const ours = await runPostgres({
    dataDir: folder.postgres,
    durable: true,
    password: superuserPassword(folder.secret),
    logFile: folder.logFile("postgres"),
    started: (pid) => folder.noteStarted("postgres", pid),
  });
  const sql = postgres(ours.url, { max: 1, onnotice: () => {} });
  try {
    const [there] = await sql`select 1 from pg_database where datname = ${DATABASE}`;
    if (there === undefined) await sql.unsafe(`create database ${DATABASE}`);
  } finally {
    await sql.end();
  }
  const adminUrl = new URL(ours.url);
  adminUrl.pathname = `/${DATABASE}`;
  return { adminUrl: adminUrl.toString(), ours, says: `our own on port ${ours.port}, with fsync, in ${folder.postgres}` };
}

/** DATABASE_URL, else the embedded one in the data folder. */
export function findPostgres(given: string | undefined, folder: DataFolder): Promise<PostgresFound> {
  return given === undefined ? runOurs(folder) : useGiven(given);
}

/** The administrator's address of the Postgres that a start runs for this folder; undefined when none does. */
export function adminUrlIn(dir: string): string | undefined {
  const [running, secret] = [postmaster(clusterPlace(join(dir, "postgres"), postgresUser())), join(dir, "secret")];
  if (running === undefined || !existsSync(secret)) return undefined;
  return `postgres://postgres:${superuserPassword(readFileSync(secret, "utf8").trim())}@127.0.0.1:${running.port}/${DATABASE}`;
}

/** The same, of the consumers. */
export function consumerUrlIn(dir: string): string | undefined {
  const adminUrl = adminUrlIn(dir);
  return adminUrl === undefined ? undefined : roleUrls(adminUrl, new URL(adminUrl).password).consumerUrl;
}

/**
 * Brings the schema up to date and answers the addresses of the two application roles. Roles belong to a cluster:
 * their passwords come from the administrator's, so that two installations on one cluster agree on them.
 */
export async function migrateDatabase(adminUrl: string, folder: DataFolder): Promise<DatabaseUrls & { readonly applied: number }> {
  const key = decodeURIComponent(new URL(adminUrl).password) || folder.secret;
  const { applied } = await migrate(adminUrl, { passwords: rolePasswords(key) });
  return { adminUrl, ...roleUrls(adminUrl, key), applied: applied.length };
}

import { appendFileSync, chmodSync, chownSync, closeSync, cpSync, lstatSync, openSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { postgresUser } from "../services/postgres-files.ts";
import type { RunningServer } from "../services/server.ts";
import { startPostgres } from "./services.ts";

export type StandbyOptions = {
  /** A stopped primary's data folder; copied. */
  readonly from: string;
  readonly to: string;
  /** What the primary calls it: in `synchronous_standby_names`. */
  readonly name: string;
  readonly primaryPort: number;
};

/** Copies a stopped primary as a standby of it: there is no pg_basebackup in the package that brings Postgres along. */
export function copyStandby({ from, to, name, primaryPort }: StandbyOptions): void {
  cpSync(from, to, { recursive: true });
  chmodSync(to, 0o700);
  closeSync(openSync(join(to, "standby.signal"), "w"));
  // In its file and not on its command line, so that it can be changed while it runs.
  appendFileSync(join(to, "postgresql.auto.conf"), `primary_conninfo = '${conninfo(name, primaryPort)}'\n`);
  writeFileSync(join(to, "postmaster.opts"), "");
  giveTo(to, postgresUser());
}

export function conninfo(name: string, port: number): string {
  return `host=127.0.0.1 port=${port} user=postgres application_name=${name}`;
}

export function startStandby(dataDir: string): Promise<RunningServer> {
  return startPostgres({ dataDir, durable: true });
}

function giveTo(path: string, { uid, gid }: { readonly uid?: number; readonly gid?: number }): void {
  if (uid === undefined || gid === undefined) return;
  chownSync(path, uid, gid);
  if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) giveTo(join(path, name), { uid, gid });
}

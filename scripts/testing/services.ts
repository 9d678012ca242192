import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { runPostgres } from "../services/postgres.ts";
import { runRedis } from "../services/redis.ts";
import { freePort, waitFor, type RunningServer } from "../services/server.ts";
import { takePreparedCluster } from "./prepared-cluster.ts";
import { notePid } from "./run-directory.ts";
import { runServices } from "./run-services.ts";
import { asAdmin, TEMPLATE, withDatabase } from "./template-database.ts";

export type TestDatabase = {
  /** The superuser's, past row-level security: for arranging and inspecting only. */
  readonly adminUrl: string;
  readonly hubUrl: string;
  readonly consumerUrl: string;
  drop(): Promise<void>;
};

/** A database of its own with all migrations applied. */
export async function testDatabase(): Promise<TestDatabase> {
  const { postgresUrl } = runServices();
  const name = `test_${randomBytes(6).toString("hex")}`;
  await asAdmin(postgresUrl, `create database ${name} template ${TEMPLATE} strategy file_copy`);
  return {
    adminUrl: withDatabase(postgresUrl, name),
    hubUrl: withDatabase(postgresUrl, name, "comanda_hub"),
    consumerUrl: withDatabase(postgresUrl, name, "comanda_consumer"),
    drop: () => asAdmin(postgresUrl, `drop database if exists ${name} with (force)`),
  };
}

export type TestRedis = { readonly url: string; flush(): Promise<void> };

let own: TestRedis | undefined;

/** The file's own numbered keyspace on the run's Redis; the same one at every call. */
export function testRedis(): TestRedis {
  own ??= takeRedisDatabase();
  return own;
}

/** For the next file of the same worker. */
export function leaveTestRedis(): void {
  own = undefined;
}

export function testRedisUrl(): string {
  return testRedis().url;
}

function takeRedisDatabase(): TestRedis {
  const { dir, redisUrl } = runServices();
  const url = `${redisUrl}/${takeNumber(join(dir, "redis-databases"))}`;
  return {
    url,
    async flush() {
      const redis = new Redis(url);
      await redis.flushdb();
      redis.disconnect();
    },
  };
}

/** mkdir either makes the folder or fails, so that two test files never take one number. */
function takeNumber(dir: string): number {
  for (let number = 1; ; number++) {
    try {
      mkdirSync(join(dir, String(number)));
      return number;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** Open to the user that runs Postgres when we are root. */
function ownDirectory(kind: string): string {
  const dir = mkdtempSync(join(runServices().dir, `${kind}-`));
  chmodSync(dir, 0o755);
  return dir;
}

/** A server that a test forgot is ended with the run, or by the next one. */
function started(pid: number): void {
  notePid(runServices().dir, pid);
}

export type OwnPostgresOptions = {
  readonly dataDir?: string;
  readonly port?: number;
  /** True runs with fsync, as production does. */
  readonly durable?: boolean;
  readonly settings?: Readonly<Record<string, string>>;
  /** All migrations are applied; otherwise its database is empty. */
  readonly migrated?: boolean;
};

/** A Postgres to kill. Roles log in without a password. */
export async function startPostgres(options: OwnPostgresOptions = {}): Promise<RunningServer> {
  const dir = ownDirectory("postgres");
  const dataDir = options.dataDir ?? join(dir, "data");
  if (options.migrated === true) takePreparedCluster(dataDir);
  return runPostgres({
    dataDir,
    durable: options.durable ?? false,
    logFile: `${dir}.log`,
    started,
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.settings === undefined ? {} : { settings: options.settings }),
  });
}

export type OwnRedisOptions = {
  readonly port?: number;
  readonly dir?: string;
  /** True runs with AOF, as production does. */
  readonly durable?: boolean;
  readonly args?: readonly string[];
};

/** A Redis to kill or to flush. */
export async function startRedis(options: OwnRedisOptions = {}): Promise<RunningServer> {
  const dir = ownDirectory("redis");
  return runRedis({
    dir: options.dir ?? dir,
    durable: options.durable ?? false,
    logFile: `${dir}.log`,
    started,
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.args === undefined ? {} : { args: options.args }),
  });
}

export type OwnCluster = { readonly server: RunningServer; /** As REDIS_URL names a cluster. */ readonly clusterUrl: string };

/** A Redis cluster of one node, which refuses all that a large one refuses. */
export async function startCluster(): Promise<OwnCluster> {
  const server = await startRedis({ args: ["--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1", "--cluster-port", String(await freePort())] });
  const redis = new Redis(server.url);
  await redis.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
  await waitFor("the cluster to be whole", 10_000, async () => String(await redis.call("CLUSTER", "INFO")).includes("cluster_state:ok"));
  redis.disconnect();
  return { server, clusterUrl: `redis-cluster://127.0.0.1:${server.port}` };
}

/** Removes a folder that a test gave to its server. */
export function removeDirectory(dir: string): void {
  rmSync(dir, { recursive: true, force: true });
}

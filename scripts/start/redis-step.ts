import { spawnSync } from "node:child_process";
import { Redis } from "ioredis";
import { runRedis } from "../services/redis.ts";
import type { RunningServer } from "../services/server.ts";
import type { DataFolder } from "./data-folder.ts";
import { canInstall, installPackages } from "./debian.ts";
import { cannotStart } from "./report.ts";

/** Streams and functions as the hub uses them are there since 7.0. */
const LEAST_VERSION = 7;

export type RedisFound = { readonly url: string; readonly ours?: RunningServer; readonly says: string };

function installedVersion(): string | undefined {
  const run = spawnSync("redis-server", ["--version"], { encoding: "utf8" });
  return run.status === 0 ? (/v=([\d.]+)/.exec(run.stdout)?.[1] ?? "0") : undefined;
}

function refuseOld(version: string, where: string): void {
  if (Number.parseInt(version, 10) < LEAST_VERSION) {
    throw cannotStart(`${where} is Redis ${version}: Comanda needs ${LEAST_VERSION}.0 or newer.`);
  }
}

async function useGiven(url: string): Promise<RedisFound> {
  const { host } = new URL(url);
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 5_000, maxRetriesPerRequest: 0 });
  let cause = "";
  redis.on("error", (error: Error) => (cause = error.message));
  try {
    await redis.connect();
    const version = /redis_version:([\d.]+)/.exec(await redis.info("server"))?.[1] ?? "0";
    refuseOld(version, `What REDIS_URL names (${host})`);
    return { url, says: `yours at ${host}, version ${version}` };
  } catch (error) {
    if (error instanceof Error && error.name === "CannotStart") throw error;
    const reason = cause || (error instanceof Error ? error.message : String(error));
    throw cannotStart(`Redis at ${host} does not answer (${reason}): correct REDIS_URL, or leave it out to have one run for you.`);
  } finally {
    redis.disconnect();
  }
}

/** redis-server on PATH, else Debian's package when we are root, else a sentence. Answers its version. */
export async function requireRedisServer(): Promise<string> {
  if (installedVersion() === undefined && canInstall()) await installPackages(["redis-server"]);
  const version = installedVersion();
  if (version === undefined) {
    throw cannotStart(
      "Redis is not on this machine: install it (Debian, Ubuntu: sudo apt-get install redis-server; macOS: brew install redis), or give the address of one in REDIS_URL.",
    );
  }
  refuseOld(version, "redis-server on PATH");
  return version;
}

/** REDIS_URL, else one of our own in the data folder. */
export async function findRedis(given: string | undefined, folder: DataFolder): Promise<RedisFound> {
  if (given !== undefined) return useGiven(given);
  const version = await requireRedisServer();
  const ours = await runRedis({
    dir: folder.redis,
    durable: true,
    logFile: folder.logFile("redis"),
    started: (pid) => folder.noteStarted("redis", pid),
  });
  return { url: ours.url, ours, says: `our own ${version} on port ${ours.port}, append-only file in ${folder.redis}` };
}

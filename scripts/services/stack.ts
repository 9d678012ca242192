import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { migrate } from "#hub/db/migrate.ts";
import { rolePasswords, roleUrls } from "#hub/db/roles.ts";
import { runChild, type RunningChild } from "../start/child.ts";
import { runPostgres } from "./postgres.ts";
import { runRedis } from "./redis.ts";
import { freePort, type RunningServer } from "./server.ts";

export type StackOptions = {
  /** Data and logs go here. */
  readonly dir: string;
  /** fsync and AOF, as in production. */
  readonly durable: boolean;
  readonly postgresSettings?: Readonly<Record<string, string>>;
  /** Hears every pid that is started. */
  readonly started?: (pid: number) => void;
};

/** The whole product as processes that can be killed: for measuring it and for testing that it survives. */
export type Stack = {
  readonly postgres: RunningServer;
  readonly redis: RunningServer;
  readonly hub: RunningChild;
  readonly consumers: RunningChild;
  /** `http://127.0.0.1:<port>`, the same over every restart. */
  readonly url: string;
  readonly secret: string;
  /** The superuser's: for arranging and inspecting only. */
  readonly adminUrl: string;
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
};

const SECRET = "a-secret-of-a-stack-that-nobody-else-uses";

export async function runStack(options: StackOptions): Promise<Stack> {
  const { dir, durable, started = () => {} } = options;
  mkdirSync(dir, { recursive: true });
  // Postgres does not run as root: its own user must get through.
  chmodSync(dir, 0o755);
  const [postgres, redis, port] = await Promise.all([
    runPostgres({
      dataDir: join(dir, "postgres"),
      durable,
      logFile: join(dir, "postgres.log"),
      started,
      ...(options.postgresSettings === undefined ? {} : { settings: options.postgresSettings }),
    }),
    runRedis({ dir: join(dir, "redis"), durable, logFile: join(dir, "redis.log"), started }),
    freePort(),
  ]);
  await migrate(postgres.url, { passwords: rolePasswords(SECRET) });
  const { hubUrl, consumerUrl } = roleUrls(postgres.url, SECRET);
  const env = {
    PORT: String(port),
    HOST: "127.0.0.1",
    HUB_DATABASE_URL: hubUrl,
    CONSUMER_DATABASE_URL: consumerUrl,
    REDIS_URL: redis.url,
    COMANDA_SECRET: SECRET,
    LOG_LEVEL: "warn",
  };
  const run = (name: string, script: string) => runChild({ name, script, env, logFile: join(dir, `${name}.log`) }, started);
  const [hub, consumers] = await Promise.all([run("hub", "hub/main.ts"), run("consumers", "consumers/main.ts")]);
  return {
    postgres,
    redis,
    hub,
    consumers,
    url: `http://127.0.0.1:${port}`,
    secret: SECRET,
    adminUrl: postgres.url,
    env,
    async stop() {
      await Promise.all([hub.stop(), consumers.stop()]);
      await Promise.all([postgres.stop(), redis.stop()]);
    },
  };
}

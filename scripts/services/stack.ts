import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { migrate } from "#hub/db/migrate.ts";
import { rolePasswords, roleUrls } from "#hub/db/roles.ts";
import { runChild, type RunningChild } from "../start/child.ts";
import { runPostgres } from "./postgres.ts";
import { runRedisCluster, type RedisCluster } from "./redis-cluster.ts";
import { runRedis } from "./redis.ts";
import { freePort, type RunningServer } from "./server.ts";

export type StackOptions = {
  /** Data and logs go here. */
  readonly dir: string;
  /** Postgres's data; `postgres` in `dir` unless said. */
  readonly postgresDir?: string;
  /** fsync and AOF, as in production. */
  readonly durable: boolean;
  readonly postgresSettings?: Readonly<Record<string, string>>;
  /** Redis as a cluster of six processes. */
  readonly redisCluster?: boolean;
  /** Hubs and consumers' processes to begin with; one of each unless said. */
  readonly hubs?: number;
  readonly consumerProcesses?: number;
  /** Hears every pid that is started. */
  readonly started?: (pid: number) => void;
  /** More for every process: payment providers. */
  readonly env?: Readonly<Record<string, string>>;
  /** Modules that every process loads before its own. */
  readonly imports?: readonly string[];
  /** The addresses under which one process finds the servers, when something stands between them; by the process's name. */
  readonly reach?: (name: string, addresses: Readonly<Record<string, string>>) => Promise<Readonly<Record<string, string>>>;
};

export type HubProcess = RunningChild & { readonly url: string; readonly port: number };
/** Modules that are loaded before the process's own: for tests. */
export type ProcessOptions = { readonly imports?: readonly string[] };

/** The whole product as processes that can be killed: for measuring it and for testing that it survives. */
export type Stack = {
  readonly postgres: RunningServer;
  readonly redis: RunningServer;
  /** The same as `redis`, when it is one. */
  readonly cluster: RedisCluster | undefined;
  /** The first of each; those of a stack that has one. */
  readonly hub: HubProcess;
  readonly consumers: RunningChild;
  readonly hubs: readonly HubProcess[];
  readonly consumerProcesses: readonly RunningChild[];
  /** One more beside those that run, on the same data. */
  addHub(options?: ProcessOptions): Promise<HubProcess>;
  addConsumers(options?: ProcessOptions): Promise<RunningChild>;
  /** In good order, and for good. */
  retire(child: RunningChild): Promise<void>;
  /** The first hub's: `http://127.0.0.1:<port>`, the same over every restart. */
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
  const redisOptions = { dir: join(dir, "redis"), durable, logFile: join(dir, "redis.log"), started };
  const [postgres, { redis, cluster }] = await Promise.all([
    runPostgres({
      dataDir: options.postgresDir ?? join(dir, "postgres"),
      durable,
      logFile: join(dir, "postgres.log"),
      started,
      ...(options.postgresSettings === undefined ? {} : { settings: options.postgresSettings }),
    }),
    options.redisCluster === true ? runRedisCluster(redisOptions).then((made) => ({ redis: made, cluster: made })) : runRedis(redisOptions).then((made) => ({ redis: made, cluster: undefined })),
  ]);
  await migrate(postgres.url, { passwords: rolePasswords(SECRET) });
  const { hubUrl, consumerUrl } = roleUrls(postgres.url, SECRET);
  const env = {
    HOST: "127.0.0.1",
    HUB_DATABASE_URL: hubUrl,
    CONSUMER_DATABASE_URL: consumerUrl,
    REDIS_URL: redis.url,
    COMANDA_SECRET: SECRET,
    LOG_LEVEL: "warn",
    // What measures and what harasses taps faster than people do, many waiters on one tablet.
    DEVICE_CALLS_PER_SECOND: "0",
    MERCHANT_CALLS_PER_SECOND: "0",
    ...options.env,
  };
  let hubs: HubProcess[] = [];
  let consumerProcesses: RunningChild[] = [];
  const made = { hub: 0, consumers: 0 };
  /** Never used twice: a consumers' process takes over from another of its name. */
  const nameOf = (kind: keyof typeof made) => (made[kind]++ === 0 ? kind : `${kind}-${made[kind]}`);
  const run = async (name: string, script: string, own: Readonly<Record<string, string>>, process: ProcessOptions) =>
    runChild({ name, script, env: { ...env, ...own, ...(await options.reach?.(name, env)) }, logFile: join(dir, `${name}.log`), imports: options.imports ?? [], ...process }, started);

  async function runHub(options: ProcessOptions = {}): Promise<HubProcess> {
    const name = nameOf("hub");
    const port = await freePort();
    const child = await run(name, "hub/main.ts", { PORT: String(port) }, options);
    return Object.defineProperties(child, { url: { value: `http://127.0.0.1:${port}` }, port: { value: port } }) as HubProcess;
  }

  function runConsumers(options: ProcessOptions = {}): Promise<RunningChild> {
    const name = nameOf("consumers");
    return run(name, "consumers/main.ts", { CONSUMERS_NAME: name }, options);
  }

  [hubs, consumerProcesses] = await Promise.all([
    Promise.all(Array.from({ length: options.hubs ?? 1 }, () => runHub())),
    Promise.all(Array.from({ length: options.consumerProcesses ?? 1 }, () => runConsumers())),
  ]);
  const [hub] = hubs;
  const [consumers] = consumerProcesses;
  if (hub === undefined || consumers === undefined) throw new Error("a stack has at least one hub and one process of consumers");
  return {
    postgres,
    redis,
    cluster,
    hub,
    consumers,
    get hubs() {
      return hubs;
    },
    get consumerProcesses() {
      return consumerProcesses;
    },
    async addHub(added) {
      const one = await runHub(added);
      hubs.push(one);
      return one;
    },
    async addConsumers(added) {
      const one = await runConsumers(added);
      consumerProcesses.push(one);
      return one;
    },
    async retire(child) {
      hubs = hubs.filter((one) => one !== child);
      consumerProcesses = consumerProcesses.filter((one) => one !== child);
      await child.stop();
    },
    url: hub.url,
    secret: SECRET,
    adminUrl: postgres.url,
    env,
    async stop() {
      await Promise.all([...hubs, ...consumerProcesses].map((child) => child.stop()));
      await Promise.all([postgres.stop(), redis.stop()]);
    },
  };
}

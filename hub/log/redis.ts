import { Cluster, Redis, type RedisOptions } from "ioredis";
import { clusterOf, type ClusterAddress, type RedisNode } from "./redis-address.ts";

/** Replies in the shapes of RESP2, which ioredis gives unless told otherwise. */
type LegacyReplies = RedisOptions & { readonly replyMapping?: "legacy" };

/** One Redis, or a cluster that sends each command to the node of its key. */
export type AnyRedis = Redis | Cluster;

/** Fails at once while Redis is away, so that its user can turn to Postgres (RUN-1, LOG-6). */
const UNQUEUED: LegacyReplies = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  connectTimeout: 2_000,
  retryStrategy: (attempt: number) => Math.min(1_000, 50 * 2 ** Math.min(attempt, 6)),
  // READONLY after a failover, LOADING after a restart: dial again and send the command again.
  reconnectOnError: (error) => (/^(READONLY|LOADING|UNBLOCKED)/.test(error.message) ? 2 : false),
};

/** A connection to one server, which its client mends by itself. */
export function connectRedis(url: string, options: LegacyReplies = {}): Redis {
  return quiet(new Redis(url, { ...UNQUEUED, ...options }));
}

/** The same, or a cluster's: for commands that name one key. */
export function connectAnyRedis(url: string, options: LegacyReplies = {}): AnyRedis {
  const cluster = clusterOf(url);
  return cluster === undefined ? connectRedis(url, options) : quiet(connectCluster(cluster, { ...UNQUEUED, ...options }));
}

/** Without a listener ioredis prints every failed attempt; commands report their own errors. BullMQ makes copies and listens to them only as long as it wants them. */
function quiet<Client extends AnyRedis>(redis: Client): Client {
  redis.on("error", () => {});
  const copy = redis.duplicate.bind(redis) as (...args: unknown[]) => AnyRedis;
  return Object.assign(redis, { duplicate: (...args: unknown[]) => quiet(copy(...args)) });
}

function connectCluster({ nodes, access }: ClusterAddress, options: LegacyReplies): Cluster {
  const { retryStrategy } = options;
  return new Cluster([...nodes], {
    ...(options.enableOfflineQueue === undefined ? {} : { enableOfflineQueue: options.enableOfflineQueue }),
    ...(options.lazyConnect === undefined ? {} : { lazyConnect: options.lazyConnect }),
    clusterRetryStrategy: (attempt) => retryStrategy?.(attempt) ?? null,
    // A node that is gone is asked again while its replica takes over, and no longer.
    maxRedirections: 5,
    retryDelayOnFailover: 200,
    slotsRefreshTimeout: 2_000,
    slotsRefreshInterval: 5_000,
    redisOptions: { ...options, ...access },
  });
}

/** For blocking reads of one stream: a connection of its own, in a cluster to the node that has the stream now. */
export async function connectToStream(url: string, key: string, options: LegacyReplies = {}): Promise<Redis> {
  const cluster = clusterOf(url);
  if (cluster === undefined) return connectRedis(url, options);
  return quiet(new Redis({ ...UNQUEUED, ...options, ...(await ownerOf(cluster, key)), ...cluster.access }));
}

type SlotRange = readonly [from: number, to: number, master: readonly [host: string | null, port: number]];

let turn = 0;

/** The nodes are asked in turn: one that is away or does not know of a failover must not be the first for ever. */
async function ownerOf({ nodes, access }: ClusterAddress, key: string): Promise<RedisNode> {
  const first = turn++ % nodes.length;
  for (const node of [...nodes.slice(first), ...nodes.slice(0, first)]) {
    const asked = quiet(new Redis({ ...UNQUEUED, ...node, ...access, lazyConnect: true, commandTimeout: 2_000, retryStrategy: () => null }));
    try {
      await asked.connect();
      const [slot, ranges] = await Promise.all([asked.cluster("KEYSLOT", key), asked.cluster("SLOTS")]);
      for (const [from, to, [host, port]] of ranges as unknown as readonly SlotRange[]) {
        if (slot >= from && slot <= to) return { host: host || node.host, port };
      }
    } catch {
      // Another one may know.
    } finally {
      asked.disconnect();
    }
  }
  throw new Error("no node of the Redis cluster says who has the stream");
}

/** Redis is there and says no: OOM (no memory left), READONLY (not the master), MISCONF (cannot write its disk); undefined for any other failure. */
export function refusalOf(error: unknown): string | undefined {
  return error instanceof Error && error.name === "ReplyError" ? /^[A-Z]+/.exec(error.message)?.[0] : undefined;
}

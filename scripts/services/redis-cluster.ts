import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { runRedis } from "./redis.ts";
import { delay, freePort, waitFor, type RunningServer } from "./server.ts";

const MASTERS = 3;
const SLOTS = 16_384;

/** Three masters with a replica each, on this machine; killing or restarting it concerns all of its nodes. */
export type RedisCluster = RunningServer & {
  readonly nodes: readonly RunningServer[];
  /** The master of a key now. */
  masterOf(key: string): Promise<RunningServer>;
  /** Moves the slot of a key, with all that is in it, to another master, while it is being used. */
  moveSlotOf(key: string): Promise<void>;
};

export type RedisClusterOptions = { readonly dir: string; readonly durable: boolean; readonly logFile: string; readonly started?: (pid: number) => void };

export async function runRedisCluster({ dir, durable, logFile, started }: RedisClusterOptions): Promise<RedisCluster> {
  const nodes = await Promise.all(
    Array.from({ length: MASTERS * 2 }, async (_, i) => {
      const own = join(dir, `node-${i + 1}`);
      mkdirSync(own, { recursive: true });
      const args = ["--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", "--cluster-node-timeout", "1500", "--cluster-port", String(await freePort())];
      return runRedis({ dir: own, durable, databases: 1, args, logFile, ...(started === undefined ? {} : { started }) });
    }),
  );
  await bringTogether(nodes);
  const all = async (what: (node: RunningServer) => Promise<void>) => void (await Promise.all(nodes.map(what)));
  return {
    url: `redis-cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(",")}`,
    port: nodes[0]?.port ?? 0,
    pid: nodes[0]?.pid ?? -1,
    nodes,
    masterOf: async (key) => (await ownerOf(nodes, key)).master,
    moveSlotOf: (key) => moveSlot(nodes, key),
    ended: () => all((node) => node.ended()),
    stop: () => all((node) => node.stop()),
    kill: (signal) => all((node) => node.kill(signal)),
    restart: () => all((node) => node.restart()),
  };
}

async function asking<T>(node: RunningServer, ask: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(node.port, "127.0.0.1", { lazyConnect: true, commandTimeout: 5_000, retryStrategy: () => null });
  redis.on("error", () => {});
  try {
    await redis.connect();
    return await ask(redis);
  } finally {
    redis.disconnect();
  }
}

async function bringTogether(nodes: readonly RunningServer[]): Promise<void> {
  const [first] = nodes;
  if (first === undefined) throw new Error("a cluster has nodes");
  const busPorts = await Promise.all(nodes.map((node) => asking(node, async (redis) => Number((await redis.call("CONFIG", "GET", "cluster-port") as string[])[1]))));
  const ids = await Promise.all(nodes.map((node) => asking(node, async (redis) => String(await redis.call("CLUSTER", "MYID")))));
  for (const [i, node] of nodes.slice(0, MASTERS).entries()) {
    const [from, to] = [Math.floor((SLOTS * i) / MASTERS), Math.floor((SLOTS * (i + 1)) / MASTERS) - 1];
    await asking(node, (redis) => redis.call("CLUSTER", "ADDSLOTSRANGE", String(from), String(to)));
  }
  for (const [i, { port }] of nodes.entries()) {
    if (i > 0) await asking(first, (redis) => redis.call("CLUSTER", "MEET", "127.0.0.1", String(port), String(busPorts[i])));
  }
  const allKnow = async (what: (info: string) => boolean) => {
    const infos = await Promise.all(nodes.map((node) => asking(node, async (redis) => String(await redis.call("CLUSTER", "INFO")))));
    return infos.every(what);
  };
  await waitFor("the nodes to know each other", 20_000, () => allKnow((info) => info.includes(`cluster_known_nodes:${nodes.length}`)));
  for (const [i, node] of nodes.slice(MASTERS).entries()) {
    await waitFor("a node to know its master", 20_000, () =>
      asking(node, (redis) => redis.call("CLUSTER", "REPLICATE", ids[i] ?? "")).then(
        () => true,
        () => false,
      ),
    );
  }
  await waitFor("the cluster to be whole", 20_000, () => allKnow((info) => info.includes("cluster_state:ok")));
  await waitFor("the replicas to follow", 20_000, async () => {
    const roles = await Promise.all(nodes.slice(MASTERS).map((node) => asking(node, (redis) => redis.info("replication"))));
    return roles.every((said) => said.includes("master_link_status:up"));
  });
}

type Owner = { readonly slot: number; readonly master: RunningServer; readonly others: readonly RunningServer[] };

/** Asks whoever answers; a node that is gone is passed over. */
async function ownerOf(nodes: readonly RunningServer[], key: string): Promise<Owner> {
  for (const node of nodes) {
    try {
      return await asking(node, async (redis) => {
        const slot = Number(await redis.cluster("KEYSLOT", key));
        const ranges = (await redis.cluster("SLOTS")) as unknown as [number, number, [string, number]][];
        const portOf = ranges.find(([from, to]) => slot >= from && slot <= to)?.[2][1];
        const byPort = (port: number | undefined) => nodes.find((one) => one.port === port);
        const master = byPort(portOf);
        if (master === undefined) throw new Error(`nobody has slot ${slot}`);
        const others = [...new Set(ranges.map(([, , [, port]]) => port))].flatMap((port) => byPort(port) ?? []).filter((one) => one !== master);
        return { slot, master, others };
      });
    } catch {
      await delay(50);
    }
  }
  throw new Error("no node of the cluster answers");
}

async function moveSlot(nodes: readonly RunningServer[], key: string): Promise<void> {
  const { slot, master, others } = await ownerOf(nodes, key);
  const [target] = others;
  if (target === undefined) throw new Error("there is no other master");
  const idOf = (node: RunningServer) => asking(node, async (redis) => String(await redis.call("CLUSTER", "MYID")));
  const [from, to] = [await idOf(master), await idOf(target)];
  const say = (node: RunningServer, ...words: string[]) => asking(node, (redis) => redis.call("CLUSTER", "SETSLOT", String(slot), ...words));
  await say(target, "IMPORTING", from);
  await say(master, "MIGRATING", to);
  await asking(master, async (redis) => {
    for (;;) {
      const keys = (await redis.call("CLUSTER", "GETKEYSINSLOT", String(slot), "20")) as string[];
      if (keys.length === 0) return;
      await redis.call("MIGRATE", "127.0.0.1", String(target.port), "", "0", "5000", "KEYS", ...keys);
    }
  });
  for (const node of [target, master, ...others.slice(1)]) await say(node, "NODE", to);
}

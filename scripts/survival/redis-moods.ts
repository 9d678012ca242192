import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { readEpoch } from "#hub/log/epoch.ts";
import { streamKey } from "#hub/log/keys.ts";
import { SHARD_COUNT } from "#shared/shards.ts";
import { runRedis } from "../services/redis.ts";
import { delay, waitFor } from "../services/server.ts";
import type { Stage } from "./stage.ts";

/** What a mood is done to: the product as processes, and where its data lies. */
export type Subject = Pick<Stage, "stack" | "admin" | "logDir">;

/** One way in which Redis is bad; `meanwhile` is what goes on while it is. Back to normal when it resolves. */
export type RedisMood = (subject: Subject, meanwhile: () => Promise<unknown>) => Promise<void>;

/** Killed, and started again on what its append-only file has. */
export const killed: RedisMood = async ({ stack }, meanwhile) => {
  await stack.redis.kill("SIGKILL");
  await meanwhile();
  await stack.redis.restart();
};

/** Stopped with its connections open. */
export const silent: RedisMood = async ({ stack }, meanwhile) => {
  await stack.redis.kill("SIGSTOP");
  try {
    await meanwhile();
  } finally {
    await stack.redis.kill("SIGCONT");
  }
};

/** Every connection but ours cut, twenty times a second. */
export const cutOff: RedisMood = (subject, meanwhile) =>
  withRedis(subject, async (redis) => {
    let over = false;
    const cutting = (async () => {
      while (!over) {
        await redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        await delay(50);
      }
    })();
    await meanwhile();
    over = true;
    await cutting;
  });

export const flushed: RedisMood = (subject, meanwhile) =>
  withRedis(subject, async (redis) => {
    await redis.flushall();
    await meanwhile();
    await redis.flushall();
  });

/** Started again on an append-only file that ends in the middle of a command, some way back. */
export const tailCut: RedisMood = async ({ stack, logDir }, meanwhile) => {
  await stack.redis.kill("SIGKILL");
  await meanwhile();
  const folder = join(logDir, "redis", "appendonlydir");
  const [file] = readdirSync(folder).filter((name) => name.endsWith(".incr.aof")).toSorted().slice(-1);
  if (file === undefined) throw new Error("Redis has no append-only file");
  const path = join(folder, file);
  truncateSync(path, Math.max(0, statSync(path).size - 20_001));
  await stack.redis.restart();
};

/** A replica that stopped hearing of its master some commands ago takes its place and its address. */
export const failedOver: RedisMood = async (subject, meanwhile) => {
  const { stack, logDir } = subject;
  const dir = mkdtempSync(join(logDir, "replica-"));
  const replica = await runRedis({ dir, durable: true, logFile: join(logDir, "replica.log"), args: ["--replicaof", "127.0.0.1", String(stack.redis.port)] });
  try {
    const there = new Redis(replica.url);
    await waitFor("the replica to be up to date", 20_000, async () => /master_link_status:up/.test(await there.info("replication")));
    await there.replicaof("NO", "ONE");
    there.disconnect();
    await meanwhile();
  } finally {
    await replica.stop();
  }
  await stack.redis.kill("SIGKILL");
  rmSync(join(logDir, "redis"), { recursive: true, force: true });
  cpSync(dir, join(logDir, "redis"), { recursive: true });
  await stack.redis.restart();
};

/** All entries but the last of each stream go before anybody has read them, again and again. */
export const trimmed: RedisMood = async (subject, meanwhile) => {
  const epoch = (await readEpoch(subject.admin)) ?? "";
  await withRedis(subject, async (redis) => {
    let over = false;
    const trimming = (async () => {
      while (!over) {
        for (let shard = 0; shard < SHARD_COUNT; shard++) await redis.xtrim(streamKey(shard, epoch), "MAXLEN", 1);
        await delay(20);
      }
    })();
    await meanwhile();
    over = true;
    await trimming;
  });
};

/** Every consumer's group of every stream, by hand. */
export const ungrouped: RedisMood = async (subject, meanwhile) => {
  const epoch = (await readEpoch(subject.admin)) ?? "";
  await withRedis(subject, async (redis) => {
    for (let shard = 0; shard < SHARD_COUNT; shard++) {
      const groups = (await redis.xinfo("GROUPS", streamKey(shard, epoch)).catch(() => [])) as unknown[][];
      for (const group of groups) await redis.xgroup("DESTROY", streamKey(shard, epoch), String(group[group.indexOf("name") + 1]));
    }
  });
  await meanwhile();
};

/** No memory left: it answers, and refuses whatever would take some. */
export const outOfMemory: RedisMood = (subject, meanwhile) =>
  withRedis(subject, async (redis) => {
    await redis.config("SET", "maxmemory-policy", "noeviction");
    await redis.config("SET", "maxmemory", "1");
    try {
      await meanwhile();
    } finally {
      await redis.config("SET", "maxmemory", "0");
    }
  });

async function withRedis(subject: Subject, work: (redis: Redis) => Promise<void>): Promise<void> {
  const redis = new Redis(subject.stack.redis.url);
  redis.on("error", () => {});
  try {
    await work(redis);
  } finally {
    redis.disconnect();
  }
}

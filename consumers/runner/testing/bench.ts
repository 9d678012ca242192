import { createHash } from "node:crypto";
import { Redis } from "ioredis";
import { connect, type Sql } from "#hub/db/client.ts";
import type { AppendCommand, ParsedEvent } from "#hub/log/types.ts";
import { shardOf } from "#shared/shards.ts";
import { testDatabase, testRedis } from "#scripts/testing/services.ts";
import type { Runner, RunnerOptions, ShardStatus } from "../ports.ts";
import type { ReadEvent } from "../readable.ts";
import { startRunner } from "../runner.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import { benchLog, commandFor, type BenchLog, type Drafted } from "./bench-log.ts";
import { createEffects, effectsOf, until } from "./effects.ts";

export const FAST = { leaseMs: 1_500, tickMs: 200, safetyPollMs: 400, outagePollMs: 100, blockMs: 500, skipFlushMs: 50 };
/** Timings under which nobody but Redis rings within a test. */
export const REDIS_ONLY = { ...FAST, safetyPollMs: 60_000 };

/** Events of the bench are of no schema. */
export const asItIs: ReadEvent = (envelope) => envelope as EventEnvelope;

export type Bench = {
  readonly sql: Sql;
  readonly log: BenchLog;
  readonly redis: Redis;
  readonly redisUrl: string;
  readonly databaseUrls: { readonly adminUrl: string; readonly hubUrl: string; readonly consumerUrl: string };
  start(options: Partial<RunnerOptions> & Pick<RunnerOptions, "consumers">): Runner;
  stopAll(): Promise<void>;
  close(): Promise<void>;
};

/** A database, a log and runners on it, for one test file. */
export async function openBench(redisUrl = testRedis().url): Promise<Bench> {
  const database = await testDatabase();
  await createEffects(database.adminUrl);
  const sql = connect(database.consumerUrl, { max: 16 });
  const log = await benchLog(database.consumerUrl, redisUrl);
  const redis = new Redis(redisUrl, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  redis.on("error", () => {});
  const running: Runner[] = [];
  const stopAll = async () => {
    await Promise.all(running.splice(0).map((runner) => runner.stop()));
  };
  return {
    sql,
    log,
    redis,
    redisUrl,
    databaseUrls: database,
    start(options) {
      const runner = startRunner({ sql, redisUrl, log: log.runnerLog, processName: `test-${running.length}`, timings: FAST, read: asItIs, ...options });
      running.push(runner);
      return runner;
    },
    stopAll,
    async close() {
      await stopAll();
      redis.disconnect();
      await log.close();
      await sql.end({ timeout: 1 });
      await database.drop();
    },
  };
}

/** A merchant whose events go to the shard: each test of a file takes another one. */
export function merchantOn(shard: number): string {
  for (let i = 0; ; i++) {
    const id = `mer_01JD${String(i).padStart(22, "0")}`;
    if (shardOf(id) === shard) return id;
  }
}

export function orders(count: number, subject: string, data?: unknown): Drafted[] {
  return Array.from({ length: count }, () => ({ subject, ...(data === undefined ? {} : { data }) }));
}

/** 1n to `to`. */
export function upTo(to: number | bigint): bigint[] {
  return Array.from({ length: Number(to) }, (_, i) => BigInt(i + 1));
}

export async function applied(bench: Bench, group: string, shard: number): Promise<bigint[]> {
  return (await effectsOf(bench.sql, group, shard)).map(({ position }) => position);
}

export function untilApplied(bench: Bench, group: string, shard: number, count: number, ms?: number): Promise<void> {
  return until(`${count} effects of ${group} on shard ${shard}`, async () => (await applied(bench, group, shard)).length >= count, ms);
}

/** What Redis's own tools say of a consumer's group; undefined when it has none. */
export async function groupIn(redis: Redis, stream: string, group: string): Promise<Record<string, unknown> | undefined> {
  const groups = (await redis.xinfo("GROUPS", stream).catch(() => [])) as unknown[][];
  return groups.map((fields) => Object.fromEntries(Array.from({ length: fields.length / 2 }, (_, i) => [String(fields[2 * i]), fields[2 * i + 1]]))).find(({ name }) => name === group);
}

export async function shardOfRunner(runner: Runner, shard: number, group: string): Promise<ShardStatus> {
  const status = (await runner.status()).shards.find((one) => one.shard === shard && one.group === group);
  if (status === undefined) throw new Error(`no status of ${group}/${shard}`);
  return status;
}

/** What a process manager of a test appends: the id is derived, so a second delivery repeats it. */
export function commandOnce(commandId: string, merchant: string, cause: ParsedEvent): AppendCommand {
  const command = commandFor(merchant, { subject: `tkt_${cause.position}`, type: "sale.ticket.created" }, commandId);
  return { ...command, hash: createHash("sha256").update(cause.envelope.id).digest("hex"), causationId: cause.envelope.id, source: "/consumers/test" };
}

import { randomBytes } from "node:crypto";
import type { Redis } from "ioredis";
import type { Sql, TransactionSql } from "#hub/db/client.ts";
import { SHARD_COUNT } from "#shared/shards.ts";
import { positionOf, streamKey } from "./keys.ts";
import { heads } from "./read.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A name for a log (LOG-7): a ULID. */
export function newEpoch(now: number): string {
  let text = "";
  for (let i = 0, rest = now; i < 10; i++, rest = Math.floor(rest / 32)) text = ALPHABET[rest % 32] + text;
  for (const byte of randomBytes(16)) text += ALPHABET[byte & 31];
  return text;
}

export async function readEpoch(sql: Sql | TransactionSql): Promise<string | undefined> {
  const [row] = await sql<{ epoch: string }[]>`select epoch from log_meta`;
  return row?.epoch;
}

/** The operator's command after a restore or a promotion, too. `from` is the epoch to replace: of several callers one wins, all get the epoch that holds now. */
export async function startNewEpoch(sql: Sql, options: { from: string; reason: "restore" | "promotion" | "operator"; now: number }): Promise<string> {
  const [row] = await sql<{ epoch: string }[]>`
    select log_start_epoch(${options.from}, ${newEpoch(options.now)}, ${options.reason}) as epoch`;
  if (row === undefined) throw new Error("the log has no epoch");
  return row.epoch;
}

export type Divergence = {
  readonly shard: number;
  /** What Redis carries last, and what Postgres has at its head. */
  readonly published: bigint;
  readonly head: bigint;
};

/**
 * LOG-7: shards on which Redis carries what Postgres does not have: a position past the head, or another text at the
 * same position. Redis is read first and is only ever given what was committed, so a healthy log is never named.
 */
export async function findDivergence(sql: Sql, redis: Redis, epoch: string): Promise<Divergence[]> {
  const published = await Promise.all(Array.from({ length: SHARD_COUNT }, (_, shard) => lastEntry(redis, shard, epoch)));
  const now = await heads(sql);
  const diverged: Divergence[] = [];
  for (const [shard, entry] of published.entries()) {
    const head = now[shard] ?? 0n;
    if (entry === undefined) continue;
    const [row] = await sql<{ envelope: string }[]>`select envelope from events where shard = ${shard} and position = ${entry.position}`;
    if (row?.envelope !== entry.text) diverged.push({ shard, published: entry.position, head });
  }
  return diverged;
}

export type OpenEpoch = {
  readonly epoch: string;
  /** Why it is new, when it is. */
  readonly started?: "installation" | "restore";
  readonly diverged: readonly Divergence[];
};

/**
 * The epoch to work in, at start-up. A log without one gets its first; a Postgres that was restored behind Redis gets a
 * new one, since in the old one the positions handed out again would be taken for known. Without Redis there is nothing
 * to compare and nothing is published either. `sql` needs a role that reads all tenants.
 */
export async function openEpoch(sql: Sql, redis: Redis | undefined, now: number): Promise<OpenEpoch> {
  const existing = await readEpoch(sql);
  if (existing === undefined) {
    const [row] = await sql<{ epoch: string }[]>`select log_start_epoch(null, ${newEpoch(now)}, 'installation') as epoch`;
    if (row === undefined) throw new Error("the log has no epoch");
    return { epoch: row.epoch, started: "installation", diverged: [] };
  }
  const diverged = redis === undefined ? [] : await findDivergence(sql, redis, existing);
  if (diverged.length === 0) return { epoch: existing, diverged };
  return { epoch: await startNewEpoch(sql, { from: existing, reason: "restore", now }), started: "restore", diverged };
}

async function lastEntry(redis: Redis, shard: number, epoch: string): Promise<{ position: bigint; text: string } | undefined> {
  const [entry] = await redis.xrevrange(streamKey(shard, epoch), "+", "-", "COUNT", 1);
  if (entry === undefined) return undefined;
  const [id, fields] = entry;
  return { position: positionOf(id), text: fields[fields.indexOf("e") + 1] ?? "" };
}

import { randomBytes } from "node:crypto";
import type { Sql, TransactionSql } from "#hub/db/client.ts";
import { SHARD_COUNT } from "#shared/shards.ts";
import { positionOf, streamKey } from "./keys.ts";
import { heads } from "./read.ts";
import type { AnyRedis } from "./redis.ts";
import { within } from "./waiting.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A name for a log (LOG-7): a ULID. */
export function newEpoch(now: number): string {
  let text = "";
  for (let i = 0, rest = now; i < 10; i++, rest = Math.floor(rest / 32)) text = ALPHABET[rest % 32] + text;
  for (const byte of randomBytes(16)) text += ALPHABET[byte & 31];
  return text;
}

export type EpochReason = "installation" | "restore" | "promotion" | "operator";

export type LogMeta = {
  readonly epoch: string;
  readonly since: Date;
  readonly reason: EpochReason;
  /** The server that holds the log now, as `log_origin` tells them apart; null: it does not say. */
  readonly origin: string | null;
  /** Another server, or another history of it, than the one that the log was written on: its end may be missing. */
  readonly moved: boolean;
  /** Nothing is noted yet of where the log was written. */
  readonly unplaced: boolean;
};

export async function readMeta(sql: Sql | TransactionSql): Promise<LogMeta | undefined> {
  const [row] = await sql<LogMeta[]>`
    select epoch, since, reason, now.origin, coalesce(meta.origin <> now.origin, false) as moved, meta.origin is null and now.origin is not null as unplaced
    from log_meta as meta, log_origin() as now (origin)`;
  return row;
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

/** The log was compared with what others know of it, and lacks nothing: it is at home on this server from now on. */
export async function keepEpoch(sql: Sql, { epoch, origin }: LogMeta): Promise<void> {
  await sql`select log_keep_epoch(${epoch}, ${origin})`;
}

export type Divergence = {
  readonly shard: number;
  /** What was published last, or given to screens, and what Postgres has at its head. */
  readonly published: bigint;
  readonly head: bigint;
};

/** Redis was asked and has gone silent: its connection must not be used again. */
const ANSWER_MS = 5_000;

/**
 * LOG-7: shards on which Redis carries what Postgres does not have: a position past the head, or another text at the
 * same position. Redis is read first and is only ever given what was committed, so a healthy log is never named.
 */
export async function findDivergence(sql: Sql, redis: AnyRedis, epoch: string): Promise<Divergence[]> {
  return (await compare(sql, redis, epoch)).diverged;
}

async function compare(sql: Sql, redis: AnyRedis, epoch: string): Promise<{ readonly diverged: Divergence[]; readonly whole: boolean }> {
  const published = await within(ANSWER_MS, Promise.all(Array.from({ length: SHARD_COUNT }, (_, shard) => lastEntry(redis, shard, epoch))));
  const now = await heads(sql);
  const diverged: Divergence[] = [];
  for (const [shard, entry] of published.entries()) {
    const head = now[shard] ?? 0n;
    if (entry === undefined) continue;
    const [row] = await sql<{ envelope: string }[]>`select envelope from events where shard = ${shard} and position = ${entry.position}`;
    if (row?.envelope !== entry.text) diverged.push({ shard, published: entry.position, head });
  }
  return { diverged, whole: published.every((entry, shard) => entry !== undefined || (now[shard] ?? 0n) === 0n) };
}

export type Given = { readonly shard: number; readonly position: bigint; readonly commandId: string };

/** LOG-7, without Redis: what was given to readers here and is in Postgres no more, or is another command there. */
export async function findMissing(sql: Sql, given: readonly Given[]): Promise<Divergence[]> {
  const rows = await sql<{ shard: number; position: bigint; command_id: string }[]>`
    select e.shard, e.position, e.command_id from events e
    join unnest(${given.map(({ shard }) => shard)}::smallint[], ${given.map(({ position }) => String(position))}::text[]::bigint[]) as g (shard, position) using (shard, position)`;
  const missing = given.filter(({ shard, commandId }) => rows.find((row) => row.shard === shard)?.command_id !== commandId);
  if (missing.length === 0) return [];
  const now = await heads(sql);
  return missing.map(({ shard, position }) => ({ shard, published: position, head: now[shard] ?? 0n }));
}

export type FollowedEpoch = { readonly meta: LogMeta; readonly diverged: readonly Divergence[] };

/**
 * The epoch that holds after a doubt: the same when the log lacks nothing that is known of it, else a new one. A server that
 * was promoted or restored while there is nothing to compare it with may lack anything, so that is a new epoch, too.
 */
export async function followEpoch(sql: Sql, redis: AnyRedis | undefined, doubted: LogMeta, now: number): Promise<FollowedEpoch> {
  const { diverged, whole } = redis === undefined ? { diverged: [], whole: false } : await compare(sql, redis, doubted.epoch);
  if (diverged.length === 0 && (whole || !doubted.moved)) {
    if (doubted.moved || doubted.unplaced) await keepEpoch(sql, doubted);
    return { meta: doubted, diverged };
  }
  await startNewEpoch(sql, { from: doubted.epoch, reason: doubted.moved ? "promotion" : "restore", now });
  return { meta: (await readMeta(sql)) ?? doubted, diverged };
}

export type OpenEpoch = {
  readonly epoch: string;
  /** Why it is new, when it is. */
  readonly started?: Exclude<EpochReason, "operator">;
  readonly diverged: readonly Divergence[];
};

/**
 * The epoch to work in, at start-up. A log without one gets its first; a Postgres that was restored behind Redis gets a
 * new one, since in the old one the positions handed out again would be taken for known. Without Redis there is nothing
 * to compare and nothing is published either. `sql` needs a role that reads all tenants.
 */
export async function openEpoch(sql: Sql, redis: AnyRedis | undefined, now: number): Promise<OpenEpoch> {
  const existing = await readMeta(sql);
  if (existing === undefined) {
    const [row] = await sql<{ epoch: string }[]>`select log_start_epoch(null, ${newEpoch(now)}, 'installation') as epoch`;
    if (row === undefined) throw new Error("the log has no epoch");
    return { epoch: row.epoch, started: "installation", diverged: [] };
  }
  const { meta, diverged } = await followEpoch(sql, redis, existing, now);
  if (meta.epoch === existing.epoch) return { epoch: meta.epoch, diverged };
  return { epoch: meta.epoch, started: existing.moved ? "promotion" : "restore", diverged };
}

async function lastEntry(redis: AnyRedis, shard: number, epoch: string): Promise<{ position: bigint; text: string } | undefined> {
  const [entry] = await redis.xrevrange(streamKey(shard, epoch), "+", "-", "COUNT", 1);
  if (entry === undefined) return undefined;
  const [id, fields] = entry;
  return { position: positionOf(id), text: fields[fields.indexOf("e") + 1] ?? "" };
}

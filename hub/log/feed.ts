import type { Redis } from "ioredis";
import type { Sql } from "#hub/db/client.ts";
import { SHARD_COUNT } from "#shared/shards.ts";
import { findMissing, readMeta, startNewEpoch, type Divergence, type LogMeta } from "./epoch.ts";
import { createShardFeed, type Frame, type ShardFeed } from "./feed-shard.ts";
import { warn } from "./failures.ts";
import { heads, readRange } from "./read.ts";
import type { QueueSeen } from "./queue-seen.ts";
import { createStreamReader } from "./stream-reader.ts";
import type { StoredEvent } from "./types.ts";

/** RT-2: where a reader stands: the last position of each shard that it has, in one epoch. */
export type Cursor = { readonly epoch: string; readonly positions: readonly bigint[] };

export type FeedOptions = {
  /** A role that reads all tenants. */
  readonly sql: Sql;
  /** Absent: Postgres alone is read. */
  readonly openRedis?: (shard: number) => Redis | Promise<Redis>;
  /** In a Redis cluster each shard is read over a connection of its own, to the node that has its stream. */
  readonly cluster?: boolean;
  /** This process's own commits, which are here before Redis has them (`EventLog`). */
  readonly local?: { onCommitted(listener: (shard: number, events: readonly StoredEvent[]) => void): () => void };
  readonly from: "head" | Cursor;
  /** In order and without a gap per shard. Must not wait: a slow reader is the reader's own concern (RT-3). */
  readonly onFrame: (frame: Frame) => void;
  /** LOG-7: the feed goes on at the heads of the new epoch; everything before it has to be taken anew. */
  readonly onEpoch?: (epoch: string) => void;
  /** LOG-7: what was given to readers here is in Postgres no more; the epoch that was started therefore. */
  readonly onBehind?: (epoch: string, missing: readonly Divergence[]) => void;
  readonly onError?: (error: unknown, where: string) => void;
  /** How often Postgres is asked for the heads: while Redis is there, and while it is not. */
  readonly pollMs?: number;
  readonly pollAloneMs?: number;
  /** How long an event may wait for an earlier one before that one is looked up. */
  readonly holeMs?: number;
  readonly blockMs?: number;
};

export type FeedState = { readonly redis: "up" | "away" | "none"; readonly database: "up" | "away"; readonly behind: bigint; readonly queue: QueueSeen };

export type Feed = {
  cursor(): Cursor;
  state(): FeedState;
  stop(): Promise<void>;
};

/** The cursor is of another epoch: a new snapshot is needed (LOG-7). */
export class StaleCursor extends Error {
  override readonly name = "StaleCursor";
}

const PAGE = 500;
/** So many polls in a row at which Postgres was ahead of a Redis that is read. */
const LATE_POLLS = 3;

/**
 * Every event of the log once, in order per shard, a command at a time: from this process, from Redis, and from
 * Postgres wherever those two leave a hole or are late. Works without Redis.
 */
export async function createFeed(options: FeedOptions): Promise<Feed> {
  const { sql } = options;
  const report = options.onError ?? warn;
  const opened = await currentMeta();
  let epoch = opened.epoch;
  /** The server that the log was last seen on. */
  let origin = opened.origin;
  let shards = await startingShards();
  /** Counts the epochs seen here, so that what was read in an older one is dropped. */
  let generation = 0;
  let stopped = false;
  let databaseUp = true;
  let latePolls = 0;
  let knownHeads: readonly bigint[] = shards.map(({ position }) => position);
  let seen: readonly bigint[] = [];
  const fills = new Map<number, Promise<void>>();
  const holeTimers = new Map<number, NodeJS.Timeout>();
  const up = new Map<number, boolean>();

  const forget = options.local?.onCommitted((shard, events) => {
    deliver(shard, events);
    if (shards[shard]?.hole === true) fillSoon(shard);
  });
  const groups = options.cluster === true ? shards.map((_, shard) => [shard]) : [shards.map((_, shard) => shard)];
  const { openRedis } = options;
  const readers = openRedis === undefined ? [] : groups.map((group, i) => readerOf(openRedis, group, i));
  let timer = setTimeout(poll, redisUp() ? 0 : 1);

  return {
    cursor: () => ({ epoch, positions: shards.map(({ position }) => position) }),
    state: () => ({
      redis: openRedis === undefined ? "none" : redisUp() ? "up" : "away",
      database: databaseUp ? "up" : "away",
      queue: early(),
      behind: shards.reduce((sum, { position }, shard) => sum + max(0n, (knownHeads[shard] ?? 0n) - position), 0n),
    }),
    async stop() {
      stopped = true;
      forget?.();
      clearTimeout(timer);
      for (const holeTimer of holeTimers.values()) clearTimeout(holeTimer);
      await Promise.all(readers.map((reader) => reader.stop()));
      await Promise.allSettled(fills.values());
    },
  };

  function readerOf(openFor: (shard: number) => Redis | Promise<Redis>, group: readonly number[], i: number) {
    up.set(i, false);
    return createStreamReader({
      open: () => openFor(group[0] ?? 0),
      shards: group,
      epoch: () => epoch,
      position: (shard) => shards[shard]?.position ?? 0n,
      async onEvents(shard, events, ofEpoch) {
        if (ofEpoch !== epoch) return;
        deliver(shard, events);
        if (shards[shard]?.hole === true) await fill(shard);
      },
      onHealth: (isUp) => up.set(i, isUp),
      blockMs: options.blockMs ?? 1_000,
    });
  }

  /** The fullest shard, of all of which each has a bound. */
  function early(): QueueSeen {
    const all = shards.map((shard) => shard.early);
    return { queue: "feed", length: Math.max(...all.map(({ length }) => length)), bound: all[0]?.bound ?? 0, full: all.reduce((sum, { full }) => sum + full, 0) };
  }

  function redisUp(): boolean {
    return up.size > 0 && [...up.values()].every(Boolean);
  }

  function deliver(shard: number, events: readonly StoredEvent[]): void {
    if (stopped) return;
    for (const frame of shards[shard]?.accept(events) ?? []) {
      try {
        options.onFrame(frame);
      } catch (error) {
        report(error, "a frame's reader");
      }
    }
  }

  /** Another hub's commit may be on its way through Redis: it gets a moment. */
  function fillSoon(shard: number): void {
    if (holeTimers.has(shard)) return;
    const holeTimer = setTimeout(() => {
      holeTimers.delete(shard);
      if (shards[shard]?.hole === true) void fill(shard);
    }, options.holeMs ?? 10);
    holeTimers.set(shard, holeTimer);
  }

  function fill(shard: number): Promise<void> {
    const running = fills.get(shard);
    if (running !== undefined) return running;
    const started = fillNow(shard)
      .then(() => void (databaseUp = true))
      .catch(() => void (databaseUp = false))
      .finally(() => fills.delete(shard));
    fills.set(shard, started);
    return started;
  }

  async function fillNow(shard: number): Promise<void> {
    const began = generation;
    for (;;) {
      const events = await readRange(sql, shard, shards[shard]?.position ?? 0n, PAGE);
      if (stopped || began !== generation) return;
      deliver(shard, events);
      if (events.length < PAGE) return;
    }
  }

  /** Finds what nobody told us of: a publisher that died, a stream that was flushed, an outage of Redis. */
  async function poll(): Promise<void> {
    try {
      const meta = await currentMeta();
      if (meta.epoch !== epoch) await restart(meta.epoch);
      else await compare(meta);
      origin = meta.origin;
      databaseUp = true;
      const late = shards.flatMap((lane, shard) => (isLate(lane, shard) ? [shard] : []));
      watchReaders(late.length > 0);
      await Promise.all(late.map(fill));
      seen = shards.map(({ position }) => position);
    } catch {
      databaseUp = false;
    }
    if (!stopped) timer = setTimeout(poll, redisUp() ? (options.pollMs ?? 1_000) : (options.pollAloneMs ?? 150));
  }

  /**
   * LOG-7: a log that went back would give positions out again that are taken for known here. Its heads say so at once, and
   * after a doubt the last command of every shard: whether there is a Redis to compare with or not.
   */
  async function compare(meta: LogMeta): Promise<void> {
    const given = shards.flatMap(({ position, lastCommand }, shard) => (lastCommand === undefined ? [] : [{ shard, position, commandId: lastCommand }]));
    const before = shards.map(({ position }) => position);
    knownHeads = await heads(sql);
    const wentBack = before.some((position, shard) => position > (knownHeads[shard] ?? 0n));
    if (!wentBack && databaseUp && meta.origin === origin) return;
    const missing = wentBack ? behind(before, knownHeads) : await findMissing(sql, given);
    if (missing.length === 0) return;
    const next = await startNewEpoch(sql, { from: meta.epoch, reason: meta.moved ? "promotion" : "restore", now: Date.now() });
    options.onBehind?.(next, missing);
    await restart(next);
  }

  /** The answers of a connection prove nothing: one to a Redis that is not written to any more, as after a failover, goes on saying that there is no news. */
  function watchReaders(late: boolean): void {
    latePolls = late && redisUp() ? latePolls + 1 : 0;
    if (latePolls < LATE_POLLS) return;
    latePolls = 0;
    for (const reader of readers) reader.reopen();
  }

  /** While Redis is there, a shard is late only if it has not moved since the last poll. */
  function isLate({ position }: ShardFeed, shard: number): boolean {
    return position < (knownHeads[shard] ?? 0n) && (!redisUp() || seen[shard] === position);
  }

  async function restart(next: string): Promise<void> {
    const at = await heads(sql);
    knownHeads = at;
    epoch = next;
    generation++;
    shards = at.map((head, shard) => createShardFeed(shard, head));
    seen = [];
    try {
      options.onEpoch?.(epoch);
    } catch (error) {
      report(error, "an epoch's reader");
    }
  }

  async function currentMeta(): Promise<LogMeta> {
    const current = await readMeta(sql);
    if (current === undefined) throw new Error("the log has no epoch yet: start the hub first");
    return current;
  }

  async function startingShards(): Promise<ShardFeed[]> {
    const { from } = options;
    if (from !== "head" && from.epoch !== epoch) throw new StaleCursor(`the cursor is of epoch ${from.epoch}, the log is in ${epoch}`);
    const positions = from === "head" ? await heads(sql) : from.positions;
    return Array.from({ length: SHARD_COUNT }, (_, shard) => createShardFeed(shard, positions[shard] ?? 0n));
  }
}

function behind(given: readonly bigint[], now: readonly bigint[]): Divergence[] {
  return given.flatMap((published, shard) => (published > (now[shard] ?? 0n) ? [{ shard, published, head: now[shard] ?? 0n }] : []));
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

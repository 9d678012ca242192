import type { Sql } from "#hub/db/client.ts";
import { SHARD_COUNT } from "#shared/shards.ts";
import { publishToStream } from "./publish-script.ts";
import { heads, readRange } from "./read.ts";
import { followEpoch as epochAfter, readMeta, type Divergence } from "./epoch.ts";
import { refusalOf, type AnyRedis } from "./redis.ts";
import type { QueueSeen } from "./queue-seen.ts";
import type { StoredEvent } from "./types.ts";
import { pause, within } from "./waiting.ts";

export type PublisherOptions = {
  readonly openRedis: () => AnyRedis;
  /** A role that reads all tenants. */
  readonly sql: Sql;
  readonly epoch: string;
  /** Told when another epoch is found in Postgres; the publisher goes on in the new one (LOG-7). */
  readonly onEpoch?: (epoch: string) => void;
  /** LOG-7: Postgres lacks, or may lack, what was published; the epoch that was started therefore. */
  readonly onBehind?: (epoch: string, diverged: readonly Divergence[]) => void;
  readonly sweepMs: number;
  /** Entries kept per stream, about. */
  readonly maxLength: number;
  /** An empty stream starts at head minus this. */
  readonly backfill: bigint;
  /** Events held in memory for the next call; past it only positions are remembered and Postgres is read. */
  readonly held: number;
};

export type PublisherState = {
  /** `away`: not reached, or it has not answered for two seconds. */
  readonly redis: "up" | "away";
  /** Since when, clock milliseconds; absent while it is up. */
  readonly awaySince?: number;
  /** Redis answers and takes nothing: its own word for it, "OOM" when it has no memory left. */
  readonly refused?: string;
  /** Events committed and not yet in Redis, as far as this process knows. */
  readonly behind: bigint;
  /** Events in memory; those that found no room are read from Postgres. */
  readonly queue: QueueSeen;
  /** Shards on which Redis is past Postgres (LOG-7): nothing is published there until there is a new epoch. */
  readonly ahead: readonly number[];
};

export type Publisher = {
  /** After COMMIT. Never waits. */
  offer(shard: number, events: readonly StoredEvent[]): void;
  /** A position is known to be committed, its text is not at hand. */
  noticed(shard: number, position: bigint): void;
  state(): PublisherState;
  /** Looks at Redis and Postgres now; for tests and for operators. */
  sweep(): Promise<void>;
  close(): Promise<void>;
};

type Shard = {
  /** The stream's last position; undefined until it is known. */
  published: bigint | undefined;
  target: bigint;
  texts: StoredEvent[];
  ahead: boolean;
};

const CHUNK = 500;
const PAUSE_MS = [50, 100, 250, 500, 1_000];
/** ioredis can be parked for ever in "reconnecting": after so long without a success the connection is replaced. */
const REPLACE_AFTER_MS = 10_000;
const ANSWER_MS = 5_000;
/** Shown as away before it is given up: people see a Redis that stands still for some seconds. */
const SILENT_MS = 2_000;

/** LOG-6: a bounded lane of its own, never awaited by the append. */
export function createPublisher(options: PublisherOptions): Publisher {
  let epoch = options.epoch;
  let shards = emptyShards();
  let redis = options.openRedis();
  let running: Promise<void> | undefined;
  let failures = 0;
  let awaySince: number | undefined;
  let unanswered = 0;
  let heardAt = 0;
  let refused: { readonly as: string; readonly since: number } | undefined;
  let replacedAt = 0;
  let held = 0;
  let full = 0;
  let closed = false;
  let sweepDue = true;
  /** Postgres may have been restored while it was away. */
  let suspicious = true;
  const between = pause();

  const timer = setInterval(() => {
    sweepDue = true;
    start();
  }, options.sweepMs);
  timer.unref();
  start();

  return {
    offer(shard, events) {
      const last = events.at(-1);
      const lane = shards[shard];
      if (last === undefined || lane === undefined || closed) return;
      if (last.position > lane.target) lane.target = last.position;
      if (held + events.length <= options.held && failures === 0) {
        lane.texts.push(...events);
        held += events.length;
      } else if (failures === 0) full += events.length;
      start();
    },
    noticed(shard, position) {
      const lane = shards[shard];
      if (lane === undefined || position <= lane.target) return;
      lane.target = position;
      start();
    },
    state: () => ({
      ...reached(),
      ...(refused === undefined ? {} : { refused: refused.as }),
      behind: shards.reduce((sum, { target, published }) => sum + (published === undefined || target < published ? 0n : target - published), 0n),
      queue: { queue: "publish", length: held, bound: options.held, full },
      ahead: shards.flatMap(({ ahead }, shard) => (ahead ? [shard] : [])),
    }),
    async sweep() {
      sweepDue = true;
      start();
      await running;
    },
    async close() {
      closed = true;
      clearInterval(timer);
      between.rouse();
      await running;
      redis.disconnect();
    },
  };

  function reached(): Pick<PublisherState, "redis" | "awaySince"> {
    const since = awaySince ?? (unanswered > 0 && Date.now() - heardAt > SILENT_MS ? heardAt : undefined);
    return since === undefined ? { redis: "up" } : { redis: "away", awaySince: since };
  }

  async function answered<Answer>(asked: Promise<Answer>): Promise<Answer> {
    if (unanswered++ === 0) heardAt = Date.now();
    try {
      return await within(ANSWER_MS, asked);
    } finally {
      unanswered--;
      heardAt = Date.now();
    }
  }

  function start(): void {
    running ??= Promise.resolve().then(run);
  }

  async function run(): Promise<void> {
    while (!closed && (sweepDue || shards.some(isBehind))) {
      try {
        if (sweepDue) await sweep();
        const calls = await Promise.allSettled(shards.flatMap((lane, shard) => (isBehind(lane) ? [publish(lane, shard)] : [])));
        for (const result of calls) if (result.status === "rejected") throw result.reason;
        failures = 0;
      } catch {
        await recover();
      }
    }
    running = undefined;
  }

  /** Redis or Postgres is away: texts are given up, positions stay. */
  async function recover(): Promise<void> {
    for (const lane of shards) dropTexts(lane);
    suspicious = true;
    const without = awaySince ?? refused?.since;
    if (without !== undefined && Date.now() - Math.max(without, replacedAt) > REPLACE_AFTER_MS) {
      replacedAt = Date.now();
      redis.disconnect();
      redis = options.openRedis();
    }
    const ms = PAUSE_MS[Math.min(failures, PAUSE_MS.length - 1)] ?? 0;
    failures++;
    sweepDue = true;
    await between.wait(ms);
  }

  /** Redis first, Postgres after: what Redis has was committed before, so a head below it is no race (LOG-7). */
  async function sweep(): Promise<void> {
    sweepDue = false;
    await followEpoch();
    const published = await Promise.all(shards.map((_, shard) => call(shard, [], 0n)));
    const committed = await heads(options.sql);
    for (const [shard, lane] of shards.entries()) {
      const head = committed[shard] ?? 0n;
      const last = published[shard];
      lane.published = last ?? (head === 0n ? 0n : startOf(head) - 1n);
      if (head > lane.target) lane.target = head;
      lane.ahead = lane.published > head;
      if (lane.ahead) suspicious = true;
      if (lane.target < lane.published) lane.target = lane.published;
    }
    // Not at its first answer: until here nobody knew what it had lost, and "up, nothing behind" would have been a guess.
    awaySince = undefined;
    if (!shards.some(isBehind)) refused = undefined;
  }

  async function followEpoch(): Promise<void> {
    let found = await readMeta(options.sql);
    if (found !== undefined && found.epoch === epoch && (suspicious || found.moved)) {
      await reach();
      const { meta, diverged } = await epochAfter(options.sql, redis, found, Date.now());
      if (meta.epoch !== epoch) options.onBehind?.(meta.epoch, diverged);
      found = meta;
    }
    suspicious = false;
    if (found === undefined || found.epoch === epoch) return;
    epoch = found.epoch;
    shards = emptyShards();
    held = 0;
    options.onEpoch?.(epoch);
  }

  /** What is compared keeps no book of Redis: one that says nothing is found here, and its connection replaced in time. */
  async function reach(): Promise<void> {
    await answered(redis.ping()).catch((error: unknown) => {
      awaySince ??= Date.now();
      throw error;
    });
  }

  async function publish(lane: Shard, shard: number): Promise<void> {
    const offered = lane.texts;
    dropTexts(lane);
    const first = offered[0];
    if (first === undefined && lane.published !== undefined) return publishFrom(lane, shard, lane.published);
    // Offered as they are: other processes publish too, so where the stream stands is known there and not here.
    const last = await call(shard, offered, 0n);
    if (last !== undefined && first !== undefined && last + 1n < first.position) return publishFrom(lane, shard, last);
    if (last === undefined) await startStream(lane, shard);
    else lane.published = last;
  }

  /** What is behind the target may not be visible yet to this reader; the next sweep looks again. */
  async function publishFrom(lane: Shard, shard: number, published: bigint): Promise<void> {
    const events = await readRange(options.sql, shard, published, CHUNK);
    const last = events.length === 0 ? published : await call(shard, events, 0n);
    if (last === undefined) return startStream(lane, shard);
    lane.published = last;
    if (events.length === 0) lane.target = published;
  }

  /** The stream is empty (new, or Redis was flushed): it begins a bounded way back. */
  async function startStream(lane: Shard, shard: number): Promise<void> {
    const head = (await heads(options.sql))[shard] ?? 0n;
    const events = await readRange(options.sql, shard, startOf(head) - 1n, CHUNK);
    lane.target = head;
    lane.published = events[0] === undefined ? head : await call(shard, events, events[0].position);
  }

  function startOf(head: bigint): bigint {
    return head > options.backfill ? head - options.backfill + 1n : 1n;
  }

  async function call(shard: number, events: readonly StoredEvent[], start: bigint): Promise<bigint | undefined> {
    try {
      const last = await answered(publishToStream(redis, { shard, epoch, events, maxLength: options.maxLength, start }));
      if (events.length > 0) refused = undefined;
      return last;
    } catch (error) {
      const as = refusalOf(error);
      if (as === undefined) awaySince ??= Date.now();
      else refused = { as, since: refused?.since ?? Date.now() };
      throw error;
    }
  }

  function dropTexts(lane: Shard): void {
    held -= lane.texts.length;
    lane.texts = [];
  }
}

function emptyShards(): Shard[] {
  return Array.from({ length: SHARD_COUNT }, () => ({ published: undefined, target: 0n, texts: [], ahead: false }));
}

function isBehind({ published, target, ahead }: Shard): boolean {
  return !ahead && (published === undefined ? target > 0n : published < target);
}

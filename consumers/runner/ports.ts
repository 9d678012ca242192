import type { Logger } from "pino";
import type { Sql, TransactionSql } from "#hub/db/client.ts";
import type { InTransaction } from "#hub/log/append-in-transaction.ts";
import type { AppendCommand, StoredEvent } from "#hub/log/types.ts";
import type { QueueSeen } from "#hub/log/queue-seen.ts";
import type { ReadEvent } from "./readable.ts";
import type { RunnerObserver } from "./stats.ts";
import type { ConsumerDefinition } from "./types.ts";

/** What the runner asks of the log. */
export type RunnerLog = {
  /** LOG-7. */
  epoch(): Promise<string>;
  /** Head position by shard, 0 where nothing was written; one cheap query over all shards. */
  heads(): Promise<readonly bigint[]>;
  /** Events above `after`, in position order, at most `limit`. */
  readRange(shard: number, after: bigint, limit: number): Promise<readonly StoredEvent[]>;
  /** Commands that share a key go one after the other; a conflict or a busy shard throws (`AppendRetry`). */
  appendInTransaction(tx: TransactionSql, commands: readonly AppendCommand[]): Promise<InTransaction>;
  /** After COMMIT; never awaited, a lost one is healed by the log's sweep (LOG-6). */
  publish(events: readonly StoredEvent[]): void;
};

/** Time as back-off and retries see it; milliseconds since 1970. Leases go by Postgres's clock (RUN-2). */
export type Clock = { now(): number };

export type BatchPoint = {
  readonly group: string;
  readonly shard: number;
  /** Events that reach the handler. */
  readonly positions: readonly bigint[];
  /** The one-event path (RUN-4). */
  readonly single: boolean;
};

/** A call of a handler, under way. */
export type Running = { readonly group: string; readonly shard: number; readonly fence: bigint; readonly from: bigint; readonly to: bigint; readonly single: boolean };

/** Hears of every call of a handler before it begins; answers what ends it. */
export type Watch = { enter(running: Running): () => void };

/** Named points at which a test may stop, delay or kill. */
export type RunnerHooks = {
  afterEffects?(point: BatchPoint): Promise<void> | void;
  beforeCommit?(point: BatchPoint): Promise<void> | void;
  afterCommit?(point: BatchPoint): Promise<void> | void;
};

export type RunnerTimings = {
  /** A dead owner's shards are taken over after so long; a hung one's, too. */
  readonly leaseMs: number;
  /** Heartbeat, renewal of leases, taking over, people's decisions. */
  readonly tickMs: number;
  /** Heads are looked up so often even when Redis works. */
  readonly safetyPollMs: number;
  /** And so often while Redis is away. */
  readonly outagePollMs: number;
  readonly blockMs: number;
  /** A checkpoint that only passed events of other types is written after so long. */
  readonly skipFlushMs: number;
};

export type RunnerOptions = {
  /** The consumers' role; at least `concurrency` x consumers + 3 connections. */
  readonly sql: Sql;
  readonly redisUrl: string;
  readonly log: RunnerLog;
  readonly consumers: readonly ConsumerDefinition[];
  /** Names the process's place, not the process: a new one of the same name takes over the leases at once. */
  readonly processName: string;
  readonly clock?: Clock;
  readonly hooks?: RunnerHooks;
  readonly logger?: Logger;
  readonly observe?: RunnerObserver;
  readonly watch?: Watch;
  /** How events are read: by the catalogue, unless a test has events of its own. */
  readonly read?: ReadEvent;
  /** Wakes a BullMQ queue after COMMIT (RUN-3); absent: nobody is woken and the queue's sweep finds the row. */
  readonly wake?: (queue: string, jobId: string, traceparent?: string) => void;
  /** Transactions of one group at a time, over all its shards. */
  readonly concurrency?: number;
  /** How soon a failed event is tried again at first (RUN-4): 1,000 unless told. */
  readonly firstRetryMs?: number;
  /** Events of one shard that may wait for a retry, or behind one, before the shard waits: 20,000 unless told. */
  readonly parkedMost?: number;
  readonly timings?: Partial<RunnerTimings>;
};

export type ShardStatus = {
  readonly group: string;
  readonly shard: number;
  readonly checkpoint: bigint;
  readonly head: bigint;
  /** Positions not yet applied. */
  readonly lag: bigint;
  readonly owner: string | null;
  readonly mine: boolean;
  /** Events that wait for a retry, or behind one. */
  readonly parked: number;
  /** Open dead letters. */
  readonly deadLetters: number;
};

export type RunnerStatus = {
  readonly owner: string;
  /** By group: whether its blocking connection reads. False: events come from Postgres. */
  readonly redis: ReadonlyMap<string, boolean>;
  readonly shards: readonly ShardStatus[];
};

export type Runner = {
  /** Resolves when the first leases were taken. */
  readonly started: Promise<void>;
  /** Finishes what is under way and releases the leases, within 5 s. */
  stop(): Promise<void>;
  status(): Promise<RunnerStatus>;
  /** What waits in this process. */
  queues(): readonly QueueSeen[];
};

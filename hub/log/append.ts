import { connect, type Tenant, type TransactionSql } from "#hub/db/client.ts";
import { appendInTransaction, type InTransaction } from "./append-in-transaction.ts";
import { createAppendLane, type LaneState } from "./append-lane.ts";
import { encodeCommand } from "./encode.ts";
import { openEpoch, type Divergence, type OpenEpoch } from "./epoch.ts";
import { warn } from "./failures.ts";
import { createStateLoader, type StreamRef } from "./load.ts";
import { createPublisher, type PublisherState } from "./publish.ts";
import { connectAnyRedis, type AnyRedis } from "./redis.ts";
import type { AppendCommand, AppendOutcome, LoadedState, StoredEvent } from "./types.ts";

export type CommitListener = (shard: number, events: readonly StoredEvent[]) => void;

export type EventLogOptions = {
  /** Logs in as comanda_hub (or, in a consumer's process, comanda_consumer): appends and loads. */
  readonly hubUrl: string;
  /** Logs in as comanda_consumer: the publisher reads every tenant's events. */
  readonly consumerUrl: string;
  /** Absent: nothing is published; readers use Postgres. */
  readonly redisUrl?: string;
  /** Milliseconds; for tests. */
  readonly now?: () => number;
  /** Something failed that nobody waits for. */
  readonly onError?: (error: unknown, where: string) => void;
  /** LOG-7: Postgres lacks, or may lack, what was published; the epoch that was started therefore. */
  readonly onBehind?: (epoch: string, diverged: readonly Divergence[]) => void;
  readonly batchCommands?: number;
  /** Commands that may wait; more are refused as overloaded. */
  readonly queueCommands?: number;
  /** Of one owner; so a flood from one place leaves room for the others. */
  readonly queueOfOwner?: number;
  readonly busyMs?: number;
  readonly awayMs?: number;
  /** How long a statement may take before it is taken for lost. */
  readonly answerMs?: number;
  readonly sweepMs?: number;
  readonly streamLength?: number;
  readonly backfill?: bigint;
  /** For tests that stand between us and the servers. */
  readonly openRedis?: () => AnyRedis;
};

export type EventLogState = {
  readonly epoch: string;
  readonly append: LaneState;
  readonly publish?: PublisherState;
};

export type EventLog = {
  /** LOG-2 to LOG-4. Rejects on bugs only (InvalidCommand, MalformedText, NewerState, an error in the data). */
  append(command: AppendCommand): Promise<AppendOutcome>;
  /** For consumers: as the last statements of their transaction; afterwards `committed(result)` (LOG-8). */
  appendInTransaction(tx: TransactionSql, commands: readonly AppendCommand[]): Promise<InTransaction>;
  /** After COMMIT of a transaction that appended: publishes, and tells the local listeners. */
  committed(events: readonly StoredEvent[]): void;
  /** States for decisions, batched; version 0 where the tenant has no such stream. */
  load(refs: readonly StreamRef[], tenant: Tenant): Promise<LoadedState[]>;
  /** Hears of every commit made through this log, by shard and in order, right after it. Answers how to stop. */
  onCommitted(listener: CommitListener): () => void;
  /** Hears of a new epoch (LOG-7): cursors of the old one are worth nothing. */
  onEpoch(listener: (epoch: string) => void): () => void;
  readonly epoch: string;
  /** How the epoch was found at start-up. */
  readonly opened: OpenEpoch;
  state(): EventLogState;
  /** Publishes what is left to publish; for tests and for a clean end. */
  published(): Promise<void>;
  close(): Promise<void>;
};

export async function createEventLog(options: EventLogOptions): Promise<EventLog> {
  const now = options.now ?? Date.now;
  const report = options.onError ?? warn;
  const { redisUrl } = options;
  const openRedis = options.openRedis ?? (redisUrl === undefined ? undefined : () => connectAnyRedis(redisUrl));
  const reads = connect(options.hubUrl, { max: 6, applicationName: "comanda-log-load" });
  const system = connect(options.consumerUrl, { max: 2, applicationName: "comanda-log-publish" });
  const opened = await openOrClose();
  let epoch = opened.epoch;

  if (opened.started === "restore" || opened.started === "promotion") options.onBehind?.(opened.epoch, opened.diverged);
  const commitListeners = new Set<CommitListener>();
  const epochListeners = new Set<(epoch: string) => void>();
  const publisher =
    openRedis === undefined
      ? undefined
      : createPublisher({
          openRedis,
          sql: system,
          epoch,
          onEpoch: (changed) => {
            epoch = changed;
            for (const listener of epochListeners) guarded(() => listener(changed), "epoch listener");
          },
          onBehind: (changed, diverged) => options.onBehind?.(changed, diverged),
          sweepMs: options.sweepMs ?? 1_000,
          maxLength: options.streamLength ?? 20_000,
          backfill: options.backfill ?? 10_000n,
          held: 10_000,
        });

  const onCommitted: CommitListener = (shard, events) => {
    publisher?.offer(shard, events);
    for (const listener of commitListeners) guarded(() => listener(shard, events), "commit listener");
  };
  const lane = createAppendLane({
    open: () => connect(options.hubUrl, { max: 1, applicationName: "comanda-log-append", connectTimeoutMs: 2_000, statementTimeoutMs: 5_000 }),
    onCommitted,
    onRepeat: (shard, to) => publisher?.noticed(shard, to),
    now: options.now ?? (() => performance.now()),
    batchCommands: options.batchCommands ?? 128,
    batchSize: 4_000_000,
    queueCommands: options.queueCommands ?? 10_000,
    queueOfOwner: options.queueOfOwner ?? 2_000,
    busyMs: options.busyMs ?? 3_000,
    awayMs: options.awayMs ?? 8_000,
    answerMs: options.answerMs ?? 6_000,
  });

  return {
    append: async (command) => lane.append(encodeCommand(command)),
    appendInTransaction,
    committed(events) {
      for (const shard of new Set(events.map((event) => event.shard))) {
        onCommitted(shard, events.filter((event) => event.shard === shard));
      }
    },
    load: createStateLoader(reads),
    onCommitted: (listener) => subscribe(commitListeners, listener),
    onEpoch: (listener) => subscribe(epochListeners, listener),
    get epoch() {
      return epoch;
    },
    opened,
    state: () => ({ epoch, append: lane.state(), ...(publisher === undefined ? {} : { publish: publisher.state() }) }),
    published: async () => publisher?.sweep(),
    async close() {
      await lane.close();
      await publisher?.close();
      await Promise.all([reads.end({ timeout: 5 }), system.end({ timeout: 5 })]);
    },
  };

  /** Redis may be away at the start; then there is nothing to compare with, and the publisher compares later. */
  async function openOrClose(): Promise<OpenEpoch> {
    const redis = openRedis?.();
    try {
      const answers = redis !== undefined && (await isThere(redis));
      // One that goes away between its greeting and the comparison is away.
      const compared = answers ? openEpoch(system, redis, now()).catch(() => undefined) : undefined;
      return (await compared) ?? (await openEpoch(system, undefined, now()));
    } catch (error) {
      await Promise.all([reads.end({ timeout: 0 }), system.end({ timeout: 0 })]);
      throw error;
    } finally {
      redis?.disconnect();
    }
  }

  function guarded(step: () => void, where: string): void {
    try {
      step();
    } catch (error) {
      report(error, where);
    }
  }
}

async function isThere(redis: AnyRedis): Promise<boolean> {
  for (let attempt = 0; attempt < 20; attempt++) {
    if (redis.status === "ready") return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

function subscribe<L>(listeners: Set<L>, listener: L): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

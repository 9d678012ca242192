import { randomBytes } from "node:crypto";
import { Redis } from "ioredis";
import { ulid } from "ulidx";
import { connect, type Sql } from "#hub/db/client.ts";
import { appendInTransaction } from "#hub/log/append-in-transaction.ts";
import { entryId, streamKey } from "#hub/log/keys.ts";
import { heads, readRange } from "#hub/log/read.ts";
import type { AppendCommand, StoredEvent } from "#hub/log/types.ts";
import { shardOf } from "#shared/shards.ts";
import type { RunnerLog } from "../ports.ts";

export const ORGANIZER = "org_01JD0000000000000000000001";

export type Drafted = { readonly subject: string; readonly type?: string; readonly data?: unknown };

/** The log as a test drives it: what is appended is published only when the test says so. */
export type BenchLog = {
  readonly sql: Sql;
  readonly runnerLog: RunnerLog;
  /** Events of one merchant, each a command of its own, committed together. */
  append(merchant: string, drafts: readonly Drafted[]): Promise<StoredEvent[]>;
  publish(events: readonly StoredEvent[]): Promise<void>;
  /** Appends and publishes. */
  write(merchant: string, drafts: readonly Drafted[]): Promise<StoredEvent[]>;
  streamOf(merchant: string): Promise<string>;
  close(): Promise<void>;
};

export async function benchLog(consumerUrl: string, redisUrl: string): Promise<BenchLog> {
  const sql = connect(consumerUrl, { max: 6, applicationName: "bench" });
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 0, retryStrategy: () => 50 });
  redis.on("error", () => {});
  const runnerLog = sqlLog(sql, (events) => void publish(events).catch(() => {}));
  await runnerLog.epoch();

  async function publish(events: readonly StoredEvent[]): Promise<void> {
    const epoch = await runnerLog.epoch();
    for (const { shard, position, text } of events) await redis.xadd(streamKey(shard, epoch), entryId(position), "e", text);
  }

  const log: BenchLog = {
    sql,
    runnerLog,
    publish,
    async append(merchant, drafts) {
      const commands = drafts.map((draft) => commandFor(merchant, draft));
      const { events } = await sql.begin((tx) => appendInTransaction(tx, commands));
      if (events.length !== drafts.length) throw new Error("the log refused a command of the test");
      return [...events].sort((a, b) => Number(a.position - b.position));
    },
    async write(merchant, drafts) {
      const events = await log.append(merchant, drafts);
      await publish(events);
      return events;
    },
    async streamOf(merchant) {
      return streamKey(shardOf(merchant), await runnerLog.epoch());
    },
    async close() {
      redis.disconnect();
      await sql.end({ timeout: 1 });
    },
  };
  return log;
}

export function sqlLog(sql: Sql, publish: RunnerLog["publish"]): RunnerLog {
  return {
    async epoch() {
      const [row] = await sql<{ epoch: string }[]>`select epoch from log_meta`;
      if (row !== undefined) return row.epoch;
      const [made] = await sql<{ epoch: string }[]>`select log_start_epoch(null, ${ulid()}, 'installation') as epoch`;
      return made?.epoch ?? "";
    },
    heads: () => heads(sql),
    readRange: (shard, after, limit) => readRange(sql, shard, after, limit),
    appendInTransaction,
    publish,
  };
}

export function commandFor(merchant: string, draft: Drafted, commandId = ulid()): AppendCommand {
  return {
    commandId,
    hash: randomBytes(32).toString("hex"),
    organizerId: ORGANIZER,
    merchantId: merchant,
    actor: "system",
    source: "/hub",
    correlationId: commandId,
    changes: [
      {
        // Streams belong to one merchant; tests may name theirs alike.
        stream: `${draft.subject}-${shardOf(merchant)}`,
        kind: "bench",
        expected: "any",
        events: [
          {
            id: `evt_${ulid()}`,
            type: draft.type ?? "sale.order.sent",
            data: draft.data ?? {},
            dataversion: 1,
            occurredat: "2026-11-20T19:00:00.000Z",
          },
        ],
      },
    ],
    counts: [],
    answer: "{}",
  };
}

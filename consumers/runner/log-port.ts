import type { Sql } from "#hub/db/client.ts";
import type { EventLog } from "#hub/log/append.ts";
import { readEpoch } from "#hub/log/epoch.ts";
import { heads, readRange } from "#hub/log/read.ts";
import type { RunnerLog } from "./ports.ts";

/** The hub's log as the runner sees it. Postgres is asked for the epoch: a publisher hears of a new one later. */
export function runnerLog(sql: Sql, log: Pick<EventLog, "epoch" | "appendInTransaction" | "committed">): RunnerLog {
  return {
    epoch: async () => (await readEpoch(sql)) ?? log.epoch,
    heads: () => heads(sql),
    readRange: (shard, after, limit) => readRange(sql, shard, after, limit),
    appendInTransaction: (tx, commands) => log.appendInTransaction(tx, commands),
    publish: (events) => log.committed(events),
  };
}

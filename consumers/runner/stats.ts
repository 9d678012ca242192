import { timeIn } from "#hub/log/envelope-text.ts";
import type { Logger } from "pino";
import { forgettable, type Sql } from "#hub/db/client.ts";
import type { ParsedEvent } from "#hub/log/types.ts";
import { AGE_STEPS_MS, ageStep } from "#shared/age-steps.ts";
import type { QueueSeen } from "#hub/log/queue-seen.ts";
import { loop } from "./loop.ts";

/** What the runner tells of its work. */
export type RunnerObserver = {
  /** Those up to `replayedTo` come again: they are work, and no delay. */
  applied(group: string, events: readonly ParsedEvent[], nowMs: number, replayedTo: bigint): void;
  failed(group: string, cutOff: boolean): void;
};

type Counts = { applied: number; failed: number; cutOff: number; readonly ages: number[] };

/** Counts in memory; every two seconds one statement writes what moved. */
export function runnerStats(sql: Sql, owner: string, logger: Logger, everyMs = 2_000): RunnerObserver & { watch(queues: () => readonly QueueSeen[]): void; stop(): Promise<void> } {
  const groups = new Map<string, Counts>();
  const moved = new Set<string>();
  const watched: (() => readonly QueueSeen[])[] = [];

  function of(group: string): Counts {
    moved.add(group);
    let counts = groups.get(group);
    if (counts === undefined) groups.set(group, (counts = { applied: 0, failed: 0, cutOff: 0, ages: new Array<number>(AGE_STEPS_MS.length + 1).fill(0) }));
    return counts;
  }

  async function write(): Promise<void> {
    await writeQueues();
    await writeWork();
  }

  async function writeQueues(): Promise<void> {
    const rows = watched.flatMap((queues) => queues()).map(({ queue, length, bound, full }) => ({ owner, queue, length, bound, full_count: full }));
    if (rows.length === 0) return;
    await sql`
      insert into consumer_queues (owner, queue, length, bound, full_count)
      select owner, queue, length, bound, full_count from jsonb_populate_recordset(null::consumer_queues, ${JSON.stringify(rows)}::text::jsonb)
      on conflict (owner, queue) do update
      set length = excluded.length, bound = excluded.bound, full_count = excluded.full_count, at = clock_timestamp()
      returning ${forgettable(sql)}`;
    await sql`delete from consumer_queues where at < clock_timestamp() - interval '7 days' and owner <> ${owner}`;
  }

  async function writeWork(): Promise<void> {
    if (moved.size === 0) return;
    const rows = [...moved].map((group) => {
      const { applied, failed, cutOff, ages } = of(group);
      return { owner, consumer_group: group, applied, failed, cut_off: cutOff, ages: [...ages] };
    });
    moved.clear();
    try {
      await sql`
        insert into consumer_stats (owner, consumer_group, applied, failed, cut_off, ages)
        select owner, consumer_group, applied, failed, cut_off, ages from jsonb_populate_recordset(null::consumer_stats, ${JSON.stringify(rows)}::text::jsonb)
        on conflict (owner, consumer_group) do update
        set applied = excluded.applied, failed = excluded.failed, cut_off = excluded.cut_off, ages = excluded.ages, at = clock_timestamp()
        returning ${forgettable(sql)}`;
      await sql`delete from consumer_stats where at < clock_timestamp() - interval '7 days' and owner <> ${owner}`;
    } catch (error) {
      for (const { consumer_group: group } of rows) moved.add(group);
      throw error;
    }
  }

  const writes = loop(write, () => everyMs, (error) => logger.debug({ err: error }, "statistics are written later"));
  return {
    applied(group, events, nowMs, replayedTo) {
      if (events.length === 0) return;
      const counts = of(group);
      counts.applied += events.length;
      for (const { text, position } of events) {
        if (position <= replayedTo) continue;
        const step = ageStep(nowMs - Date.parse(timeIn(text)));
        counts.ages[step] = (counts.ages[step] ?? 0) + 1;
      }
    },
    failed(group, cutOff) {
      const counts = of(group);
      counts.failed += 1;
      if (cutOff) counts.cutOff += 1;
    },
    /** What waits in this process. */
    watch: (queues) => void watched.push(queues),
    async stop() {
      await writes.stop();
      await write().catch(() => {});
    },
  };
}

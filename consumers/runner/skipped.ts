import { forgettable, type Sql } from "#hub/db/client.ts";
import type { Lease } from "./leases.ts";

export type Skipped = {
  /** Answers false when the checkpoint was not moved: its row is held just now, or not mine any more. It is tried again, or the lease tells. */
  follow(lease: Lease, from: bigint, to: bigint): Promise<boolean>;
};

type Step = { readonly lease: Lease; readonly from: bigint; readonly to: bigint; done(moved: boolean): void; failed(error: unknown): void };

/**
 * Moves the checkpoints of events that were skipped, all that are due at a moment in one statement: a process has one for each consumer and shard, and
 * each alone would cost a way to Postgres every second. By RUN-2's guard, and without waiting for a row that somebody holds.
 */
export function skipped(sql: Sql): Skipped {
  let due: Step[] = [];

  async function write(): Promise<void> {
    const steps = due;
    due = [];
    const of = (field: (step: Step) => unknown) => steps.map((step) => String(field(step)));
    try {
      const moved = await sql<{ consumer_group: string; shard: number }[]>`
        with step as (
          select g.* from unnest(
            ${of(({ lease }) => lease.group)}::text[], ${of(({ lease }) => lease.shard)}::text[]::smallint[], ${of(({ lease }) => lease.fence)}::text[]::bigint[],
            ${of(({ lease }) => lease.logEpoch)}::text[], ${of(({ lease }) => lease.leaseMs)}::text[]::integer[], ${of(({ from }) => from)}::text[]::bigint[], ${of(({ to }) => to)}::text[]::bigint[]
          ) as g (consumer_group, shard, fence, log_epoch, lease_ms, from_position, to_position)
          join consumer_checkpoints c on c.consumer_group = g.consumer_group and c.shard = g.shard
          where c.fence = g.fence and c.position = g.from_position and c.log_epoch = g.log_epoch and c.log_epoch = (select epoch from log_meta)
          for update of c skip locked)
        update consumer_checkpoints c
        set position = step.to_position, moved_at = clock_timestamp(), lease_until = clock_timestamp() + step.lease_ms * interval '1 millisecond'
        from step where c.consumer_group = step.consumer_group and c.shard = step.shard
        returning c.consumer_group, c.shard, ${forgettable(sql)}`;
      const names = new Set(moved.map(({ consumer_group, shard }) => `${consumer_group}/${shard}`));
      for (const { lease, done } of steps) done(names.has(`${lease.group}/${lease.shard}`));
    } catch (error) {
      for (const { failed } of steps) failed(error);
    }
  }

  return {
    follow: (lease, from, to) =>
      new Promise((done, failed) => {
        due.push({ lease, from, to, done, failed });
        if (due.length === 1) setImmediate(() => void write());
      }),
  };
}

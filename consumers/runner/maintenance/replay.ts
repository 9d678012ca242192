import type { StoredEvent } from "#hub/log/types.ts";
import { SHARD_COUNT } from "#shared/shards.ts";
import { checkpointsOf, end, hold, progress, shardsOf, type Run } from "./book.ts";
import { tell } from "./told.ts";
import type { MaintenanceDeps } from "./worker.ts";

const LOOK_EVERY_MS = 250;

/**
 * RUN-5: the consumer's checkpoints go back, which fences out whoever held them, and its own runner goes the way again. Answers the number of
 * events when the consumer is where it was before, or undefined when it was stopped.
 */
export async function replay(deps: MaintenanceDeps, run: Run): Promise<bigint | undefined> {
  const { sql, log, owner } = deps;
  for (let isBack = (await shardsOf(sql, run)).length > 0; ; ) {
    if (deps.stopping()) return undefined;
    if (!isBack) {
      isBack = await goBack(deps, run);
      if (!isBack) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      continue;
    }
    const [shards, checkpoints] = await Promise.all([shardsOf(sql, run), checkpointsOf(sql, run.group)]);
    let [done, total] = [0n, 0n];
    for (const { shard, from, target } of shards) {
      const at = checkpoints.get(shard) ?? 0n;
      total += target - from;
      done += (at < target ? at : target) - from;
    }
    await hold(sql, run, owner);
    await progress(sql, run, done, total);
    if (done >= total) {
      const appended = (await sql.begin(async (tx) => {
        await hold(tx, run, owner);
        await end(tx, run, null);
        return tell(tx, log, run, { type: "system.maintenance.completed", data: { kind: run.kind, group: run.group, events: Number(total) } }, new Date());
      })) as readonly StoredEvent[];
      log.publish(appended);
      return total;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** False while Redis may still bring what was erased (ADR 14); no erasure begins while a run is under way. */
async function goBack({ sql, owner }: MaintenanceDeps, run: Run): Promise<boolean> {
  const shards = run.fromShard === null ? Array.from({ length: SHARD_COUNT }, (_, shard) => shard) : [run.fromShard];
  return sql.begin(async (tx) => {
    await tx`select set_config('statement_timeout', '60s', true)`;
    await hold(tx, run, owner);
    if ((await tx`select from erased_entries limit 1`).length > 0) return false;
    for (const shard of shards) {
      const [row] = await tx<{ position: bigint; start: bigint }[]>`
        select position, ${run.fromTime === null ? tx`${run.fromPosition ?? 0n}::bigint` : tx`log_position_before(${shard}, ${run.fromTime})`} as start
        from consumer_checkpoints where consumer_group = ${run.group} and shard = ${shard} for update`;
      if (row === undefined) continue;
      const from = row.start < row.position ? row.start : row.position;
      await tx`insert into maintenance_shards (run_id, shard, from_position, position, target) values (${run.id}, ${shard}, ${from}, ${from}, ${row.position})`;
      if (from === row.position) continue;
      // What waits or was given up in between comes again with everything else.
      await tx`delete from parked_events where consumer_group = ${run.group} and shard = ${shard} and position > ${from}`;
      await tx`delete from consumer_attempts where consumer_group = ${run.group} and shard = ${shard} and position > ${from}`;
      // What a person discarded does not, also when the shard's owner had still to carry that out.
      await tx`
        update dead_letters d set state = 'discarded', decided_by = w.decided_by, decided_at = clock_timestamp() from dead_letter_decisions w
        where w.dead_letter_id = d.id and w.done_at is null and w.decision = 'discard'
          and d.consumer_group = ${run.group} and d.shard = ${shard} and d.position > ${from} and d.state = 'open'`;
      await tx`
        update dead_letters set state = 'resolved', decided_by = ${run.by}, decided_at = clock_timestamp(), given_again_by = ${run.id}
        where consumer_group = ${run.group} and shard = ${shard} and position > ${from} and state in ('open', 'retrying')`;
      await tx`
        update consumer_checkpoints set position = ${from}, fence = fence + 1, owner = null, lease_until = null, suspect_to = 0,
          replayed_to = greatest(replayed_to, ${row.position}), replayed_at = clock_timestamp()
        where consumer_group = ${run.group} and shard = ${shard}`;
    }
    return true;
  });
}

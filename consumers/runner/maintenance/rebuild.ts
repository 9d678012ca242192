import type { TransactionSql } from "#hub/db/client.ts";
import { derivedUlid } from "#hub/log/derived-ulid.ts";
import { readRange } from "#hub/log/read.ts";
import type { ParsedEvent, StoredEvent } from "#hub/log/types.ts";
import { SHARD_COUNT } from "#shared/shards.ts";
import { readEvent } from "#shared/events/read.ts";
import { runnerError } from "../failures.ts";
import { readable } from "../readable.ts";
import { parseEvent } from "../separate.ts";
import type { ConsumerDefinition } from "../types.ts";
import { checkpointsOf, end, hold, progress, shardsOf, type Run, type RunShard } from "./book.ts";
import { tryToCompare } from "./compare.ts";
import { tell } from "./told.ts";
import type { MaintenanceDeps } from "./worker.ts";

/** Events of one step; a step is one transaction. */
const STEP = 500;
/** What the switch may still have to apply while the projection's readers and its consumer wait. */
const LAST_STRETCH = 500n;

/**
 * RUN-5: twins of the projection's tables are filled from the log, step by step, as far as the consumer itself is; then they take the
 * tables' place in one transaction that holds the consumer's checkpoints, or are held to the tables and dropped (`compare.ts`). Answers the number of events it went through, or
 * undefined when it was stopped: whoever comes next goes on where it stood.
 */
export async function rebuild(deps: MaintenanceDeps, run: Run, consumer: ConsumerDefinition): Promise<bigint | undefined> {
  const { sql, owner } = deps;
  if ((await shardsOf(sql, run)).length === 0) await open(deps, run);
  /** So many events were in the twins when they were last analyzed. */
  let analyzed = 0n;
  for (;;) {
    if (deps.stopping()) return undefined;
    const [shards, checkpoints] = await Promise.all([shardsOf(sql, run), checkpointsOf(sql, run.group)]);
    const total = sum([...checkpoints.values()]);
    let done = sum(shards.map(({ position }) => position));
    await progress(sql, run, done, total);
    const behind = shards.filter(({ shard, position }) => (checkpoints.get(shard) ?? 0n) > position);
    const left = behind.reduce((events, { shard, position }) => events + (checkpoints.get(shard) ?? 0n) - position, 0n);
    if (left <= LAST_STRETCH && (await (run.kind === "compare" ? tryToCompare : tryToSwitch)(deps, run, consumer))) return total;
    for (const one of behind) {
      if (deps.stopping()) return undefined;
      const events = await readRange(sql, one.shard, one.position, STEP);
      done += BigInt(events.length);
      const due = done >= 2n * analyzed;
      await sql.begin(async (tx) => {
        await step(tx, run, consumer, one, events, checkpoints.get(one.shard) ?? 0n);
        if (due) await tx`select projection_analyze(${run.group}, false)`;
        await hold(tx, run, owner);
      });
      if (due) analyzed = done;
    }
  }
}

async function open({ sql, owner }: MaintenanceDeps, run: Run): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`select projection_open_shadow(${run.group})`;
    await tx`
      insert into maintenance_shards (run_id, shard, from_position, position, target)
      select ${run.id}, shard, 0, 0, 0 from generate_series(0, ${SHARD_COUNT - 1}::int) shard
      on conflict do nothing`;
    await hold(tx, run, owner);
  });
}

/** Applies to the twins what the consumer has behind it, up to its checkpoint. */
async function step(tx: TransactionSql, run: Run, consumer: ConsumerDefinition, at: RunShard, stored: readonly StoredEvent[], checkpoint: bigint): Promise<void> {
  const events = stored.filter(({ position }) => position <= checkpoint);
  const last = events.at(-1);
  if (last === undefined) return;
  const passedOver = new Set(await withheld(tx, run.group, at.shard, at.position, last.position));
  const wanted = events.filter(({ position }) => !passedOver.has(position));
  await applyTo(tx, consumer, wanted.map(({ position, text }) => parseEvent(at.shard, position, text)));
  const moved = await tx`
    update maintenance_shards set position = ${last.position}, skipped = skipped || ${[...passedOver].map(String)}::text[]::bigint[]
    where run_id = ${run.id} and shard = ${at.shard} and position = ${at.position}`;
  // A step whose connection was cut at its commit was kept all the same.
  if (moved.count !== 1) throw runnerError("aborted", `${run.id} has gone on meanwhile`);
}

/** Events that the projection in use has not applied either: they wait, or a person let the consumer go on without them. */
async function withheld(tx: TransactionSql, group: string, shard: number, after: bigint, to: bigint): Promise<bigint[]> {
  const rows = await tx<{ position: bigint }[]>`
    select position from parked_events where consumer_group = ${group} and shard = ${shard} and position > ${after} and position <= ${to}
    union
    select position from dead_letters where consumer_group = ${group} and shard = ${shard} and position > ${after} and position <= ${to} and state <> 'resolved'`;
  return rows.map(({ position }) => position);
}

async function applyTo(tx: TransactionSql, consumer: ConsumerDefinition, events: readonly ParsedEvent[]): Promise<void> {
  const wanted = readable(events.filter(({ envelope: { type } }) => consumer.types.includes(type) && consumer.policy.notRebuilt?.includes(type) !== true), readEvent);
  if (wanted.length === 0) return;
  await tx`select set_config('search_path', 'rebuild, public', true)`;
  await consumer.handle(wanted, {
    sql: tx,
    append: () => {
      throw new Error(`${consumer.group} appends to the log: it cannot be rebuilt`);
    },
    // Whoever was to be woken was woken when the event was new.
    wake: () => {},
    commandIdFor: (event, part) => derivedUlid(event.envelope.id, `${consumer.group}\n${part}`),
    signal: new AbortController().signal,
  });
  await tx`select set_config('search_path', 'public', true)`;
}

/** False: the consumer was faster, or somebody held the tables for too long. */
async function tryToSwitch(deps: MaintenanceDeps, run: Run, consumer: ConsumerDefinition): Promise<boolean> {
  const { sql, log, owner } = deps;
  const appended = (await sql.begin(async (tx) => {
    await tx`select set_config('lock_timeout', '2s', true), set_config('statement_timeout', '60s', true)`;
    // The tables before the checkpoints: a consumer's transaction takes them in this order, too.
    await tx`select projection_lock(${run.group})`;
    await tx`select from consumer_checkpoints where consumer_group = ${run.group} order by shard for update`;
    const checkpoints = await checkpointsOf(tx, run.group);
    if (!(await catchUp(tx, run, consumer, checkpoints))) return undefined;
    await tx`select projection_analyze(${run.group}, true)`;
    await tx`select projection_switch(${run.group})`;
    await hold(tx, run, owner);
    const total = sum([...checkpoints.values()]);
    await progress(tx, run, total, total);
    await end(tx, run, null);
    const data = { kind: run.kind, group: run.group, events: Number(total) };
    return tell(tx, log, run, { type: "system.maintenance.completed", data }, new Date());
  })) as readonly StoredEvent[] | undefined;
  if (appended !== undefined) log.publish(appended);
  return appended !== undefined;
}

/** The last stretch, so that the twins are where the consumer is. False when it is too long for one transaction. */
export async function catchUp(tx: TransactionSql, run: Run, consumer: ConsumerDefinition, checkpoints: ReadonlyMap<number, bigint>): Promise<boolean> {
  const shards = await shardsOf(tx, run);
  const gap = shards.reduce((events, { shard, position }) => events + (checkpoints.get(shard) ?? 0n) - position, 0n);
  if (gap > LAST_STRETCH * 2n) return false;
  for (const one of shards) {
    const checkpoint = checkpoints.get(one.shard) ?? 0n;
    if (checkpoint > one.position) await step(tx, run, consumer, one, await readRange(tx, one.shard, one.position, Number(checkpoint - one.position)), checkpoint);
  }
  for (const one of await shardsOf(tx, run)) await applyMeanwhile(tx, run, consumer, one);
  return true;
}

/** What was parked when it was passed over, and has succeeded in the projection in use since. */
async function applyMeanwhile(tx: TransactionSql, run: Run, consumer: ConsumerDefinition, { shard, skipped }: RunShard): Promise<void> {
  for (const position of skipped) {
    if ((await withheld(tx, run.group, shard, position - 1n, position)).length > 0) continue;
    const [event] = await readRange(tx, shard, position - 1n, 1);
    if (event?.position === position) await applyTo(tx, consumer, [parseEvent(shard, position, event.text)]);
  }
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((all, one) => all + one, 0n);
}

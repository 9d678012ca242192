import type { TransactionSql } from "#hub/db/client.ts";
import type { StoredEvent } from "#hub/log/types.ts";
import type { ConsumerDefinition } from "../types.ts";
import { checkpointsOf, end, hold, progress, type Run } from "./book.ts";
import { catchUp } from "./rebuild.ts";
import { tell } from "./told.ts";
import type { MaintenanceDeps } from "./worker.ts";

type DifferingRow = { readonly merchant: string | null; readonly key: Record<string, unknown>; readonly expected: Record<string, unknown> | null; readonly found: Record<string, unknown> | null };
/** What both sides of a table differ by; a row that says something else on each side is one. `rows`: the first of them, by key. */
type Difference = { readonly table: string; readonly count: number; readonly rows: readonly DifferingRow[] };

/** Of a table and place; and of a table in all. */
const MOST_OF_PLACE = 50;
const MOST_OF_TABLE = 1_000;
/** Named in the process's log, by key: what else stands in a row is the place's. */
const MOST_LOGGED = 20;
const LONGEST = "10min";

/** Only what it found is kept of the transaction in which it looked. */
class Looked extends Error {
  readonly found: readonly Difference[] | undefined;
  readonly total: bigint;

  constructor(found: readonly Difference[] | undefined, total: bigint) {
    super("looked");
    this.found = found;
    this.total = total;
  }
}

/**
 * The twins are held to the tables in use at the consumer's checkpoint, within one snapshot: nobody waits for it. False: the consumer was
 * faster than the twins.
 */
export async function tryToCompare(deps: MaintenanceDeps, run: Run, consumer: ConsumerDefinition): Promise<boolean> {
  const { sql, log, owner, logger } = deps;
  const { found, total } = await look(deps, run, consumer);
  if (found === undefined) return false;
  for (const { table, count, rows } of found) logger.error({ run: run.id, group: run.group, table, count, rows: rows.slice(0, MOST_LOGGED).map(({ key, expected }) => ({ side: expected === null ? "only in use" : "not as in the log", ...key })) }, "what is in use is not what the log says");
  const differing = found.reduce((sum, { count }) => sum + count, 0);
  const appended = (await sql.begin(async (tx) => {
    await hold(tx, run, owner);
    await tx`select projection_drop_shadow(${run.group})`;
    await progress(tx, run, total, total);
    await keep(tx, run.id, found);
    await tx`update maintenance_runs set differing = ${differing} where id = ${run.id}`;
    await end(tx, run, null);
    return tell(tx, log, run, { type: "system.maintenance.completed", data: { kind: run.kind, group: run.group, events: Number(total), differing } }, new Date());
  })) as readonly StoredEvent[];
  log.publish(appended);
  return true;
}

async function look({ sql }: MaintenanceDeps, run: Run, consumer: ConsumerDefinition): Promise<Looked> {
  try {
    await sql.begin("isolation level repeatable read", async (tx) => {
      await tx`select set_config('statement_timeout', ${LONGEST}, true)`;
      const checkpoints = await checkpointsOf(tx, run.group);
      const total = [...checkpoints.values()].reduce((all, one) => all + one, 0n);
      throw new Looked((await catchUp(tx, run, consumer, checkpoints)) ? await differences(tx, run.group) : undefined, total);
    });
  } catch (error) {
    if (error instanceof Looked) return error;
    throw error;
  }
  throw new Error("a look ends by what it found");
}

async function differences(tx: TransactionSql, group: string): Promise<readonly Difference[]> {
  const tables = await tx<{ table: string; key: string[] }[]>`
    select p.table_name as table, (
      select array_agg(a.attname::text order by array_position(i.indkey::int2[], a.attnum))
      from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey::int2[])
      where i.indrelid = format('public.%I', p.table_name)::regclass and i.indisprimary) as key
    from projection_tables p where p.consumer_group = ${group} order by 1`;
  const found: Difference[] = [];
  for (const { table, key } of tables) {
    const [inUse, anew] = [tx(`public.${table}`), tx(`rebuild.${table}`)];
    const keyOf = tx`(select jsonb_object_agg(k, row->k) from unnest(${key}::text[]) k)`;
    const rows = await tx<(DifferingRow & { count: number })[]>`
      with found as (select row, ${keyOf} as key from (select to_jsonb(a) as row from (select * from ${inUse} except all select * from ${anew}) a) x),
        expected as (select row, ${keyOf} as key from (select to_jsonb(b) as row from (select * from ${anew} except all select * from ${inUse}) b) x),
        both_sides as (select coalesce(e.key, f.key) as key, e.row as expected, f.row as found from expected e full join found f on f.key = e.key),
        placed as (select *, coalesce(expected, found)->>'merchant_id' as merchant, count(*) over () as count from both_sides)
      select merchant, key, expected, found, count::int as count
      from (select *, row_number() over (partition by merchant order by key) as nth from placed) numbered where nth <= ${MOST_OF_PLACE} order by merchant, key limit ${MOST_OF_TABLE}`;
    const [first] = rows;
    if (first !== undefined) found.push({ table, count: first.count, rows: rows.map(({ merchant, key: of, expected, found: there }) => ({ merchant, key: of, expected, found: there })) });
  }
  return found;
}

async function keep(tx: TransactionSql, run: string, found: readonly Difference[]): Promise<void> {
  const rows = found.flatMap(({ table, rows: of }) => of.map(({ merchant, key, expected, found: there }, i) => ({ run_id: run, merchant_id: merchant, table_name: table, number: i + 1, key, expected, found: there })));
  if (rows.length === 0) return;
  await tx`
    insert into maintenance_differences (run_id, merchant_id, table_name, number, key, expected, found)
    select run_id, merchant_id, table_name, number, key, expected, found from jsonb_populate_recordset(null::maintenance_differences, ${JSON.stringify(rows)}::text::jsonb)`;
}

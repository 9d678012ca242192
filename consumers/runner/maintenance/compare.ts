import type { TransactionSql } from "#hub/db/client.ts";
import type { StoredEvent } from "#hub/log/types.ts";
import type { ConsumerDefinition } from "../types.ts";
import { checkpointsOf, end, hold, progress, type Run } from "./book.ts";
import { catchUp } from "./rebuild.ts";
import { tell } from "./told.ts";
import type { MaintenanceDeps } from "./worker.ts";

/** What both sides of a table differ by; `rows`: the keys of some of them. */
export type Difference = { readonly table: string; readonly count: number; readonly rows: readonly Record<string, unknown>[] };

const MOST_TOLD = 20;
/** The claim is renewed meanwhile over another connection. */
const RENEW_MS = 5_000;
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
  const renewing = setInterval(() => void hold(sql, run, owner).catch(() => {}), RENEW_MS);
  const { found, total } = await look(deps, run, consumer).finally(() => clearInterval(renewing));
  if (found === undefined) return false;
  for (const { table, count, rows } of found) logger.error({ run: run.id, group: run.group, table, count, rows }, "what is in use is not what the log says");
  const differing = found.reduce((sum, { count }) => sum + count, 0);
  const appended = (await sql.begin(async (tx) => {
    await hold(tx, run, owner);
    await tx`select projection_drop_shadow(${run.group})`;
    await progress(tx, run, total, total);
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
    const rows = await tx<{ side: string; row: Record<string, unknown>; count: number }[]>`
      select side, row, count(*) over ()::int as count from (
        select 'only in use' as side, to_jsonb(a) as row from (select * from ${inUse} except all select * from ${anew}) a
        union all
        select 'only in the log', to_jsonb(b) from (select * from ${anew} except all select * from ${inUse}) b) both_sides
      limit ${MOST_TOLD}`;
    const [first] = rows;
    // Keys only: what else stands in a row is the places'.
    if (first !== undefined) found.push({ table, count: first.count, rows: rows.map(({ side, row }) => ({ side, ...Object.fromEntries(key.map((column) => [column, row[column]])) })) });
  }
  return found;
}

import type { Sql } from "#hub/db/client.ts";

type Index = { readonly drop: string; readonly make: string };

/**
 * Fills tables without their indexes, which are made anew afterwards: sorted once, they take a fraction of what keeping
 * them in order takes for millions of rows. Nobody else uses the tables meanwhile.
 */
export async function withoutIndexes(sql: Sql, tables: readonly string[], fill: () => Promise<void>): Promise<void> {
  const indexes = await indexesOf(sql, tables);
  for (const { drop } of indexes) await sql.unsafe(drop);
  await fill();
  await sql`select set_config('maintenance_work_mem', '1GB', false)`;
  for (const { make } of indexes) await sql.unsafe(make);
}

/** Of a table with partitions only its own, which bring theirs when they are not made "on only" it. */
async function indexesOf(sql: Sql, tables: readonly string[]): Promise<readonly Index[]> {
  return sql<Index[]>`
    select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
      format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as make
    from pg_constraint where conrelid = any(${[...tables]}::regclass[]) and contype in ('p', 'u')
    union all
    select format('drop index %s', i.indexrelid::regclass), replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')
    from pg_index i where i.indrelid = any(${[...tables]}::regclass[]) and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`;
}

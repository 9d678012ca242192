import { CONSUMERS } from "#consumers/registry.ts";
import { readable } from "#consumers/runner/readable.ts";
import { isComparable, type ConsumerDefinition } from "#consumers/runner/types.ts";
import type { TransactionSql } from "#hub/db/client.ts";
import { derivedUlid } from "#hub/log/derived-ulid.ts";
import { readEvent } from "#shared/events/read.ts";
import { verifyLog } from "../../verify/verify-log.ts";
import { grouped, type Finding, type History, type Recorded } from "./history.ts";

const BATCH = 500;

/** RUN-5: the day's figures, the books and the stock are what the same log gives when it is read anew, row by row and field by field. Writes twins of the tables, so its transaction is one that is undone. */
export async function checkReadModels(tx: TransactionSql, history: History): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const consumer of CONSUMERS.filter(isComparable)) findings.push(...(await compared(tx, history, consumer)));
  return findings;
}

/** AUD-1: each event is in the chain of hashes. */
export async function checkChain(tx: TransactionSql): Promise<Finding[]> {
  const chained = await verifyLog((work) => work(tx));
  return [
    ...chained.findings.map(({ shard, position, what }) => `audit: ${shard}/${position} ${what}`),
    ...(chained.notYet === 0 ? [] : [`audit: ${chained.notYet} events are not chained`]),
  ];
}

async function compared(tx: TransactionSql, { all }: History, consumer: ConsumerDefinition): Promise<Finding[]> {
  const { group } = consumer;
  await tx`select projection_open_shadow(${group})`;
  const wanted = all.filter(({ event: { type } }) => consumer.types.includes(type) && consumer.policy.notRebuilt?.includes(type) !== true);
  await tx`select set_config('search_path', 'rebuild, public', true)`;
  for (const shard of grouped(wanted, ({ shard: of }) => of).values()) {
    for (let from = 0; from < shard.length; from += BATCH) {
      await apply(tx, consumer, shard.slice(from, from + BATCH));
      // Twins of which nothing is known are planned as if they were empty.
      if (from === 0) await tx`select projection_analyze(${group}, false)`;
    }
  }
  await tx`select set_config('search_path', 'public', true)`;
  const tables = await tx<{ table: string }[]>`select table_name as table from projection_tables where consumer_group = ${group} order by 1`;
  const findings: Finding[] = [];
  for (const { table } of tables) findings.push(...(await differences(tx, table)));
  return findings;
}

async function apply(tx: TransactionSql, consumer: ConsumerDefinition, events: readonly Recorded[]): Promise<void> {
  const parsed = events.map(({ event, ...stored }) => ({ ...stored, envelope: event }));
  await consumer.handle(readable(parsed, readEvent), {
    sql: tx,
    append: () => {
      throw new Error(`${consumer.group} appends to the log: it cannot be built anew`);
    },
    wake: () => {},
    commandIdFor: (event, part) => derivedUlid(event.envelope.id, `${consumer.group}\n${part}`),
    signal: new AbortController().signal,
  });
}

async function differences(tx: TransactionSql, table: string): Promise<Finding[]> {
  const [inUse, anew] = [tx(`public.${table}`), tx(`rebuild.${table}`)];
  const [found] = await tx<{ surplus: number; missing: number; example: string | null }[]>`
    with surplus as (select * from ${inUse} except all select * from ${anew}), missing as (select * from ${anew} except all select * from ${inUse})
    select (select count(*)::int from surplus) as surplus, (select count(*)::int from missing) as missing,
      coalesce((select to_json(m)::text from missing m limit 1), (select to_json(s)::text from surplus s limit 1)) as example`;
  return found === undefined || found.surplus + found.missing === 0 ? [] : [`read model ${table} has ${found.surplus} rows that the log does not give, and not ${found.missing} that it gives, such as ${found.example}`];
}

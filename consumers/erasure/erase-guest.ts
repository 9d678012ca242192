import { holdSlips, removeSlips, renewReportSlips } from "#consumers/printing/forget-slips.ts";
import type { TransactionSql } from "#hub/db/client.ts";
import { namesIn, withoutNames } from "#hub/log/audit-digest.ts";

/** What an event asked to be forgotten: an order with its checks, or an account. */
export type Erasure = { readonly id: string; readonly merchant: string; readonly subject: string; readonly checks: readonly string[] };
export type Erased = { readonly events: number; readonly streams: number; readonly slips: number; readonly files: number };
/** It can be done a little later: what the chain has not come to would be hashed with a salt that is gone, and paper on its way is not called back. */
export type NotYet = { readonly waitsFor: "chain" | "printing" };

type Written = { readonly shard: number; readonly position: bigint; readonly stream: string; readonly type: string; readonly envelope: string; readonly chained: boolean };

/**
 * Takes a guest's name and words out of everything that was written of an order or an account: events (by what stands for them in the chain, so that
 * every link stays what it was), states that no fold empties, slips, files, dead letters, and the streams in Redis.
 */
export async function eraseGuest(sql: TransactionSql, erasure: Erasure): Promise<Erased | NotYet> {
  const { subject, merchant } = erasure;
  // A day's report names many guests: who writes its text anew must have read what the erasure before wrote.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`erasure ${merchant}`}, 0))`;
  const own = await ownStreams(sql, erasure);
  const papers = await papersOf(sql, erasure);
  const streams = [...own, ...papers.files];
  if ((await holdSlips(sql, merchant, subject, [...streams, ...papers.reports])) === "printing") return { waitsFor: "printing" };

  const hidden = new Set(streams);
  const written = await eventsOf(sql, [...streams, ...papers.reports]);
  const named = written.flatMap((event) => {
    const tokens = namesIn(event.envelope).flatMap(({ token, stream }) => (hidden.has(stream) ? [token] : []));
    return tokens.length === 0 ? [] : [{ ...event, tokens }];
  });
  if (named.some(({ chained }) => !chained)) return { waitsFor: "chain" };
  const salts = new Map((await sql<{ stream: string; salt: Uint8Array }[]>`select stream, salt from audit_salts where stream = any(${streams})`).map(({ stream, salt }) => [stream, salt]));
  const texts = named.map(({ envelope }) => withoutNames(envelope, (stream) => salts.get(stream), (stream) => hidden.has(stream)));
  const [shards, positions] = [named.map(({ shard }) => String(shard)), named.map(({ position }) => String(position))];
  await sql`select log_erase_guest(${streams}::text[], ${shards}::text[]::smallint[], ${positions}::text[]::bigint[], ${texts}::text[])`;
  await sql`select log_erase_answers(${streams}::text[], ${[...new Set(named.flatMap(({ tokens }) => tokens))]}::text[])`;
  await sql`
    update dead_letters d set envelope = n.envelope
    from unnest(${shards}::text[]::smallint[], ${positions}::text[]::bigint[], ${texts}::text[]) as n (shard, position, envelope)
    where d.shard = n.shard and d.position = n.position`;
  await sql`
    update cash_reports r set report = n.envelope::jsonb #> '{data,report}'
    from unnest(${texts}::text[]) as n (envelope)
    where r.merchant_id = ${merchant} and r.report_id = n.envelope::jsonb->>'subject' and n.envelope::jsonb->>'type' = 'cash.report.made'`;
  const slips = (await removeSlips(sql, merchant, subject, streams)) + (await renewReportSlips(sql, merchant, papers.reports));
  await sql`delete from document_chunks where merchant_id = ${merchant} and document_id = any(${papers.files})`;
  await sql`delete from document_jobs where merchant_id = ${merchant} and document_id = any(${papers.files})`;
  await sql`
    insert into erased_entries (shard, position, epoch, erasure) select shard, position, (select epoch from log_meta), ${erasure.id}
    from unnest(${shards}::text[]::smallint[], ${positions}::text[]::bigint[]) as n (shard, position)
    on conflict do nothing`;
  return { events: named.length, streams: new Set(named.map(({ stream }) => stream)).size, slips, files: papers.files.length };
}

/** The order or account, the order's checks and tickets, and what leave was asked for on any of them. */
async function ownStreams(sql: TransactionSql, { subject, merchant, checks }: Erasure): Promise<readonly string[]> {
  const named = [subject, ...checks];
  const tickets = await sql<{ stream: string }[]>`select stream from aggregates where merchant_id = ${merchant} and kind = 'ticket' and head->>'order' = ${subject}`;
  const approvals = await sql<{ stream: string }[]>`
    select a.stream from aggregates a where a.merchant_id = ${merchant} and a.kind = 'approval'
      and (a.head->'subject'->>'target' = any(${named}) or a.head->'subject'->>'target' in (select p.stream from aggregates p where p.merchant_id = ${merchant} and p.kind = 'payment' and p.head->>'check' = any(${[...checks]})))`;
  return [...named, ...tickets.map(({ stream }) => stream), ...approvals.map(({ stream }) => stream)];
}

/** Reports of the till that carried one of the checks over, and files that show its receipt or such a report, or the account's statement. */
async function papersOf(sql: TransactionSql, { merchant, subject, checks }: Erasure): Promise<{ readonly reports: readonly string[]; readonly files: readonly string[] }> {
  if (checks.length === 0) {
    const statements = await sql<{ stream: string }[]>`select document_id as stream from document_jobs where merchant_id = ${merchant} and content->>'subject' = ${subject}`;
    return { reports: [], files: statements.map(({ stream }) => stream) };
  }
  const reports = await sql<{ stream: string }[]>`
    select report_id as stream from cash_reports where merchant_id = ${merchant} and report->'openChecks' @> any(${checks.map((check) => JSON.stringify([{ check }]))}::text[]::jsonb[])`;
  const files = await sql<{ stream: string }[]>`
    select a.stream from aggregates a join events e on e.stream = a.stream and e.stream_version = 1
    where a.merchant_id = ${merchant} and a.kind = 'document' and a.head->>'kind' in ('receipt', 'cash-report') and e.envelope like any(${checks.map((check) => `%"check":"${check}"%`)}::text[])`;
  return { reports: reports.map(({ stream }) => stream), files: files.map(({ stream }) => stream) };
}

/** With whether the audit's chain has come to each. */
function eventsOf(sql: TransactionSql, streams: readonly string[]): Promise<Written[]> {
  return sql<Written[]>`
    select e.shard, e.position, e.stream, e.type, e.envelope, coalesce(a.position >= e.position, false)
      and not exists (select from parked_events p where p.consumer_group = 'audit' and p.shard = e.shard and p.position = e.position) as chained
    from events e left join consumer_checkpoints a on a.consumer_group = 'audit' and a.shard = e.shard
    where e.stream = any(${[...streams]}) order by e.shard, e.position`;
}

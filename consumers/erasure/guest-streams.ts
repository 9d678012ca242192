import type { TransactionSql } from "#hub/db/client.ts";

/** What an event asked to be forgotten: an order with its checks, or an account. */
export type Subject = { readonly merchant: string; readonly subject: string; readonly checks: readonly string[] };
/**
 * `own`: streams that tell of this guest alone; `reports` of many; `files` are the documents that show a receipt, a report or a statement.
 * `bills` and `copies`: others' checks that the account paid, and files of their receipts, which say whose account it is on paper alone.
 */
export type GuestStreams = { readonly own: readonly string[]; readonly tickets: readonly string[]; readonly approvals: readonly string[]; readonly reports: readonly string[]; readonly files: readonly string[]; readonly bills: readonly string[]; readonly copies: readonly string[] };

/** Every stream that says something of the guest. Kinds are told by the ids' prefixes, so that no other stream of the place is read. */
export async function guestStreams(sql: TransactionSql, of: Subject): Promise<GuestStreams> {
  const [tickets, approvals, reports, files] = [await ticketsOf(sql, of), await approvalsOf(sql, of), await reportsOf(sql, of), await filesOf(sql, of)];
  const bills = await billsOf(sql, of);
  return { own: [of.subject, ...of.checks, ...tickets, ...approvals], tickets, approvals, reports, files, bills, copies: await receiptsOf(sql, of.merchant, bills) };
}

/** Checks that were charged to the account, and where their payments are now. */
async function billsOf(sql: TransactionSql, { subject, checks }: Subject): Promise<readonly string[]> {
  if (checks.length > 0) return [];
  const rows = await sql<{ check: string }[]>`
    with charged as (select envelope::json->'data' as data from events where stream = ${subject} and type = 'payment.house-account.charged')
    select data->>'check' as check from charged
    union select a.head->>'check' from charged c join aggregates a on a.stream = c.data->>'payment' and a.kind = 'payment'`;
  return rows.map(({ check }) => check);
}

async function receiptsOf(sql: TransactionSql, merchant: string, bills: readonly string[]): Promise<readonly string[]> {
  if (bills.length === 0) return [];
  const rows = await sql<{ document: string }[]>`select document_id as document from document_jobs where merchant_id = ${merchant} and content->>'check' = any(${[...bills]})`;
  return rows.map(({ document }) => document);
}

/** A ticket's id has the time of the event that sent it (LOG-4). */
export async function ticketsOf(sql: TransactionSql, { merchant, subject, checks }: Subject): Promise<readonly string[]> {
  if (checks.length === 0) return [];
  const rows = await sql<{ stream: string }[]>`
    select a.stream from aggregates a, (select min(recorded_at) as first, max(recorded_at) as last from events where stream = ${subject}) e
    where a.stream >= 'tkt_' || ulid_floor(e.first - interval '1 day') and a.stream < 'tkt_' || ulid_floor(e.last + interval '1 day')
      and a.merchant_id = ${merchant} and a.kind = 'ticket' and a.head->>'order' = ${subject}`;
  return rows.map(({ stream }) => stream);
}

/** Leave that was asked for on any of them, or on a payment that ever stood on one of the checks, wherever it is now. */
async function approvalsOf(sql: TransactionSql, { merchant, subject, checks }: Subject): Promise<readonly string[]> {
  const rows = await sql<{ stream: string }[]>`
    with payments as (
      select distinct m[1] as payment from events e, regexp_matches(e.envelope, '"(pay_[0-9A-Z]{26})"', 'g') m where e.stream = any(${[...checks]})
    )
    select a.stream from aggregates a
    where a.stream >= 'apr_' and a.stream < 'apr_~' and a.merchant_id = ${merchant} and a.kind = 'approval'
      and (a.head->'subject'->>'target' = any(${[subject, ...checks]}) or a.head->'subject'->>'target' in (select payment from payments))`;
  return rows.map(({ stream }) => stream);
}

/** Reports of the till that carried one of the checks over. */
async function reportsOf(sql: TransactionSql, { merchant, checks }: Subject): Promise<readonly string[]> {
  if (checks.length === 0) return [];
  const rows = await sql<{ stream: string }[]>`
    select report_id as stream from cash_reports where merchant_id = ${merchant} and report->'openChecks' @> any(${checks.map((check) => JSON.stringify([{ check }]))}::text[]::jsonb[])`;
  return rows.map(({ stream }) => stream);
}

/** Files that show a receipt of one of the checks, or a report that names it; or the account's statement. */
async function filesOf(sql: TransactionSql, { merchant, subject, checks }: Subject): Promise<readonly string[]> {
  if (checks.length === 0) {
    const statements = await sql<{ stream: string }[]>`select document_id as stream from document_jobs where merchant_id = ${merchant} and content->>'subject' = ${subject}`;
    return statements.map(({ stream }) => stream);
  }
  const files = await sql<{ stream: string }[]>`
    select a.stream from aggregates a join events e on e.stream = a.stream and e.stream_version = 1
    where a.stream >= 'doc_' and a.stream < 'doc_~' and a.merchant_id = ${merchant} and a.kind = 'document' and a.head->>'kind' in ('receipt', 'cash-report')
      and e.envelope like any(${checks.map((check) => `%"check":"${check}"%`)}::text[])`;
  return files.map(({ stream }) => stream);
}

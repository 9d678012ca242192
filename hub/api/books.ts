import { setTenant, type TransactionSql } from "#hub/db/client.ts";
import { ACCOUNTS, POOL } from "#shared/ledger/accounts.ts";
import type { Money } from "#shared/events/primitives.ts";
import { shardOf } from "#shared/shards.ts";
import type { Hub } from "./hub.ts";

type Tenant = { readonly organizerId: string; readonly merchantId: string };
type BalanceRow = { account: string; currency: string; debit: string; credit: string };
type EntryRow = { business_date: string; posted_at: Date; journal_id: string; line: number; event_id: string; memo: string; subject: string; currency: string; amount: string };

const NAMES: ReadonlyMap<string, { readonly name: string; readonly kind: string }> = new Map(ACCOUNTS.map(({ account, name, kind }) => [account, { name, kind }]));
const PAGE = 100;
const MOST_SUBJECTS = 1_000;

async function reading<T>(hub: Hub, tenant: Tenant, work: (tx: TransactionSql) => Promise<T>): Promise<T> {
  const read = await hub.sql.begin("isolation level repeatable read read only", async (tx) => {
    await setTenant(tx, tenant);
    return { of: await work(tx) };
  });
  return read.of;
}

/**
 * Debit and credit of every account, now or as of a time of posting. `settled`: the books have passed that time, so this answer will never change.
 */
export async function trialBalance(hub: Hub, tenant: Tenant, at: string | null) {
  return reading(hub, tenant, async (tx) => {
    const rows = at === null
      ? await tx<BalanceRow[]>`select account, currency, debit::text, credit::text from ledger_balances where merchant_id = ${tenant.merchantId} order by account, currency`
      : await tx<BalanceRow[]>`select account, currency, debit::text, credit::text from ledger_balances_at(${tenant.merchantId}, ${at})`;
    const accounts = rows.map(({ account, currency, debit, credit }) => ({
      account,
      name: NAMES.get(account)?.name ?? account,
      kind: NAMES.get(account)?.kind ?? "asset",
      debit: money(debit, currency),
      credit: money(credit, currency),
      balance: money(BigInt(debit) - BigInt(credit), currency),
    }));
    const sums = new Map<string, bigint>();
    for (const { balance } of accounts) sums.set(balance.currency, (sums.get(balance.currency) ?? 0n) + BigInt(balance.amount));
    return { at, accounts, balanced: [...sums.values()].every((sum) => sum === 0n), settled: at !== null && Date.parse(at) <= hub.now() && (await passed(tx, tenant.merchantId, at)) };
  });
}

/**
 * Whose an account's balance is, now or as of a time of posting: what each person's tips are, what each house account or gift card stands at. Nobody whose is nothing.
 * `name` where the subject is a person.
 */
export async function bySubject(hub: Hub, tenant: Tenant, account: string, at: string | null) {
  return reading(hub, tenant, async (tx) => {
    const rows = await tx<{ subject: string; currency: string; sum: string; name: string | null }[]>`
      select e.subject, e.currency, e.sum::text as sum, s.head->>'name' as name
      from (select subject, currency, sum(amount) as sum from ledger_entries
             where merchant_id = ${tenant.merchantId} and account = ${account} and (${at}::timestamptz is null or posted_at < ${at}::timestamptz)
             group by subject, currency having sum(amount) <> 0) e
      left join aggregates s on s.stream = e.subject and e.subject like 'stf\_%'
      order by e.subject, e.currency limit ${MOST_SUBJECTS}`;
    return { account, accountName: NAMES.get(account)?.name ?? account, at, subjects: rows.map(({ subject, currency, sum, name }) => ({ subject, name, balance: money(sum, currency) })) };
  });
}

/**
 * What each person's tips are, and the pool's, by the ledger. Below zero: they have had more than is theirs, since a tip was made smaller or given back after it was
 * paid out; the next tips make up for it.
 */
export async function tipsOwed(hub: Hub, tenant: Tenant) {
  const { subjects } = await bySubject(hub, tenant, "2200", null);
  const owed = (balance: Money) => money(-BigInt(balance.amount), balance.currency);
  return {
    people: subjects.flatMap(({ subject, name, balance }) => (name === null ? [] : [{ staff: subject, name, owed: owed(balance) }])),
    pool: subjects.filter(({ subject }) => subject === POOL).map(({ balance }) => owed(balance)),
  };
}

/** Something was posted at that time or later, or nothing waits to be posted. */
async function passed(tx: TransactionSql, merchant: string, at: string): Promise<boolean> {
  const [later] = await tx`select 1 from ledger_entries where merchant_id = ${merchant} and posted_at >= ${at} limit 1`;
  if (later !== undefined) return true;
  const [row] = await tx<{ there: boolean | null }[]>`
    select c.position >= coalesce(h.head, 0) as there from consumer_checkpoints c left join log_heads() h using (shard)
    where c.consumer_group = 'ledger' and c.shard = ${shardOf(merchant)}`;
  return row?.there === true;
}

export type StatementInput = { readonly account: string; readonly subject?: string | undefined; readonly from: string; readonly to: string; readonly after?: string | undefined };

/** Entries of an account by business date, with the balance before the page and after each entry. `next`: for the page after. */
export async function statement(hub: Hub, tenant: Tenant, { account, subject, from, to, after }: StatementInput) {
  return reading(hub, tenant, async (tx) => {
    const [date, posted, journal, line] = cursorOf(after);
    const about = subject === undefined ? tx`` : tx`and e.subject = ${subject}`;
    const opening = await tx<{ currency: string; sum: string }[]>`
      select currency, sum(amount)::text as sum from ledger_entries e
      where e.merchant_id = ${tenant.merchantId} and e.account = ${account} ${about}
        and (e.business_date < ${from} or (e.business_date <= ${to} and ${after !== undefined} and (e.business_date, e.posted_at, e.journal_id, e.line) <= (${date}::date, ${posted}::timestamptz, ${journal}, ${line}::smallint)))
      group by currency order by currency`;
    const rows = await tx<(EntryRow & { posted: string })[]>`
      select e.business_date::text as business_date, e.posted_at, e.posted_at::text as posted, e.journal_id, e.line, j.event_id, j.memo, e.subject, e.currency, e.amount::text as amount
      from ledger_entries e join ledger_journals j on j.merchant_id = e.merchant_id and j.journal_id = e.journal_id
      where e.merchant_id = ${tenant.merchantId} and e.account = ${account} ${about} and e.business_date between ${from} and ${to}
        and (e.business_date, e.posted_at, e.journal_id, e.line) > (${date}::date, ${posted}::timestamptz, ${journal}, ${line}::smallint)
      order by e.business_date, e.posted_at, e.journal_id, e.line limit ${PAGE + 1}`;
    const balances = new Map(opening.map(({ currency, sum }) => [currency, BigInt(sum)]));
    const page = rows.slice(0, PAGE);
    const last = page.at(-1);
    return {
      account,
      name: NAMES.get(account)?.name ?? account,
      opening: opening.map(({ currency, sum }) => money(sum, currency)),
      entries: page.map(({ business_date, posted_at, journal_id, event_id, memo, subject: of, currency, amount }) => {
        const balance = (balances.get(currency) ?? 0n) + BigInt(amount);
        balances.set(currency, balance);
        return { businessDate: business_date, postedAt: posted_at.toISOString(), journal: journal_id, event: event_id, memo, subject: of, amount: money(amount, currency), balance: money(balance, currency) };
      }),
      closing: [...balances].map(([currency, sum]) => money(sum, currency)),
      next: rows.length > PAGE && last !== undefined ? [last.business_date, last.posted, last.journal_id, last.line].join("~") : null,
    };
  });
}

/** Before everything, when there is none. */
function cursorOf(after: string | undefined): readonly [date: string, posted: string, journal: string, line: number] {
  const [date = "0001-01-01", posted = "0001-01-01 00:00:00+00", journal = "", line = "-1"] = after?.split("~") ?? [];
  return [date, posted, journal, Number(line)];
}

function money(minor: string | bigint, currency: string): Money {
  return { amount: minor.toString(), currency };
}

/** The last files that were asked for here. */
export async function recentFiles(hub: Hub, tenant: Tenant) {
  type Row = { document_id: string; kind: string; format: "pdf" | "xlsx"; state: string; percent: number; name: string | null; bytes: number | null; asked_by: string; asked_at: Date };
  const rows = await reading(hub, tenant, (tx) => tx<Row[]>`
    select document_id, content->>'kind' as kind, format, state, percent, name, bytes, asked_by, asked_at from document_jobs
    where merchant_id = ${tenant.merchantId} order by asked_at desc, document_id desc limit 50`);
  return rows.map(({ document_id, asked_by, asked_at, ...row }) => ({ document: document_id, ...row, askedBy: asked_by, askedAt: asked_at.toISOString() }));
}

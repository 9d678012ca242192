import { localDateTime } from "#consumers/printing/slips/place.ts";
import type { Sql } from "#hub/db/client.ts";
import { ACCOUNTS } from "#shared/ledger/accounts.ts";
import type { Column, Row } from "./model.ts";
import type { Job } from "./job-store.ts";

const NAMES: ReadonlyMap<string, string> = new Map(ACCOUNTS.map(({ account, name }) => [account, name]));
const PAGE = 500;

export type Book = { readonly title: string; readonly lines: readonly string[]; readonly columns: readonly Column[]; readonly total: number; pages(): AsyncIterable<readonly Row[]> };

const text = (name: string, weight: number): Column => ({ name, kind: "text", weight });
const money = (name: string): Column => ({ name, kind: "money", weight: 1.4 });

function sides(amount: bigint): readonly [debit: string | null, credit: string | null] {
  return amount >= 0n ? [amount.toString(), null] : [null, (-amount).toString()];
}

/** By the place's clock, as exactly as it was asked; offsets of zones are whole minutes. */
function moment(at: string, { place: { zone } }: Job): string {
  return `${localDateTime(at, zone)}:${new Date(at).toISOString().slice(17, 23)} (${zone})`;
}

/** Postings come while a file is made: only what was posted before `askedAt` is in it, so a second try says the same. */
export async function trialBalanceBook(sql: Sql, job: Job, at: string | null): Promise<Book> {
  const before = at === null || at > job.askedAt ? job.askedAt : at;
  const { currency } = job.place;
  const rows = await sql<{ account: string; debit: string; credit: string }[]>`
    select account, debit::text, credit::text from ledger_balances_at(${job.merchant}, ${before}) where currency = ${currency} order by account`;
  const sum = (side: "debit" | "credit") => rows.reduce((total, row) => total + BigInt(row[side]), 0n);
  const [debit, credit] = [sum("debit"), sum("credit")];
  const lines = rows.map(({ account, debit: d, credit: c }): Row => ({ cells: [account, NAMES.get(account) ?? "", d, c, ...sides(BigInt(d) - BigInt(c))] }));
  const balance = rows.reduce((total, row) => { const left = BigInt(row.debit) - BigInt(row.credit); return left > 0n ? total + left : total; }, 0n);
  const total: Row = { bold: true, cells: ["", debit === credit ? "Balanced" : "NOT BALANCED", debit.toString(), credit.toString(), balance.toString(), balance.toString()] };
  return {
    title: "Trial balance",
    lines: [`Posted before ${moment(before, job)}`],
    columns: [text("Account", 0.7), text("Name", 3), money("Debit"), money("Credit"), money("Balance, debit"), money("Balance, credit")],
    total: rows.length,
    async *pages() {
      yield [...lines, total];
    },
  };
}

type Entry = { business_date: string; posted: string; journal_id: string; line: number; memo: string; account: string; subject: string; amount: string };

/** Every journal of the days, leg by leg. */
export async function journalBook(sql: Sql, job: Job, { from, to }: { readonly from: string; readonly to: string }): Promise<Book> {
  const { currency } = job.place;
  const [counted] = await sql<{ n: number }[]>`
    select count(*)::int as n from ledger_entries
    where merchant_id = ${job.merchant} and currency = ${currency} and business_date between ${from} and ${to} and posted_at < ${job.askedAt}`;
  return {
    title: "Journal",
    lines: [`Business dates ${from} to ${to}, posted before ${moment(job.askedAt, job)}`],
    columns: [text("Date", 0.9), text("Journal", 3.2), text("Account", 0.6), text("Name", 1.7), text("Of", 2.6), money("Debit"), money("Credit")],
    total: counted?.n ?? 0,
    async *pages() {
      let [debits, credits] = [0n, 0n];
      for await (const page of entries(sql, job, sql`and e.business_date between ${from} and ${to}`)) {
        yield page.map(({ business_date, line, memo, account, subject, amount }): Row => {
          const minor = BigInt(amount);
          if (minor > 0n) debits += minor;
          else credits -= minor;
          return { cells: [line === 0 ? business_date : "", line === 0 ? memo : "", account, NAMES.get(account) ?? "", subject, ...sides(minor)] };
        });
      }
      yield [{ bold: true, cells: ["", "Sum", "", "", "", debits.toString(), credits.toString()] }];
    },
  };
}

type Statement = { readonly account: string; readonly subject?: string | undefined; readonly from: string; readonly to: string };

/** One account, or one subject of it: what it was before, every entry, and what it is after each. */
export async function statementBook(sql: Sql, job: Job, { account, subject, from, to }: Statement): Promise<Book> {
  const { currency } = job.place;
  const about = subject === undefined ? sql`` : sql`and e.subject = ${subject}`;
  const [whose] = subject === undefined ? [] : await sql<{ name: string | null }[]>`select head->>'name' as name from aggregates where stream = ${subject} and merchant_id = ${job.merchant}`;
  const [before] = await sql<{ sum: string; n: number }[]>`
    select coalesce(sum(amount) filter (where business_date < ${from}), 0)::text as sum, count(*) filter (where business_date >= ${from})::int as n from ledger_entries e
    where merchant_id = ${job.merchant} and account = ${account} and currency = ${currency} and business_date <= ${to} and posted_at < ${job.askedAt} ${about}`;
  const opening = before?.sum ?? "0";
  return {
    title: `Account ${account} ${NAMES.get(account) ?? ""}`,
    lines: [...(subject === undefined ? [] : [`Of ${whose?.name ?? subject}`]), `Business dates ${from} to ${to}, posted before ${moment(job.askedAt, job)}`, "Debit is positive, credit negative"],
    columns: [text("Date", 0.9), text("What", 3.4), text("Of", 2.6), money("Debit"), money("Credit"), money("Balance")],
    total: before?.n ?? 0,
    async *pages() {
      let balance = BigInt(opening);
      yield [{ bold: true, cells: [from, "Opening balance", "", null, null, opening] }];
      for await (const page of entries(sql, job, sql`and e.account = ${account} ${about} and e.business_date between ${from} and ${to}`)) {
        yield page.map(({ business_date, memo, subject, amount }): Row => {
          balance += BigInt(amount);
          return { cells: [business_date, memo, subject, ...sides(BigInt(amount)), balance.toString()] };
        });
      }
      yield [{ bold: true, cells: [to, "Closing balance", "", null, null, balance.toString()] }];
    },
  };
}

/** By key, page after page: no transaction is held open while a page is drawn. */
async function* entries(sql: Sql, job: Job, wanted: ReturnType<Sql>): AsyncIterable<readonly Entry[]> {
  let last: Entry = { business_date: "0001-01-01", posted: "0001-01-01 00:00:00+00", journal_id: "", line: -1, memo: "", account: "", subject: "", amount: "0" };
  for (;;) {
    const page: readonly Entry[] = await sql<Entry[]>`
      select e.business_date::text as business_date, e.posted_at::text as posted, e.journal_id, e.line, j.memo, e.account, e.subject, e.amount::text as amount
      from ledger_entries e join ledger_journals j on j.merchant_id = e.merchant_id and j.journal_id = e.journal_id
      where e.merchant_id = ${job.merchant} and e.currency = ${job.place.currency} and e.posted_at < ${job.askedAt} ${wanted}
        and (e.business_date, e.posted_at, e.journal_id, e.line) > (${last.business_date}::date, ${last.posted}::timestamptz, ${last.journal_id}, ${last.line}::smallint)
      order by e.business_date, e.posted_at, e.journal_id, e.line limit ${PAGE}`;
    if (page.length === 0) return;
    yield page;
    last = page.at(-1) ?? last;
  }
}

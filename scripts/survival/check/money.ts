import type { TransactionSql } from "#hub/db/client.ts";
import type { DrawerState } from "#shared/domain/cash/state.ts";
import type { CheckTotals, Tender } from "#shared/events/sale-check.ts";
import { expectedCosts } from "./cost.ts";
import { compareCounts, grouped, type Finding, type History } from "./history.ts";

type Entry = { merchant_id: string; journal_id: string; currency: string; account: string; subject: string; amount: string };

/** DOM-15: every sale and every tender is posted once, the books balance, and nothing hangs on a check that is closed. */
export async function checkLedger(tx: TransactionSql, history: History): Promise<Finding[]> {
  const entries = await tx<Entry[]>`
    select e.merchant_id, e.journal_id, j.currency, e.account, e.subject, e.amount::text as amount
    from ledger_entries e join ledger_journals j using (merchant_id, journal_id)`;
  const journals = await tx<{ journal_id: string; event_id: string }[]>`select journal_id, event_id from ledger_journals`;
  const balances = await tx<{ merchant_id: string; account: string; currency: string; balance: string }[]>`
    select merchant_id, account, currency, (debit - credit)::text as balance from ledger_balances`;
  const byAccount = sums(entries, ({ merchant_id, account, currency }) => `${merchant_id} ${account} ${currency}`);
  const bySubject = sums(entries, ({ account, subject }) => `${account} of ${subject}`);
  const closed = history.of("sale.check.closed");
  const costs = expectedCosts(history);
  const inventory = entries.reduce((sum, { account, amount }) => (account === "1300" ? sum + BigInt(amount) : sum), 0n);
  const shouldBe = (what: string, expected: bigint) => ((bySubject.get(what) ?? 0n) === expected ? [] : [`${what} is ${bySubject.get(what) ?? 0n}, not ${expected}`]);
  return [
    ...[...sums(entries, ({ journal_id }) => journal_id)].flatMap(([journal, sum]) => (sum === 0n ? [] : [`journal ${journal} is out of balance by ${sum}`])),
    ...[...sums(entries, ({ merchant_id, currency }) => `${merchant_id} in ${currency}`)].flatMap(([books, sum]) => (sum === 0n ? [] : [`the trial balance of ${books} is out by ${sum}`])),
    ...compareCounts("balance", [...byAccount].map(([account, sum]) => `${account}: ${sum}`), balances.map(({ merchant_id, account, currency, balance }) => `${merchant_id} ${account} ${currency}: ${balance}`)),
    ...compareCounts("posting", [...expectedPostings(history), ...costs.postings], journals.map(({ event_id, journal_id }) => `${event_id} as ${journal_id.split("/")[1]}`)),
    ...closed.flatMap(({ subject }) => [...shouldBe(`1100 of ${subject}`, 0n), ...shouldBe(`2020 of ${subject}`, 0n)]),
    ...closed.flatMap(({ subject, data }) => shouldBe(`4000 of ${subject}`, -listNet(data.totals))),
    ...[...costs.of].flatMap(([what, amount]) => (what === "1300" ? (inventory === amount ? [] : [`1300 is ${inventory}, not ${amount}`]) : shouldBe(what, amount))),
    ...drawersOf(history).flatMap(({ id, expected }) => shouldBe(`1010 of ${id}`, BigInt(expected.amount))),
  ];
}

/** Sales are at list: what was taken off is on accounts of its own. */
function listNet({ net, adjustments = [] }: CheckTotals): bigint {
  return adjustments.reduce((sum, { net: less }) => sum + BigInt(less), BigInt(net));
}

/** Which journals the log's events have, apart from what things cost: `<event> as <its name>`. */
export function expectedPostings(history: Pick<History, "of">): readonly string[] {
  return [
    ...history.of("sale.check.closed").flatMap(({ id, data }) => [...(data.totals.total === "0" ? [] : [`${id} as sale`]), ...(data.totals.paid === "0" ? [] : [`${id} as prepaid`])]),
    ...history.of("payment.attempt.success").map(({ id }) => `${id} as tender`),
    ...history.of("cash.drawer.opened").map(({ id }) => `${id} as float`),
    ...history.of("cash.drawer.paidIn").map(({ id }) => `${id} as pay-in`),
    ...history.of("cash.drawer.paidOut").map(({ id }) => `${id} as pay-out`),
    ...history.of("cash.drawer.tipsPaid").map(({ id }) => `${id} as tips`),
    ...history.of("cash.drawer.dropped").map(({ id }) => `${id} as drop`),
    ...history.of("payment.transaction.settled").map(({ id }) => `${id} as settled`),
    ...history.of("sale.check.merged", "sale.check.rolledBack").flatMap(({ id, subject, data: { from, into, tenders } }) => (from === subject && into !== undefined && tenders.length > 0 ? [`${id} as moved`] : [])),
    ...history.of("payment.refund.created").map(({ id }) => `${id} as approved`),
    ...history.of("payment.refund.success").map(({ id, data }) => `${id} as ${nthOf(`paid-${data.payout.payment}`, data)}`),
    ...history.of("payment.refund.contradictionResolved").flatMap(({ id, data }) => (data.outcome === "paid" ? [] : [`${id} as ${nthOf(`not-paid-${data.payout.payment}`, data)}`])),
  ];
}

/** What was paid, and found not to be, may be paid and found so again. */
function nthOf(name: string, { round }: { readonly round?: number | undefined }): string {
  return round === undefined ? name : `${name}-${round}`;
}

function drawersOf({ states }: History): readonly DrawerState[] {
  return [...states.values()].flatMap(({ kind, state }) => (kind === "drawer" ? [state as DrawerState] : [])).filter(({ closed }) => closed === null);
}

function sums<Row extends { readonly amount: string }>(rows: readonly Row[], keyOf: (row: Row) => string): ReadonlyMap<string, bigint> {
  const totals = new Map<string, bigint>();
  for (const row of rows) totals.set(keyOf(row), (totals.get(keyOf(row)) ?? 0n) + BigInt(row.amount));
  return totals;
}

/** The manager's day: each closed check and each tender once. */
export async function checkSales(tx: TransactionSql, history: History): Promise<Finding[]> {
  const days = await tx<{ merchant_id: string; date: string; checks: number; total: string }[]>`
    select merchant_id, business_date::text as date, checks, total::text as total from sales_days where checks <> 0 or total <> 0`;
  const tenders = await tx<{ merchant_id: string; date: string; payments: number; amount: string }[]>`
    select merchant_id, business_date::text as date, sum(payments)::int as payments, sum(amount + rounding)::text as amount from sales_tenders group by 1, 2`;
  const closed = perDay(history.of("sale.check.closed").map((event) => ({ ...event, minor: event.data.totals.total })));
  const taken = perDay(history.of("payment.attempt.success").map((event) => ({ ...event, minor: takenOf(event.data.tender) })));
  return [
    ...compareCounts("day of sales", closed, days.map(({ merchant_id, date, checks, total }) => `${merchant_id} ${date}: ${checks} for ${total}`)),
    ...compareCounts("day of tenders", taken, tenders.map(({ merchant_id, date, payments, amount }) => `${merchant_id} ${date}: ${payments} for ${amount}`)),
  ];
}

/** With cash rounding, as the drawers count it. */
function takenOf({ amount, roundingDifference }: Tender): string {
  return (BigInt(amount.amount) + BigInt(roundingDifference.amount)).toString();
}

type Dated = { readonly merchantid?: string; readonly businessdate?: string; readonly minor: string };

function perDay(events: readonly Dated[]): readonly string[] {
  const days = grouped(events, ({ merchantid, businessdate }) => `${merchantid} ${businessdate}`);
  return [...days].map(([day, of]) => `${day}: ${of.length} for ${of.reduce((sum, { minor }) => sum + BigInt(minor), 0n)}`);
}

/** DOM-18: receipts are numbered without a gap, and no number is given twice. */
export function checkReceiptNumbers(history: History): Finding[] {
  const merchants = grouped(history.of("sale.check.closed"), ({ merchantid }) => merchantid);
  return [...merchants].flatMap(([merchant, closed]) =>
    compareCounts(`receipt of ${merchant}`, closed.map((_, i) => String(i + 1)), closed.map(({ data }) => String(Number(data.number)))),
  );
}

import type { TransactionSql } from "#hub/db/client.ts";
import type { DayReport } from "#shared/events/cash.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Money } from "#shared/events/primitives.ts";

type Requested = Extract<EventEnvelope, { type: "cash.report.requested" }>;
type SalesRow = { checks: number; net: string; discounts: string; comps: string; service_charge: string; tax: string; stored_value: string; total: string; reversals: number; reversed: string; returned_net: string; returned_tax: string; returned_value: string; rounding: string; lost: string; returned_tips: string; returned_rounding: string; returned_overpaid: string; returned_prepaid: string; given_up: string; first: string | null; last: string | null; day: string | null };
type TaxRow = { returned: boolean; code: string; name: string; rate: string; inclusive: boolean; base: string; tax: string };
type TenderRow = { method: string; payments: number; amount: string; rounding: string; tips: string; overpaid: string; forfeited: string };
type RefundRow = { method: string; count: number; amount: string; rounding: string };
type AccountRow = { method: string; paidCount: number; paid: string; paidOutCount: number; paidOut: string; rounding: string };
type DrawerRow = { drawer_id: string; name: string; number: number | null; expected: string; counted: string; difference: string };

const MOST_OPEN_CHECKS = 500;

/** The paper of the days `from` to `to`, as they stand at this place of the log. */
export async function dayReportOf(sql: TransactionSql, event: Requested, merchant: string): Promise<DayReport> {
  const { kind, number, from, to, currency, displayDigits, by } = event.data;
  const money = (minor: string | bigint | null | undefined): Money => ({ amount: (minor ?? "0").toString(), currency });
  const since = from ?? "0001-01-01";
  const of = sql`merchant_id = ${merchant} and currency = ${currency} and business_date between ${since} and ${to}`;
  const [sales] = await sql<SalesRow[]>`
    select coalesce(sum(checks), 0)::int as checks, sum(net)::text as net, sum(discounts)::text as discounts, sum(comps)::text as comps,
      sum(service_charge)::text as service_charge, sum(tax)::text as tax, sum(stored_value)::text as stored_value, sum(total)::text as total,
      coalesce(sum(reversals), 0)::int as reversals, sum(reversed)::text as reversed,
      sum(returned_net)::text as returned_net, sum(returned_tax)::text as returned_tax, sum(returned_value)::text as returned_value,
      sum(rounding)::text as rounding, sum(lost)::text as lost, sum(returned_tips)::text as returned_tips, sum(returned_rounding)::text as returned_rounding,
      sum(returned_overpaid)::text as returned_overpaid, sum(returned_prepaid)::text as returned_prepaid, sum(given_up)::text as given_up, min(first_receipt) as first, max(last_receipt) as last, min(business_date)::text as day
    from sales_days where ${of}`;
  const taxes = await sql<TaxRow[]>`
    select returned, code, name, rate, inclusive, sum(base)::text as base, sum(tax)::text as tax from sales_taxes
    where ${of} group by returned, code, name, rate, inclusive order by code, rate, inclusive, name`;
  const tenders = await sql<TenderRow[]>`
    select method, sum(payments)::int as payments, sum(amount)::text as amount, sum(rounding)::text as rounding, sum(tips)::text as tips,
      sum(overpaid)::text as overpaid, sum(forfeited)::text as forfeited
    from sales_tenders where ${of} group by method order by method`;
  const refunds = await sql<RefundRow[]>`
    select method, sum(refunds)::int as count, sum(amount)::text as amount, sum(rounding)::text as rounding from sales_refunds where ${of} group by method order by method`;
  const accounts = await sql<AccountRow[]>`
    select method, sum(paid_count)::int as "paidCount", sum(paid)::text as paid, sum(paid_out_count)::int as "paidOutCount", sum(paid_out)::text as "paidOut", sum(rounding)::text as rounding
    from sales_accounts where ${of} group by method order by method`;
  const drawers = await sql<DrawerRow[]>`
    select drawer_id, name, number, expected::text, counted::text, difference::text from sales_drawers
    where merchant_id = ${merchant} and closed_on between ${since} and ${to} order by number nulls first, drawer_id`;
  const openDrawers = await sql<{ drawer: string; name: string }[]>`
    select drawer_id as drawer, name from sales_drawers where merchant_id = ${merchant} and closed_on is null and opened_on <= ${to} order by drawer_id`;
  const openChecks = await sql<{ check: string; label: string; openedOn: string }[]>`
    select check_id as check, label, opened_on::text as "openedOn" from sales_open_checks
    where merchant_id = ${merchant} and opened_on <= ${to} order by opened_on, check_id limit ${MOST_OPEN_CHECKS}`;
  const [grand] = await sql<{ total: string | null }[]>`
    select sum(total)::text as total from sales_days where merchant_id = ${merchant} and currency = ${currency} and business_date <= ${to}`;
  const rows = (returned: boolean) => taxes.filter((row) => row.returned === returned).map(({ code, name, rate, inclusive, base, tax }) => ({ code, name, rate, inclusive, base: money(base), tax: money(tax) }));
  return {
    scope: "day",
    kind,
    number,
    merchant: event.data.merchant,
    currency,
    displayDigits,
    // The first paper of a place begins with its first sale.
    from: from ?? sales?.day ?? to,
    to,
    at: event.time,
    by,
    sales: {
      checks: sales?.checks ?? 0,
      net: money(sales?.net),
      discounts: money(sales?.discounts),
      comps: money(sales?.comps),
      serviceCharge: money(sales?.service_charge),
      tax: money(sales?.tax),
      storedValue: money(sales?.stored_value),
      rounding: money(sales?.rounding),
      total: money(sales?.total),
      firstReceipt: sales?.first ?? null,
      lastReceipt: sales?.last ?? null,
    },
    taxes: rows(false),
    returns: {
      net: money(sales?.returned_net),
      tax: money(sales?.returned_tax),
      storedValue: money(sales?.returned_value),
      tips: money(sales?.returned_tips),
      rounding: money(sales?.returned_rounding),
      overpaid: money(sales?.returned_overpaid),
      prepaid: money(sales?.returned_prepaid),
      pending: money(pendingOf(sales, refunds)),
      givenUp: money(sales?.given_up),
      taxes: rows(true),
    },
    tenders: tenders.map(({ method, payments, amount, rounding, tips, overpaid, forfeited }) => ({ method, payments, amount: money(amount), rounding: money(rounding), tips: money(tips), overpaid: money(overpaid), forfeited: money(forfeited) })),
    taken: money(sumOf(tenders.flatMap(({ amount, rounding, tips, overpaid, forfeited }) => [amount, rounding, tips, overpaid, forfeited]))),
    prepaid: money(prepaidOf(sales, tenders)),
    lost: money(sales?.lost),
    refunds: refunds.map(({ method, count, amount, rounding }) => ({ method, count, amount: money(amount), rounding: money(rounding) })),
    refunded: money(sumOf(refunds.map(({ amount }) => amount))),
    reversals: { count: sales?.reversals ?? 0, amount: money(sales?.reversed) },
    accounts: accounts.map(({ method, paidCount, paid, paidOutCount, paidOut, rounding }) => ({ method, paid: { count: paidCount, amount: money(paid) }, paidOut: { count: paidOutCount, amount: money(paidOut) }, rounding: money(rounding) })),
    drawers: drawers.map(({ drawer_id, name, number: z, expected, counted, difference }) => ({ drawer: drawer_id, name, number: z, expected: money(expected), counted: money(counted), difference: money(difference) })),
    openDrawers: [...openDrawers],
    openChecks: [...openChecks],
    grandTotal: money(grand?.total),
  };
}

function sumOf(amounts: readonly (string | null | undefined)[]): bigint {
  return amounts.reduce((sum, amount) => sum + BigInt(amount ?? "0"), 0n);
}

/** What was approved less what was given back, coins not rounded (2350 of the refunds). What a guest had twice is owed back until it is given up. */
function pendingOf(sales: SalesRow | undefined, refunds: readonly RefundRow[]): bigint {
  const owed = sumOf([sales?.returned_net, sales?.returned_tax, sales?.returned_value, sales?.returned_tips, sales?.returned_rounding, sales?.returned_overpaid, sales?.returned_prepaid]);
  return owed - sumOf(refunds.map(({ amount }) => amount)) + sumOf(refunds.map(({ rounding }) => rounding)) + sumOf([sales?.given_up]);
}

/** What pays for checks that are open, more than when the days began (2020): all that pays for checks, less what pays for those that were closed. */
function prepaidOf(sales: SalesRow | undefined, tenders: readonly TenderRow[]): bigint {
  return sumOf(tenders.map(({ amount }) => amount)) + sumOf([sales?.lost]) - sumOf([sales?.total, sales?.returned_prepaid]);
}

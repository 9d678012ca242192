import type { TransactionSql } from "#hub/db/client.ts";
import type { Payout } from "#shared/events/payment.ts";
import type { Money } from "#shared/events/primitives.ts";
import { sum } from "./arithmetic.ts";
import { checkJournalDates, type Journal } from "./dates.ts";
import { compareCounts, grouped, type Finding, type History } from "./history.ts";

type Row<Columns extends string> = { readonly [Column in Columns]: string };
/** The manager's day as it stands in the tables, amounts as text in minor units. */
export type Figures = {
  readonly tenders: readonly Row<"merchant" | "date" | "method" | "payments" | "amount" | "rounding" | "tips">[];
  readonly refunds: readonly Row<"merchant" | "date" | "method" | "refunds" | "amount" | "rounding">[];
  readonly taxes: readonly Row<"merchant" | "date" | "returned" | "code" | "rate" | "base" | "tax">[];
  readonly days: readonly Row<"merchant" | "date" | "net" | "charge" | "tax" | "off" | "returned" | "returned_tax">[];
  readonly journals: readonly Journal[];
  /** Of a check: the accounts of its tax, its charge, and what was taken off it. */
  readonly entries: readonly Row<"account" | "check" | "amount">[];
};

export async function readFigures(tx: TransactionSql): Promise<Figures> {
  return {
    tenders: await tx`select merchant_id as merchant, business_date::text as date, method, payments::text as payments, amount::text as amount, rounding::text as rounding, tips::text as tips from sales_tenders`,
    refunds: await tx`select merchant_id as merchant, business_date::text as date, method, refunds::text as refunds, amount::text as amount, rounding::text as rounding from sales_refunds`,
    taxes: await tx`select merchant_id as merchant, business_date::text as date, returned::text as returned, code, rate::text as rate, sum(base)::text as base, sum(tax)::text as tax from sales_taxes group by 1, 2, 3, 4, 5`,
    days: await tx`select merchant_id as merchant, business_date::text as date, net::text as net, service_charge::text as charge, tax::text as tax, (discounts + comps)::text as off,
      returned_net::text as returned, returned_tax::text as returned_tax from sales_days`,
    journals: await tx`select journal_id, event_id, business_date::text as date from ledger_journals`,
    entries: await tx`select l.account, l.subject as check, sum(l.amount)::text as amount from ledger_entries l where l.account in ('2100', '4050', '4100', '4110') and l.journal_id like '%/sale' group by 1, 2`,
  };
}

/** DOM-15, DOM-17: each method's money of each day, what went back by which way, each rate's tax, and what a sale posts: added up from the log, each event on its own day. */
export function checkFigures(history: Pick<History, "all" | "of">, figures: Figures): Finding[] {
  const success = history.of("payment.attempt.success").map(({ merchantid, businessdate, data: { tender } }) => ({ day: `${merchantid} ${businessdate} ${tender.method}`, tender }));
  const wayOf = ({ merchantid, businessdate, data: { payout } }: { readonly merchantid?: string; readonly businessdate?: string; readonly data: { readonly payout: Payout } }) => ({ day: `${merchantid} ${businessdate} ${payout.by === "cash" ? "cash" : payout.method}`, payout });
  // What was found not to have gone back is taken off the day on which it was found: it had been counted.
  const back = [
    ...history.of("payment.refund.success").map((event) => ({ ...wayOf(event), times: 1n })),
    ...history.of("payment.refund.contradictionResolved").flatMap((event) => (event.data.outcome === "paid" ? [] : [{ ...wayOf(event), times: -1n }])),
  ];
  const closed = history.of("sale.check.closed");
  const refunds = history.of("payment.refund.created");
  const offOf = (totals: (typeof closed)[number]["data"]["totals"]) => sum((totals.adjustments ?? []).map(({ net }) => net));
  return [
    ...compareCounts(
      "day of a method",
      [...grouped(success, ({ day }) => day)].map(([day, own]) => {
        const total = (of: (tender: (typeof own)[number]["tender"]) => string) => sum(own.map(({ tender }) => of(tender)));
        return `${day}: ${own.length} for ${total(({ amount }) => amount.amount)}, rounded by ${total(({ method, roundingDifference }) => (method === "cash" ? roundingDifference.amount : "0"))}, tips ${total(({ tip }) => tip.amount)}`;
      }),
      figures.tenders.map(({ merchant, date, method, payments, amount, rounding, tips }) => `${merchant} ${date} ${method}: ${payments} for ${amount}, rounded by ${rounding}, tips ${tips}`),
    ),
    ...compareCounts(
      "day of refunds",
      [...grouped(back, ({ day }) => day)].map(([day, own]) => {
        const total = (of: (payout: Payout) => readonly Money[]) => sum(own.map(({ payout, times }) => times * sum(of(payout).map(({ amount }) => amount))));
        return `${day}: ${own.filter(({ times }) => times > 0n).length} for ${total(({ amount, tip, rounding }) => [amount, tip, rounding])}, rounded by ${total(({ rounding }) => [rounding])}`;
      }),
      figures.refunds.map(({ merchant, date, method, refunds: count, amount, rounding }) => `${merchant} ${date} ${method}: ${count} for ${amount}, rounded by ${rounding}`),
    ),
    ...compareCounts("day of a tax", taxesOf(history), figures.taxes.map(({ merchant, date, returned, code, rate, base, tax }) => `${merchant} ${date} ${returned === "true" ? "returned" : "sold"} ${code} ${Number(rate)}: ${tax} of ${base}`)),
    ...compareCounts(
      "day of what was sold",
      [...grouped([...closed, ...refunds], ({ merchantid, businessdate }) => `${merchantid} ${businessdate}`)].map(([day, own]) => {
        const sold = own.flatMap(({ type, data }) => (type === "sale.check.closed" ? [data.totals] : []));
        const returned = own.flatMap(({ type, data }) => (type === "payment.refund.created" ? [data] : []));
        const total = (of: (totals: (typeof sold)[number]) => string | bigint) => sum(sold.map(of));
        return `${day}: ${total(({ net }) => net)} and ${total(({ serviceCharge }) => serviceCharge)}, tax ${total(({ tax }) => tax)}, off ${total(offOf)}, returned ${sum(returned.flatMap(({ net, serviceCharge }) => [net, serviceCharge]))}, tax ${sum(returned.map(({ tax }) => tax))}`;
      }),
      figures.days.map((row) => `${row.merchant} ${row.date}: ${row.net} and ${row.charge}, tax ${row.tax}, off ${row.off}, returned ${row.returned}, tax ${row.returned_tax}`),
    ),
    ...compareCounts(
      "account of a sale",
      closed.flatMap(({ subject, data: { totals } }) => [...some(`2100 of ${subject}`, -BigInt(totals.tax)), ...some(`4050 of ${subject}`, -BigInt(totals.serviceCharge)), ...some(`off ${subject}`, offOf(totals))]),
      [...grouped(figures.entries, ({ account, check }) => (account === "4100" || account === "4110" ? `off ${check}` : `${account} of ${check}`))].flatMap(([what, own]) => some(what, sum(own.map(({ amount }) => amount)))),
    ),
    ...checkJournalDates(history, figures.journals),
  ];
}

function some(what: string, amount: bigint): readonly string[] {
  return amount === 0n ? [] : [`${what}: ${amount}`];
}

type Taxed = { readonly day: string; readonly base: string; readonly tax: string };

function taxesOf(history: Pick<History, "of">): readonly string[] {
  const rows: readonly Taxed[] = [
    ...history.of("sale.check.closed").flatMap(({ merchantid, businessdate, data }) => data.totals.taxes.map(({ code, rate, base, tax }) => ({ day: `${merchantid} ${businessdate} sold ${code} ${Number(rate)}`, base, tax }))),
    ...history.of("payment.refund.created").flatMap(({ merchantid, businessdate, data }) => data.taxes.map(({ code, rate, base, tax }) => ({ day: `${merchantid} ${businessdate} returned ${code} ${Number(rate)}`, base, tax }))),
  ];
  return [...grouped(rows, ({ day }) => day)].map(([day, own]) => `${day}: ${sum(own.map(({ tax }) => tax))} of ${sum(own.map(({ base }) => base))}`);
}

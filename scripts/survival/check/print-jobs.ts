import type { Sql, TransactionSql } from "#hub/db/client.ts";
import type { Slip } from "#consumers/printing/escpos/slip.ts";
import type { MerchantState } from "#shared/domain/merchant/state.ts";
import { compareCounts, grouped, type Finding, type History } from "./history.ts";

/** A print job as it ended; `reported` is what the log was told. */
export type JobRow = {
  readonly id: string;
  readonly seq: bigint;
  readonly kind: string;
  readonly state: string;
  readonly cause: string | null;
  readonly number: number;
  readonly date: string;
  readonly slip: Slip;
  readonly source_event: string;
  readonly reprint_of: string | null;
  readonly merchant_id: string;
  readonly printer_id: string;
  readonly printer: string;
  readonly profile: string;
  readonly reported: string | null;
  readonly created_at: Date;
  readonly expires_at: Date;
  /** When all this was read. */
  readonly looked_at: Date;
};

/** Of one printer, its jobs and those of them of which nobody saw the end. */
export type Unseen = { readonly printer: string; readonly jobs: number; readonly unseen: number };

/** Of each printer. They are no findings: people are told of each. */
export function unseenSlips(sql: Sql | TransactionSql): Promise<readonly Unseen[]> {
  return sql<Unseen[]>`
    select p.name as printer, count(*)::int as jobs, (count(*) filter (where j.state = 'unknown'))::int as unseen
    from print_jobs j join print_printers p on p.merchant_id = j.merchant_id and p.printer_id = j.printer_id
    group by 1 order by 1`;
}

/** In the order in which they were put in line. */
export function readJobs(tx: TransactionSql): Promise<readonly JobRow[]> {
  return tx<JobRow[]>`
    select j.id, j.seq, j.kind, j.state, j.cause, j.number, j.business_date::text as date, j.slip, j.source_event, j.reprint_of, j.merchant_id, j.printer_id,
      p.name as printer, p.profile, a.head->>'status' as reported, j.created_at, j.expires_at, now() as looked_at
    from print_jobs j join print_printers p on p.merchant_id = j.merchant_id and p.printer_id = j.printer_id
    left join aggregates a on a.stream = j.id
    order by j.seq`;
}

/** One job for each slip that an event asks for, each ended, told to the log as it ended, and numbered without a gap in the line of its printer (PRN-8). */
export function checkJobs(history: History, jobs: readonly JobRow[]): Finding[] {
  const days = grouped(jobs.filter(({ kind }) => kind !== "drawer"), ({ merchant_id, printer, date }) => `${printer} of ${merchant_id} on ${date}`);
  return [
    ...compareCounts("print job", expectedJobs(history, jobs), jobs.map(({ kind, source_event, printer_id }) => `${kind} for ${source_event} on ${printer_id}`)),
    ...jobs.flatMap(checkEnd),
    ...checkExpired(history, jobs),
    ...[...days].flatMap(([day, own]) => own.flatMap(({ number, id }, i) => (number === i + 1 ? [] : [`slip ${i + 1} of ${day} has number ${number} (${id})`])).slice(0, 1)),
  ];
}

function expectedJobs(history: History, jobs: readonly JobRow[]): readonly string[] {
  const printers = (merchant: string | undefined) => (history.states.get(merchant ?? "")?.state as MerchantState | undefined)?.printers ?? [];
  const atStation = (merchant: string | undefined, station: string) => printers(merchant).filter(({ stations }) => stations.includes(station));
  const atTill = (merchant: string | undefined) => printers(merchant).filter(({ receipts }) => receipts).slice(0, 1);
  const job = (kind: string, event: { readonly id: string }) => (on: { readonly printer: string }) => `${kind} for ${event.id} on ${on.printer}`;
  const byId = new Map(jobs.map((one) => [one.id, one]));
  const over = new Map(history.of("printing.job.printed", "printing.job.sent", "printing.job.unknown", "printing.job.failed", "printing.job.expired").map(({ subject, position }) => [subject, BigInt(position)]));
  return [
    ...history.of("sale.kitchen-ticket.created").filter(({ data }) => !data.held).flatMap((event) => atStation(event.merchantid, event.data.station).map(job("ticket", event))),
    ...history.of("sale.kitchen-ticket.fired").flatMap((event) => atStation(event.merchantid, event.data.station).map(job("ticket", event))),
    ...history.of("sale.kitchen-ticket-item.voided").filter(({ data }) => !data.ticket.held).flatMap((event) => atStation(event.merchantid, event.data.ticket.station).map(job("void", event))),
    ...history.of("sale.check.presented").flatMap((event) => atTill(event.merchantid).map(job("bill", event))),
    ...history.of("sale.check.receiptRequested").flatMap((event) => atTill(event.merchantid).map(job("receipt", event))),
    ...history.of("payment.transaction.created").filter(({ data }) => data.tender.method === "cash").flatMap((event) => atTill(event.merchantid).map(job("drawer", event))),
    ...history.of("payment.refund.created", "payment.house-account.paid", "payment.house-account.paidOut").flatMap((event) => atTill(event.merchantid).map(job("cash", event))),
    ...history.of("cash.drawer.paidIn", "cash.drawer.paidOut", "cash.drawer.tipsPaid", "cash.drawer.dropped").flatMap((event) => atTill(event.merchantid).map(job("cash", event))),
    ...history.of("cash.drawer.opened").flatMap((event) => atTill(event.merchantid).map(job("drawer", event))),
    ...history.of("cash.report.made", "cash.report.printRequested").flatMap((event) => atTill(event.merchantid).map(job("report", event))),
    ...history.of("printing.job.reprintRequested").flatMap((event) => {
      const old = byId.get(event.data.job);
      // What is asked for again while it still waits is not printed a second time (PRN-6).
      const isOver = over.has(event.data.job) && (over.get(event.data.job) ?? 0n) < BigInt(event.position);
      return old !== undefined && (isOver || jobs.some(({ source_event }) => source_event === event.id)) ? [`${old.kind} for ${event.id} on ${old.printer_id}`] : [];
    }),
  ];
}

/** PRN-3, PRN-4: a worker that died leaves an unknown job behind and never a second slip; only what opens a drawer may come too late. */
function checkEnd({ id, kind, state, cause, reported }: JobRow): Finding[] {
  const findings: Finding[] = [];
  const ended = ["printed", "sent", "unknown"].includes(state) || ((kind === "drawer" || kind === "cash") && state === "expired");
  if (!ended) findings.push(`print job ${id} (${kind}) ended as ${state}, ${cause}`);
  if (kind !== "drawer" && reported !== state) findings.push(`print job ${id} is ${state}, the log was told ${reported}`);
  return findings;
}

/** What opens a drawer is stale after half a minute, and no sooner. */
const STALE_AFTER_MS = 30_000;

/** PRN-4: what expired was as old as that when it did. */
export function checkExpired({ all }: Pick<History, "all">, jobs: readonly JobRow[]): Finding[] {
  const times = new Map(all.map(({ event }) => [event.id, Date.parse(event.time)]));
  const told = new Map(all.flatMap(({ event }) => (event.type === "printing.job.expired" ? [[event.subject, Date.parse(event.time)] as const] : [])));
  return jobs.filter(({ state }) => state === "expired").flatMap(({ id, kind, source_event, expires_at, looked_at }) => {
    const stale = (times.get(source_event) ?? 0) + STALE_AFTER_MS;
    const earliest = Math.min(expires_at.getTime(), told.get(id) ?? looked_at.getTime());
    return earliest < stale ? [`print job ${id} (${kind}) expired ${Math.ceil((stale - earliest) / 1000)} s before it was stale`] : [];
  });
}

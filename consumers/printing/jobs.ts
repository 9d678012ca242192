import type { TransactionSql } from "#hub/db/client.ts";
import type { PrintJobData } from "#shared/events/printing.ts";
import type { JobTrace } from "#consumers/runner/trace.ts";
import type { Slip } from "./escpos/slip.ts";
import { printableLines } from "./escpos/text-layout.ts";

export type JobKind = PrintJobData["kind"] | "drawer";
export type JobState = "queued" | "sending" | "printed" | "sent" | "unknown" | "failed" | "expired";

/** A slip to be printed, before it has its number. */
export type NewJob = {
  readonly id: string;
  readonly merchant: string;
  readonly organizer: string;
  readonly printer: string;
  readonly station: string | null;
  readonly kind: JobKind;
  readonly about: string;
  readonly order: string | null;
  readonly items: readonly string[];
  readonly businessDate: string;
  readonly sourceEvent: string;
  readonly reprintOf: string | null;
  readonly expiresAt: Date;
  readonly trace: JobTrace;
  slip(number: number): Slip;
};

type KnownJob = { readonly source_event: string; readonly printer_id: string };

/** What these events were made into before. */
export async function knownJobs(tx: TransactionSql, events: readonly string[]): Promise<readonly KnownJob[]> {
  return tx<KnownJob[]>`select source_event, printer_id from print_jobs where source_event = any(${[...events]})`;
}

/** Writes the jobs that are not there yet, in their order, and returns their ids; an event that was seen before makes no second slip. */
export async function insertJobs(tx: TransactionSql, jobs: readonly NewJob[], known: readonly KnownJob[]): Promise<string[]> {
  const seen = new Set(known.map((row) => `${row.source_event} ${row.printer_id}`));
  const fresh = jobs.filter(({ sourceEvent, printer }) => seen.size !== seen.add(`${sourceEvent} ${printer}`).size);
  if (fresh.length === 0) return [];
  const next = await takeNumbers(tx, fresh.filter(isNumbered));
  const rows = fresh.map((job) => rowOf(tx, job, isNumbered(job) ? next(job) : 0));
  const inserted = await tx<{ id: string }[]>`insert into print_jobs ${tx(rows)} on conflict (source_event, printer_id) do nothing returning id`;
  return inserted.map(({ id }) => id);
}

/** A drawer that opens leaves no paper, so it takes no number. */
function isNumbered({ kind }: NewJob): boolean {
  return kind !== "drawer";
}

function rowOf(tx: TransactionSql, job: NewJob, number: number) {
  return {
    id: job.id,
    merchant_id: job.merchant,
    organizer_id: job.organizer,
    printer_id: job.printer,
    station_id: job.station,
    kind: job.kind,
    about: job.about,
    order_id: job.order,
    items: [...job.items],
    number,
    business_date: job.businessDate,
    slip: tx.json(storable(job.slip(number))),
    source_event: job.sourceEvent,
    reprint_of: job.reprintOf,
    expires_at: job.expiresAt,
    traceparent: job.trace.traceparent,
    correlation: job.trace.correlation,
  };
}

/** Postgres takes no NUL and no lone surrogate, and no slip needs one. */
export function storable(slip: Slip): Slip {
  return JSON.parse(JSON.stringify(slip, (_, value: unknown) => (typeof value === "string" ? printableLines(value).join("\n") : value))) as Slip;
}

/** Numbers of the day for all of the jobs at once (PRN-8); answers what hands them out in the jobs' order. */
async function takeNumbers(tx: TransactionSql, jobs: readonly NewJob[]): Promise<(job: NewJob) => number> {
  const wanted = new Map<string, { readonly job: NewJob; count: number }>();
  for (const job of jobs) {
    const of = wanted.get(seriesOf(job)) ?? { job, count: 0 };
    of.count += 1;
    wanted.set(seriesOf(job), of);
  }
  // In one order, so that two who want numbers of the same printers never wait for each other.
  const rows = [...wanted].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { job, count }]) => ({ merchant_id: job.merchant, printer_id: job.printer, business_date: job.businessDate, last: count }));
  const taken =
    rows.length === 0
      ? []
      : await tx<{ merchant_id: string; printer_id: string; business_date: string; last: number }[]>`
          insert into print_numbers ${tx(rows)}
          on conflict (merchant_id, printer_id, business_date) do update set last = print_numbers.last + excluded.last
          returning merchant_id, printer_id, business_date::text, last`;
  const next = new Map<string, number>();
  for (const { merchant_id, printer_id, business_date, last } of taken) {
    const series = seriesOf({ merchant: merchant_id, printer: printer_id, businessDate: business_date });
    next.set(series, last - (wanted.get(series)?.count ?? 0));
  }
  return (job) => {
    const number = (next.get(seriesOf(job)) ?? Number.NaN) + 1;
    next.set(seriesOf(job), number);
    return number;
  };
}

function seriesOf({ merchant, printer, businessDate }: Pick<NewJob, "merchant" | "printer" | "businessDate">): string {
  return `${merchant} ${printer} ${businessDate}`;
}

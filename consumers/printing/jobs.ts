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

/** Writes the jobs that are not there yet and returns their ids; an event that was seen before makes no second slip. */
export async function insertJobs(tx: TransactionSql, jobs: readonly NewJob[]): Promise<string[]> {
  if (jobs.length === 0) return [];
  const known = await tx<{ source_event: string; printer_id: string }[]>`
    select source_event, printer_id from print_jobs where source_event = any(${jobs.map((job) => job.sourceEvent)})`;
  const seen = new Set(known.map((row) => `${row.source_event} ${row.printer_id}`));
  const fresh = jobs.filter((job) => !seen.has(`${job.sourceEvent} ${job.printer}`));
  const inserted: string[] = [];
  for (const job of fresh) inserted.push(...(await insertJob(tx, job)));
  return inserted;
}

async function insertJob(tx: TransactionSql, job: NewJob): Promise<string[]> {
  const number = await nextNumber(tx, job);
  const rows = await tx<{ id: string }[]>`
    insert into print_jobs (id, merchant_id, organizer_id, printer_id, station_id, kind, about, order_id, items, number, business_date, slip, source_event, reprint_of, expires_at, traceparent, correlation)
    values (${job.id}, ${job.merchant}, ${job.organizer}, ${job.printer}, ${job.station}, ${job.kind}, ${job.about}, ${job.order}, ${[...job.items]},
            ${number}, ${job.businessDate}, ${tx.json(storable(job.slip(number)))}, ${job.sourceEvent}, ${job.reprintOf}, ${job.expiresAt}, ${job.trace.traceparent}, ${job.trace.correlation})
    on conflict (source_event, printer_id) do nothing
    returning id`;
  return rows.map((row) => row.id);
}

/** Postgres takes no NUL and no lone surrogate, and no slip needs one. */
export function storable(slip: Slip): Slip {
  return JSON.parse(JSON.stringify(slip, (_, value: unknown) => (typeof value === "string" ? printableLines(value).join("\n") : value))) as Slip;
}

/** A drawer that opens leaves no paper, so it takes no number. */
async function nextNumber(tx: TransactionSql, job: NewJob): Promise<number> {
  if (job.kind === "drawer") return 0;
  const [row] = await tx<{ last: number }[]>`
    insert into print_numbers (merchant_id, printer_id, business_date, last) values (${job.merchant}, ${job.printer}, ${job.businessDate}, 1)
    on conflict (merchant_id, printer_id, business_date) do update set last = print_numbers.last + 1
    returning last`;
  if (!row) throw new Error(`${job.printer} gave no number`);
  return row.last;
}

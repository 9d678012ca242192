import type { Sql, TransactionSql } from "#hub/db/client.ts";
import type { JobTrace } from "#consumers/runner/trace.ts";
import type { FileContent, FileFormat, FilePlace } from "#shared/events/document.ts";

export type Job = {
  readonly merchant: string;
  readonly organizer: string;
  readonly document: string;
  readonly content: FileContent;
  readonly format: FileFormat;
  readonly place: FilePlace;
  readonly askedBy: string;
  /** What was posted before this is in the file. */
  readonly askedAt: string;
  readonly businessDate: string;
  readonly cause: string;
  readonly attempts: number;
  readonly owner: string;
  readonly trace: JobTrace;
};

const LEASE = "30 seconds";
const KEPT = "14 days";
const MOST_ATTEMPTS = 5;
/** A row of Postgres holds more, but is read whole. */
const CHUNK = 512 * 1024;

type Row = { merchant_id: string; organizer_id: string; document_id: string; content: FileContent; format: FileFormat; place: FilePlace; asked_by: string; asked_at: Date; business_date: string; cause: string; attempts: number; owner: string } & JobTrace;

/** The oldest job that nobody makes: one that a dead worker left is made again from its beginning. */
export async function claimJob(sql: Sql, owner: string): Promise<Job | undefined> {
  const [row] = await sql<Row[]>`
    update document_jobs j set state = 'making', owner = ${owner}, lease_until = now() + ${LEASE}::interval, attempts = j.attempts + 1
    from (
      select merchant_id, document_id from document_jobs
      where due_at <= now() and (state = 'queued' or (state = 'making' and lease_until < now()))
      order by due_at, document_id for update skip locked limit 1
    ) next
    where j.merchant_id = next.merchant_id and j.document_id = next.document_id
    returning j.merchant_id, j.organizer_id, j.document_id, j.content, j.format, j.place, j.asked_by, j.asked_at, j.business_date::text as business_date, j.cause, j.attempts, j.owner, j.traceparent, j.correlation`;
  if (row === undefined) return undefined;
  const { merchant_id, organizer_id, document_id, content, format, place, asked_by, asked_at, business_date, cause, attempts, traceparent, correlation } = row;
  return { merchant: merchant_id, organizer: organizer_id, document: document_id, content, format, place, askedBy: asked_by, askedAt: asked_at.toISOString(), businessDate: business_date, cause, attempts, owner, trace: { traceparent, correlation } };
}

/** False: somebody else has it now. */
export async function progressJob(sql: Sql | TransactionSql, { merchant, document, owner }: Job, percent: number): Promise<boolean> {
  const rows = await sql`
    update document_jobs set percent = ${percent}, lease_until = now() + ${LEASE}::interval
    where merchant_id = ${merchant} and document_id = ${document} and owner = ${owner} and state = 'making' returning 1`;
  return rows.length === 1;
}

export async function keepFile(tx: TransactionSql, { merchant, document, owner }: Job, file: { readonly name: string; readonly mediaType: string; readonly bytes: Uint8Array }): Promise<boolean> {
  const { name, mediaType, bytes } = file;
  const rows = await tx`
    update document_jobs set state = 'ready', percent = 100, name = ${name}, media_type = ${mediaType}, bytes = ${bytes.byteLength}, lease_until = null
    where merchant_id = ${merchant} and document_id = ${document} and owner = ${owner} and state = 'making' returning 1`;
  if (rows.length === 0) return false;
  for (let at = 0, chunk = 0; at < bytes.byteLength; at += CHUNK, chunk++) {
    await tx`insert into document_chunks (merchant_id, document_id, chunk, bytes) values (${merchant}, ${document}, ${chunk}, ${Buffer.from(bytes.subarray(at, at + CHUNK))})`;
  }
  return true;
}

/** Tried again with growing pauses; true: that was the last time. */
export async function failJob(tx: TransactionSql, job: Job, final: boolean): Promise<boolean> {
  const last = final || job.attempts >= MOST_ATTEMPTS;
  const rows = await tx`
    update document_jobs set state = ${last ? "failed" : "queued"}, owner = null, lease_until = null, due_at = now() + (${2 ** job.attempts} * interval '1 second')
    where merchant_id = ${job.merchant} and document_id = ${job.document} and owner = ${job.owner} and state = 'making' returning 1`;
  return last && rows.length === 1;
}

/** Files are kept for two weeks; whoever wants one later makes it again, and it says the same. */
export async function forgetOldFiles(sql: Sql): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`
      delete from document_chunks c using document_jobs j
      where j.merchant_id = c.merchant_id and j.document_id = c.document_id and j.asked_at < now() - ${KEPT}::interval`;
    await tx`delete from document_jobs where asked_at < now() - ${KEPT}::interval`;
  });
}

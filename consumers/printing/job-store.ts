import { forgettable, type Sql } from "#hub/db/client.ts";
import { isEarlierRun } from "#consumers/runner/owner.ts";
import type { JobTrace } from "#consumers/runner/trace.ts";
import type { Slip } from "./escpos/slip.ts";
import { changeJob, changePrinter, reportJobs } from "./reports.ts";
import type { Cause } from "./transport/causes.ts";
import type { SendOutcome } from "./transport/printer-connection.ts";

/** A printer as its lane needs it, and as people were told last that it is. */
export type PrinterRow = { readonly merchant_id: string; readonly printer_id: string; readonly name: string; readonly host: string; readonly port: number; readonly profile: string; readonly cause: Cause | null };
export type PrinterKey = Pick<PrinterRow, "merchant_id" | "printer_id">;
export type ClaimedJob = { readonly id: string; readonly claim: bigint; readonly attempts: number; readonly slip: Slip; readonly printer: PrinterRow } & JobTrace;

/**
 * Every change of a job's state names the state that it comes from and the claim that it belongs to, so that two
 * workers never print one job and a late one changes nothing. Leases go by Postgres's clock. A claim need not wait for the disk: the start of its job does,
 * and what is on the disk then is all that was before.
 */
export function jobStore(sql: Sql, owner: string, leaseMs: number) {
  const lease = `${leaseMs} milliseconds`;

  return {
    /** What an earlier run of this process held is free at once: paper waits for no lease of the dead. */
    async takePlace(): Promise<void> {
      await sql`update print_printers set lease_owner = null, lease_until = null where ${isEarlierRun(sql, "lease_owner", owner)}`;
      await sql`update print_jobs set lease_until = '-infinity' where state in ('queued', 'sending') and lease_until > now() and ${isEarlierRun(sql, "claimed_by", owner)}`;
    },

    async releasePrinter(key: PrinterKey): Promise<void> {
      await sql`update print_printers set lease_owner = null, lease_until = null
        where merchant_id = ${key.merchant_id} and printer_id = ${key.printer_id} and lease_owner = ${owner}`;
    },

    /**
     * The printer's first waiting job, with its printer as it is now. Later ones never overtake it: cooks read slips in order. A printer has one
     * connection, so it has one owner: its lease is taken or renewed with the job.
     */
    async claim(key: PrinterKey): Promise<ClaimedJob | undefined> {
      const [row] = await sql<(Omit<ClaimedJob, "printer"> & Omit<PrinterRow, "cause"> & { printer_cause: Cause | null })[]>`
        with next as materialized (
          select * from (select id, next_try_at, lease_until from print_jobs
                         where merchant_id = ${key.merchant_id} and printer_id = ${key.printer_id} and state = 'queued' and expires_at > now()
                         order by seq limit 1) first
          where next_try_at <= now() and (lease_until is null or lease_until < now())),
        mine as (
          update print_printers set lease_owner = ${owner}, lease_until = now() + ${lease}::interval
          where merchant_id = ${key.merchant_id} and printer_id = ${key.printer_id} and exists (select from next)
            and (lease_owner = ${owner} or lease_until is null or lease_until < now())
          returning merchant_id, printer_id, name, host, port, profile, cause as printer_cause)
        update print_jobs j set claimed_by = ${owner}, claim = claim + 1, attempts = attempts + 1, lease_until = now() + ${lease}::interval
        from mine, next
        where j.id = next.id and j.state = 'queued' and j.expires_at > now() and (j.lease_until is null or j.lease_until < now())
        returning j.id, j.claim, j.attempts, j.slip, j.traceparent, j.correlation, mine.*, ${forgettable(sql)}`;
      if (row === undefined) return undefined;
      const { merchant_id, printer_id, name, host, port, profile, printer_cause, ...job } = row;
      return { ...job, printer: { merchant_id, printer_id, name, host, port, profile, cause: printer_cause } };
    },

    /** Right before the first byte leaves. From here on a worker that dies leaves an unknown job behind. */
    async start(job: ClaimedJob, bytes: number): Promise<boolean> {
      const rows = await sql`
        update print_jobs set state = 'sending', bytes_sent = ${bytes}, lease_until = now() + ${lease}::interval
        where id = ${job.id} and state = 'queued' and claim = ${job.claim} and claimed_by = ${owner} and expires_at > now()
          and exists (select from print_printers where merchant_id = ${job.printer.merchant_id} and printer_id = ${job.printer.printer_id} and lease_owner = ${owner})
        returning id`;
      return rows.length === 1;
    },

    /** False: the printer is another's meanwhile. */
    async renew(key: PrinterKey, job: ClaimedJob | undefined): Promise<boolean> {
      const rows = await sql`
        with job as (
          update print_jobs set lease_until = now() + ${lease}::interval
          where id = ${job?.id ?? null} and claim = ${job?.claim ?? null} and claimed_by = ${owner} and state in ('queued', 'sending'))
        update print_printers set lease_until = now() + ${lease}::interval
        where merchant_id = ${key.merchant_id} and printer_id = ${key.printer_id} and lease_owner = ${owner} returning ${forgettable(sql)}`;
      return rows.length === 1;
    },

    /** Late knowledge corrects an unknown, as long as nobody has claimed the job since. */
    async finish(job: ClaimedJob, outcome: Exclude<SendOutcome, { outcome: "failed" }>): Promise<void> {
      const { outcome: state, bytesSent } = outcome;
      const cause = outcome.outcome === "unknown" ? outcome.cause : null;
      await changeJob(sql, `printing.job.${state}`, sql`
        update print_jobs j set state = ${state}, cause = ${cause}, bytes_sent = ${bytesSent}, lease_until = null,
          printed_at = ${state === "unknown" ? null : sql`now()`}
        where id = ${job.id} and claim = ${job.claim} and state in ('sending', 'unknown') and state <> ${state} returning j.*, true as is_news`);
    },

    /** No byte left: back in line. People are told when the reason is a new one. */
    async putBack(job: ClaimedJob, cause: Cause | null, waitMs: number): Promise<void> {
      await changeJob(sql, "printing.job.queued", sql`
        update print_jobs j set state = 'queued', cause = ${cause}, bytes_sent = 0, claimed_by = null, lease_until = null,
          next_try_at = now() + ${`${waitMs} milliseconds`}::interval
        from (select cause from print_jobs where id = ${job.id}) before
        where j.id = ${job.id} and j.claim = ${job.claim} and j.claimed_by = ${owner} and j.state in ('queued', 'sending')
        returning j.*, before.cause is distinct from j.cause as is_news`);
    },

    /** It cannot even become bytes; nothing but another slip will help. */
    async giveUp(job: ClaimedJob, cause: "unprintable"): Promise<void> {
      await changeJob(sql, "printing.job.failed", sql`
        update print_jobs j set state = 'failed', cause = ${cause}, lease_until = null
        where id = ${job.id} and claim = ${job.claim} and state = 'queued' returning j.*, true as is_news`);
    },

    async setPrinter(key: PrinterKey, cause: Cause | null): Promise<void> {
      await changePrinter(sql, sql`
        update print_printers set online = ${cause === null}, cause = ${cause}, since = now()
        where merchant_id = ${key.merchant_id} and printer_id = ${key.printer_id} and (online, cause) is distinct from (${cause === null}, ${cause})
        returning *`);
    },

    /** The printer has answered for a job that was given up: the last four characters of its id came back. */
    async confirmLate(key: PrinterKey, tail: string): Promise<void> {
      await sql.begin(async (tx) => {
        const rows = await tx<{ id: string }[]>`
          update print_jobs set state = 'printed', cause = null, printed_at = now()
          where merchant_id = ${key.merchant_id} and printer_id = ${key.printer_id} and state = 'unknown' and right(id, 4) = ${tail} returning id`;
        await reportJobs(tx, ids(rows), "printing.job.printed");
      });
    },
  };
}

export type JobStore = ReturnType<typeof jobStore>;

/** What time does to jobs, whoever owned them. Returns how many changed. */
export async function sweepJobs(sql: Sql): Promise<number> {
  const expired = await sql.begin(async (tx) => {
    const rows = await tx<{ id: string }[]>`
      update print_jobs set state = 'expired', cause = 'stale', lease_until = null
      where state = 'queued' and expires_at <= now() and (lease_until is null or lease_until < now()) returning id`;
    await reportJobs(tx, ids(rows), "printing.job.expired");
    return rows.length;
  });
  // A worker died in mid job: some of it may be on paper, so it is never sent again by itself (PRN-4).
  const lost = await sql.begin(async (tx) => {
    const rows = await tx<{ id: string }[]>`
      update print_jobs set state = 'unknown', cause = 'worker-lost', lease_until = null
      where state = 'sending' and lease_until < now() returning id`;
    await reportJobs(tx, ids(rows), "printing.job.unknown");
    return rows.length;
  });
  return expired + lost;
}

const KEPT = "14 days";

/** Slips that ended long ago go; answers how many, at most `limit`. The log keeps what became of them. */
export async function purgeJobs(sql: Sql, limit: number): Promise<number> {
  const gone = await sql`
    delete from print_jobs where id in (
      select id from print_jobs
      where state in ('printed', 'sent', 'unknown', 'failed', 'expired') and created_at < now() - ${KEPT}::interval
      order by created_at limit ${limit} for update skip locked)
    returning 1`;
  return gone.length;
}

/** Printers that have something to print now. */
export async function printersWithWork(sql: Sql): Promise<PrinterKey[]> {
  return sql<PrinterKey[]>`
    select distinct merchant_id, printer_id from print_jobs
    where state = 'queued' and next_try_at <= now() and expires_at > now() and (lease_until is null or lease_until < now())`;
}

/** Of the place of a job: its printers that have something to print now. */
export async function printersBeside(sql: Sql, job: string): Promise<PrinterKey[]> {
  return sql<PrinterKey[]>`
    select distinct j.merchant_id, j.printer_id from print_jobs woken join print_jobs j using (merchant_id)
    where woken.id = ${job} and j.state = 'queued' and j.next_try_at <= now() and j.expires_at > now() and (j.lease_until is null or j.lease_until < now())`;
}

function ids(rows: readonly { readonly id: string }[]): string[] {
  return rows.map((row) => row.id);
}

import type { TransactionSql } from "#hub/db/client.ts";
import type { CashReport } from "#shared/events/cash.ts";
import type { Slip } from "./escpos/slip.ts";
import { storable } from "./jobs.ts";
import { reportJobs } from "./reports.ts";
import { reportSlip } from "./slips/report-slip.ts";

/** Whether one of these slips is on its way to paper; none begins before the transaction ends. */
export async function holdSlips(tx: TransactionSql, merchant: string, order: string, about: readonly string[]): Promise<"printing" | "held"> {
  const jobs = await tx<{ state: string }[]>`
    select state from print_jobs where merchant_id = ${merchant} and (order_id = ${order} or about = any(${[...about]})) order by id for update`;
  return jobs.some(({ state }) => state === "sending") ? "printing" : "held";
}

/** What waits for its paper ends, and people are told, before it goes. Returns how many went. */
export async function removeSlips(tx: TransactionSql, merchant: string, order: string, about: readonly string[]): Promise<number> {
  const ended = await tx<{ id: string }[]>`
    update print_jobs set state = 'expired', cause = 'erased', lease_until = null
    where merchant_id = ${merchant} and (order_id = ${order} or about = any(${[...about]})) and state = 'queued' returning id`;
  await reportJobs(
    tx,
    ended.map(({ id }) => id),
    "printing.job.expired",
  );
  const gone = await tx`delete from print_jobs where merchant_id = ${merchant} and (order_id = ${order} or about = any(${[...about]}))`;
  return gone.count;
}

type ReportJob = { readonly id: string; readonly slip: Slip; readonly report: CashReport; readonly zone: string; readonly locale: string };

/** A report is of many guests: its slips stay, as the stored reports are now. Who holds one as it was has lost its claim. Returns how many. */
export async function renewReportSlips(tx: TransactionSql, merchant: string, reports: readonly string[]): Promise<number> {
  const jobs = await tx<ReportJob[]>`
    select j.id, j.slip, r.report, coalesce(p.zone, 'UTC') as zone, coalesce(p.locale, 'en') as locale
    from print_jobs j join cash_reports r on r.merchant_id = j.merchant_id and r.report_id = j.about left join print_places p on p.merchant_id = j.merchant_id
    where j.merchant_id = ${merchant} and j.about = any(${[...reports]})`;
  for (const { id, slip, report, zone, locale } of jobs) {
    const lines = [...bannersOf(slip), ...reportSlip(report, 0, { zone, locale }).lines];
    await tx`update print_jobs set slip = ${tx.json(storable({ lines }))} where id = ${id}`;
  }
  await tx`
    update print_jobs set claim = claim + 1, claimed_by = null, lease_until = null
    where id = any(${jobs.map(({ id }) => id)}) and state = 'queued'`;
  return jobs.length;
}

/** That it is a copy, or a reprint: above the report itself, and white on black, as nothing at its head is. */
function bannersOf({ lines }: Slip): Slip["lines"] {
  const head = lines.findIndex((line) => line.kind !== "text" || line.invert !== true);
  return lines.slice(0, head);
}

import type { TransactionSql } from "#hub/db/client.ts";
import type { MerchantState } from "#shared/domain/merchant/state.ts";
import type { SlipJson } from "../../printer-simulator/slips.ts";
import { compareCounts, type Finding, type History } from "./history.ts";

type JobRow = { id: string; kind: string; state: string; cause: string | null; number: number; source_event: string; printer_id: string; printer: string; reported: string | null };

/** One job for each slip that an event asks for, each ended, told to the log as it ended, and on paper once. */
export async function checkPaper(tx: TransactionSql, history: History, paper: readonly SlipJson[]): Promise<Finding[]> {
  const jobs = await tx<JobRow[]>`
    select j.id, j.kind, j.state, j.cause, j.number, j.source_event, j.printer_id, p.name as printer, a.head->>'status' as reported
    from print_jobs j join print_printers p on p.merchant_id = j.merchant_id and p.printer_id = j.printer_id
    left join aggregates a on a.stream = j.id`;
  return [
    ...compareCounts("print job", expectedJobs(history), jobs.map(({ kind, source_event, printer_id }) => `${kind} for ${source_event} on ${printer_id}`)),
    ...jobs.flatMap(checkEnd),
    ...checkSlips(jobs, paper),
  ];
}

function expectedJobs(history: History): readonly string[] {
  const printers = (merchant: string | undefined) => (history.states.get(merchant ?? "")?.state as MerchantState | undefined)?.printers ?? [];
  const atStation = (merchant: string | undefined, station: string) => printers(merchant).filter(({ stations }) => stations.includes(station));
  const atTill = (merchant: string | undefined) => printers(merchant).filter(({ receipts }) => receipts).slice(0, 1);
  const job = (kind: string, event: { readonly id: string }) => (on: { readonly printer: string }) => `${kind} for ${event.id} on ${on.printer}`;
  return [
    ...history.of("sale.kitchen-ticket.created").filter(({ data }) => !data.held).flatMap((event) => atStation(event.merchantid, event.data.station).map(job("ticket", event))),
    ...history.of("sale.kitchen-ticket.fired").flatMap((event) => atStation(event.merchantid, event.data.station).map(job("ticket", event))),
    ...history.of("sale.kitchen-ticket-item.voided").filter(({ data }) => !data.ticket.held).flatMap((event) => atStation(event.merchantid, event.data.ticket.station).map(job("void", event))),
    ...history.of("sale.check.presented").flatMap((event) => atTill(event.merchantid).map(job("bill", event))),
    ...history.of("sale.check.receiptRequested").flatMap((event) => atTill(event.merchantid).map(job("receipt", event))),
    ...history.of("payment.transaction.created").filter(({ data }) => data.tender.method === "cash").flatMap((event) => atTill(event.merchantid).map(job("drawer", event))),
    ...history.of("payment.refund.created").flatMap((event) => atTill(event.merchantid).map(job("cash", event))),
    ...history.of("cash.drawer.opened").flatMap((event) => atTill(event.merchantid).map(job("drawer", event))),
    ...history.of("cash.report.made").flatMap((event) => atTill(event.merchantid).map(job("report", event))),
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

/** A kitchen slip says its number; a job that printed has one slip, an unknown one at most one. */
function checkSlips(jobs: readonly JobRow[], paper: readonly SlipJson[]): Finding[] {
  const found = paper.flatMap(({ printer, text, cut }) => {
    const number = /\bslip (\d+)\s*$/m.exec(text)?.[1];
    return number === undefined || !cut ? [] : [`${number} of ${printer}`];
  });
  const numbered = jobs.filter(({ kind }) => kind === "ticket" || kind === "void");
  const slip = ({ number, printer }: JobRow) => `${number} of ${printer}`;
  const onPaper = new Set(found);
  const unknown = numbered.filter((job) => job.state === "unknown" && onPaper.has(slip(job)));
  return compareCounts("slip", [...numbered.filter(({ state }) => state === "printed" || state === "sent"), ...unknown].map(slip), found);
}

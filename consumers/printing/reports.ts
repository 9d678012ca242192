import { createHash } from "node:crypto";
import type { Logger } from "pino";
import type { Fragment } from "postgres";
import { ulid } from "ulidx";
import type { Sql, TransactionSql } from "#hub/db/client.ts";
import { AppendRetry, type InTransaction } from "#hub/log/append-in-transaction.ts";
import { gaveWay } from "#hub/log/failures.ts";
import { loadCurrent } from "#hub/log/fold-stream.ts";
import type { AppendCommand, StoredEvent } from "#hub/log/types.ts";
import { AGGREGATES } from "#shared/domain/aggregates.ts";
import type { PrinterState, PrintJobState } from "#shared/domain/print-job/state.ts";
import { eventDefinition, type EventEnvelope, type EventType } from "#shared/events/catalog.ts";
import { prefixed } from "#shared/ids.ts";

/** What the worker asks of the log; the runner's port has the same two. */
export type PrintLog = {
  appendInTransaction(tx: TransactionSql, commands: readonly AppendCommand[]): Promise<InTransaction>;
  publish(events: readonly StoredEvent[]): void;
};

type JobEvent = Extract<EventType, `printing.job.${"queued" | "printed" | "sent" | "unknown" | "failed" | "expired"}`>;

/** Notes, in the transaction of the change, what the log will be told of these jobs: each caused by the event that it prints, or by none. A drawer is nobody's news. */
export async function reportJobs(tx: Sql | TransactionSql, ids: readonly string[], type: JobEvent, causedBy: "its event" | "none" = "none"): Promise<void> {
  if (ids.length === 0) return;
  const jobs = tx`
    select j.*, n.command_id from unnest(${[...ids]}::text[], ${ids.map(() => ulid())}::text[]) as n (id, command_id) join print_jobs j on j.id = n.id`;
  await noteJobs(tx, jobs, type, causedBy);
}

/**
 * Changes one job and notes it in one way to Postgres and back. `change` is an update of print_jobs as j that returns j.* and, as `is_news`, whether people
 * are told. Answers whether it changed.
 */
export async function changeJob(sql: Sql, type: JobEvent, change: Fragment): Promise<boolean> {
  const rows = await sql`
    with changed as (${change}), noted as (${noteJobs(sql, sql`select *, ${ulid()} as command_id from changed where is_news`, type, "none")})
    select from changed`;
  return rows.count > 0;
}

/** The same for a printer: `change` is an update of print_printers that returns its rows. */
export async function changePrinter(sql: Sql, change: Fragment): Promise<void> {
  await sql`
    with changed as (${change})
    insert into print_reports (merchant_id, organizer_id, command_id, subject, kind, type, data)
    select merchant_id, organizer_id, ${ulid()}, printer_id, 'printer', 'printing.printer.changed',
           jsonb_build_object('online', online, 'cause', cause, 'name', name,
             'waiting', (select count(*) from print_jobs j where j.merchant_id = p.merchant_id and j.printer_id = p.printer_id and j.state = 'queued'))
    from changed p`;
}

function noteJobs(sql: Sql | TransactionSql, jobs: Fragment, type: JobEvent, causedBy: "its event" | "none"): Fragment {
  return sql`
    insert into print_reports (merchant_id, organizer_id, command_id, subject, kind, type, data, business_date, causation_id, traceparent, correlation)
    select j.merchant_id, j.organizer_id, j.command_id, j.id, 'print-job', ${type},
           jsonb_build_object('job', j.id, 'printer', j.printer_id, 'printerName', p.name, 'kind', j.kind, 'about', j.about,
                              'order', j.order_id, 'items', to_jsonb(j.items), 'cause', j.cause),
           j.business_date, case when ${causedBy === "its event"} then j.source_event end, j.traceparent, j.correlation
    from (${jobs}) j join print_printers p on p.merchant_id = j.merchant_id and p.printer_id = j.printer_id
    where j.kind <> 'drawer' order by j.seq`;
}

type Report = {
  seq: bigint;
  organizer_id: string;
  command_id: string;
  subject: string;
  kind: "print-job" | "printer";
  type: EventType;
  data: unknown;
  occurred_at: Date;
  business_date: string | null;
  causation_id: string | null;
  traceparent: string | null;
  correlation: string | null;
};

const BATCH = 50;
const RETRY_MS = 100;

/**
 * Moves reports into the log, merchant by merchant, so that one busy shard keeps only its own: removal and append are
 * one transaction with the append last (LOG-8). What fails for one merchant stays for the next round. Answers whether there may be more to move now.
 */
export async function deliverReports(sql: Sql, log: PrintLog, logger: Logger): Promise<boolean> {
  const merchants = await sql<{ merchant_id: string }[]>`select distinct merchant_id from print_reports`;
  let more = false;
  for (const { merchant_id } of merchants) {
    try {
      const moved = await deliverOf(sql, log, merchant_id, logger);
      more ||= moved === BATCH;
    } catch (error) {
      if (!(error instanceof AppendRetry)) {
        logger[gaveWay(error) ? "warn" : "error"]({ merchant: merchant_id, err: error }, "reports of printing could not be moved into the log");
        continue;
      }
      more = true;
      logger.debug({ merchant: merchant_id, reason: error.reason }, "reports of printing wait for the log");
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
  return more;
}

async function deliverOf(sql: Sql, log: PrintLog, merchant: string, logger: Logger): Promise<number> {
  const { events, moved } = await sql.begin(async (tx) => {
    const reports = await tx<Report[]>`
      with turn as materialized (select pg_try_advisory_xact_lock(hashtext('print reports'), hashtext(${merchant})) as taken)
      delete from print_reports where seq in (select seq from print_reports where merchant_id = ${merchant} and (select taken from turn) order by seq limit ${BATCH})
      returning seq, organizer_id, command_id, subject, kind, type, data, occurred_at, business_date::text, causation_id, traceparent, correlation`;
    if (reports.length === 0) return { events: [], moved: 0 };
    const ordered = reports.filter((report) => isSayable(report, logger)).sort((a, b) => (a.seq < b.seq ? -1 : 1));
    const commands = await commandsOf(tx, merchant, ordered);
    const { outcomes, events: appended } = await log.appendInTransaction(tx, commands);
    for (const outcome of outcomes) {
      if (outcome.outcome !== "appended") logger.error({ merchant, outcome }, "the log refused a report of printing");
    }
    return { events: appended, moved: reports.length };
  });
  if (events.length > 0) log.publish(events);
  return moved;
}

/** A report that the catalogue refuses is a bug of ours; it must not keep the merchant's other news for ever. */
function isSayable(report: Report, logger: Logger): boolean {
  const parsed = eventDefinition(report.type)?.schema.safeParse(report.data);
  if (parsed?.success) return true;
  logger.error({ report: report.subject, type: report.type, err: parsed?.error }, "a report of printing is not what the catalogue says");
  return false;
}

/** The states as the log has them now, and what each report makes of them. */
async function commandsOf(tx: TransactionSql, merchant: string, reports: readonly Report[]): Promise<AppendCommand[]> {
  const loaded = await loadCurrent(tx, [...new Map(reports.map(({ subject, kind }) => [subject, { stream: subject, kind }])).values()]);
  const known = new Map(loaded.map((state) => [state.stream, { version: state.version, head: state.head }]));
  return reports.map((report) => {
    const before = known.get(report.subject) ?? { version: 0, head: null };
    const command = commandOf(merchant, report, before);
    known.set(report.subject, { version: before.version + 1, head: command.changes[0]?.state?.head ?? null });
    return command;
  });
}

function commandOf(merchant: string, report: Report, before: { version: number; head: unknown }): AppendCommand {
  const definition = eventDefinition(report.type);
  if (!definition) throw new Error(`${report.type} is not in the catalogue`);
  const data = definition.schema.parse(report.data);
  const event = {
    id: prefixed("event", report.command_id),
    type: report.type,
    data,
    dataversion: definition.version,
    occurredat: report.occurred_at.toISOString(),
    ...(report.business_date === null ? {} : { businessdate: report.business_date }),
  };
  return {
    commandId: report.command_id,
    hash: createHash("sha256").update(JSON.stringify([report.type, report.subject, data])).digest("hex"),
    organizerId: report.organizer_id,
    merchantId: merchant,
    actor: "consumer:printing",
    source: "/consumers/printing",
    correlationId: report.correlation ?? report.causation_id ?? report.command_id,
    ...(report.traceparent === null ? {} : { traceparent: report.traceparent }),
    ...(report.causation_id === null ? {} : { causationId: report.causation_id }),
    changes: [{ stream: report.subject, kind: report.kind, expected: before.version, events: [event], state: stateAfter(report, event, before.head) }],
    counts: [],
    answer: "{}",
  };
}

function stateAfter(report: Report, event: { type: EventType; data: unknown; occurredat: string }, head: unknown) {
  const envelope = { ...event, subject: report.subject } as unknown as EventEnvelope;
  const parts = new Map<string, unknown>();
  if (report.kind === "printer") {
    const { evolve, evolveVersion, isActive } = AGGREGATES.printer;
    const state = evolve((head ?? undefined) as PrinterState | undefined, envelope);
    return { head: state, parts, evolveVersion, active: isActive(state) };
  }
  const { evolve, evolveVersion, isActive } = AGGREGATES["print-job"];
  const state = evolve((head ?? undefined) as PrintJobState | undefined, envelope);
  return { head: state, parts, evolveVersion, active: isActive(state) };
}

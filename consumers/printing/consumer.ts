import { traceOf } from "#consumers/runner/trace.ts";
import type { ConsumerDefinition, HandlerContext } from "#consumers/runner/types.ts";
import type { TransactionSql } from "#hub/db/client.ts";
import { withAccountNames } from "#hub/log/account-names.ts";
import { derivedUlid } from "#hub/log/derived-ulid.ts";
import type { ParsedEvent } from "#hub/log/types.ts";
import type { EventEnvelope, EventType } from "#shared/events/catalog.ts";
import { prefixed } from "#shared/ids.ts";
import type { Slip } from "./escpos/slip.ts";
import { insertJobs, type JobState, type NewJob } from "./jobs.ts";
import { reportJobs } from "./reports.ts";
import { accountSlip, type AccountMoved } from "./slips/account-slip.ts";
import { cashSlip, MOVEMENT_TYPES, type MovementEvent } from "./slips/cash-slip.ts";
import { receiptModel, ticketModel, voidModel } from "./slips/from-events.ts";
import { kitchenSlip, withBanner } from "./slips/kitchen-slip.ts";
import { DRAWER_SLIP, receiptSlip } from "./slips/receipt-slip.ts";
import { refundSlip, type RefundCreated } from "./slips/refund-slip.ts";
import { reportSlip } from "./slips/report-slip.ts";

export const PRINTING_QUEUE = "printing";

const TYPES = [
  "commerce.merchant.created",
  "commerce.printer.added",
  "sale.kitchen-ticket.created",
  "sale.kitchen-ticket.fired",
  "sale.kitchen-ticket-item.voided",
  "sale.check.presented",
  "sale.check.receiptRequested",
  "payment.transaction.created",
  "payment.refund.created",
  "payment.house-account.paid",
  "payment.house-account.paidOut",
  "cash.drawer.opened",
  ...MOVEMENT_TYPES,
  "cash.report.made",
  "cash.report.printRequested",
  "printing.job.reprintRequested",
] as const satisfies readonly EventType[];

/** A guest who left wants no receipt; a drawer that opens by itself minutes later is an invitation. */
const RECEIPT_EXPIRY_MS = 10 * 60_000;
/** A Z waits for its paper. */
const REPORT_EXPIRY_MS = 12 * 60 * 60_000;
const DRAWER_EXPIRY_MS = 30_000;

/** Turns events into print jobs in the runner's transaction; the worker prints them (RUN-3). Never replayed: paper cannot be taken back. */
export const printingConsumer: ConsumerDefinition = {
  group: "printing",
  types: TYPES,
  keys: ({ envelope }) => [envelope.subject],
  policy: { deadLetterBlocksKey: false, replayable: false, batchSize: 50 },
  async handle(events, context) {
    for (const event of events) await handleEvent(event, context);
  },
};

type Printer = { readonly printer_id: string; readonly stations: string[]; readonly receipts: boolean };
type PlaceRow = { readonly zone: string; readonly locale: string; readonly expiry_ms: number };
const NO_PLACE: PlaceRow = { zone: "UTC", locale: "en", expiry_ms: 15 * 60_000 };

async function handleEvent(parsed: ParsedEvent, context: HandlerContext): Promise<void> {
  const event = parsed.envelope as EventEnvelope;
  const { sql } = context;
  if (event.type === "commerce.merchant.created") {
    const { zone, locale } = event.data;
    await sql`insert into print_places (merchant_id, organizer_id, zone, locale) values (${event.subject}, ${event.organizerid}, ${zone}, ${locale})
      on conflict (merchant_id) do update set zone = excluded.zone, locale = excluded.locale`;
    return;
  }
  if (event.type === "commerce.printer.added") return addPrinter(sql, event);
  const jobs = await jobsOf(sql, event);
  const inserted = await insertJobs(sql, jobs);
  await reportJobs(sql, inserted, "printing.job.queued", event.id);
  for (const id of inserted) context.wake(PRINTING_QUEUE, id, event.traceparent);
}

async function addPrinter(sql: TransactionSql, event: Extract<EventEnvelope, { type: "commerce.printer.added" }>): Promise<void> {
  const { printer, name, host, port, profile, stations, receipts } = event.data;
  await sql`
    insert into print_printers (merchant_id, printer_id, organizer_id, name, host, port, profile, stations, receipts, added_at)
    values (${merchantOf(event)}, ${printer}, ${event.organizerid}, ${name}, ${host}, ${port}, ${profile}, ${stations}, ${receipts}, ${event.time})
    on conflict (merchant_id, printer_id) do update
      set name = excluded.name, host = excluded.host, port = excluded.port, profile = excluded.profile, stations = excluded.stations, receipts = excluded.receipts`;
}

async function jobsOf(sql: TransactionSql, event: EventEnvelope): Promise<NewJob[]> {
  switch (event.type) {
    case "sale.kitchen-ticket.created":
      return event.data.held ? [] : ticketJobs(sql, event, event.data);
    case "sale.kitchen-ticket.fired":
      return ticketJobs(sql, event, event.data.ticket);
    case "sale.kitchen-ticket-item.voided":
      return voidJobs(sql, event);
    case "sale.check.presented":
      return receiptJobs(sql, event, "bill");
    case "sale.check.receiptRequested":
      return receiptJobs(sql, event, "receipt");
    case "payment.transaction.created":
      return event.data.tender.method === "cash" ? drawerJobs(sql, event, event.data.check) : [];
    case "payment.refund.created":
      return refundJobs(sql, event);
    case "payment.house-account.paid":
    case "payment.house-account.paidOut":
      return accountJobs(sql, event);
    case "cash.drawer.opened":
      return drawerJobs(sql, event, event.subject);
    case "cash.drawer.paidIn":
    case "cash.drawer.paidOut":
    case "cash.drawer.tipsPaid":
    case "cash.drawer.dropped":
      return movementJobs(sql, event);
    case "cash.report.made":
      return cashReportJobs(sql, event, 0);
    case "cash.report.printRequested":
      return cashReportJobs(sql, event, event.data.copy);
    case "printing.job.reprintRequested":
      return reprintJobs(sql, event);
    default:
      return [];
  }
}

type TicketData = Extract<EventEnvelope, { type: "sale.kitchen-ticket.created" }>["data"];

async function ticketJobs(sql: TransactionSql, event: EventEnvelope, ticket: TicketData): Promise<NewJob[]> {
  const place = await placeOf(sql, event);
  const printers = await printersWhere(sql, event, (printer) => printer.stations.includes(ticket.station));
  return printers.map((printer) => ({
    ...jobHead(event, printer, place.expiry_ms),
    kind: "ticket",
    station: ticket.station,
    order: ticket.order,
    items: ticket.items.map(({ item }) => item),
    slip: (number) => kitchenSlip(ticketModel(ticket, number, event.occurredat, place)),
  }));
}

/** Nobody cooks a held ticket that was never printed, so nobody has to be told to stop. */
async function voidJobs(sql: TransactionSql, event: Extract<EventEnvelope, { type: "sale.kitchen-ticket-item.voided" }>): Promise<NewJob[]> {
  const voided = event.data;
  if (voided.ticket.held) return [];
  const place = await placeOf(sql, event);
  const printers = await printersWhere(sql, event, (printer) => printer.stations.includes(voided.ticket.station));
  return printers.map((printer) => ({
    ...jobHead(event, printer, place.expiry_ms),
    kind: "void",
    station: voided.ticket.station,
    order: voided.ticket.order,
    items: [voided.item],
    slip: (number) => kitchenSlip(voidModel(voided, number, event.occurredat, place)),
  }));
}

async function receiptJobs(
  sql: TransactionSql,
  event: Extract<EventEnvelope, { type: "sale.check.presented" | "sale.check.receiptRequested" }>,
  kind: "bill" | "receipt",
): Promise<NewJob[]> {
  const place = await placeOf(sql, event);
  const [printer] = await printersWhere(sql, event, ({ receipts }) => receipts);
  if (!printer) return [];
  const slip = receiptSlip(receiptModel(await withAccountNames(sql, event.data.receipt), kind, event.occurredat, place));
  return [{ ...jobHead(event, printer, RECEIPT_EXPIRY_MS), kind, slip: () => slip }];
}

async function drawerJobs(sql: TransactionSql, event: EventEnvelope, about: string): Promise<NewJob[]> {
  const [printer] = await printersWhere(sql, event, ({ receipts }) => receipts);
  if (!printer) return [];
  return [{ ...jobHead(event, printer, DRAWER_EXPIRY_MS), kind: "drawer", about, slip: () => DRAWER_SLIP }];
}

async function movementJobs(sql: TransactionSql, event: MovementEvent): Promise<NewJob[]> {
  const place = await placeOf(sql, event);
  const [printer] = await printersWhere(sql, event, ({ receipts }) => receipts);
  if (!printer) return [];
  const slip = cashSlip(event, place);
  return [{ ...jobHead(event, printer, DRAWER_EXPIRY_MS), kind: "cash", slip: () => slip }];
}

async function accountJobs(sql: TransactionSql, event: AccountMoved): Promise<NewJob[]> {
  const place = await placeOf(sql, event);
  const [printer] = await printersWhere(sql, event, ({ receipts }) => receipts);
  if (!printer) return [];
  const slip = accountSlip(event, place);
  return [{ ...jobHead(event, printer, event.data.method === "cash" ? DRAWER_EXPIRY_MS : RECEIPT_EXPIRY_MS), kind: "cash", slip: () => slip }];
}

async function refundJobs(sql: TransactionSql, event: RefundCreated): Promise<NewJob[]> {
  const place = await placeOf(sql, event);
  const [printer] = await printersWhere(sql, event, ({ receipts }) => receipts);
  if (!printer) return [];
  const slip = refundSlip(event, place);
  const cash = event.data.payouts.some(({ method }) => method === "cash");
  return [{ ...jobHead(event, printer, cash ? DRAWER_EXPIRY_MS : RECEIPT_EXPIRY_MS), kind: "cash", slip: () => slip }];
}

async function cashReportJobs(sql: TransactionSql, event: Extract<EventEnvelope, { type: "cash.report.made" | "cash.report.printRequested" }>, copy: number): Promise<NewJob[]> {
  const place = await placeOf(sql, event);
  const [printer] = await printersWhere(sql, event, ({ receipts }) => receipts);
  if (!printer) return [];
  const slip = reportSlip(event.data.report, copy, place);
  return [{ ...jobHead(event, printer, REPORT_EXPIRY_MS), kind: "report", slip: () => slip }];
}

type OldJob = { printer_id: string; station_id: string | null; kind: NewJob["kind"]; about: string; order_id: string | null; items: string[]; slip: Slip; state: JobState; bytes_sent: number };

/** Locked until its copy is there: an erasure that takes the slip away finds both (AUD-8). A person asked for it: what still waits is not doubled, and only what never left goes without the warning. */
async function reprintJobs(sql: TransactionSql, event: Extract<EventEnvelope, { type: "printing.job.reprintRequested" }>): Promise<NewJob[]> {
  const [old] = await sql<OldJob[]>`
    select printer_id, station_id, kind, about, order_id, items, slip, state, bytes_sent from print_jobs
    where id = ${event.data.job} and merchant_id = ${merchantOf(event)} for share`;
  if (!old || old.state === "queued" || old.state === "sending") return [];
  const place = await placeOf(sql, event);
  const slip = withBanner(old.slip, { kind: "REPRINT", mayBeDuplicate: old.bytes_sent > 0 || old.state === "unknown" });
  return [
    {
      ...jobHead(event, old, place.expiry_ms),
      kind: old.kind,
      about: old.about,
      station: old.station_id,
      order: old.order_id,
      items: old.items,
      reprintOf: event.data.job,
      slip: () => slip,
    },
  ];
}

function jobHead(event: EventEnvelope, printer: { readonly printer_id: string }, expiryMs: number) {
  return {
    id: prefixed("job", derivedUlid(event.id, `print on ${printer.printer_id}`)),
    merchant: merchantOf(event),
    organizer: event.organizerid,
    printer: printer.printer_id,
    station: null,
    about: event.subject,
    order: null,
    items: [],
    businessDate: event.businessdate ?? event.time.slice(0, 10),
    sourceEvent: event.id,
    reprintOf: null,
    // From when it was recorded: what a consumer that was away finds in the morning is expired already.
    expiresAt: new Date(Date.parse(event.time) + expiryMs),
    trace: traceOf(event),
  };
}

async function placeOf(sql: TransactionSql, event: EventEnvelope): Promise<PlaceRow> {
  const [place] = await sql<PlaceRow[]>`
    select zone, locale, (extract(epoch from kitchen_expiry) * 1000)::float8 as expiry_ms from print_places where merchant_id = ${merchantOf(event)}`;
  return place ?? NO_PLACE;
}

async function printersWhere(sql: TransactionSql, event: EventEnvelope, wanted: (printer: Printer) => boolean): Promise<Printer[]> {
  const printers = await sql<Printer[]>`
    select printer_id, stations, receipts from print_printers where merchant_id = ${merchantOf(event)} order by added_at, printer_id`;
  return printers.filter(wanted);
}

function merchantOf(event: EventEnvelope): string {
  if (event.merchantid === undefined) throw new Error(`${event.type} ${event.id} names no merchant`);
  return event.merchantid;
}

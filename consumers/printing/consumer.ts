import { traceOf } from "#consumers/runner/trace.ts";
import type { ConsumerDefinition, HandlerContext } from "#consumers/runner/types.ts";
import type { TransactionSql } from "#hub/db/client.ts";
import { withAccountNames } from "#hub/log/account-names.ts";
import { derivedUlid } from "#hub/log/derived-ulid.ts";
import type { ParsedEvent } from "#hub/log/types.ts";
import type { EventEnvelope, EventType } from "#shared/events/catalog.ts";
import { prefixed } from "#shared/ids.ts";
import type { Slip } from "./escpos/slip.ts";
import { insertJobs, knownJobs, type JobState, type NewJob } from "./jobs.ts";
import { PrintPlaces } from "./places.ts";
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
  "commerce.profile.changed",
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
  handle,
};

/** What is printed between two changes of a place or its printers is written together: a ticket's paper waits for few ways to Postgres and back. */
async function handle(events: readonly ParsedEvent[], context: HandlerContext): Promise<void> {
  let toPrint: EventEnvelope[] = [];
  for (const { envelope } of events) {
    const event = envelope as EventEnvelope;
    if (event.type !== "commerce.merchant.created" && event.type !== "commerce.profile.changed" && event.type !== "commerce.printer.added") {
      toPrint.push(event);
      continue;
    }
    await print(toPrint, context);
    toPrint = [];
    if (event.type === "commerce.printer.added") await addPrinter(context.sql, event);
    else await keepPlace(context.sql, event);
  }
  await print(toPrint, context);
}

async function print(events: readonly EventEnvelope[], context: HandlerContext): Promise<void> {
  if (events.length === 0) return;
  const { sql } = context;
  const [places, known] = await Promise.all([PrintPlaces.load(sql, events.map(merchantOf)), knownJobs(sql, events.map(({ id }) => id))]);
  const jobs: NewJob[] = [];
  for (const event of events) jobs.push(...(await jobsOf(sql, places, event)));
  const inserted = await insertJobs(sql, jobs, known);
  await reportJobs(sql, inserted, "printing.job.queued", "its event");
  const causes = new Map(events.map((event) => [event.id, event.traceparent]));
  const written = new Set(inserted);
  // Who is woken for one slip of a place looks at all of its printers.
  const woken = new Map(jobs.filter(({ id }) => written.has(id)).map((job) => [job.merchant, job]));
  for (const { id, sourceEvent } of woken.values()) context.wake(PRINTING_QUEUE, id, causes.get(sourceEvent));
}

async function keepPlace(sql: TransactionSql, event: Extract<EventEnvelope, { type: "commerce.merchant.created" | "commerce.profile.changed" }>): Promise<void> {
  const { name, address, zone, locale, displayDigits } = event.data;
  await sql`insert into print_places (merchant_id, organizer_id, name, address, zone, locale, display_digits)
    values (${event.subject}, ${event.organizerid}, ${name}, ${address}, ${zone}, ${locale}, ${displayDigits})
    on conflict (merchant_id) do update set name = excluded.name, address = excluded.address, zone = excluded.zone, locale = excluded.locale, display_digits = excluded.display_digits`;
}

async function addPrinter(sql: TransactionSql, event: Extract<EventEnvelope, { type: "commerce.printer.added" }>): Promise<void> {
  const { printer, name, host, port, profile, stations, receipts } = event.data;
  await sql`
    insert into print_printers (merchant_id, printer_id, organizer_id, name, host, port, profile, stations, receipts, added_at)
    values (${merchantOf(event)}, ${printer}, ${event.organizerid}, ${name}, ${host}, ${port}, ${profile}, ${stations}, ${receipts}, ${event.time})
    on conflict (merchant_id, printer_id) do update
      set name = excluded.name, host = excluded.host, port = excluded.port, profile = excluded.profile, stations = excluded.stations, receipts = excluded.receipts`;
}

async function jobsOf(sql: TransactionSql, places: PrintPlaces, event: EventEnvelope): Promise<NewJob[]> {
  switch (event.type) {
    case "sale.kitchen-ticket.created":
      return event.data.held ? [] : ticketJobs(places, event, event.data);
    case "sale.kitchen-ticket.fired":
      return ticketJobs(places, event, event.data.ticket);
    case "sale.kitchen-ticket-item.voided":
      return voidJobs(places, event);
    case "sale.check.presented":
      return receiptJobs(sql, places, event, "bill");
    case "sale.check.receiptRequested":
      return receiptJobs(sql, places, event, "receipt");
    case "payment.transaction.created":
      return event.data.tender.method === "cash" ? drawerJobs(places, event, event.data.check) : [];
    case "payment.refund.created":
      return refundJobs(places, event);
    case "payment.house-account.paid":
    case "payment.house-account.paidOut":
      return accountJobs(places, event);
    case "cash.drawer.opened":
      return drawerJobs(places, event, event.subject);
    case "cash.drawer.paidIn":
    case "cash.drawer.paidOut":
    case "cash.drawer.tipsPaid":
    case "cash.drawer.dropped":
      return movementJobs(places, event);
    case "cash.report.made":
      return cashReportJobs(places, event, 0);
    case "cash.report.printRequested":
      return cashReportJobs(places, event, event.data.copy);
    case "printing.job.reprintRequested":
      return reprintJobs(sql, places, event);
    default:
      return [];
  }
}

type TicketData = Extract<EventEnvelope, { type: "sale.kitchen-ticket.created" }>["data"];

function ticketJobs(places: PrintPlaces, event: EventEnvelope, ticket: TicketData): NewJob[] {
  const place = places.of(merchantOf(event));
  const printers = places.printers(merchantOf(event), (printer) => printer.stations.includes(ticket.station));
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
function voidJobs(places: PrintPlaces, event: Extract<EventEnvelope, { type: "sale.kitchen-ticket-item.voided" }>): NewJob[] {
  const voided = event.data;
  if (voided.ticket.held) return [];
  const place = places.of(merchantOf(event));
  const printers = places.printers(merchantOf(event), (printer) => printer.stations.includes(voided.ticket.station));
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
  places: PrintPlaces,
  event: Extract<EventEnvelope, { type: "sale.check.presented" | "sale.check.receiptRequested" }>,
  kind: "bill" | "receipt",
): Promise<NewJob[]> {
  const place = places.of(merchantOf(event));
  const [printer] = places.printers(merchantOf(event), ({ receipts }) => receipts);
  if (!printer) return [];
  const slip = receiptSlip(receiptModel(await withAccountNames(sql, event.data.receipt), kind, event.occurredat, place));
  return [{ ...jobHead(event, printer, RECEIPT_EXPIRY_MS), kind, slip: () => slip }];
}

function drawerJobs(places: PrintPlaces, event: EventEnvelope, about: string): NewJob[] {
  const [printer] = places.printers(merchantOf(event), ({ receipts }) => receipts);
  if (!printer) return [];
  return [{ ...jobHead(event, printer, DRAWER_EXPIRY_MS), kind: "drawer", about, slip: () => DRAWER_SLIP }];
}

function movementJobs(places: PrintPlaces, event: MovementEvent): NewJob[] {
  const place = places.of(merchantOf(event));
  const [printer] = places.printers(merchantOf(event), ({ receipts }) => receipts);
  if (!printer) return [];
  const slip = cashSlip(event, place);
  return [{ ...jobHead(event, printer, DRAWER_EXPIRY_MS), kind: "cash", slip: () => slip }];
}

function accountJobs(places: PrintPlaces, event: AccountMoved): NewJob[] {
  const place = places.of(merchantOf(event));
  const [printer] = places.printers(merchantOf(event), ({ receipts }) => receipts);
  if (!printer) return [];
  const slip = accountSlip(event, place);
  return [{ ...jobHead(event, printer, event.data.method === "cash" ? DRAWER_EXPIRY_MS : RECEIPT_EXPIRY_MS), kind: "cash", slip: () => slip }];
}

function refundJobs(places: PrintPlaces, event: RefundCreated): NewJob[] {
  const place = places.of(merchantOf(event));
  const [printer] = places.printers(merchantOf(event), ({ receipts }) => receipts);
  if (!printer) return [];
  const slip = refundSlip(event, place);
  const cash = event.data.payouts.some(({ method }) => method === "cash");
  return [{ ...jobHead(event, printer, cash ? DRAWER_EXPIRY_MS : RECEIPT_EXPIRY_MS), kind: "cash", slip: () => slip }];
}

function cashReportJobs(places: PrintPlaces, event: Extract<EventEnvelope, { type: "cash.report.made" | "cash.report.printRequested" }>, copy: number): NewJob[] {
  const place = places.of(merchantOf(event));
  const [printer] = places.printers(merchantOf(event), ({ receipts }) => receipts);
  if (!printer) return [];
  const slip = reportSlip(event.data.report, copy, place);
  return [{ ...jobHead(event, printer, REPORT_EXPIRY_MS), kind: "report", slip: () => slip }];
}

type OldJob = { printer_id: string; station_id: string | null; kind: NewJob["kind"]; about: string; order_id: string | null; items: string[]; slip: Slip; state: JobState; bytes_sent: number };

/** Locked until its copy is there: an erasure that takes the slip away finds both (AUD-8). A person asked for it: what still waits is not doubled, and only what never left goes without the warning. */
async function reprintJobs(sql: TransactionSql, places: PrintPlaces, event: Extract<EventEnvelope, { type: "printing.job.reprintRequested" }>): Promise<NewJob[]> {
  const [old] = await sql<OldJob[]>`
    select printer_id, station_id, kind, about, order_id, items, slip, state, bytes_sent from print_jobs
    where id = ${event.data.job} and merchant_id = ${merchantOf(event)} for share`;
  if (!old || old.state === "queued" || old.state === "sending") return [];
  const place = places.of(merchantOf(event));
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

function merchantOf(event: EventEnvelope): string {
  if (event.merchantid === undefined) throw new Error(`${event.type} ${event.id} names no merchant`);
  return event.merchantid;
}

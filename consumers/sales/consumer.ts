import { createHash } from "node:crypto";
import { enqueueDocument } from "#consumers/documents/jobs.ts";
import { Places } from "#consumers/days/places.ts";
import type { ConsumerDefinition, HandlerContext } from "#consumers/runner/types.ts";
import { derivedUlid } from "#hub/log/derived-ulid.ts";
import { draftChanges } from "#hub/log/drafts.ts";
import type { AppendCommand, ParsedEvent } from "#hub/log/types.ts";
import type { CashReportState } from "#shared/domain/cash/state.ts";
import type { CashReport } from "#shared/events/cash.ts";
import type { EventEnvelope, EventType } from "#shared/events/catalog.ts";
import type { Money } from "#shared/events/primitives.ts";
import { prefixed } from "#shared/ids.ts";
import { dayReportOf } from "./day-report.ts";
import { Figures } from "./figures.ts";

const TYPES = [
  "commerce.day.closed",
  "sale.check.created",
  "sale.check.closed",
  "sale.check.voided",
  "sale.check.merged",
  "sale.check.rolledBack",
  "payment.attempt.success",
  "payment.attempt.reversed",
  "payment.attempt.writtenOff",
  "payment.attempt.recovered",
  "payment.attempt.amountCorrected",
  "payment.transaction.overpaymentApplied",
  "payment.attempt.tipAdjusted",
  "payment.refund.created",
  "payment.refund.success",
  "payment.refund.contradictionResolved",
  "payment.refund.paidLate",
  "payment.refund.paidLateResolved",
  "payment.refund.cancelled",
  "payment.house-account.paid",
  "payment.house-account.paidOut",
  "payment.voucher.used",
  "payment.voucher.released",
  "cash.drawer.opened",
  "cash.drawer.closed",
  "cash.report.requested",
  "cash.report.made",
  "document.file.requested",
] as const satisfies readonly EventType[];

/**
 * The day's figures: sales at check close, money when it moves (DOM-17). It also makes the day's papers: what it has added up when a report's
 * request comes is the day exactly as it stood at that place of the log. So it appends, and is never replayed; the figures without the
 * papers can be built anew.
 */
export const salesConsumer: ConsumerDefinition = {
  group: "sales",
  types: TYPES,
  // A paper must have all that came before it: a place's events stay in order.
  keys: ({ envelope }) => [envelope.merchantid ?? envelope.organizerid],
  policy: { deadLetterBlocksKey: false, replayable: false, rebuildable: true, notRebuilt: ["cash.report.requested", "document.file.requested"], lingerMs: 250, batchSize: 200 },
  handle,
};

async function handle(events: readonly ParsedEvent[], context: HandlerContext): Promise<void> {
  const places = await Places.load(context.sql, "sales_places", [...new Set(events.map(({ envelope }) => envelope.merchantid ?? ""))]);
  const figures = new Figures();
  for (const parsed of events) await apply(parsed, figures, places, context);
  await figures.flush(context.sql);
}

async function apply(parsed: ParsedEvent, figures: Figures, places: Places, context: HandlerContext): Promise<void> {
  const event = parsed.envelope as EventEnvelope;
  const { merchantid: merchant, businessdate: dated } = event;
  if (merchant === undefined || dated === undefined) throw new Error(`${event.type} ${event.id} has no merchant or business date`);
  const date = places.openDate(merchant, dated);
  const day = { merchant, date };
  const { sql } = context;
  switch (event.type) {
    case "commerce.day.closed":
      return places.close(sql, merchant, event.data.date);
    case "sale.check.closed":
      figures.sale(day, event.data.number, event.data.totals);
      return noLongerOpen(event.subject, merchant, context);
    case "payment.attempt.success":
      return figures.tender(day, event.data, 1n);
    case "payment.attempt.recovered":
      if (event.data.writtenOff) figures.lost(day, event.data.tender.amount, -1n);
      return figures.tender(day, event.data, 1n);
    case "payment.attempt.reversed":
      return figures.tender(day, event.data, -1n);
    case "payment.attempt.writtenOff":
      figures.lost(day, event.data.tender.amount, 1n);
      return figures.tender(day, event.data, -1n);
    case "payment.attempt.amountCorrected":
      return figures.corrected(day, event.data);
    case "payment.transaction.overpaymentApplied":
      return figures.applied(day, event.data.tender, BigInt(event.data.amount.amount));
    case "payment.attempt.tipAdjusted": {
      const { captured, tender, from, to } = event.data;
      return captured ? figures.tip(day, tender, BigInt(to.amount) - BigInt(from.amount)) : undefined;
    }
    case "payment.voucher.used":
    case "payment.voucher.released":
      return forfeits(event, day, figures, context);
    case "payment.refund.created":
      return figures.returned(day, event.data, 1n);
    case "payment.refund.cancelled":
      return figures.returned(day, event.data.document, -1n);
    case "payment.refund.success":
      return figures.refund(day, event.data.payout, 1n);
    case "payment.refund.contradictionResolved":
      return event.data.outcome === "paid" ? undefined : figures.refund(day, event.data.payout, -1n);
    case "payment.refund.paidLate":
      return figures.paidLate(day, event.data.payout);
    case "payment.refund.paidLateResolved":
      return figures.paidLateResolved(day, event.data);
    case "payment.house-account.paid":
      return figures.account(day, event.data, 1n);
    case "payment.house-account.paidOut":
      return figures.account(day, event.data, -1n);
    case "sale.check.created":
    case "sale.check.voided":
    case "sale.check.merged":
    case "sale.check.rolledBack":
      return openChecks(event, day, context);
    case "cash.drawer.opened":
    case "cash.drawer.closed":
      return drawers(event, day, context);
    case "cash.report.requested":
      await figures.flush(sql);
      return makeReport(parsed, event, merchant, context);
    case "cash.report.made":
      return keepReport(event, merchant, dated, context);
    case "document.file.requested":
      return enqueueDocument(event, "sales", context);
    default:
      return undefined;
  }
}

type Day = { readonly merchant: string; readonly date: string };

/** The rest of a voucher is kept as long as the voucher is in use; its release names the payment alone. */
async function forfeits(event: Extract<EventEnvelope, { type: "payment.voucher.used" | "payment.voucher.released" }>, day: Day, figures: Figures, { sql }: HandlerContext): Promise<void> {
  const { payment } = event.data;
  if (event.type === "payment.voucher.used") {
    const { forfeited } = event.data;
    if (forfeited.amount === "0") return;
    await sql`insert into sales_forfeits (merchant_id, payment_id, currency, amount) values (${day.merchant}, ${payment}, ${forfeited.currency}, ${forfeited.amount})`;
    return figures.forfeited(day, forfeited, 1n);
  }
  const [kept] = await sql<Money[]>`delete from sales_forfeits where merchant_id = ${day.merchant} and payment_id = ${payment} returning currency, amount::text as amount`;
  if (kept) figures.forfeited(day, kept, -1n);
}

async function noLongerOpen(check: string, merchant: string, { sql }: HandlerContext): Promise<void> {
  await sql`delete from sales_open_checks where merchant_id = ${merchant} and check_id = ${check}`;
}

/** DOM-17: checks that go on are named on the paper, with the day they were opened on. */
async function openChecks(event: Extract<EventEnvelope, { type: "sale.check.created" | "sale.check.voided" | "sale.check.merged" | "sale.check.rolledBack" }>, { merchant, date }: Day, context: HandlerContext): Promise<void> {
  const { subject: check } = event;
  const { sql } = context;
  if (event.type === "sale.check.created") {
    await sql`insert into sales_open_checks (merchant_id, check_id, label, opened_on) values (${merchant}, ${check}, ${event.data.label}, ${date}) on conflict do nothing`;
  } else if (event.type === "sale.check.rolledBack") {
    const { emptied, reopened, from, header } = event.data;
    if (emptied) return noLongerOpen(check, merchant, context);
    if (reopened && from === check) {
      await sql`insert into sales_open_checks (merchant_id, check_id, label, opened_on) values (${merchant}, ${check}, ${header?.label ?? "?"}, ${date}) on conflict do nothing`;
    }
  } else if (event.type === "sale.check.voided" || event.data.from === check) {
    return noLongerOpen(check, merchant, context);
  }
}

async function drawers(event: Extract<EventEnvelope, { type: "cash.drawer.opened" | "cash.drawer.closed" }>, { merchant, date }: Day, { sql }: HandlerContext): Promise<void> {
  if (event.type === "cash.drawer.opened") {
    await sql`insert into sales_drawers (merchant_id, drawer_id, name, opened_on) values (${merchant}, ${event.subject}, ${event.data.name}, ${date}) on conflict do nothing`;
    return;
  }
  const { expected, counted, difference, number } = event.data;
  await sql`
    update sales_drawers set closed_on = ${date}, number = ${number ?? null}, expected = ${expected.amount}, counted = ${counted.amount}, difference = ${difference.amount}
    where merchant_id = ${merchant} and drawer_id = ${event.subject}`;
}

/** DOM-16: the paper goes into the log whole, where it is never computed again. */
async function makeReport(parsed: ParsedEvent, event: Extract<EventEnvelope, { type: "cash.report.requested" }>, merchant: string, context: HandlerContext): Promise<void> {
  const report: CashReport = await dayReportOf(context.sql, event, merchant);
  const commandId = context.commandIdFor(parsed, "report");
  const requested: CashReportState = { id: event.subject, report: null, copies: 0 };
  const drafted = draftChanges([{ kind: "cash-report", stream: event.subject, events: [{ type: "cash.report.made", data: { report } }] }], () => ({ version: event.streamversion, state: requested }), {
    organizer: event.organizerid,
    merchant,
    now: event.time,
    occurredAt: event.occurredat,
    businessDate: event.businessdate,
    commandId,
    correlationId: event.correlationid,
    actor: "consumer:sales",
    source: "/consumers/sales",
    newEventId: () => prefixed("event", derivedUlid(event.id, "report")),
  });
  const command: AppendCommand = {
    commandId,
    hash: createHash("sha256").update(event.id).digest("hex"),
    organizerId: event.organizerid,
    merchantId: merchant,
    actor: "consumer:sales",
    source: "/consumers/sales",
    correlationId: event.correlationid,
    causationId: event.id,
    ...(event.traceparent === undefined ? {} : { traceparent: event.traceparent }),
    changes: drafted.map(({ change }) => change),
    counts: [],
    answer: "{}",
  };
  context.append([command]);
}

async function keepReport(event: Extract<EventEnvelope, { type: "cash.report.made" }>, merchant: string, dated: string, { sql }: HandlerContext): Promise<void> {
  const { report } = event.data;
  await sql`
    insert into cash_reports (merchant_id, report_id, scope, kind, number, business_date, drawer_id, made_at, report)
    values (${merchant}, ${event.subject}, ${report.scope}, ${report.kind}, ${report.number}, ${report.scope === "day" ? report.to : dated},
            ${report.scope === "drawer" ? report.drawer : null}, ${report.at}, ${JSON.stringify(report)}::text::jsonb)
    on conflict do nothing`;
}

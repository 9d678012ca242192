import { traceOf } from "#consumers/runner/trace.ts";
import type { ConsumerDefinition, HandlerContext } from "#consumers/runner/types.ts";
import { derivedUlid } from "#hub/log/derived-ulid.ts";
import type { ParsedEvent } from "#hub/log/types.ts";
import type { RefundReport } from "#shared/domain/payment/pay-out.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Payout, ProviderRequestKind } from "#shared/events/payment.ts";
import { prefixed } from "#shared/ids.ts";
import { refundReportOfWebhook, reportOfWebhook, webhookBody } from "#shared/protocol/payment-provider.ts";
import type { AppendCommand } from "#hub/log/types.ts";
import { attemptCommand, refundCommand, type Source } from "./apply.ts";
import { note, PAYMENTS_QUEUE, refundRequestId, type NewRequest, type RequestBody } from "./requests.ts";
import { PaymentStates } from "./states.ts";
import { askAgain, hurryRefund, refundTries, rememberUnnamed, type PayoutRows } from "./unnamed.ts";

const TYPES = [
  "payment.attempt.created",
  "payment.attempt.incrementRequested",
  "payment.attempt.tipRequested",
  "payment.attempt.captureRequested",
  "payment.attempt.cancelRequested",
  "payment.attempt.reverseRequested",
  "payment.attempt.asked",
  "payment.attempt.contradicted",
  "payment.attempt.unknown",
  "payment.refund.created",
  "payment.refund.rerouted",
  "payment.webhook.received",
] as const;
type PaymentsEvent = Extract<EventEnvelope, { type: (typeof TYPES)[number] }>;
type Sourced = { readonly parsed: ParsedEvent; readonly event: PaymentsEvent; readonly merchant: string };

/** So long a provider may take to tell by itself before it is asked. */
const ASK_AFTER_MS = 4_000;

/**
 * What people ask of providers becomes rows for the worker; what providers told is applied to its attempt. A webhook that cannot be applied stops
 * nobody else's payment.
 */
export const paymentsConsumer: ConsumerDefinition = {
  group: "payments",
  types: TYPES,
  keys: ({ envelope }) => keysOf(envelope as PaymentsEvent),
  policy: { deadLetterBlocksKey: false, replayable: false, batchSize: 50 },
  handle,
};

/** A refund and the payments it pays back stay in order with each other. */
function keysOf(event: PaymentsEvent): readonly string[] {
  switch (event.type) {
    case "payment.webhook.received":
      return [event.data.payment];
    case "payment.refund.created":
      return [event.subject, ...event.data.payouts.map(({ payment }) => payment)];
    case "payment.refund.rerouted":
      return [event.subject, event.data.payment];
    default:
      return [event.subject];
  }
}

async function handle(events: readonly ParsedEvent[], context: HandlerContext): Promise<void> {
  const states = new PaymentStates(context.sql);
  const commands: AppendCommand[] = [];
  for (const parsed of events) {
    const event = parsed.envelope as PaymentsEvent;
    const merchant = event.merchantid;
    if (merchant === undefined) throw new Error(`${event.type} ${event.id} names no merchant`);
    const sourced = { parsed, event, merchant };
    if (event.type === "payment.webhook.received") {
      commands.push(...(await told(sourced, event, states, context)));
      continue;
    }
    const requests = await requestsOf(sourced, states);
    await note(context.sql, requests);
    for (const { id } of requests) wake(context, id, event);
  }
  context.append(commands);
}

function wake(context: HandlerContext, id: string, event: PaymentsEvent): void {
  context.wake(PAYMENTS_QUEUE, `${id}-${event.id.slice(-8)}`, event.traceparent);
}

async function told({ parsed, merchant }: Sourced, event: Extract<PaymentsEvent, { type: "payment.webhook.received" }>, states: PaymentStates, context: HandlerContext): Promise<AppendCommand[]> {
  const body = webhookBody.parse(JSON.parse(event.data.body));
  const source: Source = {
    commandId: context.commandIdFor(parsed, "report"),
    organizer: event.organizerid,
    merchant,
    correlationId: event.correlationid,
    causationId: event.id,
    ...(event.traceparent === undefined ? {} : { traceparent: event.traceparent }),
    now: event.time,
  };
  const report = reportOfWebhook(body);
  if (report) return attemptCommand(states, event.data.payment, report, source);
  const refund = refundReportOfWebhook(body);
  if (!refund || body.data.refund === undefined) return [];
  const payout = { merchant, refund: body.data.refund, payment: event.data.payment };
  const about = refund.request === undefined ? await aboutTry(payout, refund, context) : refund;
  if (about.request === undefined) {
    // It may be about any try: each asks after its own. A no can only be of one that waits, money of any.
    const asking = [...(await hurryRefund(context.sql, payout)), ...(about.said === "success" ? await askAgain(context.sql, payout) : [])];
    for (const id of asking) wake(context, id, event);
    if (asking.length > 0 && about.said === "success") await rememberUnnamed(context.sql, payout, body.data.currency);
    if (asking.length > 0 || about.said === "failed") return [];
  }
  return refundCommand(states, payout.refund, payout.payment, about, source);
}

/** What is told without a name is of the only try, when there is only one. */
async function aboutTry(payout: PayoutRows, report: RefundReport, context: HandlerContext): Promise<RefundReport> {
  const [only, ...more] = await refundTries(context.sql, payout);
  return only === undefined || more.length > 0 ? report : { ...report, request: only };
}

async function requestsOf({ event, merchant }: Sourced, states: PaymentStates): Promise<readonly NewRequest[]> {
  if (event.type === "payment.webhook.received") return [];
  if (event.type === "payment.refund.created") return event.data.payouts.flatMap((payout) => refundRequest(event, merchant, event.subject, payout));
  if (event.type === "payment.refund.rerouted") return refundRequest(event, merchant, event.subject, event.data.payout);
  const payment = event.subject;
  const { attempt } = event.data;
  if (event.type === "payment.attempt.created" && event.data.request === undefined) return [];
  await states.load([{ stream: payment, kind: "payment" }]);
  const state = states.get("payment", payment);
  const provider = event.type === "payment.attempt.created" ? event.data.request?.provider : state?.request?.provider;
  if (provider === undefined) return [];
  const currency = state?.tender.amount.currency ?? (event.type === "payment.attempt.created" ? event.data.amount.currency : "");
  const common = { merchant, organizer: event.organizerid, provider, payment, attempt, refund: null, trace: traceOf(event) };
  const request = (kind: ProviderRequestKind, body: Omit<RequestBody, "currency">): NewRequest => ({ ...common, id: prefixed("providerRequest", derivedUlid(event.id, kind)), kind, body: { ...body, currency }, inMs: 0 });
  const ask = (inMs: number): NewRequest => ({ ...common, id: prefixed("providerRequest", derivedUlid(attempt, "ask")), kind: "ask", body: { currency }, inMs });
  switch (event.type) {
    case "payment.attempt.created": {
      const { amount, request: asked } = event.data;
      if (!asked) return [];
      const { tip, kind, capture, expiresAt } = asked;
      return [request("start", { amount: amount.amount, tip: tip.amount, kind, capture, expiresAt }), ask(ASK_AFTER_MS)];
    }
    case "payment.attempt.incrementRequested":
      return [request("increment", { amount: event.data.amount.amount }), ask(ASK_AFTER_MS)];
    case "payment.attempt.tipRequested":
      return [request("tip", { tip: event.data.tip.amount }), ask(ASK_AFTER_MS)];
    case "payment.attempt.captureRequested":
      return [request("capture", { amount: event.data.amount.amount, tip: event.data.tip.amount }), ask(ASK_AFTER_MS)];
    case "payment.attempt.cancelRequested":
      return [request("cancel", {}), ask(ASK_AFTER_MS)];
    case "payment.attempt.reverseRequested":
      return [request("reverse", {}), ask(ASK_AFTER_MS)];
    case "payment.attempt.asked":
    case "payment.attempt.contradicted":
      return [ask(0)];
    case "payment.attempt.unknown":
      return [ask(1_000)];
  }
}

/** One row for a payout, asked for again under the same name until it is known what became of it. */
function refundRequest(event: PaymentsEvent, merchant: string, refund: string, payout: Payout): NewRequest[] {
  if (payout.provider === undefined) return [];
  const amount = (BigInt(payout.amount.amount) + BigInt(payout.tip.amount)).toString();
  const id = refundRequestId(event.id, payout.payment);
  return [{ id, merchant, organizer: event.organizerid, provider: payout.provider, payment: payout.payment, attempt: payout.attempt, refund, kind: "refund", body: { amount, currency: payout.amount.currency }, inMs: 0, trace: traceOf(event) }];
}

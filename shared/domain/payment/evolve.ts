import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Money } from "#shared/events/primitives.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { existing, unexpectedEvent } from "../fold.ts";
import { after, type Transition } from "./machine.ts";
import type { PaymentState, PendingRequest } from "./state.ts";

const NOTHING_PENDING = { pending: null } as const;

/** A transition that the machine does not know is a bug of the decider, never something to be guessed around. */
function moved(payment: PaymentState, transition: Transition, event: EventEnvelope, more: Partial<PaymentState> = {}): PaymentState {
  const status = after(payment.status, transition);
  if (status === null) throw new Error(`${event.type} on a payment that is ${payment.status} (${event.subject})`);
  return { ...payment, ...more, status };
}

function asked(payment: PaymentState, pending: Partial<PendingRequest> & Pick<PendingRequest, "request">): PaymentState {
  return { ...payment, pending: { amount: null, tip: null, reason: null, by: null, ...pending } };
}

/** Nothing is said against it any more. */
function settledUpon(payment: PaymentState): PaymentState {
  const { contradicted: _, missing: __, ...rest } = payment;
  return rest;
}

/** The provider agrees again; what is missing is for people to see. */
function uncontradicted(payment: PaymentState): PaymentState {
  const { contradicted: _, ...rest } = payment;
  return rest;
}

/** Not in the machine: no report does it, only somebody who answers for it. */
function recovered(payment: PaymentState, event: Extract<EventEnvelope, { type: "payment.attempt.recovered" }>): PaymentState {
  if (payment.status !== "reversed") throw new Error(`${event.type} on a payment that is ${payment.status} (${event.subject})`);
  const { writtenOff: _, ...rest } = settledUpon(payment);
  const { tender, overpaid, round } = event.data;
  return { ...rest, status: "captured", tender, overpaid: overpaid ?? null, reason: null, decided: true, recovered: round };
}

function plus(a: Money | null, b: Money): Money {
  return moneyOf(minorUnits(b) + (a === null ? 0n : minorUnits(a)), b.currency);
}

export function evolvePayment(state: PaymentState | undefined, event: EventEnvelope): PaymentState {
  if (event.type === "payment.transaction.created") {
    const { check, order, drawer, tender, by } = event.data;
    return {
      id: event.subject,
      check,
      order,
      drawer,
      tender,
      status: "created",
      attempt: null,
      by,
      createdAt: event.occurredat,
      request: null,
      reference: null,
      qr: null,
      held: null,
      pending: null,
      endedBy: null,
      reason: null,
      late: false,
      overpaid: null,
      refunds: [],
      settled: null,
    };
  }
  const payment = existing("payment", state, event);
  switch (event.type) {
    case "payment.attempt.created":
      return { ...payment, attempt: event.data.attempt, request: event.data.request ?? null };
    case "payment.attempt.sent":
      return moved(payment, "send", event, { reference: event.data.reference ?? payment.reference, qr: event.data.qr ?? payment.qr });
    case "payment.attempt.authorized":
      return moved(payment, "authorize", event, { ...NOTHING_PENDING, held: event.data.amount, reference: event.data.reference ?? payment.reference, tender: { ...payment.tender, tip: event.data.tip } });
    case "payment.attempt.incrementRequested":
      return asked(payment, { request: "increment", amount: event.data.amount, by: event.data.by });
    case "payment.attempt.incremented":
      return moved(payment, "increment", event, { ...NOTHING_PENDING, held: event.data.amount });
    case "payment.attempt.tipRequested":
      return asked(payment, { request: "tip", tip: event.data.tip, by: event.data.by });
    case "payment.attempt.tipAdjusted":
      return moved(payment, "adjust-tip", event, { ...NOTHING_PENDING, tender: event.data.tender });
    case "payment.attempt.captureRequested":
      return asked(payment, { request: "capture", amount: event.data.amount, tip: event.data.tip, by: event.data.by });
    case "payment.attempt.cancelRequested":
      return asked(payment, { request: "cancel", by: event.data.by });
    case "payment.attempt.reverseRequested":
      return asked(payment, { request: "reverse", reason: event.data.reason, by: event.data.by });
    case "payment.attempt.requestRefused":
      return { ...payment, ...NOTHING_PENDING, reason: event.data.reason };
    case "payment.attempt.contradicted":
      return { ...payment, contradicted: event.data.reported };
    case "payment.attempt.contradictionResolved":
      return event.data.by === null ? uncontradicted(payment) : settledUpon(payment);
    case "payment.attempt.amountCorrected": {
      const { toGuest, missing } = event.data;
      return { ...settledUpon(payment), overpaid: plus(payment.overpaid, toGuest), ...(missing.amount === "0" ? {} : { missing }) };
    }
    case "payment.attempt.writtenOff": {
      const { tender, reason, by } = event.data;
      return moved(settledUpon(payment), "reverse", event, { ...NOTHING_PENDING, reason, writtenOff: true, ...(by === null ? { missing: plus(tender.tip, tender.amount) } : {}) });
    }
    case "payment.attempt.recovered":
      return recovered(payment, event);
    case "payment.transaction.overpaymentApplied": {
      const { check, tender, amount } = event.data;
      return { ...payment, check, tender, overpaid: plus(payment.overpaid, moneyOf(-minorUnits(amount), amount.currency)) };
    }
    case "payment.attempt.asked":
    case "payment.order.success":
      return payment;
    case "payment.attempt.success": {
      const { tender, drawer, overpaid, late, decidedBy } = event.data;
      return moved(settledUpon(payment), "capture", event, { ...NOTHING_PENDING, check: event.data.check, tender, drawer, overpaid: overpaid ?? null, late: late ?? false, endedBy: null, reason: null, ...(decidedBy ? { decided: true } : {}) });
    }
    case "payment.attempt.failed":
      return moved(payment, "fail", event, { ...NOTHING_PENDING, reason: event.data.reason, endedBy: event.data.decidedBy ? "manager" : "provider" });
    case "payment.attempt.expired":
      return moved(payment, "expire", event, { ...NOTHING_PENDING, endedBy: event.data.by });
    case "payment.attempt.cancelled":
      return moved(payment, "cancel", event, { ...NOTHING_PENDING, endedBy: event.data.by });
    case "payment.attempt.reversed":
      return moved(settledUpon(payment), "reverse", event, { ...NOTHING_PENDING, reason: event.data.reason });
    case "payment.attempt.unknown":
      return moved(payment, "lose", event, { reason: event.data.reason });
    case "payment.transaction.settled":
      return moved(payment, "settle", event, { settled: { gross: event.data.gross, fee: event.data.fee, net: event.data.net } });
    case "payment.transaction.moved":
      return { ...payment, check: event.data.to };
    case "payment.transaction.refundReserved":
      return { ...payment, refunds: [...payment.refunds, event.data] };
    case "payment.transaction.refundReleased":
      return { ...payment, refunds: payment.refunds.filter(({ refund }) => refund !== event.data.refund) };
    default:
      throw unexpectedEvent("payment", event);
  }
}

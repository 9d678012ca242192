import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Payout } from "#shared/events/payment.ts";
import type { Money } from "#shared/events/primitives.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { existing, unexpectedEvent } from "../fold.ts";
import { ERASED } from "../erased.ts";
import type { Person } from "../floor/state.ts";
import type { AccountPaymentState, HouseAccountState, PayoutState, RefundState, VoucherState, WebhookState } from "./state.ts";

function payoutIs(refund: RefundState, payment: string, now: Pick<PayoutState, "status" | "paidBy"> & { readonly reason?: string }, decidedBy?: Person): RefundState {
  return { ...refund, payouts: refund.payouts.map((payout) => (payout.payment === payment ? nowIs(payout) : payout)) };

  function nowIs(payout: PayoutState): PayoutState {
    const { decided: _, contradicted: __, paidBy: ___, ...before } = payout;
    return { ...before, reason: null, ...now, ...(decidedBy === undefined ? {} : { decided: { over: before.reason } }) };
  }
}

const SINCE_ASKED: Readonly<Record<Exclude<keyof PayoutState, keyof Payout>, true>> = { status: true, reason: true, asked: true, paidBy: true, decided: true, contradicted: true, notPaid: true };

/** As it was asked for. */
export function plainPayout(of: PayoutState): Payout {
  return Object.fromEntries(Object.entries(of).filter(([key]) => !(key in SINCE_ASKED))) as Payout;
}

function askedBy(event: EventEnvelope, payout: Payout, notPaid?: number): PayoutState {
  return { ...payout, status: "pending", reason: null, ...(payout.provider === undefined ? {} : { asked: event.id }), ...(notPaid === undefined ? {} : { notPaid }) };
}

/** What the provider paid late (for `request`, when that is known) was not the second one, when the first turns out not to have been paid. */
function foundNotPaid(refund: RefundState, payment: string, reason: string, by: Person | null, request: string | undefined): RefundState {
  const counted = { ...refund, payouts: refund.payouts.map((payout) => (payout.payment === payment ? { ...payout, notPaid: (payout.notPaid ?? 0) + 1 } : payout)) };
  const late = refund.paidLate?.find((one) => one.payment === payment && one.resolved !== true && (request === undefined || one.request === request));
  if (!late) return payoutIs(counted, payment, { status: "failed", reason }, by ?? undefined);
  const paid = payoutIs(counted, payment, { status: "success", ...(late.request === undefined ? {} : { paidBy: late.request }) });
  return { ...paid, paidLate: (refund.paidLate ?? []).map((one) => (one === late ? { ...one, resolved: true } : one)) };
}

function isPaidAfterAll(refund: RefundState, payment: string, by: Person | null, request: string | undefined): RefundState {
  if (by === null) return payoutIs(refund, payment, { status: "success", ...(request === undefined ? {} : { paidBy: request }) });
  return { ...refund, payouts: refund.payouts.map((payout) => (payout.payment === payment ? stands(payout) : payout)) };
}

function stands(payout: PayoutState): PayoutState {
  const { contradicted: _, ...before } = payout;
  return { ...before, decided: { over: payout.decided?.over ?? null, stands: true } };
}

export function evolveRefund(state: RefundState | undefined, event: EventEnvelope): RefundState {
  if (event.type === "payment.refund.created") {
    return { id: event.subject, document: event.data, businessDate: event.businessdate ?? null, payouts: event.data.payouts.map((payout) => askedBy(event, payout)), cancelled: false };
  }
  const refund = existing("refund", state, event);
  switch (event.type) {
    case "payment.refund.sent":
      return payoutIs(refund, event.data.payment, { status: "sent" });
    case "payment.refund.success": {
      const { payout, request, decidedBy } = event.data;
      return payoutIs(refund, payout.payment, { status: "success", ...(request === undefined ? {} : { paidBy: request }) }, decidedBy);
    }
    case "payment.refund.failed": {
      const { payment, unknown, reason, decidedBy, moved } = event.data;
      const now = payoutIs(refund, payment, { status: unknown ? "unknown" : "failed", reason }, decidedBy);
      if (!moved) return now;
      const { currency, request } = moved;
      return { ...now, moved: [...(refund.moved ?? []), { payment, currency, ...(request === undefined ? {} : { request }) }] };
    }
    case "payment.refund.contradicted": {
      const { payment, reported } = event.data;
      return { ...refund, payouts: refund.payouts.map((payout) => (payout.payment === payment ? { ...payout, contradicted: reported } : payout)) };
    }
    case "payment.refund.contradictionResolved": {
      const { payout, outcome, reason, by, request } = event.data;
      return outcome === "paid" ? isPaidAfterAll(refund, payout.payment, by, request) : foundNotPaid(refund, payout.payment, reason, by, request);
    }
    case "payment.refund.rerouted": {
      const { payout } = event.data;
      const before = refund.payouts.find((one) => one.payment === payout.payment);
      const gone = before?.provider !== undefined && payout.provider === undefined ? [plainPayout(before)] : [];
      return {
        ...refund,
        payouts: refund.payouts.map((one) => (one.payment === payout.payment ? askedBy(event, payout, one.notPaid) : one)),
        ...(gone.length > 0 ? { rerouted: [...(refund.rerouted ?? []), ...gone] } : {}),
      };
    }
    case "payment.refund.paidLate": {
      const { payout, request } = event.data;
      return { ...refund, paidLate: [...(refund.paidLate ?? []), { ...payout, ...(request === undefined ? {} : { request }) }] };
    }
    case "payment.refund.paidLateResolved": {
      const { payment } = event.data.payout;
      const resolved = refund.paidLate?.find((one) => one.payment === payment && one.resolved !== true);
      return { ...refund, paidLate: (refund.paidLate ?? []).map((one) => (one === resolved ? { ...one, resolved: true } : one)) };
    }
    case "payment.refund.cancelled":
      return { ...refund, cancelled: true };
    default:
      throw unexpectedEvent("refund", event);
  }
}

function plus(a: Money, b: Money, sign: bigint): Money {
  if (a.currency !== b.currency) throw new RangeError(`${b.currency} among ${a.currency}`);
  return moneyOf(minorUnits(a) + sign * minorUnits(b), a.currency);
}

/** `balance`: what the guest owes. */
export function evolveHouseAccount(state: HouseAccountState | undefined, event: EventEnvelope): HouseAccountState {
  if (event.type === "payment.house-account.opened") {
    const { name, limit, currency } = event.data;
    return { id: event.subject, name, limit, balance: moneyOf(0n, currency), blocked: false, closed: false };
  }
  const account = existing("house-account", state, event);
  switch (event.type) {
    case "payment.house-account.changed":
      return { ...account, name: event.data.name, limit: event.data.limit, blocked: event.data.blocked };
    case "payment.house-account.charged":
    case "payment.house-account.paidOut":
      return { ...account, balance: plus(account.balance, event.data.amount, 1n) };
    case "payment.house-account.credited":
    case "payment.house-account.paid":
      return { ...account, balance: plus(account.balance, event.data.amount, -1n) };
    case "payment.house-account.closed":
      return { ...account, closed: true };
    case "payment.house-account.guestErased":
      return { ...account, name: ERASED };
    default:
      throw unexpectedEvent("house-account", event);
  }
}

export function evolveAccountPayment(_: AccountPaymentState | undefined, event: EventEnvelope): AccountPaymentState {
  if (event.type !== "payment.account-payment.taken") throw unexpectedEvent("account-payment", event);
  return { account: event.data.account };
}

export function evolveVoucher(_: VoucherState | undefined, event: EventEnvelope): VoucherState {
  switch (event.type) {
    case "payment.voucher.used":
      return { payment: event.data.payment, check: event.data.check };
    case "payment.voucher.released":
      return { payment: null, check: null };
    default:
      throw unexpectedEvent("voucher", event);
  }
}

export function evolveWebhook(_: WebhookState | undefined, event: EventEnvelope): WebhookState {
  if (event.type !== "payment.webhook.received") throw unexpectedEvent("webhook", event);
  return { bodyHash: event.data.bodyHash };
}

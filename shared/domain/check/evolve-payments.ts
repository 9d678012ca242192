import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Payout, RefundDocument } from "#shared/events/payment.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { PaymentMethod, Tender } from "#shared/events/sale-check.ts";
import type { Person } from "../floor/state.ts";
import type { CheckState } from "./state.ts";
import { checkTotals } from "./totals.ts";

/** An attempt at a provider that is not over. `unknown`: nobody knows whether the guest was charged. */
export type OpenAttempt = {
  readonly payment: string;
  readonly attempt: string;
  readonly part: string | null;
  readonly method: PaymentMethod;
  readonly provider: string;
  readonly amount: Money;
  readonly tip: Money;
  /** An authorisation that nothing is taken of yet: it locks its part, and no amount. */
  readonly holds: boolean;
  readonly unknown: boolean;
  readonly by: Person;
  readonly since: string;
};
/** `rerouted`: payouts of it that went another way than the document says. */
export type CheckRefund = { readonly refund: string; readonly document: RefundDocument; readonly rerouted?: readonly Payout[] };

export function openAttempts(check: CheckState): readonly OpenAttempt[] {
  return check.attempts ?? [];
}

/** Minor units of what is due that open attempts have locked: nothing may make the check cheaper than paid + locked, and nobody else may pay it. */
export function lockedAmount(check: CheckState, part?: string | null): bigint {
  return openAttempts(check)
    .filter((attempt) => part === undefined || attempt.part === part)
    .reduce((sum, attempt) => sum + (attempt.holds ? 0n : BigInt(attempt.amount.amount)), 0n);
}

/** The attempt that keeps others from paying this part; null is the check as a whole, which every part belongs to. */
export function attemptOn(check: CheckState, part: string | null): OpenAttempt | undefined {
  return openAttempts(check).find((attempt) => attempt.part === part || attempt.part === null || part === null);
}

/** DOM-13: what is due again makes a paid check open; a closed one stays closed. */
function dueAgain(check: CheckState): CheckState {
  return check.status === "paid" && BigInt(checkTotals(check).due) > 0n ? { ...check, status: "open" } : check;
}

function withTender(check: CheckState, tender: Tender): CheckState {
  return { ...check, tenders: check.tenders.map((one) => (one.payment === tender.payment ? tender : one)) };
}

/** Whoever begins the next payment has been told why the last one came to nothing. */
function withoutEnded(check: CheckState): CheckState {
  const { ended: _, ...rest } = check;
  return rest;
}

/** Undefined for events that are not of payments. */
export function evolveCheckPayments(check: CheckState, event: EventEnvelope): CheckState | undefined {
  switch (event.type) {
    case "sale.check.paymentApplied":
      return { ...withoutEnded(check), tenders: [...check.tenders, event.data.tender] };
    case "sale.check.paymentReversed":
      return dueAgain({ ...check, tenders: check.tenders.filter(({ payment }) => payment !== event.data.tender.payment) });
    case "sale.check.tipAdjusted":
      return withTender(check, event.data.tender);
    case "sale.check.attemptOpened": {
      const attempt: OpenAttempt = { ...event.data, unknown: false, since: event.occurredat };
      return { ...withoutEnded(check), attempts: [...openAttempts(check).filter(({ payment }) => payment !== attempt.payment), attempt] };
    }
    case "sale.check.attemptUnknown":
      return { ...check, attempts: openAttempts(check).map((attempt) => (attempt.payment === event.data.payment ? { ...attempt, unknown: true } : attempt)) };
    case "sale.check.attemptEnded":
      return { ...withoutEnded(check), attempts: openAttempts(check).filter(({ payment }) => payment !== event.data.payment), ...(event.data.outcome === "captured" ? {} : { ended: event.data.payment }) };
    case "sale.check.overpaid":
      return check;
    case "sale.check.overpaymentApplied": {
      const { tender } = event.data;
      return check.tenders.some(({ payment }) => payment === tender.payment) ? withTender(check, tender) : { ...check, tenders: [...check.tenders, tender] };
    }
    case "sale.check.refunded":
      return { ...check, refunds: [...(check.refunds ?? []), event.data] };
    case "sale.check.refundRerouted": {
      const { refund, payout } = event.data;
      const refunds = (check.refunds ?? []).map((one) => (one.refund === refund ? { ...one, rerouted: [...(one.rerouted ?? []).filter(({ payment }) => payment !== payout.payment), payout] } : one));
      return { ...check, refunds };
    }
    case "sale.check.refundCancelled":
      return { ...check, refunds: (check.refunds ?? []).filter(({ refund }) => refund !== event.data.refund) };
    default:
      return undefined;
  }
}

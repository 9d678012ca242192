import type { EventEnvelope } from "#shared/events/catalog.ts";
import { credit, debit, reversed, type Journal, type Leg } from "./journal.ts";
import { placeOf, roundId, takenJournalId, tenderLegs } from "./tender-postings.ts";

type Of<T extends EventEnvelope["type"]> = Extract<EventEnvelope, { type: T }>;

/** The provider took another amount than it had told. More is owed back to the guest; what is less was never there. */
export function amountCorrected({ id, data }: Of<"payment.attempt.amountCorrected">): Journal {
  const { tender, from, to, toGuest, missing } = data;
  const { account, subject } = placeOf(tender.method, { ...tender, drawer: null });
  return {
    id: `${id}/corrected`,
    currency: to.currency,
    memo: "The provider took another amount",
    legs: [debit(account, subject, BigInt(to.amount) - BigInt(from.amount)), credit("2350", tender.payment, toGuest.amount), debit("6200", tender.payment, missing.amount)],
  };
}

/** The money is not there and the check is closed: its sale stands, its receivable stays cleared, and the house bears it. */
export function writtenOff({ data }: Of<"payment.attempt.writtenOff">): Journal {
  const { tender, reason, round } = data;
  return {
    id: roundId(tender.payment, "written-off", round),
    currency: tender.amount.currency,
    memo: `Given up: ${reason}`,
    legs: reversed(borneLegs(data)),
    reverses: takenJournalId(tender.payment, round),
  };
}

/** The house bears what would have cleared the receivable. */
function borneLegs({ tender, check, overpaid }: Pick<Of<"payment.attempt.writtenOff">["data"], "tender" | "check" | "overpaid">): readonly Leg[] {
  const legs = tenderLegs({ check, drawer: null, tender, overpaid, checkClosed: true });
  return legs.map((leg) => (leg.account === "1100" ? { ...leg, account: "6200" as const, subject: tender.payment } : leg));
}

/** Found to be with us: the loss is taken back, or all of it is owed to the guest. */
export function recovered({ data }: Of<"payment.attempt.recovered">): Journal {
  const { tender, writtenOff: borne, reason, round } = data;
  const { payment } = tender;
  return {
    id: takenJournalId(payment, round),
    currency: tender.amount.currency,
    memo: `Taken after all: ${reason}`,
    legs: borneLegs(data),
    ...(borne ? { reverses: roundId(payment, "written-off", round - 1) } : {}),
  };
}

export function overpaymentApplied({ id, data }: Of<"payment.transaction.overpaymentApplied">): Journal {
  const { amount, check, tender } = data;
  return { id: `${id}/applied`, currency: amount.currency, memo: "Paid too much, pays the check", legs: [debit("2350", tender.payment, amount.amount), credit("2020", check, amount.amount)] };
}

/** The provider paid a refund that the guest has had already, or that was taken back: the guest owes it. */
export function paidLate({ id, subject, data }: Of<"payment.refund.paidLate">): Journal {
  const { payout } = data;
  const amount = BigInt(payout.amount.amount) + BigInt(payout.tip.amount);
  const place = placeOf(payout.method, payout);
  return { id: `${id}/paid-late`, currency: payout.amount.currency, memo: "Refund paid a second time", legs: [debit("2350", subject, amount), credit(place.account, place.subject, amount)] };
}

export function paidLateResolved({ id, subject, data }: Of<"payment.refund.paidLateResolved">): Journal {
  const { payout, outcome, drawer } = data;
  const amount = BigInt(payout.amount.amount) + BigInt(payout.tip.amount);
  const to = outcome === "returned" ? debit("1010", drawer ?? payout.payment, amount) : debit("6200", payout.payment, amount);
  return { id: `${id}/resolved`, currency: payout.amount.currency, memo: outcome === "returned" ? "The guest brought it back" : "Given up: paid to the guest twice", legs: [to, credit("2350", subject, amount)] };
}

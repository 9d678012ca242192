import { approvalSubject, type ApprovalAction, type ApprovalSubject, type ApprovalSubjectInput } from "#shared/events/approval.ts";
import type { Capability } from "#shared/events/identity.ts";
import type { Money } from "#shared/events/primitives.ts";
import { minorUnits } from "#shared/money/money.ts";
import { sha256 } from "./sha256.ts";

/** Who has it does these without asking, and may say yes to others (DOM-20). */
const NEEDS = {
  discount: "approve.adjustments",
  comp: "approve.adjustments",
  "staff-meal": "approve.adjustments",
  "void-made": "approve.adjustments",
  "remove-service-charge": "approve.adjustments",
  refund: "approve.payments",
  "wrong-tender": "approve.payments",
  "resolve-unknown": "approve.payments",
  "pay-out": "approve.cash",
} as const satisfies Record<ApprovalAction, Capability>;

export const APPROVERS = ["approve.adjustments", "approve.payments", "approve.cash"] as const satisfies readonly Capability[];

export function capabilityFor(action: ApprovalAction): Capability {
  return NEEDS[action];
}

/** One spelling for what is the same: lines sorted and once each, what is left out said. */
export function fullSubject(subject: ApprovalSubjectInput): ApprovalSubject {
  const full = approvalSubject.parse(subject);
  return {
    ...full,
    lines: [...new Set(full.lines)].sort(),
    items: [...full.items].sort((a, b) => byText(a.share, b.share)),
    payouts: [...full.payouts].sort((a, b) => byText(a.payment, b.payment)),
  };
}

/** A rate is agreed to for what it came to then: lines that grew since are another thing, lines that shrank are less of the same. */
export function isMoreThan(done: ApprovalSubject, allowed: ApprovalSubject): boolean {
  if (!done.upTo) return false;
  return !allowed.upTo || allowed.upTo.currency !== done.upTo.currency || minorUnits(done.upTo) > minorUnits(allowed.upTo);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** "0.5" and "0.50" are one rate; so are "2" and "2.000" of a quantity. */
function plainDecimal(text: string | null): string | null {
  return text === null || !text.includes(".") ? text : text.replace(/\.?0+$/, "");
}

const inWriting = (money: Money | null) => money && [money.amount, money.currency];

/** DOM-20: what was allowed and what is done are the same when this is. Of what is named the ids count, never what people call it. */
export function approvalHash(action: ApprovalAction, subject: ApprovalSubject): string {
  const { target, lines, quantity, amount, rate, reason, purpose, items, payouts, refund, tender, drawer, person } = subject;
  return sha256(
    JSON.stringify([
      action,
      target,
      lines,
      plainDecimal(quantity),
      inWriting(amount),
      plainDecimal(rate),
      reason,
      purpose,
      items.map((item) => [item.share, plainDecimal(item.quantity), inWriting(item.amount)]),
      payouts.map((payout) => [payout.payment, payout.method, inWriting(payout.amount), inWriting(payout.tip), payout.drawer]),
      refund,
      tender && [tender.method, tender.reference],
      drawer,
      person && person.staff,
    ]),
  );
}

import { approvalSubject, type ApprovalAction, type ApprovalSubject, type ApprovalSubjectInput } from "#shared/events/approval.ts";
import type { Capability } from "#shared/events/identity.ts";
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
  return { ...full, lines: [...new Set(full.lines)].sort() };
}

/** "0.5" and "0.50" are one rate; so are "2" and "2.000" of a quantity. */
function plainDecimal(text: string | null): string | null {
  return text === null || !text.includes(".") ? text : text.replace(/\.?0+$/, "");
}

/** DOM-20: what was allowed and what is done are the same when this is. */
export function approvalHash(action: ApprovalAction, subject: ApprovalSubject): string {
  const { target, lines, quantity, amount, rate, reason } = subject;
  return sha256(JSON.stringify([action, target, lines, plainDecimal(quantity), amount && [amount.amount, amount.currency], plainDecimal(rate), reason]));
}

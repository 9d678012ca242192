import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Adjustment, Share } from "#shared/events/sale-check.ts";
import { moneyOf } from "#shared/money/money.ts";
import { chargeOf, chargesOf } from "../check/charge.ts";
import { payableAmount } from "../check/lines.ts";
import type { CheckState } from "../check/state.ts";
import { sameJson } from "../same.ts";
import type { TimelineLine, TimelineStep } from "./entry.ts";

function lineOf(share: Share, check: CheckState): TimelineLine {
  const { item, name, quantity, numerator, denominator, seat } = share;
  const part = numerator === denominator ? null : `${numerator}/${denominator}`;
  return { item, name, quantity, part, seat, amount: moneyOf(payableAmount(share, check.policies.rounding), check.currency) };
}

/** A part that leaves and one that comes of the same item are one change: that is how a split or an undo reads. */
function linesStep(before: CheckState, after: CheckState, why: string | null): TimelineStep | null {
  const gone = Object.values(before.shares).filter(({ share }) => !after.shares[share]);
  const come = Object.values(after.shares).filter(({ share }) => !before.shares[share]);
  const changed = Object.values(after.shares).flatMap((share) => {
    const was = before.shares[share.share];
    if (!was || was === share) return [];
    const [from, to] = [lineOf(was, before), lineOf(share, after)];
    return sameJson(from, to) ? [] : [{ from, to }];
  });
  for (const share of [...come]) {
    const was = gone.findIndex(({ item }) => item === share.item);
    if (was < 0) continue;
    const [from] = gone.splice(was, 1);
    come.splice(come.indexOf(share), 1);
    if (from) changed.push({ from: lineOf(from, before), to: lineOf(share, after) });
  }
  if (gone.length + come.length + changed.length === 0) return null;
  return { kind: "lines", why, added: come.map((share) => lineOf(share, after)), removed: gone.map((share) => lineOf(share, before)), changed };
}

function adjustmentSteps(before: CheckState, after: CheckState): readonly TimelineStep[] {
  const [was, is] = [before.adjustments ?? [], after.adjustments ?? []];
  const missing = (one: Adjustment, among: readonly Adjustment[]) => !among.some(({ adjustment }) => adjustment === one.adjustment);
  return [
    ...is.filter((one) => missing(one, was)).map(({ kind, rate, amount, reason, by, approvedBy }): TimelineStep => ({ kind: "adjusted", adjustment: kind, rate, amount, reason, by: by.name, approvedBy: approvedBy.name })),
    ...was.filter((one) => missing(one, is)).map(({ kind, reason }): TimelineStep => ({ kind: "adjustment-removed", adjustment: kind, reason })),
  ];
}

type Described = Extract<EventEnvelope, { type: "sale.check.updated" | "sale.check.merged" | "sale.check.rolledBack" }>;

/** What the check says otherwise than before, whatever event says so. */
function differences(before: CheckState, after: CheckState, why: string | null, reason: string | null): readonly TimelineStep[] {
  const steps: TimelineStep[] = [];
  const lines = linesStep(before, after, why);
  if (lines) steps.push(lines);
  steps.push(...adjustmentSteps(before, after));
  // Lines bring their own charge along, which is no news; that it was taken off them, or put back, is.
  const isTakenOff = why === "charge-removed" || why === "charge-restored";
  const [from, to] = [before, after].map((check) => (isTakenOff ? chargesOf(check)[0] : chargeOf(check))?.rate ?? null) as [string | null, string | null];
  if (from !== to) steps.push({ kind: "charge", from, to, reason });
  const parts = (check: CheckState) => (check.parts ?? []).map(({ name, amount }) => ({ name, amount }));
  if (!sameJson(parts(before), parts(after))) steps.push({ kind: "parts", parts: parts(after) });
  const header = ({ label, server }: CheckState) => ({ label, server: server.name });
  if (!sameJson(header(before), header(after))) steps.push({ kind: "moved", from: header(before), to: header(after) });
  return steps;
}

function surgery(event: Described, after: CheckState): readonly TimelineStep[] {
  if (event.type === "sale.check.rolledBack") return [{ kind: "undone", operation: event.data.operation, what: event.data.kind }];
  const { operation } = event.data;
  if (!operation) return [];
  const into = event.type === "sale.check.merged" ? event.data.into : null;
  return [{ kind: "surgery", operation: operation.operation, what: operation.kind, checks: operation.checks.filter((check) => check !== after.id), into }];
}

/** What an event did, told by the states around it. */
export function stepsOf(event: EventEnvelope, before: CheckState | undefined, after: CheckState): readonly TimelineStep[] {
  switch (event.type) {
    case "sale.check.created":
      return [{ kind: "opened", origin: event.data.origin, label: event.data.label, server: event.data.server.name }];
    case "sale.check.updated":
      return before ? [...surgery(event, after), ...differences(before, after, event.data.why ?? null, event.data.reason ?? null)] : [];
    case "sale.check.merged":
    case "sale.check.rolledBack":
      return before ? [...surgery(event, after), ...differences(before, after, null, null)] : [];
    case "sale.check.presented":
      return [{ kind: "presented", number: event.data.number }];
    case "sale.check.paid":
      return [{ kind: "paid" }];
    case "sale.check.closed":
      return [{ kind: "closed", number: event.data.number }];
    case "sale.check.receiptRequested":
      return [{ kind: "printed", copy: event.data.receipt.copy }];
    case "sale.check.voided":
      return [{ kind: "voided", reason: event.data.reason }];
    default:
      return [paymentStep(event, before)];
  }
}

function paymentStep(event: EventEnvelope, before: CheckState | undefined): TimelineStep {
  const attemptOf = (payment: string) => before?.attempts?.find((one) => one.payment === payment);
  switch (event.type) {
    case "sale.check.paymentApplied": {
      const { payment, method, amount, tip, roundingDifference: rounding, tendered, change, slip, reference, provider = null } = event.data.tender;
      return { kind: "payment", payment, method, provider, amount, tip, rounding, tendered, change, reference: reference ?? slip };
    }
    case "sale.check.paymentReversed":
      return { kind: "payment-reversed", payment: event.data.tender.payment, method: event.data.tender.method, amount: event.data.tender.amount, reason: event.data.reason };
    case "sale.check.tipAdjusted":
      return { kind: "tip", payment: event.data.tender.payment, tip: event.data.tender.tip };
    case "sale.check.attemptOpened": {
      const { payment, method, provider, amount } = event.data;
      return { kind: "attempt", state: "opened", payment, method, provider, amount };
    }
    case "sale.check.attemptUnknown":
    case "sale.check.attemptEnded": {
      const { payment } = event.data;
      const { method = null, provider = null, amount = null } = attemptOf(payment) ?? {};
      return { kind: "attempt", state: event.type === "sale.check.attemptUnknown" ? "unknown" : event.data.outcome, payment, method, provider, amount };
    }
    case "sale.check.overpaid":
      return { kind: "overpaid", payment: event.data.payment, amount: event.data.amount };
    case "sale.check.overpaymentApplied": {
      const { tender, amount } = event.data;
      return { kind: "overpayment-applied", payment: tender.payment, method: tender.method, amount };
    }
    case "sale.check.refunded": {
      const { refund, document } = event.data;
      return { kind: "refunded", refund, number: document.number, amount: { amount: document.total, currency: document.currency }, reason: document.reason, approvedBy: document.approvedBy.name };
    }
    case "sale.check.refundRerouted":
      return { kind: "refund-rerouted", refund: event.data.refund, method: event.data.payout.method, amount: event.data.payout.amount };
    case "sale.check.refundCancelled":
      return { kind: "refund-cancelled", refund: event.data.refund };
    default:
      return { kind: "other", type: event.type };
  }
}

/** What the same command wrote elsewhere and people ask about here. `approvals`: what was asked for, by the approval's id. */
export function stepsBeside(event: EventEnvelope, approvals: ReadonlyMap<string, ApprovalSaid>): readonly TimelineStep[] {
  if (event.type === "sale.order.itemVoided") {
    const { voided, reason, wasFired, wasMade = false } = event.data;
    return [{ kind: "voided-item", name: voided.names.receipt, quantity: voided.quantity, reason, wasFired, wasMade }];
  }
  if (event.type === "approval.used") {
    const said = approvals.get(event.subject);
    return said ? [{ kind: "approved", ...said }] : [];
  }
  return [];
}
export type ApprovalSaid = Omit<Extract<TimelineStep, { kind: "approved" }>, "kind">;

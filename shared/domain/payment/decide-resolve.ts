import type { z } from "zod";
import { resolvePayout, resolveUnknown } from "#shared/commands/payment.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { Money } from "#shared/events/primitives.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { approvalRefs, requireApproval } from "../approval/require-approval.ts";
import { checkTotals } from "../check/totals.ts";
import type { Context, Decision, Reader } from "../command.ts";
import { change, command, ref, refuse, type Nothing } from "../deciding.ts";
import { applyReport } from "./apply-report.ts";
import { atProvider } from "./decide-attempt.ts";
import { plainPayout } from "./evolve-documents.ts";
import { roundOfPayout, wordOfPaid } from "./pay-out.ts";
import { paidByWord } from "./to-resolve.ts";

/** "Manager decides": what the slip in somebody's hand says. What the provider says later than that is still heard. */
function decide(input: z.output<typeof resolveUnknown>, reader: Reader, context: Context): Decision<{ due: Money }> {
  const at = atProvider(input.payment, reader, context);
  if ("refused" in at) return at;
  const { found } = at;
  if (found.status !== "unknown") return refuse("not-unknown", { status: found.status });
  const approved = requireApproval({ approval: input.approval, action: "resolve-unknown", subject: { target: found.id, purpose: input.outcome, amount: found.tender.amount, reason: input.reason } }, reader, context);
  if ("refused" in approved) return approved;
  const check = reader.get("check", found.check);
  if (!check) throw new Error(`payment ${found.id} without its check`);
  const captured = input.outcome === "captured";
  const changes = applyReport(found, check, { said: captured ? "captured" : "failed", from: "manager", reason: input.reason, decidedBy: approved.by });
  const applied = captured ? [...check.tenders, found.tender] : check.tenders;
  const due = BigInt(checkTotals({ ...check, tenders: applied }).due);
  return { changes: [...changes, ...approved.changes], result: { due: moneyOf(due > 0n ? due : 0n, check.currency) } };
}

export const resolveUnknownCommand = command({
  type: "payment.resolveUnknown",
  version: 1,
  capability: "check.settle",
  owner: "merchant",
  schema: resolveUnknown,
  reads: (input, reader) => {
    const check = reader.get("payment", input.payment)?.check;
    return [ref("payment", input.payment), ...approvalRefs(input.approval, reader), ...(check === undefined ? [] : [ref("check", check)])];
  },
  decide,
});

/** "Manager decides": what the provider's own books say, also against its later word. What it says later itself is heard as of any try (`applyRefundReport`). */
function decidePayout(input: z.output<typeof resolvePayout>, reader: Reader, context: Context): Decision<Nothing> {
  const state = reader.get("refund", input.refund);
  if (!state) return refuse("unknown-refund", { refund: input.refund });
  const found = state.payouts.find(({ payment }) => payment === input.payment);
  if (!found) return refuse("unknown-payout", { payment: input.payment });
  const { contradicted } = found;
  // Another try was paid: whether this one was too, nobody but a manager has said.
  const onlyLate = contradicted === undefined && input.outcome === "not-paid" && paidByWord(found) && state.paidLate?.some(({ payment, resolved }) => payment === found.payment && resolved !== true) === true;
  if (found.status !== "unknown" && contradicted === undefined && !onlyLate) return refuse("payout-not-unknown", { status: found.status });
  const { outcome, reason } = input;
  const payout = plainPayout(found);
  const amount = moneyOf(minorUnits(payout.amount) + minorUnits(payout.tip), payout.amount.currency);
  const approved = requireApproval({ approval: input.approval, action: "resolve-unknown", subject: { target: payout.payment, purpose: `payout-${outcome}`, refund: state.id, amount, reason } }, reader, context);
  if ("refused" in approved) return approved;
  const decidedBy = approved.by;
  const round = roundOfPayout(found);
  const { of, beside } = wordOfPaid(state, found);
  const told: readonly DomainEvent[] =
    contradicted !== undefined || onlyLate
      ? [{ type: "payment.refund.contradictionResolved", data: { check: state.document.check, payout, outcome, reason, by: decidedBy, ...round } }]
      : outcome === "paid"
        ? [{ type: "payment.refund.success", data: { check: state.document.check, payout, decidedBy, reason, ...of, ...round } }, ...beside]
        : [{ type: "payment.refund.failed", data: { payment: payout.payment, reason, unknown: false, decidedBy } }];
  return { changes: [change("refund", state.id, told), ...approved.changes], result: {} };
}

export const resolvePayoutCommand = command({
  type: "payment.resolvePayout",
  version: 1,
  capability: "check.settle",
  owner: "merchant",
  schema: resolvePayout,
  reads: (input, reader) => [ref("refund", input.refund), ...approvalRefs(input.approval, reader)],
  decide: decidePayout,
});

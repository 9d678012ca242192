import type { z } from "zod";
import { refundPayment } from "#shared/commands/payment.ts";
import type { Money } from "#shared/events/primitives.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { approvalRefs, requireApproval } from "../approval/require-approval.ts";
import type { Change, Context, Decision, Reader } from "../command.ts";
import { command, personOf, ref, refuse, STAFF_REQUIRED } from "../deciding.ts";
import { seriesStream } from "../streams.ts";
import { pendingRefusal } from "./decide-attempt.ts";
import { issued, refersTo, SERIES } from "./decide-refund.ts";
import { isTaken } from "./machine.ts";
import { takesMoney } from "./payable.ts";
import { approvedPayoutOf, coinsBack, payoutOf } from "./payouts.ts";

/** Before its check is closed there is no sale to give back, only what was prepaid: the check owes it again. */
function decide(input: z.output<typeof refundPayment>, reader: Reader, context: Context): Decision<{ number: string; amount: Money }> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  if (reader.get("refund", input.refund)) return refuse("refund-exists", { refund: input.refund });
  const payment = reader.get("payment", input.payment);
  if (!payment) return refuse("unknown-payment", { payment: input.payment });
  const { tender, status, request } = payment;
  if (request === null) return refuse("not-at-provider", { method: tender.method });
  if (!isTaken(status)) return refuse("not-captured", { status });
  const pending = pendingRefusal(payment);
  if (pending) return pending;
  const check = reader.get("check", payment.check);
  if (!check) throw new Error(`payment ${payment.id} without its check`);
  if (!takesMoney(check)) return refuse("check-closed", { check: check.id });
  if (!check.tenders.some((one) => one.payment === payment.id)) return refuse("payment-refunded", { payment: payment.id });
  const { currency } = check;
  const [prepaid, tip] = [minorUnits(tender.amount), minorUnits(tender.tip)];
  const payout = payoutOf(payment, { coins: coinsBack(check), amount: prepaid, tip, by: input.by, drawer: input.drawer, cashStep: BigInt(check.policies.cashStep) });
  const amount = moneyOf(prepaid + tip, currency);
  const approved = requireApproval({ approval: input.approval, action: "refund", subject: { target: payment.id, purpose: "payment", amount, payouts: [approvedPayoutOf(payout)], reason: input.reason } }, reader, context);
  if ("refused" in approved) return approved;
  const document = {
    ...refersTo(check, payment),
    kind: "payment" as const,
    reason: input.reason,
    lines: [],
    currency,
    net: "0",
    serviceCharge: "0",
    taxes: [],
    tax: "0",
    total: "0",
    tip: tip.toString(),
    overpaid: "0",
    prepaid: prepaid.toString(),
    payouts: [payout],
    by,
    approvedBy: approved.by,
  };
  const written = issued({ document, refund: input.refund }, reader, context, false);
  if ("refused" in written) return written;
  const offCheck = (one: Change): Change => (one.kind === "check" ? { ...one, events: [...one.events, { type: "sale.check.paymentReversed", data: { tender, reason: input.reason, by } }] } : one);
  return { changes: [...written.changes.map(offCheck), ...approved.changes], result: { number: written.number, amount } };
}

export const refundPaymentCommand = command({
  type: "payment.refundPayment",
  version: 1,
  capability: "check.settle",
  owner: "merchant",
  schema: refundPayment,
  reads: (input, reader, context) => {
    const check = reader.get("payment", input.payment)?.check;
    return [
      ref("refund", input.refund),
      ref("payment", input.payment),
      ref("series", seriesStream(context.merchant, SERIES)),
      ...approvalRefs(input.approval, reader),
      ...(input.drawer === undefined ? [] : [ref("drawer", input.drawer)]),
      ...(check === undefined ? [] : [ref("check", check)]),
    ];
  },
  decide,
});

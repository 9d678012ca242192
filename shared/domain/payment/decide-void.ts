import type { z } from "zod";
import { voidPayment } from "#shared/commands/payment.ts";
import type { ApprovalSubjectInput } from "#shared/events/approval.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { Tender } from "#shared/events/sale-check.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { approvalRefs, requireApproval } from "../approval/require-approval.ts";
import type { Ref } from "../aggregate.ts";
import type { CheckState } from "../check/state.ts";
import { checkTotals } from "../check/totals.ts";
import type { Change, Context, Decision, Reader, Refusal } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED } from "../deciding.ts";
import type { Person } from "../floor/state.ts";
import { pendingRefusal } from "./decide-attempt.ts";
import { giveBack, giveBackRefs } from "./give-back.ts";
import { takesMoney } from "./payable.ts";
import type { PaymentState } from "./state.ts";

export type Voidable = { readonly payment: PaymentState & { readonly attempt: string }; readonly check: CheckState; readonly by: Person; readonly approved: readonly Change[] };
type Input = { readonly payment: string; readonly approval: string | null; readonly reason: string; readonly drawer?: string | undefined };
/** What an approver sees beside the payment: that it only goes back, or what comes instead. */
type Instead = Pick<ApprovalSubjectInput, "purpose" | "tender">;

/** Wrong tender: until it is settled or refunded (DOM-14). */
export function voidable(input: Input, instead: Instead, reader: Reader, context: Context): Voidable | Refusal {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const payment = reader.get("payment", input.payment);
  if (!payment) return refuse("unknown-payment", { payment: input.payment });
  const { attempt, status } = payment;
  if (status === "settled") return refuse("payment-settled", { payment: payment.id });
  if (status !== "captured" || attempt === null) return refuse("not-captured", { status });
  if (payment.refunds.length > 0) return refuse("payment-refunded", { payment: payment.id });
  const pending = pendingRefusal(payment);
  if (pending) return pending;
  const check = reader.get("check", payment.check);
  if (!check) throw new Error(`payment ${payment.id} without its check`);
  const { amount, tip } = payment.tender;
  const subject = { target: payment.id, amount: moneyOf(minorUnits(amount) + minorUnits(tip), amount.currency), drawer: input.drawer ?? null, reason: input.reason, ...instead };
  const approval = requireApproval({ approval: input.approval, action: "wrong-tender", subject }, reader, context);
  if ("refused" in approval) return approval;
  return { payment: { ...payment, attempt }, check, by, approved: approval.changes };
}

/** The payment as if it never was: off the check, back out of drawer, account or card. */
export function undo({ payment, check, by }: Voidable, reason: string, drawer: string | undefined, reader: Reader, context: Context): { readonly changes: readonly Change[]; readonly onCheck: DomainEvent } | Refusal {
  const { tender, id } = payment;
  const tip = minorUnits(tender.tip);
  const amount = minorUnits(tender.amount) + minorUnits(tender.roundingDifference) + tip;
  const back = giveBack({ method: tender.method, payment: id, account: tender.account, drawer, amount, tip, currency: tender.amount.currency, document: null, by }, reader, context);
  if ("refused" in back) return back;
  const reversed: DomainEvent = {
    type: "payment.attempt.reversed",
    data: { attempt: payment.attempt, check: check.id, drawer: back.drawer, tender, checkClosed: check.status === "closed", reason, by },
  };
  return { changes: [change("payment", id, [reversed]), ...back.changes], onCheck: { type: "sale.check.paymentReversed", data: { tender, reason, by } } };
}

type Voided = { readonly due: Money; readonly pending: boolean };

function decideVoid(input: z.output<typeof voidPayment>, reader: Reader, context: Context): Decision<Voided> {
  const found = voidable(input, { purpose: "taken-back" }, reader, context);
  if ("refused" in found) return found;
  const { payment, check, by, approved } = found;
  if (!takesMoney(check)) return refuse("check-closed", { check: check.id });
  const due = (tenders: readonly Tender[]) => moneyOf(BigInt(checkTotals({ ...check, tenders }).due), check.currency);
  if (payment.request !== null) {
    const asked: DomainEvent = { type: "payment.attempt.reverseRequested", data: { attempt: payment.attempt, reason: input.reason, by } };
    return { changes: [change("payment", payment.id, [asked]), ...approved], result: { due: due(check.tenders), pending: true } };
  }
  const undone = undo(found, input.reason, input.drawer, reader, context);
  if ("refused" in undone) return undone;
  return {
    changes: [change("check", check.id, [undone.onCheck]), ...undone.changes, ...approved],
    result: { due: due(check.tenders.filter((tender) => tender.payment !== payment.id)), pending: false },
  };
}

export function paymentRefs(input: Input, reader: Reader): readonly Ref[] {
  const payment = reader.get("payment", input.payment);
  return [
    ref("payment", input.payment),
    ...approvalRefs(input.approval, reader),
    ...(input.drawer === undefined ? [] : [ref("drawer", input.drawer)]),
    ...(payment ? [ref("check", payment.check), ...giveBackRefs(payment.tender.method, payment.tender.account)] : []),
  ];
}

export const voidPaymentCommand = command({
  type: "payment.void",
  version: 1,
  capability: "check.settle",
  owner: "merchant",
  schema: voidPayment,
  reads: paymentRefs,
  decide: decideVoid,
});

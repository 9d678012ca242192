import type { z } from "zod";
import { correctTender, voidPayment } from "#shared/commands/payment.ts";
import type { ApprovalSubjectInput } from "#shared/events/approval.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { Tender } from "#shared/events/sale-check.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { roundToStep } from "#shared/money/rounding.ts";
import { approvalRefs, requireApproval } from "../approval/require-approval.ts";
import type { Ref } from "../aggregate.ts";
import type { CheckState } from "../check/state.ts";
import { checkTotals } from "../check/totals.ts";
import type { Change, Context, Decision, Reader, Refusal } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED } from "../deciding.ts";
import type { Person } from "../floor/state.ts";
import { pendingRefusal } from "./decide-attempt.ts";
import { giveBack, giveBackRefs } from "./give-back.ts";
import { chargeAccount } from "./house-account.ts";
import { openDrawer } from "./open-drawer.ts";
import { taken, takesMoney, tenderOf } from "./payable.ts";
import type { PaymentState } from "./state.ts";

type Voidable = { readonly payment: PaymentState & { readonly attempt: string }; readonly check: CheckState; readonly by: Person; readonly approved: readonly Change[] };
type Input = { readonly payment: string; readonly approval: string | null; readonly reason: string; readonly drawer?: string | undefined };
/** What an approver sees beside the payment: that it only goes back, or what comes instead. */
type Instead = Pick<ApprovalSubjectInput, "purpose" | "tender">;

/** Wrong tender: until it is settled or refunded (DOM-14). */
function voidable(input: Input, instead: Instead, reader: Reader, context: Context): Voidable | Refusal {
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
function undo({ payment, check, by }: Voidable, reason: string, drawer: string | undefined, reader: Reader): { readonly changes: readonly Change[]; readonly onCheck: DomainEvent } | Refusal {
  const { tender, id } = payment;
  const tip = minorUnits(tender.tip);
  const amount = minorUnits(tender.amount) + minorUnits(tender.roundingDifference) + tip;
  const back = giveBack({ method: tender.method, payment: id, account: tender.account, drawer, amount, tip, currency: tender.amount.currency, document: null, by }, reader);
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
  const undone = undo(found, input.reason, input.drawer, reader);
  if ("refused" in undone) return undone;
  return {
    changes: [change("check", check.id, [undone.onCheck]), ...undone.changes, ...approved],
    result: { due: due(check.tenders.filter((tender) => tender.payment !== payment.id)), pending: false },
  };
}

function paymentRefs(input: Input, reader: Reader): readonly Ref[] {
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

type CorrectInput = z.output<typeof correctTender>;

/** The same amount and tip by another way: the check stays as paid as it was, also when it is closed. */
function replacement(input: CorrectInput, { payment, check }: Voidable, reader: Reader): { readonly tender: Tender; readonly drawer: string | null; readonly changes: readonly Change[] } | Refusal {
  const { tender: old } = payment;
  const amount = minorUnits(old.amount);
  const tip = minorUnits(old.tip);
  const common = { payment: input.replacement, check: check.id, part: old.part, tipFor: old.tipFor, tipPool: old.tipPool };
  switch (input.method.method) {
    case "card-manual":
      return { tender: tenderOf(common, check, amount, tip, { method: "card-manual", slip: input.method.slip }), drawer: null, changes: [] };
    case "house-account": {
      const { account } = input.method;
      const charged = chargeAccount(account, { payment: input.replacement, check: check.id, amount: moneyOf(amount + tip, check.currency) }, reader);
      if ("refused" in charged) return charged;
      return { tender: tenderOf(common, check, amount, tip, { method: "house-account", account, reference: charged.name }), drawer: null, changes: [charged.change] };
    }
    case "cash": {
      const drawer = openDrawer(input.drawer, reader);
      if ("refused" in drawer) return drawer;
      const cleared = checkTotals(check).due === "0";
      const cash = cleared ? roundToStep(amount, BigInt(check.policies.cashStep)) : amount;
      const tender = tenderOf(common, check, amount, tip, { method: "cash", tendered: moneyOf(cash + tip, check.currency), change: moneyOf(0n, check.currency), rounding: cash - amount });
      const inDrawer: DomainEvent = { type: "cash.drawer.cashTaken", data: { payment: input.replacement, amount: moneyOf(cash + tip, check.currency), tip: tender.tip } };
      return { tender, drawer: drawer.id, changes: [change("drawer", drawer.id, [inDrawer])] };
    }
  }
}

function decideCorrect(input: CorrectInput, reader: Reader, context: Context): Decision<{ tender: Tender }> {
  const { method } = input;
  const reference = method.method === "card-manual" ? method.slip : method.method === "house-account" ? method.account : null;
  const found = voidable(input, { purpose: "paid-otherwise", tender: { method: method.method, reference } }, reader, context);
  if ("refused" in found) return found;
  const { payment, check, by, approved } = found;
  if (reader.get("payment", input.replacement)) return refuse("payment-exists", { payment: input.replacement });
  if (payment.request !== null) return refuse("not-by-hand", { method: payment.tender.method });
  if (check.status === "voided") return refuse("check-closed", { check: check.id });
  if (payment.tender.method === input.method.method) return refuse("same-method", { method: payment.tender.method });
  const undone = undo(found, input.reason, input.drawer, reader);
  if ("refused" in undone) return undone;
  const next = replacement(input, found, reader);
  if ("refused" in next) return next;
  const without = { ...check, tenders: check.tenders.filter((tender) => tender.payment !== payment.id) };
  const { changes } = taken({ ...without, status: check.status === "paid" ? "open" : check.status }, next.tender, next.drawer, by, context);
  const [onCheck, ofPayment] = changes;
  return {
    changes: [change("check", check.id, [undone.onCheck, ...onCheck.events]), ofPayment, ...undone.changes, ...next.changes, ...approved],
    result: { tender: next.tender },
  };
}

export const correctTenderCommand = command({
  type: "payment.correctTender",
  version: 1,
  capability: "check.settle",
  owner: "merchant",
  schema: correctTender,
  reads: (input, reader) => [...paymentRefs(input, reader), ref("payment", input.replacement), ...(input.method.method === "house-account" ? [ref("house-account", input.method.account)] : [])],
  decide: decideCorrect,
});

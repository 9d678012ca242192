import type { z } from "zod";
import { applyOverpayment, resolveContradiction, resolvePaidTwice } from "#shared/commands/payment.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { Tender } from "#shared/events/sale-check.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { approvalRefs, requireApproval } from "../approval/require-approval.ts";
import { attemptOn, lockedAmount } from "../check/evolve-payments.ts";
import { checkTotals } from "../check/totals.ts";
import type { Change, Context, Decision, Reader } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED, type Nothing } from "../deciding.ts";
import { applyReport, recover, roundOf, writtenOff } from "./apply-report.ts";
import { atProvider, pendingRefusal } from "./decide-attempt.ts";
import { openDrawer } from "./open-drawer.ts";
import { lockedBy, takesMoney } from "./payable.ts";
import { overpaymentLeft } from "./refundable.ts";

const settle = { version: 1, capability: "check.settle", owner: "merchant" } as const;
type Payment = { readonly payment: string };

function checkRefs({ payment }: Payment, reader: Reader) {
  const check = reader.get("payment", payment)?.check;
  return [ref("payment", payment), ...(check === undefined ? [] : [ref("check", check)])];
}

function decideApply(input: z.output<typeof applyOverpayment>, reader: Reader, context: Context): Decision<{ due: Money; left: Money }> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const payment = reader.get("payment", input.payment);
  if (!payment) return refuse("unknown-payment", { payment: input.payment });
  const left = overpaymentLeft(payment);
  if (left <= 0n) return refuse("nothing-overpaid", { payment: payment.id });
  const check = reader.get("check", payment.check);
  if (!check) throw new Error(`payment ${payment.id} without its check`);
  if (!takesMoney(check)) return refuse("check-closed", { check: check.id });
  const free = BigInt(checkTotals(check).due) - lockedAmount(check);
  const blocking = attemptOn(check, null);
  if (free <= 0n) return blocking ? lockedBy(blocking) : refuse("nothing-due", { check: check.id });
  const { currency } = check;
  const amount = left < free ? left : free;
  const on = check.tenders.find((one) => one.payment === payment.id);
  // What it paid of a part it still pays; what comes to it now pays the check as a whole.
  const { part, ...tender } = on ?? payment.tender;
  const next: Tender = { ...tender, ...(on && part !== undefined ? { part } : {}), amount: moneyOf((on ? minorUnits(on.amount) : 0n) + amount, currency) };
  const tenders = [...check.tenders.filter((one) => one.payment !== payment.id), next];
  const totals = checkTotals({ ...check, tenders });
  const onCheck: DomainEvent[] = [{ type: "sale.check.overpaymentApplied", data: { tender: next, amount: moneyOf(amount, currency), by } }];
  const own: DomainEvent[] = [{ type: "payment.transaction.overpaymentApplied", data: { check: check.id, tender: next, amount: moneyOf(amount, currency), by } }];
  if (totals.due === "0" && check.status !== "paid") {
    onCheck.push({ type: "sale.check.paid", data: { totals, tenders } });
    own.push({ type: "payment.order.success", data: { order: check.order, check: check.id } });
  }
  return { changes: [change("check", check.id, onCheck), change("payment", payment.id, own)], result: { due: moneyOf(BigInt(totals.due), currency), left: moneyOf(left - amount, currency) } };
}

export const applyOverpaymentCommand = command({ ...settle, type: "payment.applyOverpayment", schema: applyOverpayment, reads: checkRefs, decide: decideApply });

function decideContradiction(input: z.output<typeof resolveContradiction>, reader: Reader, context: Context): Decision<Nothing> {
  const at = atProvider(input.payment, reader, context);
  if ("refused" in at) return at;
  const { found } = at;
  const { status, refunds, attempt, tender } = found;
  if (found.contradicted === undefined && found.missing === undefined) return refuse("not-contradicted", { status });
  const pending = pendingRefusal(found);
  if (pending) return pending;
  const check = reader.get("check", found.check);
  if (!check) throw new Error(`payment ${found.id} without its check`);
  const { outcome, reason } = input;
  const takesOff = outcome === "not-captured" && (status === "captured" || status === "settled");
  if (takesOff && status === "settled") return refuse("payment-settled", { payment: found.id });
  if (takesOff && refunds.length > 0) return refuse("payment-refunded", { payment: found.id });
  const approved = requireApproval({ approval: input.approval, action: "resolve-unknown", subject: { target: found.id, purpose: outcome, amount: tender.amount, reason } }, reader, context);
  if ("refused" in approved) return approved;
  const by = approved.by;
  if (takesOff) return { changes: [...(takesMoney(check) ? notCaptured() : writtenOff(found, check, reason, by)), ...approved.changes], result: {} };
  if (outcome === "captured" && status === "reversed" && found.contradicted !== undefined) return { changes: [...recover(found, check, reason, by), ...approved.changes], result: {} };
  const resolved: DomainEvent = { type: "payment.attempt.contradictionResolved", data: { attempt, outcome, reason, by } };
  const ended = status === "failed" || status === "expired" || status === "cancelled";
  const taken = outcome === "captured" && ended ? applyReport(found, check, { said: "captured", from: "manager", reason, decidedBy: by }) : [change("payment", found.id, [resolved])];
  return { changes: [...taken, ...approved.changes], result: {} };

  /** As if it never was: the check owes it again. */
  function notCaptured(): readonly Change[] {
    const { overpaid } = found;
    const reversed: DomainEvent = { type: "payment.attempt.reversed", data: { attempt, check: found.check, drawer: null, tender, checkClosed: false, ...(overpaid ? { overpaid } : {}), reason, by, ...roundOf(found) } };
    const onCheck = check?.tenders.some((one) => one.payment === found.id) === true;
    return [...(onCheck ? [change("check", found.check, [{ type: "sale.check.paymentReversed", data: { tender, reason, by } }])] : []), change("payment", found.id, [reversed])];
  }
}

export const resolveContradictionCommand = command({
  ...settle,
  type: "payment.resolveContradiction",
  schema: resolveContradiction,
  reads: (input, reader) => [...checkRefs(input, reader), ...approvalRefs(input.approval, reader)],
  decide: decideContradiction,
});

function decidePaidTwice(input: z.output<typeof resolvePaidTwice>, reader: Reader, context: Context): Decision<Nothing> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const state = reader.get("refund", input.refund);
  if (!state) return refuse("unknown-refund", { refund: input.refund });
  const found = state.paidLate?.find(({ payment, resolved }) => payment === input.payment && resolved !== true);
  if (!found) return refuse("not-paid-twice", { refund: state.id });
  const { resolved: _, request: __, ...payout } = found;
  const [amount, tip] = [minorUnits(payout.amount) + minorUnits(payout.tip), payout.tip];
  const { currency } = payout.amount;
  const { outcome } = input;
  const data = { check: state.document.check, payout, outcome, by };
  if (outcome === "returned") {
    const drawer = openDrawer(input.drawer, reader);
    if ("refused" in drawer) return drawer;
    return {
      changes: [
        change("refund", state.id, [{ type: "payment.refund.paidLateResolved", data: { ...data, drawer: drawer.id, approvedBy: by } }]),
        change("drawer", drawer.id, [{ type: "cash.drawer.cashTaken", data: { payment: payout.payment, amount: moneyOf(amount, currency), tip } }]),
      ],
      result: {},
    };
  }
  const approved = requireApproval({ approval: input.approval, action: "refund", subject: { target: payout.payment, purpose: "written-off", refund: state.id, amount: moneyOf(amount, currency) } }, reader, context);
  if ("refused" in approved) return approved;
  return { changes: [change("refund", state.id, [{ type: "payment.refund.paidLateResolved", data: { ...data, drawer: null, approvedBy: approved.by } }]), ...approved.changes], result: {} };
}

export const resolvePaidTwiceCommand = command({
  ...settle,
  type: "payment.resolvePaidTwice",
  schema: resolvePaidTwice,
  reads: (input, reader) => [ref("refund", input.refund), ...approvalRefs(input.approval, reader), ...(input.drawer === undefined ? [] : [ref("drawer", input.drawer)])],
  decide: decidePaidTwice,
});

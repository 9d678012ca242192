import type { z } from "zod";
import { cancelRefund, reckonRefund, refund, refundOverpayment, retryRefund } from "#shared/commands/payment.ts";
import type { ApprovedPayout } from "#shared/events/approval.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { Payout, RefundDocument } from "#shared/events/payment.ts";
import type { Money } from "#shared/events/primitives.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { unitOf } from "#shared/money/rounding.ts";
import { approvalRefs, requireApproval } from "../approval/require-approval.ts";
import type { Ref } from "../aggregate.ts";
import { toldOf } from "../cash/blind.ts";
import type { CheckState } from "../check/state.ts";
import type { Change, Context, Decision, Reader, Refusal } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED, type Nothing } from "../deciding.ts";
import { mayNameGuest } from "../erased.ts";
import type { Person } from "../floor/state.ts";
import { giftCardRefs } from "../gift-card/gift-card.ts";
import { seriesStream } from "../streams.ts";
import { giveBackRefs } from "./give-back.ts";
import { payOut } from "./pay-out.ts";
import { approvedPayoutOf, choosePayouts, coinsBack, payoutOf } from "./payouts.ts";
import { amountsFor, amountsOfAll, amountsOfItems, taxRowsOf, totalOf, type RefundAmounts } from "./refund-amounts.ts";
import { overpaymentLeft, tipsLeft } from "./refundable.ts";
import type { PaymentState, RefundState } from "./state.ts";

export const SERIES = "refunds";
const settle = { version: 1, capability: "check.settle", owner: "merchant" } as const;
type RefundInput = z.output<typeof refund>;

type Asked = Pick<RefundInput, "check" | "what" | "by" | "payouts" | "drawer">;
type Reckoned = { readonly check: CheckState; readonly amounts: RefundAmounts; readonly total: bigint; readonly tip: bigint; readonly payouts: readonly Payout[] };

function amountsOf(input: Asked, check: CheckState, tips: bigint, reader: Reader): RefundAmounts | Refusal {
  const { what } = input;
  switch (what.kind) {
    case "all":
      return amountsOfAll(check, tips, reader);
    case "items":
      return amountsOfItems(check, what.items, reader);
    case "amount":
      return what.amount.currency === check.currency ? amountsFor(check, BigInt(what.amount.amount)) : refuse("wrong-currency", { currency: check.currency });
  }
}

export type Numbered = { readonly document: Omit<RefundDocument, "number">; readonly refund: string };

/** The document with the next number, and what goes back by hand goes back now; a provider is asked by a worker. */
export function issued({ document: bare, refund: id }: Numbered, reader: Reader, context: Context, overpayment: boolean): { readonly changes: readonly Change[]; readonly number: string } | Refusal {
  const series = seriesStream(context.merchant, SERIES);
  const next = reader.get("series", series)?.next ?? 1;
  const document: RefundDocument = { ...bare, number: `R${String(next).padStart(6, "0")}` };
  const own: DomainEvent[] = [{ type: "payment.refund.created", data: document }];
  const short = notInDrawer(document.payouts, reader, context);
  if (short) return short;
  const beside: Change[] = (document.cards ?? []).map(({ card, amount }) => change("gift-card", card, [{ type: "giftcard.refunded", data: { amount, refund: id, check: document.check, by: document.by } }]));
  for (const payout of document.payouts) {
    const out = payOut(id, document, payout, reader, context);
    if ("refused" in out) return out;
    own.push(...out.own);
    beside.push(...out.changes);
    beside.push(change("payment", payout.payment, [{ type: "payment.transaction.refundReserved", data: { refund: id, amount: payout.amount, tip: payout.tip, overpayment } }]));
  }
  return {
    number: document.number,
    changes: [
      change("refund", id, own),
      change("check", document.check, [{ type: "sale.check.refunded", data: { refund: id, document } }]),
      change("series", series, [{ type: "sale.series.advanced", data: { series: SERIES, number: next, check: document.check } }]),
      ...merged(beside),
    ],
  };
}

/** Several payouts may come out of one drawer: it holds them together. */
function notInDrawer(payouts: readonly Payout[], reader: Reader, context: Context): Refusal | undefined {
  const cash = payouts.filter(({ drawer }) => drawer !== null);
  const id = cash[0]?.drawer;
  const drawer = cash.length < 2 || !id ? undefined : reader.get("drawer", id);
  if (!drawer) return undefined;
  const sum = cash.reduce((all, { amount, tip, rounding }) => all + minorUnits(amount) + minorUnits(tip) + minorUnits(rounding), 0n);
  return sum > minorUnits(drawer.expected) ? refuse("not-enough-cash", toldOf(drawer, context)) : undefined;
}

/** One change for each stream: several payouts may come out of one drawer. */
function merged(changes: readonly Change[]): readonly Change[] {
  const byStream = new Map<string, Change>();
  for (const one of changes) {
    const before = byStream.get(one.stream);
    byStream.set(one.stream, before ? { ...before, events: [...before.events, ...one.events] } : one);
  }
  return [...byStream.values()];
}

/** How much goes back, of what, and by which way. */
function reckon(input: Asked, reader: Reader): Reckoned | Refusal {
  const check = reader.get("check", input.check);
  if (!check) return refuse("unknown-check", { check: input.check });
  if (check.status !== "closed") return refuse("check-not-closed", { check: check.id, status: check.status });
  const payments = check.tenders.flatMap(({ payment }) => reader.get("payment", payment) ?? []);
  const withTips = input.what.kind === "all" && input.what.tips;
  const amounts = amountsOf(input, check, withTips ? tipsLeft(payments) : 0n, reader);
  if ("refused" in amounts) return amounts;
  const total = totalOf(amounts);
  const payouts = choosePayouts({ total, payments, coins: coinsBack(check), withTips, by: input.by, wanted: input.payouts, drawer: input.drawer, cashStep: BigInt(check.policies.cashStep), unit: unitOf(check.policies.rounding), currency: check.currency });
  if ("refused" in payouts) return payouts;
  const tip = payouts.reduce((sum, payout) => sum + BigInt(payout.tip.amount), 0n);
  return { check, amounts, total, tip, payouts };
}

/** The bill that a document is of, and the payment when it gives back one that pays nothing. */
export function refersTo(check: CheckState, payment?: PaymentState): Pick<RefundDocument, "check" | "order" | "checkNumber" | "table" | "reference"> {
  const reference = payment?.tender.reference ?? payment?.reference ?? null;
  return { check: check.id, order: check.order, checkNumber: check.number, ...(check.serviceType !== "dine_in" || mayNameGuest(check.label) ? {} : { table: check.label }), ...(reference === null ? {} : { reference }) };
}

function decideRefund(input: RefundInput, reader: Reader, context: Context): Decision<{ number: string; total: Money; tip: Money }> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  if (reader.get("refund", input.refund)) return refuse("refund-exists", { refund: input.refund });
  const reckoned = reckon(input, reader);
  if ("refused" in reckoned) return reckoned;
  const { check, amounts, total, tip, payouts } = reckoned;
  const { currency } = check;
  const approved = requireApproval(
    {
      approval: input.approval,
      action: "refund",
      subject: {
        target: check.id,
        purpose: input.what.kind,
        items: amounts.lines.map(({ share, name, quantity, amount }) => ({ share, name, quantity, amount })),
        amount: moneyOf(total + tip, currency),
        payouts: payouts.map(approvedPayoutOf),
        reason: input.reason,
      },
    },
    reader,
    context,
  );
  if ("refused" in approved) return approved;
  const document = {
    ...refersTo(check),
    kind: input.what.kind,
    reason: input.reason,
    lines: [...amounts.lines],
    currency,
    net: amounts.net.toString(),
    serviceCharge: amounts.serviceCharge.toString(),
    taxes: taxRowsOf(check, amounts),
    tax: amounts.taxes.reduce((sum, tax) => sum + tax, 0n).toString(),
    ...(amounts.rounding === 0n ? {} : { rounding: amounts.rounding.toString() }),
    ...(amounts.cards.length === 0 ? {} : { cards: amounts.cards.map(({ card, amount }) => ({ card, amount: moneyOf(amount, currency) })) }),
    total: total.toString(),
    tip: tip.toString(),
    overpaid: "0",
    payouts: [...payouts],
    by,
    approvedBy: approved.by,
  };
  const written = issued({ document, refund: input.refund }, reader, context, false);
  if ("refused" in written) return written;
  return { changes: [...written.changes, ...approved.changes], result: { number: written.number, total: moneyOf(total, currency), tip: moneyOf(tip, currency) } };
}

function reckonRefs(input: Asked, reader: Reader): readonly Ref[] {
  const check = reader.get("check", input.check);
  return [
    ref("check", input.check),
    ...(input.drawer === undefined ? [] : [ref("drawer", input.drawer)]),
    ...giftCardRefs(check?.shares ?? {}),
    ...(check?.tenders ?? []).flatMap((tender): readonly Ref[] => [ref("payment", tender.payment), ...giveBackRefs(tender.method, tender.account)]),
  ];
}

export const refundCommand = command({
  ...settle,
  type: "payment.refund",
  schema: refund,
  reads: (input, reader, context) => [ref("refund", input.refund), ref("series", seriesStream(context.merchant, SERIES)), ...approvalRefs(input.approval, reader), ...reckonRefs(input, reader)],
  decide: decideRefund,
});

export const reckonRefundCommand = command({
  ...settle,
  type: "payment.reckonRefund",
  schema: reckonRefund,
  reads: (input, reader) => reckonRefs(input, reader),
  decide: (input, reader): Decision<{ amount: Money; payouts: readonly ApprovedPayout[] }> => {
    const reckoned = reckon(input, reader);
    if ("refused" in reckoned) return reckoned;
    const { check, total, tip, payouts } = reckoned;
    return { changes: [], result: { amount: moneyOf(total + tip, check.currency), payouts: payouts.map(approvedPayoutOf) } };
  },
});

function overpaidDocument(check: CheckState, payment: PaymentState, payout: Payout, reason: string, by: Person, approvedBy: Person): Numbered["document"] {
  return {
    ...refersTo(check, payment),
    kind: "overpayment",
    reason,
    lines: [],
    currency: check.currency,
    net: "0",
    serviceCharge: "0",
    taxes: [],
    tax: "0",
    total: "0",
    tip: "0",
    overpaid: payout.amount.amount,
    payouts: [payout],
    by,
    approvedBy,
  };
}

export const refundOverpaymentCommand = command({
  ...settle,
  type: "payment.refundOverpayment",
  schema: refundOverpayment,
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
  decide: (input, reader, context): Decision<{ number: string; amount: Money }> => {
    const by = personOf(context);
    if (!by) return STAFF_REQUIRED;
    if (reader.get("refund", input.refund)) return refuse("refund-exists", { refund: input.refund });
    const payment = reader.get("payment", input.payment);
    if (!payment) return refuse("unknown-payment", { payment: input.payment });
    const check = reader.get("check", payment.check);
    if (!check) throw new Error(`payment ${payment.id} without its check`);
    const left = overpaymentLeft(payment);
    if (left <= 0n) return refuse("nothing-overpaid", { payment: payment.id });
    const amount = moneyOf(left, check.currency);
    const payout = payoutOf(payment, { coins: coinsBack(check), amount: left, tip: 0n, by: input.by, drawer: input.drawer, cashStep: BigInt(check.policies.cashStep) });
    const approved = requireApproval({ approval: input.approval, action: "refund", subject: { target: payment.id, purpose: "overpayment", amount, payouts: [approvedPayoutOf(payout)], reason: input.reason } }, reader, context);
    if ("refused" in approved) return approved;
    const written = issued({ document: overpaidDocument(check, payment, payout, input.reason, by, approved.by), refund: input.refund }, reader, context, true);
    if ("refused" in written) return written;
    return { changes: [...written.changes, ...approved.changes], result: { number: written.number, amount } };
  },
});

/** The refund's own approval was for this already. */
function sameWay(before: Payout, payout: Payout): boolean {
  return before.method === payout.method && before.provider === payout.provider && before.drawer === payout.drawer;
}

function approvedWay(approval: string | null, { id, document }: RefundState, payout: Payout, reader: Reader, context: Context) {
  const amount = moneyOf(minorUnits(payout.amount) + minorUnits(payout.tip), document.currency);
  return requireApproval({ approval, action: "refund", subject: { target: payout.payment, purpose: "another-way", refund: id, amount, payouts: [approvedPayoutOf(payout)], reason: document.reason } }, reader, context);
}

export const retryRefundCommand = command({
  ...settle,
  type: "payment.retryRefund",
  schema: retryRefund,
  reads: (input, reader) => {
    const check = reader.get("refund", input.refund)?.document.check;
    return [ref("refund", input.refund), ref("payment", input.payment), ...approvalRefs(input.approval, reader), ...(input.drawer === undefined ? [] : [ref("drawer", input.drawer)]), ...(check === undefined ? [] : [ref("check", check)])];
  },
  decide: (input, reader, context): Decision<Nothing> => {
    const by = personOf(context);
    if (!by) return STAFF_REQUIRED;
    const state = reader.get("refund", input.refund);
    const before = state?.payouts.find(({ payment }) => payment === input.payment);
    const payment = reader.get("payment", input.payment);
    if (!state || !before || !payment || state.cancelled) return refuse("unknown-refund", { refund: input.refund });
    if (before.status !== "failed") return refuse("payout-not-failed", { status: before.status });
    const check = reader.get("check", state.document.check);
    if (!check) throw new Error(`refund ${state.id} without its check`);
    const cashStep = BigInt(check.policies.cashStep);
    const payout = payoutOf(payment, { coins: coinsBack(check), amount: BigInt(before.amount.amount), tip: BigInt(before.tip.amount), by: input.by, drawer: input.drawer, cashStep });
    const approved = sameWay(before, payout) ? { changes: [], by: null } : approvedWay(input.approval, state, payout, reader, context);
    if ("refused" in approved) return approved;
    const out = payOut(state.id, state.document, payout, reader, context, before);
    if ("refused" in out) return out;
    const rerouted: DomainEvent = { type: "payment.refund.rerouted", data: { payment: payment.id, payout, by, ...(approved.by ? { approvedBy: approved.by } : {}) } };
    const onCheck = change("check", check.id, [{ type: "sale.check.refundRerouted", data: { refund: state.id, payout } }]);
    return { changes: [change("refund", state.id, [rerouted, ...out.own]), ...(sameWay(before, payout) ? [] : [onCheck]), ...out.changes, ...approved.changes], result: {} };
  },
});

export const cancelRefundCommand = command({
  ...settle,
  type: "payment.cancelRefund",
  schema: cancelRefund,
  reads: (input, reader) => {
    const state = reader.get("refund", input.refund);
    return [ref("refund", input.refund), ...(state ? [ref("check", state.document.check), ...state.payouts.map(({ payment }) => ref("payment", payment)), ...(state.document.cards ?? []).map(({ card }) => ref("gift-card", card))] : [])];
  },
  decide: (input, reader, context): Decision<Nothing> => {
    const by = personOf(context);
    if (!by) return STAFF_REQUIRED;
    const state = reader.get("refund", input.refund);
    if (!state || state.cancelled) return refuse("unknown-refund", { refund: input.refund });
    // Its check may be paid otherwise since: what is owed stays owed.
    if (state.document.kind === "payment") return refuse("refund-not-cancellable", { refund: state.id });
    if (state.payouts.some(({ status }) => status !== "failed")) return refuse("refund-paid", { refund: state.id });
    return {
      changes: [
        change("refund", state.id, [{ type: "payment.refund.cancelled", data: { document: state.document, by } }]),
        change("check", state.document.check, [{ type: "sale.check.refundCancelled", data: { refund: state.id } }]),
        ...state.payouts.map(({ payment }) => change("payment", payment, [{ type: "payment.transaction.refundReleased", data: { refund: state.id } }])),
        ...(state.document.cards ?? []).map(({ card, amount }) => change("gift-card", card, [{ type: "giftcard.restored", data: { amount, refund: state.id, by } }])),
      ],
      result: {},
    };
  },
});


import type { z } from "zod";
import { adjustTip } from "#shared/commands/payment.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { Money } from "#shared/events/primitives.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { unitOf } from "#shared/money/rounding.ts";
import { approvalRefs, requireApproval } from "../approval/require-approval.ts";
import { unitRefusal } from "../charged-amounts.ts";
import { toldOf } from "../cash/blind.ts";
import type { DrawerState } from "../cash/state.ts";
import type { Change, Context, Decision, Reader, Refusal } from "../command.ts";
import { change, command, NO_CHANGE, personOf, ref, refuse, STAFF_REQUIRED } from "../deciding.ts";
import { redeemGiftCard, returnToGiftCard } from "../gift-card/gift-card.ts";
import { pendingRefusal } from "./decide-attempt.ts";
import { giveBackRefs } from "./give-back.ts";
import { chargeAccount, creditAccount } from "./house-account.ts";
import { openDrawer } from "./open-drawer.ts";
import type { PaymentState } from "./state.ts";

type Input = z.output<typeof adjustTip>;
type Adjusted = { readonly tip: Money };

type Moved = { readonly changes: readonly Change[]; readonly drawer: string | null };

/** Cash that leaves: somebody answers for it as for any pay-out (the tip may have been paid out since), and it leaves where it came in while that drawer is open. */
function outOfDrawer(payment: PaymentState, amount: Money, open: DrawerState, approval: string | null, reader: Reader, context: Context): Moved | Refusal {
  const taken = payment.drawer === null || payment.drawer === open.id ? undefined : reader.get("drawer", payment.drawer);
  if (taken && !taken.closed) return refuse("drawer-of-payment", { drawer: taken.id, name: taken.name });
  const approved = requireApproval({ approval, action: "pay-out", subject: { target: payment.id, purpose: "tip-lowered", amount, drawer: open.id } }, reader, context);
  if ("refused" in approved) return approved;
  if (minorUnits(amount) > minorUnits(open.expected)) return refuse("not-enough-cash", toldOf(open, context));
  const returned: DomainEvent = { type: "cash.drawer.cashReturned", data: { payment: payment.id, amount, tip: amount, document: null } };
  return { changes: [change("drawer", open.id, [returned]), ...approved.changes], drawer: open.id };
}

/** Where the difference comes from or goes to, for a tip of money that is with us already. */
function moveTip(payment: PaymentState, more: bigint, input: Input, reader: Reader, context: Context): Moved | Refusal {
  const { tender, id, check } = payment;
  const amount = moneyOf(more < 0n ? -more : more, tender.tip.currency);
  const none = { changes: [], drawer: null };
  const by = personOf(context);
  if (more === 0n || !by) return none;
  switch (tender.method) {
    case "cash": {
      const open = openDrawer(input.drawer, reader);
      if ("refused" in open) return open;
      if (more < 0n) return outOfDrawer(payment, amount, open, input.approval, reader, context);
      return { changes: [change("drawer", open.id, [{ type: "cash.drawer.cashTaken", data: { payment: id, amount, tip: amount } }])], drawer: open.id };
    }
    case "house-account": {
      if (more < 0n) return { changes: [creditAccount(tender.account ?? "", id, amount)], drawer: null };
      const charged = chargeAccount(tender.account ?? "", { payment: id, check, amount }, reader);
      return "refused" in charged ? charged : { changes: [charged], drawer: null };
    }
    case "gift-card": {
      const card = tender.account ?? "";
      const minor = minorUnits(amount);
      const moved = more > 0n ? redeemGiftCard({ card, amount: minor, currency: amount.currency, payment: id, check, by }, reader) : returnToGiftCard({ card, amount: minor, payment: id, document: null, by }, reader);
      return "refused" in moved ? moved : { changes: [moved], drawer: null };
    }
    case "voucher": {
      // What it was worth beyond amount and tip was forfeited when it was taken.
      return more > 0n ? refuse("amount-over-value", { value: moneyOf(minorUnits(tender.amount) + minorUnits(tender.tip), amount.currency) }) : none;
    }
    default:
      return none;
  }
}

function decide(input: Input, reader: Reader, context: Context): Decision<Adjusted> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const payment = reader.get("payment", input.payment);
  if (!payment) return refuse("unknown-payment", { payment: input.payment });
  const { tender, attempt } = payment;
  if (input.tip.currency !== tender.tip.currency) return refuse("wrong-currency", { currency: tender.tip.currency });
  if (attempt === null) return refuse("not-adjustable", { status: payment.status });
  const pending = pendingRefusal(payment);
  if (pending) return pending;
  const odd = unitRefusal({ tip: input.tip }, unitOf(reader.get("check", payment.check)?.policies.rounding ?? {}), [minorUnits(tender.tip)]);
  if (odd) return odd;
  const result = { tip: input.tip };
  if (payment.request !== null) {
    if (payment.status !== "authorized") return refuse("not-adjustable", { status: payment.status });
    return { changes: [change("payment", payment.id, [{ type: "payment.attempt.tipRequested", data: { attempt, tip: input.tip, by } }])], result };
  }
  if (payment.status !== "captured" || payment.refunds.length > 0) return refuse("not-adjustable", { status: payment.status });
  const more = minorUnits(input.tip) - minorUnits(tender.tip);
  if (more === 0n) return { ...NO_CHANGE, result };
  const moved = moveTip(payment, more, input, reader, context);
  if ("refused" in moved) return moved;
  const next = { ...tender, tip: input.tip };
  return {
    changes: [
      change("check", payment.check, [{ type: "sale.check.tipAdjusted", data: { tender: next } }]),
      change("payment", payment.id, [{ type: "payment.attempt.tipAdjusted", data: { attempt, check: payment.check, drawer: moved.drawer, tender: next, from: tender.tip, to: input.tip, captured: true, by } }]),
      ...moved.changes,
    ],
    result,
  };
}

export const adjustTipCommand = command({
  type: "payment.adjustTip",
  version: 1,
  capability: "check.settle",
  owner: "merchant",
  schema: adjustTip,
  reads: (input, reader) => {
    const payment = reader.get("payment", input.payment);
    return [
      ref("payment", input.payment),
      ...approvalRefs(input.approval, reader),
      ...[...new Set([input.drawer, payment?.tender.method === "cash" ? payment.drawer : null])].flatMap((drawer) => (drawer ? [ref("drawer", drawer)] : [])),
      ...(payment ? [ref("check", payment.check)] : []),
      ...(payment ? giveBackRefs(payment.tender.method, payment.tender.account) : []),
    ];
  },
  decide,
});

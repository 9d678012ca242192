import type { EventEnvelope, EventType } from "#shared/events/catalog.ts";
import { drawerClosed, drawerOpened, dropped, paidIn, paidOut, tipsPaid } from "./cash-postings.ts";
import { posted, type Journal } from "./journal.ts";
import { giftCardLoaded, saleJournals } from "./sale-postings.ts";
import { amountCorrected, overpaymentApplied, paidLate, paidLateResolved, recovered, writtenOff } from "./trouble-postings.ts";
import { goodsReceived } from "./stock-postings.ts";
import { houseAccountPaid, houseAccountPaidOut, moved, refundApproved, refundCancelled, refundFoundNotPaid, refundPaid, settled, taken, takenBack, tipAdjusted, voucherForfeited } from "./tender-postings.ts";

export const POSTED_TYPES = [
  "sale.check.closed",
  "payment.attempt.success",
  "payment.attempt.reversed",
  "payment.attempt.tipAdjusted",
  "payment.attempt.amountCorrected",
  "payment.attempt.writtenOff",
  "payment.attempt.recovered",
  "payment.transaction.overpaymentApplied",
  "payment.transaction.settled",
  "sale.check.merged",
  "sale.check.rolledBack",
  "payment.refund.created",
  "payment.refund.success",
  "payment.refund.contradictionResolved",
  "payment.refund.paidLate",
  "payment.refund.paidLateResolved",
  "payment.refund.cancelled",
  "payment.house-account.paid",
  "payment.house-account.paidOut",
  "payment.voucher.used",
  "giftcard.loaded",
  "stock.ingredient.received",
  "cash.drawer.opened",
  "cash.drawer.paidIn",
  "cash.drawer.paidOut",
  "cash.drawer.tipsPaid",
  "cash.drawer.dropped",
  "cash.drawer.closed",
] as const satisfies readonly EventType[];

/** What an event posts (facts: "Chart of accounts"). */
export function journalsOf(event: EventEnvelope): readonly Journal[] {
  return posted(of(event));
}

function of(event: EventEnvelope): readonly Journal[] {
  switch (event.type) {
    case "sale.check.closed":
      return saleJournals(event);
    case "payment.attempt.success":
      return [taken(event)];
    case "payment.attempt.reversed":
      return [takenBack(event)];
    case "payment.attempt.tipAdjusted":
      return tipAdjusted(event);
    case "payment.attempt.amountCorrected":
      return [amountCorrected(event)];
    case "payment.attempt.writtenOff":
      return [writtenOff(event)];
    case "payment.attempt.recovered":
      return [recovered(event)];
    case "payment.transaction.overpaymentApplied":
      return [overpaymentApplied(event)];
    case "payment.transaction.settled":
      return [settled(event)];
    case "sale.check.merged":
    case "sale.check.rolledBack":
      return moved(event);
    case "payment.refund.created":
      return [refundApproved(event)];
    case "payment.refund.success":
      return [refundPaid(event)];
    case "payment.refund.contradictionResolved":
      return refundFoundNotPaid(event);
    case "payment.refund.paidLate":
      return [paidLate(event)];
    case "payment.refund.paidLateResolved":
      return [paidLateResolved(event)];
    case "payment.refund.cancelled":
      return [refundCancelled(event)];
    case "payment.house-account.paid":
      return [houseAccountPaid(event)];
    case "payment.house-account.paidOut":
      return [houseAccountPaidOut(event)];
    case "payment.voucher.used":
      return [voucherForfeited(event)];
    case "giftcard.loaded":
      return [giftCardLoaded(event)];
    case "stock.ingredient.received":
      return goodsReceived(event);
    case "cash.drawer.opened":
      return [drawerOpened(event)];
    case "cash.drawer.paidIn":
      return [paidIn(event)];
    case "cash.drawer.paidOut":
      return [paidOut(event)];
    case "cash.drawer.tipsPaid":
      return [tipsPaid(event)];
    case "cash.drawer.dropped":
      return [dropped(event)];
    case "cash.drawer.closed":
      return drawerClosed(event);
    default:
      return [];
  }
}

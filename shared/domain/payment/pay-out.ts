import type { DomainEvent } from "#shared/events/catalog.ts";
import type { Payout, RefundDocument } from "#shared/events/payment.ts";
import type { Change, Context, Reader, Refusal } from "../command.ts";
import { change } from "../deciding.ts";
import { plainPayout } from "./evolve-documents.ts";
import { giveBack } from "./give-back.ts";
import type { RefundState } from "./state.ts";

/** What is paid out by hand is done with this decision; a provider is asked afterwards and answers when it does. */
export function payOut(refund: string, document: Pick<RefundDocument, "check" | "by">, payout: Payout, reader: Reader, context: Context): { readonly own: readonly DomainEvent[]; readonly changes: readonly Change[] } | Refusal {
  if (payout.provider !== undefined) return { own: [], changes: [] };
  const tip = BigInt(payout.tip.amount);
  const amount = BigInt(payout.amount.amount) + BigInt(payout.rounding.amount) + tip;
  const back = giveBack(
    { method: payout.method, payment: payout.payment, account: payout.account, drawer: payout.drawer ?? undefined, amount, tip, currency: payout.amount.currency, document: refund, by: document.by },
    reader,
    context,
  );
  if ("refused" in back) return back;
  return { own: [{ type: "payment.refund.success", data: { check: document.check, payout } }], changes: back.changes };
}

/**
 * What a provider says of a refund. Amounts are ours: it refunds what was asked, or nothing. `request`: which try of ours it is about, when it names one;
 * `earlier`: another than the payout's present one.
 */
export type RefundReport = { readonly said: "sent" | "success" | "failed" | "lost"; readonly currency?: string; readonly reason?: string; readonly request?: string; readonly earlier?: boolean };

/** As far as anybody knows: what names no request may be about any. */
const sameRequest = (a: string | undefined, b: string | undefined): boolean => a === undefined || b === undefined || a === b;

/**
 * Nothing when it was known: a payout that succeeded stays so, and one that failed may still succeed. Of an earlier try only money counts: its no is not
 * the present one's. A second success is money that the guest has twice. What a manager decided stands until the provider tells of money.
 */
export function applyRefundReport(refund: RefundState, payment: string, report: RefundReport): readonly Change[] {
  const state = refund.payouts.find((payout) => payout.payment === payment);
  if (!state) return [];
  const { status, reason, paidBy, decided } = state;
  const payout = plainPayout(state);
  const { check } = refund.document;
  const request = report.request === undefined ? {} : { request: report.request };
  const written = (event: DomainEvent) => [change("refund", refund.id, [event])];
  const knownLate = refund.paidLate?.some((one) => one.payment === payment && sameRequest(one.request, report.request)) ?? false;
  const elsewhere = refund.rerouted?.find((one) => one.payment === payment) ?? (refund.cancelled ? payout : undefined);
  if (elsewhere?.provider !== undefined) {
    return report.said !== "success" || knownLate ? [] : written({ type: "payment.refund.paidLate", data: { check, payout: elsewhere, ...request } });
  }
  if (state.provider === undefined || refund.cancelled) return [];
  if (status === "success") {
    // What a manager said was paid is the present try, whose key nobody named.
    const samePaid = decided === undefined ? sameRequest(paidBy, report.request) : report.earlier !== true;
    const known = report.said !== "success" || knownLate || samePaid;
    return known ? [] : written({ type: "payment.refund.paidLate", data: { check, payout, ...request } });
  }
  if (report.earlier === true && report.said !== "success") return [];
  if (report.currency !== undefined && report.currency !== payout.amount.currency) {
    const wrong = `wrong-currency ${report.currency}`;
    const toldOf = status === "unknown" ? reason : decided?.over;
    return toldOf === wrong ? [] : written({ type: "payment.refund.failed", data: { payment, reason: wrong, unknown: true } });
  }
  switch (report.said) {
    case "sent":
      return status === "pending" ? written({ type: "payment.refund.sent", data: { payment, provider: state.provider } }) : [];
    case "success":
      return written({ type: "payment.refund.success", data: { check, payout, ...request } });
    case "failed":
      return status === "failed" ? [] : written({ type: "payment.refund.failed", data: { payment, reason: (report.reason ?? "refused").slice(0, 80), unknown: false } });
    case "lost":
      return status === "pending" || status === "sent" ? written({ type: "payment.refund.failed", data: { payment, reason: (report.reason ?? "no-answer").slice(0, 80), unknown: true } }) : [];
  }
}

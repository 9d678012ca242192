import type { DomainEvent } from "#shared/events/catalog.ts";
import type { Payout, RefundDocument } from "#shared/events/payment.ts";
import type { Change, Context, Reader, Refusal } from "../command.ts";
import { change } from "../deciding.ts";
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

/** What a provider says of a refund. Amounts are ours: it refunds what was asked, or nothing. */
export type RefundReport = { readonly said: "sent" | "success" | "failed" | "lost"; readonly currency?: string; readonly reason?: string };

/** Nothing when it was known: a payout that succeeded stays so, and one that failed may still succeed. */
export function applyRefundReport(refund: RefundState, payment: string, report: RefundReport): readonly Change[] {
  const state = refund.payouts.find((payout) => payout.payment === payment);
  if (!state) return [];
  const { status, reason, ...payout } = state;
  const written = (event: DomainEvent) => [change("refund", refund.id, [event])];
  const elsewhere = refund.rerouted?.find((one) => one.payment === payment) ?? (refund.cancelled ? payout : undefined);
  if (elsewhere?.provider !== undefined) {
    const known = report.said !== "success" || refund.paidLate?.some((one) => one.payment === payment);
    return known ? [] : written({ type: "payment.refund.paidLate", data: { check: refund.document.check, payout: elsewhere } });
  }
  if (state.provider === undefined || status === "success" || refund.cancelled) return [];
  if (report.currency !== undefined && report.currency !== payout.amount.currency) {
    const wrong = `wrong-currency ${report.currency}`;
    return status === "unknown" && reason === wrong ? [] : written({ type: "payment.refund.failed", data: { payment, reason: wrong, unknown: true } });
  }
  switch (report.said) {
    case "sent":
      return status === "pending" ? written({ type: "payment.refund.sent", data: { payment, provider: state.provider } }) : [];
    case "success":
      return written({ type: "payment.refund.success", data: { check: refund.document.check, payout } });
    case "failed":
      return status === "failed" ? [] : written({ type: "payment.refund.failed", data: { payment, reason: (report.reason ?? "refused").slice(0, 80), unknown: false } });
    case "lost":
      return status === "pending" || status === "sent" ? written({ type: "payment.refund.failed", data: { payment, reason: (report.reason ?? "no-answer").slice(0, 80), unknown: true } }) : [];
  }
}

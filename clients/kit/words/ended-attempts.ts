import type { PaymentState } from "#shared/domain/payment/state.ts";
import type { Money } from "#shared/events/primitives.ts";
import { reasonInWords } from "./provider-reasons.ts";

/** Of the payments that were begun on a check the last one, when it came to nothing: whoever begins the next one has to know why. */
export function cameToNothing(payments: readonly PaymentState[], check: string): PaymentState | null {
  const last = payments.filter((payment) => payment.check === check).reduce<PaymentState | null>((latest, each) => (latest === null || each.id > latest.id ? each : latest), null);
  return last && (last.status === "failed" || last.status === "expired" || last.status === "cancelled") ? last : null;
}

/** `provider`: how the place calls it, "Card terminal". */
export function endedInWords({ status, reason, tender, endedBy }: Pick<PaymentState, "status" | "reason" | "tender" | "endedBy">, provider: string, text: (money: Money) => string): string {
  const money = text(tender.amount);
  switch (status) {
    case "expired":
      return `${provider}: no answer in time, ${money} was not taken`;
    case "cancelled":
      return `${provider}: cancelled, ${money} was not taken`;
    default: {
      // The provider has said nothing: people looked, and one of them answers for it.
      if (endedBy === "manager") return `${provider}: a manager decided that ${money} was not paid${reason === null ? "" : ` (${reason})`}`;
      const why = reasonInWords(reason ?? "");
      return `${provider} said no to ${money}${why === "" ? "" : `: ${why}`}`;
    }
  }
}

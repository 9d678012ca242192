import type { Money } from "#shared/events/primitives.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { overpaymentLeft } from "./refundable.ts";
import type { PaymentState, PayoutState, RefundState } from "./state.ts";

/**
 * Money that somebody has to look at (PAY-28). `unknown`: nobody knows whether the guest was charged. `overpaid`: it came, and pays for nothing. `contradicted`: the provider
 * says something else than our books. `missing`: of what was booked, what never came. `payout-failed`, `payout-unknown`: the guest still waits for it. `payout-contradicted`: a manager said that the guest
 * has it, and the provider says something else. `paid-twice`: the guest has it twice.
 */
export type OpenPoint = {
  readonly kind: "unknown" | "overpaid" | "contradicted" | "missing" | "payout-failed" | "payout-unknown" | "payout-contradicted" | "paid-twice";
  readonly payment: string;
  readonly refund: string | null;
  readonly check: string;
  readonly amount: Money;
  /** What was said, or went wrong, as the provider put it. */
  readonly said: string | null;
  /** Of `paid-twice`: the try that was paid late, when that is known. */
  readonly request?: string;
  /** Of `paid-twice`: that the other was paid a manager said, and no provider. */
  readonly byWord?: true;
};

/** That it was paid a manager said, and the provider has not. */
export const paidByWord = ({ status, decided }: Pick<PayoutState, "status" | "decided">): boolean => status === "success" && decided !== undefined;

export function pointsOfPayment(payment: PaymentState): readonly OpenPoint[] {
  const { id, check, tender, status, contradicted, missing, reason } = payment;
  const about = { payment: id, check, refund: null } as const;
  const whole = moneyOf(minorUnits(tender.amount) + minorUnits(tender.tip), tender.amount.currency);
  const over = overpaymentLeft(payment);
  return [
    ...(status === "unknown" ? [{ ...about, kind: "unknown" as const, amount: whole, said: reason }] : []),
    ...(over > 0n ? [{ ...about, kind: "overpaid" as const, amount: moneyOf(over, tender.amount.currency), said: null }] : []),
    ...(contradicted === undefined ? [] : [{ ...about, kind: "contradicted" as const, amount: whole, said: contradicted }]),
    // One question at a time: whether it was taken back at all comes first.
    ...(missing === undefined || (status === "reversed" && contradicted !== undefined) ? [] : [{ ...about, kind: "missing" as const, amount: missing, said: reason }]),
  ];
}

export function pointsOfRefund({ id, document, payouts, paidLate, cancelled }: RefundState): readonly OpenPoint[] {
  const about = { refund: id, check: document.check } as const;
  const all = ({ amount, tip }: { readonly amount: Money; readonly tip: Money }) => moneyOf(minorUnits(amount) + minorUnits(tip), amount.currency);
  const named = ({ request }: { readonly request?: string }) => (request === undefined ? {} : { request });
  const doubted = ({ payment }: { readonly payment: string }) => (payouts.some((payout) => payout.payment === payment && paidByWord(payout)) ? { byWord: true as const } : {});
  const stuck = cancelled ? [] : payouts.filter(({ status }) => status === "failed" || status === "unknown");
  return [
    ...stuck.map((payout) => ({ ...about, kind: payout.status === "failed" ? ("payout-failed" as const) : ("payout-unknown" as const), payment: payout.payment, amount: all(payout), said: payout.reason })),
    ...payouts.filter(({ contradicted }) => contradicted !== undefined).map((payout) => ({ ...about, kind: "payout-contradicted" as const, payment: payout.payment, amount: all(payout), said: payout.contradicted ?? null })),
    ...(paidLate ?? []).filter(({ resolved }) => resolved !== true).map((payout) => ({ ...about, kind: "paid-twice" as const, payment: payout.payment, amount: all(payout), said: null, ...named(payout), ...doubted(payout) })),
  ];
}

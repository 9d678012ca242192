import type { Money } from "#shared/events/primitives.ts";
import { isTaken } from "./machine.ts";
import type { PaymentState } from "./state.ts";

function sum(amounts: readonly Money[]): bigint {
  return amounts.reduce((total, { amount }) => total + BigInt(amount), 0n);
}

/** Minor units of what paid the check that no refund holds yet. */
export function refundable(payment: PaymentState): bigint {
  return BigInt(payment.tender.amount.amount) - sum(payment.refunds.filter(({ overpayment }) => !overpayment).map(({ amount }) => amount));
}

export function refundableTip(payment: PaymentState): bigint {
  return BigInt(payment.tender.tip.amount) - sum(payment.refunds.map(({ tip }) => tip));
}

/** Of all that was taken, minor units. */
export function tipsLeft(payments: readonly PaymentState[]): bigint {
  return payments.reduce((all, payment) => (isTaken(payment.status) ? all + refundableTip(payment) : all), 0n);
}

/** Minor units that were taken beyond what the check could take, and not given back yet. */
export function overpaymentLeft(payment: PaymentState): bigint {
  if (payment.status === "reversed") return 0n;
  return BigInt(payment.overpaid?.amount ?? "0") - sum(payment.refunds.filter(({ overpayment }) => overpayment).map(({ amount }) => amount));
}

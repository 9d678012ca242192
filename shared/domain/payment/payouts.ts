import type { ApprovedPayout } from "#shared/events/approval.ts";
import type { Payout } from "#shared/events/payment.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { Tender } from "#shared/events/sale-check.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { roundToStep } from "#shared/money/rounding.ts";
import { unitRefusal } from "../charged-amounts.ts";
import type { CheckState } from "../check/state.ts";
import type { Refusal } from "../command.ts";
import { refuse } from "../deciding.ts";
import { isTaken } from "./machine.ts";
import { refundable, refundableTip } from "./refundable.ts";
import type { PaymentState } from "./state.ts";

type Wanted = { readonly payment: string; readonly amount: Money; readonly by: "same" | "cash" };
type Choice = {
  readonly total: bigint;
  readonly payments: readonly PaymentState[];
  readonly coins: CoinsBack;
  readonly withTips: boolean;
  /** Unless each is `wanted` by a way of its own. */
  readonly by: "same" | "cash";
  readonly wanted: readonly Wanted[] | undefined;
  readonly drawer: string | undefined;
  readonly cashStep: bigint;
  /** The smallest amount that is charged. */
  readonly unit: bigint;
  readonly currency: string;
};
/** Minor units of a check that went back in coins so far, tips too, and what the coins were more (or less). */
export type CoinsBack = { readonly amount: bigint; readonly rounding: bigint };
type Portion = { readonly coins: CoinsBack; readonly amount: bigint; readonly tip: bigint; readonly by: "same" | "cash"; readonly drawer: string | undefined; readonly cashStep: bigint };

function isWholeOf(tender: Tender, amount: Money): boolean {
  return tender.method === "cash" && tender.amount.amount === amount.amount;
}

function plusCoins(coins: CoinsBack, { method, amount, tip, rounding }: Payout, tender: Tender | undefined): CoinsBack {
  if (method !== "cash" || (tender && isWholeOf(tender, amount))) return coins;
  return { amount: coins.amount + minorUnits(amount) + minorUnits(tip), rounding: coins.rounding + minorUnits(rounding) };
}

/** What earlier refunds of the check gave back in coins. A cash payment that went back whole is apart: it is what was put down. */
export function coinsBack({ tenders, refunds }: CheckState): CoinsBack {
  // What failed at a provider and went in coins counts as these.
  const payouts = (refunds ?? []).flatMap(({ document, rerouted = [] }) => document.payouts.map((payout) => rerouted.find(({ payment }) => payment === payout.payment) ?? payout));
  return payouts.reduce<CoinsBack>((coins, payout) => plusCoins(coins, payout, tenders.find(({ payment }) => payment === payout.payment)), { amount: 0n, rounding: 0n });
}

/**
 * Cash goes back in coins that exist; a cash payment that goes back whole gives back what was put down. All that goes back of a check is rounded as one sum, so that
 * many small refunds are worth no more than one.
 */
export function payoutOf(payment: PaymentState, { coins, amount, tip, by, drawer, cashStep }: Portion): Payout {
  const { tender, attempt, request } = payment;
  const { currency } = tender.amount;
  const method = by === "cash" ? "cash" : tender.method;
  const whole = refundable(payment) === minorUnits(tender.amount) && isWholeOf(tender, moneyOf(amount, currency));
  const all = coins.amount + amount + tip;
  const rounding = method !== "cash" ? 0n : whole ? BigInt(tender.roundingDifference.amount) : roundToStep(all, cashStep) - all - coins.rounding;
  if (attempt === null) throw new Error(`payment ${payment.id} has no attempt`);
  return {
    payment: payment.id,
    attempt,
    method,
    by: tender.method === "cash" ? "same" : by,
    ...(method !== "cash" && request ? { provider: request.provider } : {}),
    ...(method !== "cash" && tender.account !== undefined ? { account: tender.account } : {}),
    drawer: method === "cash" ? (drawer ?? null) : null,
    amount: moneyOf(amount, currency),
    tip: moneyOf(tip, currency),
    rounding: moneyOf(rounding, currency),
    ...(tender.tipFor === undefined ? {} : { tipFor: tender.tipFor }),
    ...(tender.tipPool === undefined ? {} : { tipPool: tender.tipPool }),
  };
}

/** What an approver is shown of it, and what it is bound to: all that leaves, and by which way. */
export function approvedPayoutOf({ payment, method, amount, tip, rounding, drawer }: Payout): ApprovedPayout {
  return { payment, method, amount: moneyOf(minorUnits(amount) + minorUnits(tip) + minorUnits(rounding), amount.currency), tip, drawer };
}

/** Most payments that one refund goes back to. */
const MOST_PAYOUTS = 20;

/** The way the money came, the last payment first, unless people say otherwise. Never more of a payment than was captured. */
export function choosePayouts({ total, payments, coins: before, withTips, by, wanted, drawer, cashStep, unit, currency }: Choice): readonly Payout[] | Refusal {
  const taken = payments.filter(({ status }) => isTaken(status));
  let coins = before;
  const portion = (payment: PaymentState, amount: bigint, way: "same" | "cash") => {
    const payout = payoutOf(payment, { coins, amount, tip: withTips ? refundableTip(payment) : 0n, by: way, drawer, cashStep });
    coins = plusCoins(coins, payout, payment.tender);
    return payout;
  };
  if (wanted) {
    const sum = wanted.reduce((all, { amount }) => all + BigInt(amount.amount), 0n);
    if (sum !== total || wanted.some(({ amount }) => amount.currency !== currency)) return refuse("payouts-mismatch", { total: moneyOf(total, currency) });
    const payouts: Payout[] = [];
    for (const { payment: id, amount, by: way } of wanted) {
      const payment = taken.find((one) => one.id === id);
      if (!payment || payouts.some((payout) => payout.payment === id)) return refuse("unknown-payment", { payment: id });
      if (BigInt(amount.amount) > refundable(payment)) return refuse("over-captured", { payment: id, refundable: moneyOf(refundable(payment), currency) });
      // Only what has a sen in it already can be divided so that one part has it too.
      const odd = unitRefusal({ amount }, unit, total % unit === 0n ? [refundable(payment)] : [refundable(payment), minorUnits(amount)]);
      if (odd) return odd;
      payouts.push(portion(payment, BigInt(amount.amount), way));
    }
    return payouts;
  }
  const payouts: Payout[] = [];
  let left = total;
  for (const payment of [...taken].reverse()) {
    const can = refundable(payment);
    const amount = can < left ? can : left;
    if (amount <= 0n && !(withTips && refundableTip(payment) > 0n)) continue;
    payouts.push(portion(payment, amount > 0n ? amount : 0n, by));
    left -= amount > 0n ? amount : 0n;
  }
  if (left > 0n) return refuse("over-refundable", { refundable: moneyOf(total - left, currency) });
  if (payouts.length > MOST_PAYOUTS) return refuse("too-many-payouts", { most: MOST_PAYOUTS });
  return payouts.length > 0 ? payouts : refuse("nothing-to-refund", {});
}

import type { CheckState } from "../check/state.ts";
import { giftCardOf, isStoredValue } from "../gift-card/gift-card.ts";
import { leftOf, totalOf } from "./refund-amounts.ts";

/** Minor units; `cards`: a gift card that the check sold was not given back yet, spent or not. */
export type LeftOfBill = { readonly sale: bigint; readonly tips: bigint; readonly cards: boolean };

/** Of a closed check: what a refund may still give back, as far as the check itself knows. Whether somebody has spent of a gift card the hub says. */
export function leftOfBill(check: CheckState): LeftOfBill {
  const documents = (check.refunds ?? []).map(({ document }) => document);
  const payouts = documents.flatMap((document) => document.payouts);
  const cardsBack = new Set(documents.flatMap(({ cards = [] }) => cards.map(({ card }) => card)));
  const back = (payment: string) => payouts.reduce((sum, payout) => (payout.payment === payment ? sum + BigInt(payout.tip.amount) : sum), 0n);
  return {
    sale: totalOf(leftOf(check)),
    tips: check.tenders.reduce((sum, { payment, tip }) => sum + BigInt(tip.amount) - back(payment), 0n),
    cards: Object.values(check.shares).some((share) => isStoredValue(share) && !cardsBack.has(giftCardOf(share.item))),
  };
}

export function isAllRefunded({ sale, tips, cards }: LeftOfBill): boolean {
  return sale === 0n && tips === 0n && !cards;
}

/** That there is something left of it to be given back. */
export function isRefundable(check: CheckState): boolean {
  return check.status === "closed" && !isAllRefunded(leftOfBill(check));
}

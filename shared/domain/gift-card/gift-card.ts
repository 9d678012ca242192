import type { Share } from "#shared/events/sale-check.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import type { Ref } from "../aggregate.ts";
import type { Change, Reader, Refusal } from "../command.ts";
import { change, ref, refuse } from "../deciding.ts";
import type { Person } from "../floor/state.ts";

/** A gift card is named by the item that sold it: closing the check twice, or in parts, loads one card. */
export function giftCardOf(item: string): string {
  return `gft_${item.slice("itm_".length)}`;
}

export function isStoredValue(share: Pick<Share, "kind">): boolean {
  return share.kind === "stored-value";
}

/** For `reads` of what closes a check. */
export function giftCardRefs(shares: Readonly<Record<string, Share>>): readonly Ref[] {
  return [...new Set(Object.values(shares).filter(isStoredValue).map((share) => giftCardOf(share.item)))].map((card) => ref("gift-card", card));
}

/** What closing a check puts on cards: each stored-value share its amount. `amountOf` is how the bill reads the share. */
export function loadGiftCards(check: string, shares: Readonly<Record<string, Share>>, amountOf: (share: Share) => bigint, by: Person): readonly Change[] {
  const amounts = new Map<string, { amount: bigint; readonly currency: string }>();
  for (const share of Object.values(shares).filter(isStoredValue)) {
    const of = amounts.get(share.item) ?? { amount: 0n, currency: share.unitPrice.currency };
    amounts.set(share.item, { ...of, amount: of.amount + amountOf(share) });
  }
  return [...amounts]
    .filter(([, { amount }]) => amount > 0n)
    .map(([item, { amount, currency }]) => change("gift-card", giftCardOf(item), [{ type: "giftcard.loaded", data: { amount: moneyOf(amount, currency), check, item, by } }]));
}

type Redemption = { readonly card: string; readonly amount: bigint; readonly currency: string; readonly payment: string; readonly check: string; readonly by: Person };

/**
 * The change of the card that goes into the payment's decision: the card's version is that which was read, so of two that would overdraw it one is
 * decided again and refused. Refuses: unknown-gift-card, wrong-currency, gift-card-balance { left }.
 */
export function redeemGiftCard({ card: id, amount, currency, payment, check, by }: Redemption, reader: Reader): Change | Refusal {
  const card = reader.get("gift-card", id);
  if (!card) return refuse("unknown-gift-card", { card: id });
  if (card.balance.currency !== currency) return refuse("wrong-currency", { currency: card.balance.currency });
  const left = minorUnits(card.balance) - amount;
  if (amount <= 0n || left < 0n) return refuse("gift-card-balance", { left: card.balance });
  return change("gift-card", id, [{ type: "giftcard.redeemed", data: { amount: moneyOf(amount, currency), left: left.toString(), payment, check, by } }]);
}

type Return = { readonly card: string; readonly amount: bigint; readonly payment: string; readonly document: string | null; readonly by: Person };

/** Back on the card, never more than this payment took from it. Refuses: unknown-gift-card, amount-over-redeemed { left }. */
export function returnToGiftCard({ card: id, amount, payment, document, by }: Return, reader: Reader): Change | Refusal {
  const card = reader.get("gift-card", id);
  if (!card) return refuse("unknown-gift-card", { card: id });
  const taken = BigInt(card.redeemed[payment] ?? "0");
  if (amount <= 0n || amount > taken) return refuse("amount-over-redeemed", { left: moneyOf(taken, card.balance.currency) });
  const left = minorUnits(card.balance) + amount;
  return change("gift-card", id, [{ type: "giftcard.returned", data: { amount: moneyOf(amount, card.balance.currency), left: left.toString(), payment, document, by } }]);
}

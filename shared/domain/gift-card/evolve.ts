import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Money } from "#shared/events/primitives.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { existing, unexpectedEvent } from "../fold.ts";
import type { GiftCardState } from "./state.ts";

function plus(a: Money, amount: bigint): Money {
  return moneyOf(minorUnits(a) + amount, a.currency);
}

export function evolveGiftCard(state: GiftCardState | undefined, event: EventEnvelope): GiftCardState {
  switch (event.type) {
    case "giftcard.loaded": {
      const { amount, check } = event.data;
      if (!state) return { id: event.subject, balance: amount, loaded: amount, soldOn: check, redeemed: {} };
      return { ...state, balance: plus(state.balance, minorUnits(amount)), loaded: plus(state.loaded, minorUnits(amount)) };
    }
    case "giftcard.redeemed": {
      const card = existing("gift card", state, event);
      const { amount, payment } = event.data;
      const taken = BigInt(card.redeemed[payment] ?? "0") + minorUnits(amount);
      return { ...card, balance: plus(card.balance, -minorUnits(amount)), redeemed: { ...card.redeemed, [payment]: taken.toString() } };
    }
    case "giftcard.returned": {
      const card = existing("gift card", state, event);
      const { amount, payment } = event.data;
      const left = BigInt(card.redeemed[payment] ?? "0") - minorUnits(amount);
      return { ...card, balance: plus(card.balance, minorUnits(amount)), redeemed: { ...card.redeemed, [payment]: left.toString() } };
    }
    case "giftcard.refunded":
    case "giftcard.restored": {
      const card = existing("gift card", state, event);
      const amount = minorUnits(event.data.amount) * (event.type === "giftcard.refunded" ? -1n : 1n);
      return { ...card, balance: plus(card.balance, amount), loaded: plus(card.loaded, amount) };
    }
    default:
      throw unexpectedEvent("gift-card", event);
  }
}

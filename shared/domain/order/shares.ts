import type { OrderItem } from "#shared/events/sale-order.ts";
import type { Share } from "#shared/events/sale-check.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import type { CheckState } from "../check/state.ts";
import { billWords } from "./modifier-words.ts";

/** Price of one with its modifiers. */
export function priceOfOne(item: OrderItem): bigint {
  return item.modifiers.reduce((sum, modifier) => sum + minorUnits(modifier.price), minorUnits(item.unitPrice));
}

/** What the bill says about an item; the same for each of its shares. */
function onTheBill(item: OrderItem): Omit<Share, "share" | "order" | "numerator" | "denominator"> {
  return {
    item: item.item,
    name: item.variant ? `${item.names.receipt} ${item.variant.name}` : item.names.receipt,
    quantity: item.quantity,
    unitPrice: moneyOf(priceOfOne(item), item.unitPrice.currency),
    modifiers: item.modifiers.map((modifier) => ({ name: billWords(modifier), price: modifier.price })),
    tax: item.tax,
    seat: item.seat,
    ...(item.kind ? { kind: item.kind } : {}),
    ...(item.combo ? { combo: { combo: item.combo.combo, name: item.combo.name } } : {}),
  };
}

/** DOM-10: a new item is one whole share. */
export function wholeShare(share: string, order: string, item: OrderItem): Share {
  return { share, order, numerator: 1, denominator: 1, ...onTheBill(item) };
}

export function sharesOf(check: CheckState, item: string): readonly Share[] {
  return Object.values(check.shares).filter((share) => share.item === item);
}

/** The item's shares after the item changed: the parts stay, what they are parts of is new. */
export function changedShares(check: CheckState, item: OrderItem): readonly Share[] {
  return sharesOf(check, item.item).map((share) => ({ ...share, ...onTheBill(item) }));
}

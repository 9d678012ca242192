import type { OrderModifier } from "#shared/events/sale-order.ts";

const PLACES = { whole: "", left: " LEFT", right: " RIGHT" } as const;

function words(modifier: OrderModifier, name: string): string {
  const prefix = modifier.prefix === "none" ? "" : `${modifier.prefix.toUpperCase()} `;
  const times = modifier.quantity > 1 ? ` x${modifier.quantity}` : "";
  return `${prefix}${name}${PLACES[modifier.placement]}${times}`;
}

/** As the cook reads it: "NO onions", "EXTRA shot x2", "basil LEFT". */
export function kitchenWords(modifier: OrderModifier): string {
  return words(modifier, modifier.kitchen);
}

/** As the guest reads it on the bill. */
export function billWords(modifier: OrderModifier): string {
  return words(modifier, modifier.name);
}

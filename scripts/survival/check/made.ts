import { isDeepStrictEqual } from "node:util";
import type { OrderItem, OrderModifier } from "#shared/events/sale-order.ts";
import type { TicketItem } from "#shared/events/sale-ticket.ts";
import type { Finding, History } from "./history.ts";

/** DOM-4: what was entered is what was sent, fired and voided, and what every cook reads, field by field. */
export function checkMade(history: Pick<History, "of">): Finding[] {
  const entered = new Map<string, OrderItem>();
  for (const { data } of history.of("sale.order.itemsAdded")) for (const item of data.items) entered.set(item.item, item);
  for (const { data } of history.of("sale.order.itemChanged")) entered.set(data.item.item, data.item);
  const differs = (what: string, item: string, is: object, should: object | undefined) => {
    if (should === undefined) return [`${what}: ${item}, which nobody entered`];
    const field = Object.keys(should).find((key) => !isDeepStrictEqual(is[key as keyof typeof is], should[key as keyof typeof should]));
    return field === undefined ? [] : [`${what}: ${field} of ${item} is ${JSON.stringify(is[field as keyof typeof is])}, not ${JSON.stringify(should[field as keyof typeof should])}`];
  };
  const left = new Map<string, string>();
  for (const { data } of history.of("sale.order.itemVoided")) if (data.remaining !== null) left.set(data.item, data.remaining);
  const onTicket = (what: string, items: readonly TicketItem[]) =>
    items.flatMap((is) => {
      const item = entered.get(is.item);
      // Of an item of which a part was voided, what is left depends on when.
      return differs(what, is.item, is, item && { ...asCooked(item), ...(left.has(is.item) ? { quantity: is.quantity } : {}) });
    });
  const asEntered = (what: string, items: readonly OrderItem[]) =>
    items.flatMap((is) => {
      const item = entered.get(is.item);
      return differs(what, is.item, is, item && { ...item, ...(left.has(is.item) ? { quantity: is.quantity, portions: is.portions } : {}) });
    });
  return [
    ...history.of("sale.order.sent", "sale.order.courseFired").flatMap(({ type, id, data }) => asEntered(`${type} ${id}`, data.items)),
    ...history.of("sale.order.itemVoided").flatMap(({ type, id, data }) => (data.remaining === null ? asEntered(`${type} ${id}`, [data.voided]) : [])),
    ...history.of("sale.kitchen-ticket.created").flatMap(({ subject, data }) => onTicket(`ticket ${subject}`, data.items)),
    ...history.of("sale.kitchen-ticket.fired", "sale.kitchen-ticket-item.voided").flatMap(({ subject, type, data }) => onTicket(`${type} of ticket ${subject}`, data.ticket.items)),
  ];
}

function asCooked({ names, variant, quantity, seat, modifiers, notes, allergy }: OrderItem): Omit<TicketItem, "item"> {
  return { name: names.kitchen, variant: variant?.name ?? null, quantity, seat, modifiers: modifiers.map(kitchenWords), notes, allergy };
}

/** As a cook reads it: "NO onions", "EXTRA shot x2", "basil LEFT". */
function kitchenWords({ kitchen, prefix, placement, quantity }: OrderModifier): string {
  const words = [prefix === "none" ? "" : prefix.toUpperCase(), kitchen, placement === "whole" ? "" : placement.toUpperCase(), quantity > 1 ? `x${quantity}` : ""];
  return words.filter((word) => word !== "").join(" ");
}

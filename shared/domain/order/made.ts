import type { Ref } from "../aggregate.ts";
import type { Context, Reader } from "../command.ts";
import { ref } from "../deciding.ts";
import { preparingStations } from "../ticket/route.ts";
import { ticketIdOf, ticketPart } from "../ticket/ticket-id.ts";
import type { OrderItemState, OrderState } from "./state.ts";

/** Every ticket that the item may stand on, at whatever station of the place: the routes may have changed since it was sent. */
function ticketsOf(item: OrderItemState, reader: Reader, context: Context): readonly string[] {
  const { sentBy, mark, course, serviceType } = item;
  const merchant = reader.get("merchant", context.merchant);
  if (item.status !== "fired" || sentBy === undefined || mark === null || !merchant) return [];
  return merchant.stations
    .filter(({ kind }) => kind === "prep")
    .flatMap(({ station }) => [true, false].map((fired) => ticketIdOf(sentBy, ticketPart({ station, course, fired, mark, serviceType }))));
}

export function productionRefs(item: OrderItemState | undefined, reader: Reader, context: Context): readonly Ref[] {
  return [ref("merchant", context.merchant), ...(item ? ticketsOf(item, reader, context).map((ticket) => ref("ticket", ticket)) : [])];
}

/** DOM-4: what a cook has begun is on the way to being made and cannot go back on the shelf. `tickets`: all that were looked at, to be held as they were read. */
export function production(item: OrderItemState, reader: Reader, context: Context): { readonly begun: boolean; readonly tickets: readonly string[] } {
  const tickets = ticketsOf(item, reader, context);
  const begun = tickets.some((id) => {
    const status = reader.get("ticket", id)?.items[item.item]?.status;
    return status === "cooking" || status === "ready";
  });
  return { begun, tickets };
}

/** What of the order stands on tickets that are not bumped yet, or that the kitchen is still to make. A place without screens bumps none. */
export function beingMade(order: OrderState, reader: Reader, context: Context): readonly OrderItemState[] {
  const kitchen = reader.get("merchant", context.merchant);
  return Object.values(order.items).filter((item) => {
    if (item.status !== "fired" || !kitchen || preparingStations(item, kitchen).length === 0) return false;
    const own = ticketsOf(item, reader, context).flatMap((id) => reader.get("ticket", id) ?? []).filter(({ items }) => items[item.item] !== undefined);
    return own.length === 0 || own.some((ticket) => ticket.status !== "completed" && ticket.items[item.item]?.status !== "voided");
  });
}

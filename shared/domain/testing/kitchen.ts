import type { DomainEvent } from "#shared/events/catalog.ts";
import { makeTickets } from "../ticket/make-tickets.ts";
import { ticketIdOf } from "../ticket/ticket-id.ts";
import type { World } from "./given.ts";
import { MERCHANT } from "./place.ts";

type KitchenEvent = Parameters<typeof makeTickets>[0];
const TYPES: readonly string[] = ["sale.order.sent", "sale.order.courseFired", "sale.order.itemVoided", "sale.order.headerChanged", "sale.order.merged", "sale.order.mergeRolledBack", "sale.order.split"];

function isForKitchen(event: DomainEvent): event is DomainEvent & KitchenEvent {
  return TYPES.includes(event.type);
}

/** The kitchen of a world: each call makes of what happened since the last one what its consumer makes of it. Answers what it wrote. */
export function kitchenOf(w: World): () => readonly DomainEvent[] {
  let seen = 0;
  let number = 0;
  return () => {
    const written: DomainEvent[] = [];
    const news = w.written.slice(seen);
    seen = w.written.length;
    for (const { stream, event } of news) {
      const merchant = w.get("merchant", MERCHANT);
      if (!merchant || !isForKitchen(event)) continue;
      const [first] = event.type === "sale.order.sent" ? event.data.items : [];
      // The world has no event ids of its own: the item that was sent remembers which event sent it.
      const sent = w.all("order").flatMap(({ items }) => items[first?.item ?? ""] ?? []).at(0)?.sentBy ?? "";
      const changes = makeTickets(event, stream, merchant, w.all("ticket"), { newTicketId: (part) => ticketIdOf(sent, part), nextNumber: () => ++number });
      for (const { stream: ticket, events } of changes) {
        w.happened("ticket", ticket, events);
        written.push(...events);
      }
    }
    seen = w.written.length;
    return written;
  };
}

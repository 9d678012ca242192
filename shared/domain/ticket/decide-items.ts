import type { z } from "zod";
import { acknowledgeItem, bumpItem, startItem } from "#shared/commands/kitchen.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { Decision, Reader, Refusal } from "../command.ts";
import { change, command, NO_CHANGE, ref, refuse, type Nothing } from "../deciding.ts";
import type { TicketItemState, TicketState } from "./state.ts";

type Input = z.output<typeof startItem>;
type Found = { readonly ticket: TicketState; readonly item: TicketItemState };

function find(input: Input, reader: Reader): Found | Refusal {
  const ticket = reader.get("ticket", input.ticket);
  if (!ticket) return refuse("unknown-ticket", { ticket: input.ticket });
  const item = ticket.items[input.item];
  return item ? { ticket, item } : refuse("unknown-item", { item: input.item });
}

function decided(ticket: TicketState, events: readonly DomainEvent[]): Decision<Nothing> {
  return events.length === 0 ? NO_CHANGE : { changes: [change("ticket", ticket.id, events)], result: {} };
}

/** Two cooks tap the same item: the second tap finds it so already (by state, not by time). */
export const startItemCommand = command({
  type: "ticket.startItem",
  version: 1,
  capability: "kitchen.work",
  owner: "merchant",
  schema: startItem,
  reads: (input) => [ref("ticket", input.ticket)],
  decide: (input, reader): Decision<Nothing> => {
    const found = find(input, reader);
    if ("refused" in found) return found;
    const { ticket, item } = found;
    if (ticket.status === "held") return refuse("ticket-held", { ticket: ticket.id });
    return decided(ticket, item.status === "pending" ? [{ type: "sale.kitchen-ticket-item.started", data: { item: item.item } }] : []);
  },
});

/** DOM-4: ready. The ticket stays on the screen until it is bumped as a whole. */
export const bumpItemCommand = command({
  type: "ticket.bumpItem",
  version: 1,
  capability: "kitchen.work",
  owner: "merchant",
  schema: bumpItem,
  reads: (input) => [ref("ticket", input.ticket)],
  decide: (input, reader): Decision<Nothing> => {
    const found = find(input, reader);
    if ("refused" in found) return found;
    const { ticket, item } = found;
    if (ticket.status === "held") return refuse("ticket-held", { ticket: ticket.id });
    const working = item.status === "pending" || item.status === "cooking";
    return decided(ticket, working ? [{ type: "sale.kitchen-ticket-item.ready", data: { item: item.item } }] : []);
  },
});

/** What a cook has not touched yet: a void's mark, an allergy. */
function isMarked(item: TicketItemState): boolean {
  return item.voided?.acknowledged === false || (item.allergy.length > 0 && !item.allergyAcknowledged);
}

/** A held ticket's marks can be seen too. A ticket of which nothing is left, and every void of it seen, leaves by itself. */
export const acknowledgeItemCommand = command({
  type: "ticket.acknowledgeItem",
  version: 1,
  capability: "kitchen.work",
  owner: "merchant",
  schema: acknowledgeItem,
  reads: (input) => [ref("ticket", input.ticket)],
  decide: (input, reader): Decision<Nothing> => {
    const found = find(input, reader);
    if ("refused" in found) return found;
    const { ticket, item } = found;
    if (!isMarked(item)) return NO_CHANGE;
    const events: DomainEvent[] = [{ type: "sale.kitchen-ticket-item.acknowledged", data: { item: item.item } }];
    const others = Object.values(ticket.items).filter((other) => other.item !== item.item);
    const gone = item.status === "voided" && others.every((other) => other.status === "voided" && other.voided?.acknowledged !== false);
    if (gone && ticket.status !== "completed") events.push({ type: "sale.kitchen-ticket.completed", data: {} });
    return decided(ticket, events);
  },
});

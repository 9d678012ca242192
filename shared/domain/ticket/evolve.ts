import type { EventEnvelope } from "#shared/events/catalog.ts";
import { addQuantities } from "#shared/money/quantity.ts";
import { erasedLabel } from "../erased.ts";
import { existing, unexpectedEvent } from "../fold.ts";
import type { TicketItemState, TicketState } from "./state.ts";

function withItem(ticket: TicketState, item: string, change: (item: TicketItemState) => TicketItemState): TicketState {
  const before = ticket.items[item];
  if (!before) throw new Error(`item ${item} is not on ticket ${ticket.id}`);
  return { ...ticket, items: { ...ticket.items, [item]: change(before) } };
}

export function evolveTicket(state: TicketState | undefined, event: EventEnvelope): TicketState {
  const at = event.occurredat;
  if (event.type === "sale.kitchen-ticket.created") {
    const { items, held, ...ticket } = event.data;
    return {
      ...ticket,
      id: event.subject,
      status: held ? "held" : "open",
      createdAt: at,
      firedAt: held ? null : at,
      shownAt: null,
      completedAt: null,
      recalled: 0,
      items: Object.fromEntries(items.map((item) => [item.item, { ...item, status: "pending", startedAt: null, readyAt: null, voided: null, allergyAcknowledged: false }])),
    };
  }
  const ticket = existing("ticket", state, event);
  switch (event.type) {
    case "sale.kitchen-ticket.fired":
      return { ...ticket, status: ticket.status === "held" ? "open" : ticket.status, firedAt: at };
    case "sale.kitchen-ticket.shown":
      return { ...ticket, shownAt: at };
    case "sale.kitchen-ticket-item.started":
      return withItem(ticket, event.data.item, (item) => ({ ...item, status: "cooking", startedAt: at }));
    case "sale.kitchen-ticket-item.ready":
      return withItem(ticket, event.data.item, (item) => ({ ...item, status: "ready", readyAt: at }));
    case "sale.kitchen-ticket-item.voided": {
      const { quantity, remaining, reason, by } = event.data;
      return withItem(ticket, event.data.item, (item) => ({
        ...item,
        status: remaining === null ? "voided" : item.status,
        quantity: remaining ?? item.quantity,
        // Two parts voided before a cook looked are one mark with their sum.
        voided: { quantity: item.voided && !item.voided.acknowledged ? addQuantities(item.voided.quantity, quantity) : quantity, reason, by, acknowledged: false },
      }));
    }
    case "sale.kitchen-ticket-item.acknowledged":
      return withItem(ticket, event.data.item, (item) => ({
        ...item,
        voided: item.voided && { ...item.voided, acknowledged: true },
        allergyAcknowledged: item.allergyAcknowledged || item.allergy.length > 0,
      }));
    case "sale.kitchen-ticket.relabelled": {
      const { order, label, server } = event.data;
      return { ...ticket, order, label, server };
    }
    case "sale.kitchen-ticket.completed":
      return { ...ticket, status: "completed", completedAt: at };
    case "sale.kitchen-ticket.recalled":
      return { ...ticket, status: ticket.firedAt === null ? "held" : "open", completedAt: null, recalled: ticket.recalled + 1 };
    case "sale.kitchen-ticket.guestErased":
      return { ...ticket, customer: null, label: erasedLabel(ticket.label), items: Object.fromEntries(Object.entries(ticket.items).map(([id, item]) => [id, { ...item, notes: null, allergy: [] }])) };
    default:
      throw unexpectedEvent("ticket", event);
  }
}

import { bumpTicket, recallTicket, showTickets } from "#shared/commands/kitchen.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { Change, Decision } from "../command.ts";
import { change, command, NO_CHANGE, ref, refuse, type Nothing } from "../deciding.ts";

/** A screen has drawn them: proof of delivery, once for each ticket. */
export const showTicketsCommand = command({
  type: "ticket.show",
  version: 1,
  capability: "kitchen.work",
  owner: "merchant",
  schema: showTickets,
  reads: (input) => input.tickets.map((ticket) => ref("ticket", ticket)),
  decide: (input, reader, context): Decision<Nothing> => {
    const { device } = context.actor;
    if (device === null) return refuse("device-required");
    const changes: Change[] = [];
    for (const id of new Set(input.tickets)) {
      const ticket = reader.get("ticket", id);
      if (!ticket) return refuse("unknown-ticket", { ticket: id });
      if (ticket.shownAt === null) changes.push(change("ticket", id, [{ type: "sale.kitchen-ticket.shown", data: { device } }]));
    }
    return { changes, result: {} };
  },
});

/** All that is not void is ready, and the ticket leaves the screen. */
export const bumpTicketCommand = command({
  type: "ticket.bump",
  version: 1,
  capability: "kitchen.work",
  owner: "merchant",
  schema: bumpTicket,
  reads: (input) => [ref("ticket", input.ticket)],
  decide: (input, reader): Decision<Nothing> => {
    const ticket = reader.get("ticket", input.ticket);
    if (!ticket) return refuse("unknown-ticket", { ticket: input.ticket });
    if (ticket.status === "held") return refuse("ticket-held", { ticket: ticket.id });
    if (ticket.status === "completed") return NO_CHANGE;
    const working = Object.values(ticket.items).filter((item) => item.status === "pending" || item.status === "cooking");
    const ready = working.map((item): DomainEvent => ({ type: "sale.kitchen-ticket-item.ready", data: { item: item.item } }));
    return { changes: [change("ticket", ticket.id, [...ready, { type: "sale.kitchen-ticket.completed", data: {} }])], result: {} };
  },
});

/** Comes back as it was before the bump: its items stay ready, its timer goes on from the firing. */
export const recallTicketCommand = command({
  type: "ticket.recall",
  version: 1,
  capability: "kitchen.work",
  owner: "merchant",
  schema: recallTicket,
  reads: (input) => [ref("ticket", input.ticket)],
  decide: (input, reader): Decision<Nothing> => {
    const ticket = reader.get("ticket", input.ticket);
    if (!ticket) return refuse("unknown-ticket", { ticket: input.ticket });
    if (ticket.status === "held") return refuse("ticket-held", { ticket: ticket.id });
    if (ticket.status === "open") return NO_CHANGE;
    return { changes: [change("ticket", ticket.id, [{ type: "sale.kitchen-ticket.recalled", data: {} }])], result: {} };
  },
});

import type { DataOf, DomainEvent } from "#shared/events/catalog.ts";
import type { Station } from "#shared/events/commerce.ts";
import type { OrderHeader, OrderItem, SentItem } from "#shared/events/sale-order.ts";
import type { Ticket, TicketItem } from "#shared/events/sale-ticket.ts";
import { kitchenWords } from "../order/modifier-words.ts";
import { preparingStations, type Kitchen } from "./route.ts";
import type { TicketState } from "./state.ts";
import { ticketPart } from "./ticket-id.ts";

/** What the kitchen consumer hands in: ids and numbers are its own, the same again for the same event. */
export type TicketSource = {
  /** The id of the ticket of one (send, station, course): `part` tells the tickets of one event apart. */
  newTicketId(part: string): string;
  /** The next number of the day: of the station's own tickets, or of the whole kitchen's sends (null). */
  nextNumber(station: string | null): number;
};
export type TicketChange = { readonly stream: string; readonly events: readonly DomainEvent[] };

type KitchenEvent =
  | { readonly type: "sale.order.sent"; readonly data: DataOf<"sale.order.sent"> }
  | { readonly type: "sale.order.courseFired"; readonly data: DataOf<"sale.order.courseFired"> }
  | { readonly type: "sale.order.itemVoided"; readonly data: DataOf<"sale.order.itemVoided"> }
  | { readonly type: "sale.order.headerChanged"; readonly data: DataOf<"sale.order.headerChanged"> }
  | { readonly type: "sale.order.merged"; readonly data: DataOf<"sale.order.merged"> }
  | { readonly type: "sale.order.mergeRolledBack"; readonly data: DataOf<"sale.order.mergeRolledBack"> }
  | { readonly type: "sale.order.split"; readonly data: DataOf<"sale.order.split"> };

/**
 * Everything that one event of an order changes in the kitchen. One ticket per send, station and course; a held course makes held tickets,
 * firing fires them, a void marks the item on every ticket that has it. `existing`: all tickets of the order.
 */
export function makeTickets(event: KitchenEvent, order: string, kitchen: Kitchen, existing: readonly TicketState[], source: TicketSource): readonly TicketChange[] {
  switch (event.type) {
    case "sale.order.sent":
      return ticketsOfSend(event.data.header, event.data.items, order, kitchen, source);
    case "sale.order.courseFired":
      return firedTickets(event.data, existing);
    case "sale.order.itemVoided":
      return voidedItems(event.data, existing);
    case "sale.order.headerChanged":
      return existing.filter((ticket) => ticket.order === order).flatMap((ticket) => relabelled(ticket, order, event.data.header));
    case "sale.order.merged":
      return movedTickets(event.data, order, event.data.into, existing);
    case "sale.order.mergeRolledBack":
      return movedTickets(event.data, order, event.data.from, existing);
    case "sale.order.split":
      return movedTickets(event.data, order, event.data.undone ? event.data.from : event.data.into, existing);
  }
}

function ticketItem(item: OrderItem): TicketItem {
  return {
    item: item.item,
    name: item.names.kitchen,
    variant: item.variant?.name ?? null,
    quantity: item.quantity,
    seat: item.seat,
    modifiers: item.modifiers.map(kitchenWords),
    notes: item.notes,
    allergy: item.allergy,
  };
}

type Part = { readonly station: Station; readonly first: SentItem; readonly items: SentItem[] };

/** The items of a send by station and course, in the order they were entered; a course of one send fires or is held as a whole. */
function partsOf(items: readonly SentItem[], kitchen: Kitchen): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>();
  for (const item of items) {
    for (const station of preparingStations(item, kitchen)) {
      const key = ticketPart({ ...item, station: station.station });
      const part = parts.get(key);
      if (part) part.items.push(item);
      else parts.set(key, { station, first: item, items: [item] });
    }
  }
  return parts;
}

function ticketsOfSend(header: OrderHeader, items: readonly SentItem[], order: string, kitchen: Kitchen, source: TicketSource): readonly TicketChange[] {
  const parts = [...partsOf(items, kitchen)];
  if (parts.length === 0) return [];
  // One number for the whole send: the cooks of two stations speak of the same ticket.
  const number = source.nextNumber(null);
  return parts.map(([key, { station, first, items: own }]) => {
    const data: Ticket = {
      number,
      stationNumber: source.nextNumber(station.station),
      station: station.station,
      stationName: station.name,
      order,
      label: header.label,
      serviceType: first.serviceType,
      promisedAt: header.promisedAt,
      customer: header.customer,
      server: header.server.name,
      course: first.course,
      held: !first.fired,
      mark: first.mark,
      items: own.map(ticketItem),
    };
    return { stream: source.newTicketId(key), events: [{ type: "sale.kitchen-ticket.created", data }] };
  });
}

/** The ticket as paper shows it: what is void is left out, unless `keep` names it. */
export function ticketOf(state: TicketState, keep: string | null = null): Ticket {
  const { id: _i, status, createdAt: _c, firedAt: _f, shownAt: _s, completedAt: _d, recalled: _r, items, ...ticket } = state;
  const shown = Object.values(items).filter((item) => item.status !== "voided" || item.item === keep);
  return {
    ...ticket,
    held: status === "held",
    items: shown.map(({ status: _st, startedAt: _sa, readyAt: _ra, voided: _v, allergyAcknowledged: _a, ...item }) => item),
  };
}

function relabelled(ticket: TicketState, order: string, header: OrderHeader): readonly TicketChange[] {
  const server = header.server.name;
  if (ticket.order === order && ticket.label === header.label && ticket.server === server) return [];
  return [{ stream: ticket.id, events: [{ type: "sale.kitchen-ticket.relabelled", data: { order, label: header.label, server, was: ticket.label } }] }];
}

type Moved = Pick<DataOf<"sale.order.merged">, "from" | "items" | "header">;

/** Nothing is cooked again: tickets of which everything moved say where it is now. Both orders have the event; the giving or returning one's is the one that counts. */
function movedTickets({ from, items, header }: Moved, order: string, to: string, existing: readonly TicketState[]): readonly TicketChange[] {
  if (order !== from) return [];
  const moved = new Set(items.map(({ item }) => item));
  return existing.filter((ticket) => Object.keys(ticket.items).every((item) => moved.has(item))).flatMap((ticket) => relabelled(ticket, to, header));
}

/** By its items, since a ticket may hold what two orders sent while they were one. */
function firedTickets({ course, items: fired, by }: DataOf<"sale.order.courseFired">, existing: readonly TicketState[]): readonly TicketChange[] {
  return existing
    .filter((ticket) => ticket.course === course && ticket.status === "held" && fired.some(({ item }) => ticket.items[item]))
    .filter((ticket) => Object.values(ticket.items).some((item) => item.status !== "voided"))
    .map((ticket) => ({
      stream: ticket.id,
      events: [{ type: "sale.kitchen-ticket.fired", data: { station: ticket.station, by: by.name, ticket: { ...ticketOf(ticket), held: false } } }],
    }));
}

function voidedItems({ item, voided, remaining, reason, by }: DataOf<"sale.order.itemVoided">, existing: readonly TicketState[]): readonly TicketChange[] {
  return existing
    .filter((ticket) => ticket.items[item] && ticket.items[item].status !== "voided")
    .map((ticket) => ({
      stream: ticket.id,
      events: [
        { type: "sale.kitchen-ticket-item.voided", data: { item, quantity: voided.quantity, remaining, reason, by: by.name, ticket: ticketOf(ticket, item) } },
      ],
    }));
}

import type { TicketItemState, TicketState } from "#shared/domain/ticket/state.ts";

/** One station's work. `open` and `held` are in the order in which they are shown: oldest first. */
export type StationTickets = {
  readonly open: readonly TicketState[];
  readonly held: readonly TicketState[];
  /** The last to leave first. */
  readonly completed: readonly TicketState[];
};

const RECALLABLE = 20;

export function stationTickets(tickets: readonly TicketState[], station: string): StationTickets {
  const own = tickets.filter((ticket) => ticket.station === station);
  return {
    open: own.filter((ticket) => ticket.status === "open").sort(oldestFirst),
    held: own.filter((ticket) => ticket.status === "held" && shownItems(ticket).length > 0).sort(oldestFirst),
    completed: own
      .filter((ticket) => ticket.status === "completed")
      .sort((a, b) => compare(b.completedAt ?? "", a.completedAt ?? ""))
      .slice(0, RECALLABLE),
  };
}

/** Screen rule 12: age counts from the firing; a held ticket has none and is ordered by when it was sent. */
function oldestFirst(a: TicketState, b: TicketState): number {
  return compare(a.firedAt ?? a.createdAt, b.firedAt ?? b.createdAt) || a.number - b.number || compare(a.id, b.id);
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By seat, the shared ones first, then as entered. A void line stays until somebody has touched it, then it goes (screen rule 11). */
export function shownItems(ticket: TicketState): readonly TicketItemState[] {
  return Object.values(ticket.items)
    .filter((item) => item.status !== "voided" || item.voided?.acknowledged === false)
    .sort((a, b) => (a.seat ?? 0) - (b.seat ?? 0) || compare(a.item, b.item));
}

export function isVoidUnseen(item: TicketItemState): boolean {
  return item.voided?.acknowledged === false;
}

export function isAllergyUnseen(item: TicketItemState): boolean {
  return item.allergy.length > 0 && !item.allergyAcknowledged && item.status !== "voided";
}

/** All that is to be made is made: the ticket only waits for its bump. */
export function isAllReady(ticket: TicketState): boolean {
  const live = Object.values(ticket.items).filter((item) => item.status !== "voided");
  return live.length > 0 && live.every((item) => item.status === "ready");
}

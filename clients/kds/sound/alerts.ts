import type { TicketState } from "#shared/domain/ticket/state.ts";
import { isVoidUnseen } from "../tickets/station-tickets.ts";

export type Alert = "ticket" | "void" | "ready";

/** What of a station can be heard: its tickets to make, and the voids that nobody has seen. */
export type Heard = { readonly tickets: ReadonlySet<string>; readonly voids: ReadonlySet<string> };

export function heardOf(open: readonly TicketState[], held: readonly TicketState[] = []): Heard {
  const voids = [...open, ...held].flatMap((ticket) =>
    Object.values(ticket.items)
      .filter(isVoidUnseen)
      .map((item) => `${ticket.id} ${item.item} ${item.voided?.quantity ?? ""}`),
  );
  // A recalled ticket comes back by a cook's own hand.
  return { tickets: new Set(open.filter((ticket) => ticket.recalled === 0).map((ticket) => ticket.id)), voids: new Set(voids) };
}

/** A void is heard before a new ticket: it saves food. Nothing at the first look, when all is new. */
export function alertBetween(before: Heard | null, after: Heard): Alert | null {
  if (before === null) return null;
  if (hasNew(before.voids, after.voids)) return "void";
  return hasNew(before.tickets, after.tickets) ? "ticket" : null;
}

export function hasNew(before: ReadonlySet<string>, after: ReadonlySet<string>): boolean {
  for (const id of after) if (!before.has(id)) return true;
  return false;
}

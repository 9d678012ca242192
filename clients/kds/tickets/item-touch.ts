import type { TicketItemState, TicketState } from "#shared/domain/ticket/state.ts";
import { isAllergyUnseen, isVoidUnseen } from "./station-tickets.ts";

export type ItemTouch = "ticket.acknowledgeItem" | "ticket.startItem" | "ticket.bumpItem";

/**
 * What a touch of an item means. A mark that nobody has seen takes the touch for itself: who touches an allergy has
 * read it, and starts with the next touch (DOM-7). Null: nothing is left to do.
 */
export function touchOf(ticket: TicketState, item: TicketItemState, at: "station" | "pass"): ItemTouch | null {
  if (isVoidUnseen(item) || isAllergyUnseen(item)) return "ticket.acknowledgeItem";
  if (ticket.status !== "open") return null;
  if (item.status === "pending") return at === "station" ? "ticket.startItem" : "ticket.bumpItem";
  return item.status === "cooking" ? "ticket.bumpItem" : null;
}

/** The marks that a bump of the whole ticket has touched as well. */
export function unseenItems(ticket: TicketState): readonly string[] {
  return Object.values(ticket.items)
    .filter((item) => isVoidUnseen(item) || isAllergyUnseen(item))
    .map((item) => item.item);
}

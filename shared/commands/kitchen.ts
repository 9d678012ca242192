import { z } from "zod";
import { id } from "#shared/events/primitives.ts";

const ticketOnly = z.object({ ticket: id("ticket") });
const ticketItem = z.object({ ticket: id("ticket"), item: id("item") });
/** All -> `{}`, and all may be repeated: asking for what is so already changes nothing and is answered with success. Refuse: unknown-ticket, unknown-item, ticket-held. */
export const showTickets = z.object({ tickets: z.array(id("ticket")).min(1).max(100) });
export const startItem = ticketItem;
export const bumpItem = ticketItem;
/** A void's or an allergy's mark has been seen. */
export const acknowledgeItem = ticketItem;
/** Every item that is not void becomes ready, the ticket leaves the screen. */
export const bumpTicket = ticketOnly;
/** The ticket comes back as it was before the bump, items ready. */
export const recallTicket = ticketOnly;
/** `printing.reprint` -> `{}`: the slip again, marked REPRINT. */
export const reprint = z.object({ job: id("job") });

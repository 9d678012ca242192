import { z } from "zod";
import { event, type EventOf } from "./define.ts";
import { course, id, instant, quantity, seat, serviceType, text } from "./primitives.ts";

/** One item on one station's ticket. Production lives here (DOM-4): pending -> cooking -> ready. */
export const ticketItem = z.object({
  item: id("item"),
  name: text(40),
  variant: text(30).nullable(),
  quantity,
  seat,
  /** As the cook reads them: "EXTRA shot", "NO onions", "medium". */
  modifiers: z.array(text(60)).max(60),
  notes: text(200).nullable(),
  allergy: z.array(text(30)).max(10),
});
export const ticket = z.object({
  /** Short, starts again each business day (DOM-18); one for all stations of a send. */
  number: z.number().int().min(1),
  /** Counts the station's own tickets of the day, so that cooks see a gap. */
  stationNumber: z.number().int().min(1),
  station: id("station"),
  stationName: text(30),
  order: id("order"),
  label: text(30),
  serviceType,
  promisedAt: instant.nullable(),
  customer: text(60).nullable(),
  server: text(60),
  course,
  /** Held: shown dimmed, its timer has not begun. */
  held: z.boolean(),
  mark: z.enum(["NEW", "ADD"]),
  items: z.array(ticketItem).min(1).max(100),
});

export const saleTicketEvents = [
  event("sale.kitchen-ticket.created", 1, ticket),
  event("sale.kitchen-ticket.fired", 1, z.object({ station: id("station"), by: text(60), ticket })),
  /** A screen of the station has drawn it: proof of delivery. */
  event("sale.kitchen-ticket.shown", 1, z.object({ device: id("device") })),
  event("sale.kitchen-ticket-item.started", 1, z.object({ item: id("item") })),
  event("sale.kitchen-ticket-item.ready", 1, z.object({ item: id("item") })),
  /** `remaining` null: the whole line. Shown as VOID until touched (acknowledged). */
  event("sale.kitchen-ticket-item.voided", 1, z.object({ item: id("item"), quantity, remaining: quantity.nullable(), reason: text(80), by: text(60), ticket })),
  event("sale.kitchen-ticket-item.acknowledged", 1, z.object({ item: id("item") })),
  /** Its order moved, was joined or handed over: nothing is cooked again, only the words on it change. */
  event("sale.kitchen-ticket.relabelled", 1, z.object({ order: id("order"), label: text(30), server: text(60), was: text(30) })),
  event("sale.kitchen-ticket.completed", 1, z.object({})),
  event("sale.kitchen-ticket.recalled", 1, z.object({})),
  /** Its order's guest was erased: who read the ticket before that writes nothing on it any more. */
  event("sale.kitchen-ticket.guestErased", 1, z.object({})),
] as const;
export type SaleTicketEvent = EventOf<typeof saleTicketEvents>;
export type Ticket = z.infer<typeof ticket>;
export type TicketItem = z.infer<typeof ticketItem>;

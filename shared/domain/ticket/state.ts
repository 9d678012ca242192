import type { Ticket, TicketItem } from "#shared/events/sale-ticket.ts";

export type TicketItemStatus = "pending" | "cooking" | "ready" | "voided";
export type TicketItemState = TicketItem & {
  readonly status: TicketItemStatus;
  readonly startedAt: string | null;
  readonly readyAt: string | null;
  /** Set by a void until a cook has touched it. */
  readonly voided: { readonly quantity: string; readonly reason: string; readonly by: string; readonly acknowledged: boolean } | null;
  readonly allergyAcknowledged: boolean;
};
export type TicketState = Omit<Ticket, "items" | "held"> & {
  readonly id: string;
  readonly status: "held" | "open" | "completed";
  readonly createdAt: string;
  /** The timer counts from here; null while held. */
  readonly firedAt: string | null;
  readonly shownAt: string | null;
  readonly completedAt: string | null;
  readonly recalled: number;
  readonly items: Readonly<Record<string, TicketItemState>>;
};

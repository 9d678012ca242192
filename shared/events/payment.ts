import { z } from "zod";
import { event, type EventOf } from "./define.ts";
import { id, money, person } from "./primitives.ts";
import { tender } from "./sale-check.ts";

/** DOM-14. Cash and a card taken by hand are captured at once; providers come with "Checks and money". */
export const paymentEvents = [
  event("payment.transaction.created", 1, z.object({ check: id("check"), order: id("order"), drawer: id("drawer").nullable(), tender, checkClosed: z.boolean(), by: person })),
  event("payment.attempt.created", 1, z.object({ attempt: id("attempt"), amount: money })),
  event("payment.attempt.success", 1, z.object({ attempt: id("attempt"), check: id("check"), drawer: id("drawer").nullable(), tender })),
  /** The order is paid in full. */
  event("payment.order.success", 1, z.object({ order: id("order"), check: id("check") })),
] as const;
export type PaymentEvent = EventOf<typeof paymentEvents>;

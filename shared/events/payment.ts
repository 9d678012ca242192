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

/** DOM-16: one session of one drawer. */
export const cashEvents = [
  event("cash.drawer.opened", 1, z.object({ name: z.string(), float: money, by: person })),
  event("cash.drawer.cashTaken", 1, z.object({ payment: id("payment"), amount: money })),
  event("cash.drawer.closed", 1, z.object({ counted: money, expected: money, difference: money, by: person })),
  /** The till's own stream, one per name: what makes two openings of one till meet. */
  event("cash.till.occupied", 1, z.object({ drawer: id("drawer"), name: z.string() })),
  event("cash.till.released", 1, z.object({ drawer: id("drawer") })),
] as const;
export type CashEvent = EventOf<typeof cashEvents>;

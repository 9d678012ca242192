import { z } from "zod";
import { event, type EventOf } from "./define.ts";
import { id, money, person } from "./primitives.ts";

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

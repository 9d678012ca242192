import { z } from "zod";
import { event, type EventOf } from "./define.ts";
import { id, person, text } from "./primitives.ts";

export const covers = z.number().int().min(1).max(99);

const tables = z.array(z.object({ table: id("table"), name: text(10) })).max(20);

export const allocationEvents = [
  /** DOM-2: a party uses 0..n tables from seated to cleared. Its first order's id is fixed here, so that two tablets mean one order. */
  event("allocation.usage.seated", 1, z.object({ tables, covers, server: person, order: id("order") })),
  event("allocation.usage.coversChanged", 1, z.object({ covers })),
  /** The party goes on after its order was completed (paid, then one more coffee): its next order. */
  event("allocation.usage.orderOpened", 1, z.object({ order: id("order") })),
  /** Its order was completed: nothing is owed or waiting, the table is offered (DOM-2). */
  event("allocation.usage.settled", 1, z.object({ order: id("order") })),
  /** Sits at other tables now. `was`: for undoing. */
  event("allocation.usage.moved", 1, z.object({ operation: id("operation"), tables, was: tables, by: person })),
  /** On the party that stays: covers add up (DOM-2), its tables are both parties', `orders` are the other's. */
  event("allocation.usage.joined", 1, z.object({ operation: id("operation"), party: id("party"), covers, tables, orders: z.array(id("order")).max(50), by: person })),
  /** On the party that joined another: it is over, until this is undone. */
  event("allocation.usage.joinedInto", 1, z.object({ operation: id("operation"), party: id("party"), by: person })),
  /** On both parties: as it was before the join, what was ordered since stays. `covers`: what this party has now. */
  event("allocation.usage.joinRolledBack", 1, z.object({ operation: id("operation"), covers, tables, orders: z.array(id("order")).max(50), by: person })),
  /** Handed over, or back. `parties`: all that went with it. */
  event("allocation.usage.serverChanged", 1, z.object({ server: person, operation: id("operation"), parties: z.array(id("party")).max(40).optional(), by: person })),
  event("allocation.usage.cleared", 1, z.object({ by: person })),
  /** The table's own stream: what makes two devices seating one table meet. */
  event("allocation.table.occupied", 1, z.object({ party: id("party") })),
  event("allocation.table.released", 1, z.object({ party: id("party") })),
] as const;
export type AllocationEvent = EventOf<typeof allocationEvents>;

import { z } from "zod";
import { event, type EventOf } from "./define.ts";
import { id, person, text } from "./primitives.ts";

export const covers = z.number().int().min(1).max(99);

export const allocationEvents = [
  /** DOM-2: a party uses 0..n tables from seated to cleared. Its first order's id is fixed here, so that two tablets mean one order. */
  event("allocation.usage.seated", 1, z.object({ tables: z.array(z.object({ table: id("table"), name: text(10) })).max(20), covers, server: person, order: id("order") })),
  event("allocation.usage.coversChanged", 1, z.object({ covers })),
  /** The party goes on after its order was completed (paid, then one more coffee): its next order. */
  event("allocation.usage.orderOpened", 1, z.object({ order: id("order") })),
  /** Its order was completed: nothing is owed or waiting, the table is offered (DOM-2). */
  event("allocation.usage.settled", 1, z.object({ order: id("order") })),
  event("allocation.usage.cleared", 1, z.object({ by: person })),
  /** The table's own stream: what makes two devices seating one table meet. */
  event("allocation.table.occupied", 1, z.object({ party: id("party") })),
  event("allocation.table.released", 1, z.object({ party: id("party") })),
] as const;
export type AllocationEvent = EventOf<typeof allocationEvents>;

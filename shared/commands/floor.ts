import { z } from "zod";
import { covers } from "#shared/events/allocation.ts";
import { id } from "#shared/events/primitives.ts";

/** `party.seat` -> `{ party, order }`. The first order's id is fixed here. Refuses: table-occupied { table, parties }, unknown-table, party-exists. */
export const seatParty = z.object({
  party: id("party"),
  order: id("order"),
  tables: z.array(id("table")).min(1).max(10),
  covers,
  /** What to do when a table has a party already: `refuse`, or sit beside it. */
  whenOccupied: z.enum(["refuse", "share"]),
});
/** `party.changeCovers` -> `{}`. */
export const changeCovers = z.object({ party: id("party"), covers });
/** `party.clear` -> `{}`. Refuses: check-open { checks }, unsent-items { order }, held-items { order, items }. */
export const clearParty = z.object({ party: id("party") });

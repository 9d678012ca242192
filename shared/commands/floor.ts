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
/** `party.move` -> `{}`: to other tables; orders, checks and kitchen tickets change their label. Refuses: unknown-party, party-cleared, unknown-table, table-occupied { table, parties }. Undone by `party.undo`. */
export const moveParty = z.object({ operation: id("operation"), party: id("party"), tables: z.array(id("table")).min(1).max(10), whenOccupied: z.enum(["refuse", "share"]) });
/** `party.join` -> `{ covers }`: `source` joins `target`: covers and tables add up, its orders and checks are the target's. Refuses: unknown-party, party-cleared, same-party, covers-too-many { most }, tables-too-many { most }. Undone by `party.undo`. */
export const joinParties = z.object({ operation: id("operation"), source: id("party"), target: id("party") });
/** `party.handOver` -> `{}`: these parties, with orders and checks, are another person's (DOM-20). Refuses: unknown-party, party-cleared, unknown-staff, staff-disabled. Undone by `party.undo`. */
export const handOver = z.object({ operation: id("operation"), parties: z.array(id("party")).min(1).max(40), to: id("staff") });
/** `party.undo` -> `{}`: of a move, a join or a handing over (of all parties that went with it and are where it left them). Refuses: unknown-operation, cannot-undo { why: cleared | table-occupied | moved-on }. */
export const undoParty = z.object({ operation: id("operation"), party: id("party") });

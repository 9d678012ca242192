import { seatParty } from "#shared/commands/floor.ts";
import type { z } from "zod";
import type { Context, Decision, Reader } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED } from "../deciding.ts";
import type { TableState } from "./state.ts";

type Input = z.output<typeof seatParty>;

/** Both the party and each of its tables get an event, so that two devices that seat one table meet there (failure 2). */
function decide(input: Input, reader: Reader, context: Context): Decision<{ party: string; order: string }> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  if (reader.get("party", input.party)) return refuse("party-exists", { party: input.party });
  if (reader.get("order", input.order)) return refuse("order-exists", { order: input.order });
  const tables: TableState[] = [];
  for (const id of new Set(input.tables)) {
    const table = reader.get("table", id);
    if (!table) return refuse("unknown-table", { table: id });
    if (input.whenOccupied === "refuse" && table.parties.length > 0) return refuse("table-occupied", { table: id, parties: table.parties });
    tables.push(table);
  }
  const { party, order, covers } = input;
  return {
    changes: [
      change("party", party, [
        { type: "allocation.usage.seated", data: { tables: tables.map(({ id, name }) => ({ table: id, name })), covers, server: by, order } },
      ]),
      ...tables.map((table) => change("table", table.id, [{ type: "allocation.table.occupied", data: { party } }])),
    ],
    result: { party, order },
  };
}

export const seatPartyCommand = command({
  type: "party.seat",
  version: 1,
  capability: "floor.seat",
  owner: "merchant",
  schema: seatParty,
  reads: (input) => [ref("party", input.party), ref("order", input.order), ...input.tables.map((table) => ref("table", table))],
  decide,
});

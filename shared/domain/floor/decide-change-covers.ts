import { changeCovers } from "#shared/commands/floor.ts";
import { change, command, NO_CHANGE, ref, refuse, type Nothing } from "../deciding.ts";
import type { Decision } from "../command.ts";

export const changeCoversCommand = command({
  type: "party.changeCovers",
  version: 1,
  capability: "floor.seat",
  owner: "merchant",
  schema: changeCovers,
  reads: (input) => [ref("party", input.party)],
  decide: ({ party: id, covers }, reader): Decision<Nothing> => {
    const party = reader.get("party", id);
    if (!party) return refuse("unknown-party", { party: id });
    if (party.cleared) return refuse("party-cleared", { party: id });
    if (party.covers === covers) return NO_CHANGE;
    return { changes: [change("party", id, [{ type: "allocation.usage.coversChanged", data: { covers } }])], result: {} };
  },
});

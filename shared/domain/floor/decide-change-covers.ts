import { changeCovers } from "#shared/commands/floor.ts";
import { change, command, NO_CHANGE, personOf, ref, refuse, STAFF_REQUIRED, type Nothing } from "../deciding.ts";
import { openOrdersOf, partyOrderRefs, renamed } from "../order/header.ts";
import type { Decision } from "../command.ts";

export const changeCoversCommand = command({
  type: "party.changeCovers",
  version: 1,
  capability: "floor.seat",
  owner: "merchant",
  schema: changeCovers,
  reads: (input, reader) => [ref("party", input.party), ...partyOrderRefs(reader.get("party", input.party), reader)],
  decide: ({ party: id, covers }, reader, context): Decision<Nothing> => {
    const by = personOf(context);
    if (!by) return STAFF_REQUIRED;
    const party = reader.get("party", id);
    if (!party) return refuse("unknown-party", { party: id });
    if (party.cleared) return refuse("party-cleared", { party: id });
    if (party.covers === covers) return NO_CHANGE;
    // DOM-12: a larger party pays another service charge, on every check of it that is open.
    const names = renamed(openOrdersOf(party, reader), { party: { ...party, covers }, takesServer: false }, { operation: null, why: "covers", by }, reader);
    if ("refused" in names) return names;
    return { changes: [change("party", id, [{ type: "allocation.usage.coversChanged", data: { covers } }]), ...names], result: {} };
  },
});

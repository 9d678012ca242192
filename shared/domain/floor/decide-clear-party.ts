import { clearParty } from "#shared/commands/floor.ts";
import type { z } from "zod";
import type { Change, Context, Decision, Reader, Refusal } from "../command.ts";
import { change, command, guard, NO_CHANGE, personOf, ref, refuse, STAFF_REQUIRED, type Nothing } from "../deciding.ts";
import { isEmptyCheck } from "../check/settle.ts";

/** What is left of the party's order: nothing may be owed, waiting unsent, or held and maybe paid for. Guards keep it so until the party is gone. */
function endOrder(id: string, reader: Reader): readonly Change[] | Refusal {
  const order = reader.get("order", id);
  if (!order) return [guard("order", id)];
  const unsent = Object.values(order.items).filter((item) => item.status === "entered");
  if (unsent.length > 0) return refuse("unsent-items", { order: id, items: unsent.map((item) => item.item) });
  const held = Object.values(order.items).filter((item) => item.status === "held");
  if (held.length > 0) return refuse("held-items", { order: id, items: held.map((item) => item.item) });
  const check = reader.get("check", order.defaultCheck);
  const owed = check && check.status !== "closed" && check.status !== "voided";
  if (check && owed && !isEmptyCheck(check)) return refuse("check-open", { checks: [check.id] });
  return [
    owed ? change("check", check.id, [{ type: "sale.check.voided", data: { reason: "empty" } }]) : guard("check", order.defaultCheck),
    order.completed ? guard("order", id) : change("order", id, [{ type: "sale.order.completed", data: {} }]),
  ];
}

function decide({ party: id }: z.output<typeof clearParty>, reader: Reader, context: Context): Decision<Nothing> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const party = reader.get("party", id);
  if (!party) return refuse("unknown-party", { party: id });
  if (party.cleared) return NO_CHANGE;
  const ended = endOrder(party.order, reader);
  if ("refused" in ended) return ended;
  return {
    changes: [
      change("party", id, [{ type: "allocation.usage.cleared", data: { by } }]),
      ...party.tables.map(({ table }) => change("table", table, [{ type: "allocation.table.released", data: { party: id } }])),
      ...ended,
    ],
    result: {},
  };
}

export const clearPartyCommand = command({
  type: "party.clear",
  version: 1,
  capability: "floor.seat",
  owner: "merchant",
  schema: clearParty,
  reads: (input, reader) => {
    const party = reader.get("party", input.party);
    if (!party) return [ref("party", input.party)];
    const order = reader.get("order", party.order);
    return [
      ref("party", input.party),
      ref("order", party.order),
      ...party.tables.map(({ table }) => ref("table", table)),
      ...(order ? [ref("check", order.defaultCheck)] : []),
    ];
  },
  decide,
});

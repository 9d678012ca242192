import { clearParty } from "#shared/commands/floor.ts";
import type { z } from "zod";
import type { Change, Context, Decision, Reader, Refusal } from "../command.ts";
import { change, command, guard, NO_CHANGE, personOf, ref, refuse, STAFF_REQUIRED, type Nothing } from "../deciding.ts";
import { isEmptyCheck } from "../check/settle.ts";
import { checksOf, isSettled, orderCheckRefs } from "../order/completion.ts";
import { ordersOf } from "./state.ts";

/** What is left of the party's order: nothing may be owed, waiting unsent, or held and maybe paid for. Guards keep it so until the party is gone. */
function endOrder(id: string, reader: Reader): readonly Change[] | Refusal {
  const order = reader.get("order", id);
  if (!order) return [guard("order", id)];
  const unsent = Object.values(order.items).filter((item) => item.status === "entered");
  if (unsent.length > 0) return refuse("unsent-items", { order: id, items: unsent.map((item) => item.item) });
  const held = Object.values(order.items).filter((item) => item.status === "held");
  if (held.length > 0) return refuse("held-items", { order: id, items: held.map((item) => item.item) });
  const checks = checksOf(order, reader);
  const owed = checks.filter((check) => !isSettled(check) && !isEmptyCheck(check));
  if (owed.length > 0) return refuse("check-open", { checks: owed.map((check) => check.id) });
  return [
    ...checks.map((check) => (isSettled(check) ? guard("check", check.id) : change("check", check.id, [{ type: "sale.check.voided", data: { reason: "empty" } }]))),
    order.completed ? guard("order", id) : change("order", id, [{ type: "sale.order.completed", data: {} }]),
  ];
}

function decide({ party: id }: z.output<typeof clearParty>, reader: Reader, context: Context): Decision<Nothing> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const party = reader.get("party", id);
  if (!party) return refuse("unknown-party", { party: id });
  if (party.cleared) return NO_CHANGE;
  const ended: Change[] = [];
  for (const order of ordersOf(party)) {
    const changes = endOrder(order, reader);
    if ("refused" in changes) return changes;
    ended.push(...changes.filter((one) => !ended.some(({ stream }) => stream === one.stream)));
  }
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
    return [
      ref("party", input.party),
      ...party.tables.map(({ table }) => ref("table", table)),
      ...ordersOf(party).flatMap((id) => [ref("order", id), ...orderCheckRefs(reader.get("order", id), reader)]),
    ];
  },
  decide,
});

import type { z } from "zod";
import { eraseGuest } from "#shared/commands/order.ts";
import type { CheckState } from "../check/state.ts";
import type { Context, Decision, Reader } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED, type Nothing } from "../deciding.ts";
import { mayNameGuest } from "../erased.ts";
import { isSettled, orderCheckRefs } from "./completion.ts";
import type { OrderState } from "./state.ts";

/** A party's label is its tables'; every other is what somebody called the guest. */
function namesGuest({ customer, items, party, label }: OrderState): boolean {
  return customer !== null || (party === null && mayNameGuest(label)) || Object.values(items).some(({ notes }) => notes !== null);
}

function checkNamesGuest({ party, label, parts = [] }: CheckState): boolean {
  return (party === null && mayNameGuest(label)) || parts.some(({ name }) => mayNameGuest(name));
}

/** The order, and those that were merged with it: each one's events carry the other's names. */
function ordersTogether(order: string, reader: Reader): readonly string[] {
  const found = new Set([order]);
  for (const id of found) {
    const state = reader.get("order", id);
    for (const other of [...(state?.mergedInto ? [state.mergedInto] : []), ...(state?.operations ?? []).flatMap((one) => (one.kind === "merge" ? [one.with] : []))]) found.add(other);
  }
  return [...found];
}

function decide(input: z.output<typeof eraseGuest>, reader: Reader, context: Context): Decision<Nothing> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  if (!reader.get("order", input.order)) return refuse("unknown-order", { order: input.order });
  const orders = ordersTogether(input.order, reader).flatMap((id) => reader.get("order", id) ?? []);
  // The kitchen and the pass still need to know for whom it is.
  const open = orders.find(({ completed }) => !completed);
  if (open) return refuse("order-open", { order: open.id });
  const checks = new Map(orders.flatMap((order) => orderCheckRefs(order, reader)).flatMap(({ stream }) => reader.get("check", stream) ?? []).map((check) => [check.id, check]));
  // What was split off to go with other guests is theirs.
  const own = [...checks.values()].filter((check) => orders.some(({ id }) => id === check.order) && isSettled(check));
  if (!orders.some(namesGuest) && !own.some(checkNamesGuest)) return refuse("nothing-to-erase", { order: input.order });
  const { reason } = input;
  return {
    changes: [
      ...orders.map((order) => change("order", order.id, [{ type: "sale.order.guestErased", data: { checks: own.filter((check) => check.order === order.id).map(({ id }) => id), reason, by } }])),
      ...own.map((check) => change("check", check.id, [{ type: "sale.check.guestErased", data: { reason, by } }])),
    ],
    result: {},
  };
}

export const eraseGuestCommand = command({
  type: "order.eraseGuest",
  version: 1,
  capability: "guest.erase",
  owner: "merchant",
  schema: eraseGuest,
  reads: (input, reader) => {
    const orders = ordersTogether(input.order, reader);
    return [...orders.map((order) => ref("order", order)), ...orders.flatMap((order) => orderCheckRefs(reader.get("order", order), reader))];
  },
  decide,
});

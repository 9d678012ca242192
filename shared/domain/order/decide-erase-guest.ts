import type { z } from "zod";
import { eraseGuest } from "#shared/commands/order.ts";
import type { CheckState } from "../check/state.ts";
import type { Context, Decision, Reader } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED, type Nothing } from "../deciding.ts";
import { mayNameGuest } from "../erased.ts";
import { isSettled } from "./completion.ts";
import { beingMade, productionRefs } from "./made.ts";
import type { OrderState } from "./state.ts";

/** A party's label is its tables'; every other is what somebody called the guest. */
function namesGuest({ customer, items, party, label }: OrderState): boolean {
  return customer !== null || (party === null && mayNameGuest(label)) || Object.values(items).some(({ notes, allergy }) => notes !== null || allergy.length > 0);
}

function checkNamesGuest({ party, label, parts = [] }: CheckState): boolean {
  return (party === null && mayNameGuest(label)) || parts.some(({ name }) => mayNameGuest(name));
}

/** The order, and all that it was ever together with, through whichever chain: each one's events carry the others' words, also when it was undone. */
function ordersTogether(order: string, reader: Reader): readonly string[] {
  const found = new Set([order]);
  for (const id of found) for (const other of reader.get("order", id)?.together ?? []) found.add(other);
  return [...found];
}

/** Every check that the orders had, with its family and what was made beside it. A check that is not read yet is named all the same. */
function checksTogether(orders: readonly string[], reader: Reader): readonly string[] {
  const states = orders.flatMap((id) => reader.get("order", id) ?? []);
  const found = new Set(states.flatMap(({ defaultCheck, homes = [] }) => [defaultCheck, ...homes]));
  for (const id of found) {
    const { family, members = [], beside = [] } = reader.get("check", id) ?? {};
    for (const other of [...(family ? [family] : []), ...members, ...beside]) found.add(other);
  }
  return [...found];
}

function decide(input: z.output<typeof eraseGuest>, reader: Reader, context: Context): Decision<Nothing> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  if (!reader.get("order", input.order)) return refuse("unknown-order", { order: input.order });
  const ids = ordersTogether(input.order, reader);
  const orders = ids.flatMap((id) => reader.get("order", id) ?? []);
  // The kitchen and the pass still need to know for whom it is.
  const open = orders.find(({ completed }) => !completed);
  if (open) return refuse("order-open", { order: open.id });
  // Checks of other guests, which only share a family with these, are theirs.
  const own = checksTogether(ids, reader).flatMap((id) => reader.get("check", id) ?? []).filter((check) => ids.includes(check.order));
  const unsettled = own.find((check) => !isSettled(check));
  if (unsettled) return refuse("order-open", { order: unsettled.order });
  if (!orders.some(namesGuest) && !own.some(checkNamesGuest)) return refuse("nothing-to-erase", { order: input.order });
  const made = orders.map((order) => ({ order: order.id, items: beingMade(order, reader, context) })).find(({ items }) => items.length > 0);
  if (made && input.whileMade === "refuse") return refuse("order-being-made", { order: made.order, items: made.items.map(({ names, quantity }) => ({ name: names.button, quantity })) });
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
  reads: (input, reader, context) => {
    const orders = ordersTogether(input.order, reader);
    const items = orders.flatMap((order) => Object.values(reader.get("order", order)?.items ?? {}));
    return [...orders.map((order) => ref("order", order)), ...checksTogether(orders, reader).map((check) => ref("check", check)), ...items.flatMap((item) => productionRefs(item, reader, context))];
  },
  decide,
});

import type { z } from "zod";
import { eraseGuest } from "#shared/commands/order.ts";
import type { Context, Decision, Reader } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED, type Nothing } from "../deciding.ts";
import type { OrderState } from "./state.ts";

export function namesGuest({ customer, items }: OrderState): boolean {
  return customer !== null || Object.values(items).some(({ notes }) => notes !== null);
}

function decide(input: z.output<typeof eraseGuest>, reader: Reader, context: Context): Decision<Nothing> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const order = reader.get("order", input.order);
  if (!order) return refuse("unknown-order", { order: input.order });
  // The kitchen and the pass still need to know for whom it is.
  if (!order.completed) return refuse("order-open", { order: order.id });
  if (!namesGuest(order)) return refuse("nothing-to-erase", { order: order.id });
  return { changes: [change("order", order.id, [{ type: "sale.order.guestErased", data: { reason: input.reason, by } }])], result: {} };
}

export const eraseGuestCommand = command({
  type: "order.eraseGuest",
  version: 1,
  capability: "manage.settings",
  owner: "merchant",
  schema: eraseGuest,
  reads: (input) => [ref("order", input.order)],
  decide,
});

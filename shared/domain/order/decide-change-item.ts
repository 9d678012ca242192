import type { z } from "zod";
import { changeItem, removeItem } from "#shared/commands/order.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { ShareChanges } from "../check/evolve.ts";
import { familyRefs, membersOf } from "../check/family.ts";
import { changeShares } from "../check/settle.ts";
import type { CheckState } from "../check/state.ts";
import type { Context, Decision, Reader, Refusal } from "../command.ts";
import { change, command, NO_CHANGE, personOf, ref, refuse, STAFF_REQUIRED, type Nothing } from "../deciding.ts";
import { plainItem } from "./decide-send.ts";
import { sameJson } from "../same.ts";
import { menuOf, menuRefs } from "./menu.ts";
import { priceItem } from "./price-item.ts";
import { bearingsOf, removedShares, reshaped } from "./shares.ts";
import type { OrderItemState, OrderState } from "./state.ts";

type Found = { readonly order: OrderState; readonly item: OrderItemState; readonly check: CheckState; readonly members: readonly CheckState[] };

/** Entered items are edited freely; what was sent is amended by events of its own (DOM-5). */
function enteredItem(orderId: string, itemId: string, reader: Reader): Found | Refusal {
  const order = reader.get("order", orderId);
  if (!order) return refuse("unknown-order", { order: orderId });
  const item = order.items[itemId];
  if (!item) return refuse("unknown-item", { item: itemId });
  if (item.status !== "entered") return refuse("item-sent", { item: itemId });
  const check = reader.get("check", order.defaultCheck);
  if (!check) throw new Error(`order ${order.id} without its check ${order.defaultCheck}`);
  return { order, item, check, members: membersOf(check, reader) };
}

/** A combo is taken off as a whole: its parts alone would have its price without being it. */
function withItsCombo({ order, item }: Found): readonly OrderItemState[] {
  const { combo } = item;
  if (!combo) return [item];
  return Object.values(order.items).filter((one) => one.combo?.combo === combo.combo && one.status !== "voided");
}

/** The order and the check move together, so that what the kitchen makes is what is owed (DOM-10). */
function both(found: Found, events: readonly DomainEvent[], shares: ReadonlyMap<string, ShareChanges>, reader: Reader): Decision<Nothing> {
  const updated = changeShares(found.check, shares, reader);
  if ("refused" in updated) return updated;
  return { changes: [change("order", found.order.id, events), ...updated], result: {} };
}

function decideChange(input: z.output<typeof changeItem>, reader: Reader, context: Context): Decision<Nothing> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const found = enteredItem(input.order, input.item.item, reader);
  if ("refused" in found) return found;
  const menu = menuOf(reader, context);
  if (!menu) return refuse("merchant-not-ready");
  const before = plainItem(found.item);
  const item = priceItem(input.item, menu, { serviceType: found.order.serviceType, by, before });
  if ("refused" in item) return item;
  if (sameJson(item, before)) return NO_CHANGE;
  return both(found, [{ type: "sale.order.itemChanged", data: { item } }], reshaped(item, bearingsOf(item.item, found.members)), reader);
}

export const changeItemCommand = command({
  type: "order.changeItem",
  version: 1,
  capability: "order.take",
  owner: "merchant",
  schema: changeItem,
  reads: (input, reader, context) => [...orderRefs(input.order, reader), ...menuRefs([input.item.product], context)],
  decide: decideChange,
});

export const removeItemCommand = command({
  type: "order.removeItem",
  version: 1,
  capability: "order.take",
  owner: "merchant",
  schema: removeItem,
  reads: (input, reader) => orderRefs(input.order, reader),
  decide: (input, reader): Decision<Nothing> => {
    const found = enteredItem(input.order, input.item, reader);
    if ("refused" in found) return found;
    const gone = withItsCombo(found);
    const sent = gone.find((item) => item.status !== "entered");
    if (sent) return refuse("item-sent", { item: sent.item });
    const bearings = gone.flatMap((item) => bearingsOf(item.item, found.members));
    const closed = bearings.find(({ check }) => check.status === "closed");
    if (closed) return refuse("item-paid", { check: closed.check.id });
    return both(found, gone.map(({ item }): DomainEvent => ({ type: "sale.order.itemRemoved", data: { item } })), removedShares(bearings), reader);
  },
});

/** An order, and its check with all that is rounded together with it, once it is known. */
export function orderRefs(id: string, reader: Reader) {
  const order = reader.get("order", id);
  return order ? [ref("order", id), ...familyRefs([order.defaultCheck], reader)] : [ref("order", id)];
}

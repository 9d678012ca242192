import type { z } from "zod";
import { sendItems } from "#shared/commands/order.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { OrderHeader, OrderItem, SentItem } from "#shared/events/sale-order.ts";
import { addQuantities, compareQuantities, subtractQuantities } from "#shared/money/quantity.ts";
import type { Context, Count, Decision, Reader, Refusal, Shortage } from "../command.ts";
import { change, command, guard, personOf, ref, refuse, STAFF_REQUIRED } from "../deciding.ts";
import { countdownStream } from "../streams.ts";
import type { OrderItemState, OrderState } from "./state.ts";

type Input = z.output<typeof sendItems>;

/** Only what was entered and never sent: a second tap, or a second Send, cooks nothing twice (failure 7). */
function unsent(order: OrderState, named: readonly string[]): readonly OrderItemState[] {
  return [...new Set(named)].map((id) => order.items[id]).filter((item) => item?.status === "entered") as readonly OrderItemState[];
}

/** DOM-6. A fired course fires what is added to it, marked ADD; a course that waits makes what is added wait with it. */
function fireOrHold(order: OrderState, item: OrderItemState, hold: readonly number[]): { readonly fired: boolean; readonly mark: SentItem["mark"] } {
  if (order.courses.some((c) => c.course === item.course && c.status === "fired")) return { fired: true, mark: "ADD" };
  const waiting = Object.values(order.items).some((other) => other.course === item.course && other.status === "held");
  return { fired: !waiting && !hold.includes(item.course), mark: "NEW" };
}

export function plainItem(state: OrderItemState): OrderItem {
  const { status: _s, mark: _m, enteredAt: _e, sentAt: _t, firedAt: _f, voidReason: _v, counted: _c, ...item } = state;
  return item;
}

export function headerOf(order: OrderState): OrderHeader {
  const { serviceType, label, channel, party, customer, promisedAt, server } = order;
  return { serviceType, label, channel, party, customer, promisedAt, server };
}

function portionsByProduct(items: readonly OrderItemState[]): ReadonlyMap<string, string> {
  const sums = new Map<string, string>();
  for (const { product, portions } of items) sums.set(product, addQuantities(sums.get(product) ?? "0", portions));
  return sums;
}

function decide(input: Input, reader: Reader, context: Context): Decision<{ sent: readonly string[] }> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const order = reader.get("order", input.order);
  if (!order) return refuse("unknown-order", { order: input.order });
  const unknown = input.items.filter((item) => !order.items[item]);
  if (unknown.length > 0) return refuse("unknown-item", { item: unknown[0], items: unknown });
  const items = unsent(order, input.items);
  if (items.length === 0) return refuse("nothing-to-send", { order: order.id });

  const isCounted = (product: string) => (reader.get("countdown", countdownStream(product))?.remaining ?? null) !== null;
  const sent: SentItem[] = items.map((item) => ({ ...plainItem(item), ...fireOrHold(order, item, input.hold), counted: isCounted(item.product) }));
  const portions = [...portionsByProduct(items)];
  const taken = portions.filter(([product]) => isCounted(product));
  const uncounted = portions.filter(([product]) => !isCounted(product));
  const event: DomainEvent = { type: "sale.order.sent", data: { header: headerOf(order), items: sent, by } };
  return {
    changes: [
      change("order", order.id, [event]),
      ...taken.map(([product, quantity]) =>
        change("countdown", countdownStream(product), [{ type: "stock.countdown.taken", data: { product, quantity, order: order.id } }]),
      ),
      // Sold out in the same instant: what takes nothing must know that nobody has begun to count.
      ...uncounted.map(([product]) => guard("countdown", countdownStream(product))),
    ],
    // DOM-19: the log checks and takes; what was read here is only advice.
    counts: taken.map(([product, take]): Count => ({ product, take })),
    result: { sent: sent.map((item) => item.item) },
  };
}

/** Which lines do not fit into what is left, in the order they were named, and which can still be sent. */
function onShortage(input: Input, reader: Reader, short: readonly Shortage[]): Refusal {
  const order = reader.get("order", input.order);
  const items = order ? unsent(order, input.items) : [];
  const sendable = new Set(items.map((item) => item.item));
  const lines = short.map(({ product, available }) => {
    const concerned = items.filter((item) => item.product === product);
    let left = available;
    const refused: string[] = [];
    for (const { item, portions } of concerned) {
      if (compareQuantities(portions, left) <= 0) left = subtractQuantities(left, portions);
      else {
        refused.push(item);
        sendable.delete(item);
      }
    }
    const name = concerned[0]?.names.button ?? product;
    return { product, name, requested: portionsByProduct(concerned).get(product) ?? "0", available, items: refused };
  });
  return refuse("insufficient-stock", { short: lines, sendable: [...sendable] });
}

export const sendCommand = command({
  type: "order.send",
  version: 1,
  capability: "order.take",
  owner: "merchant",
  schema: sendItems,
  reads: (input, reader) => {
    const order = reader.get("order", input.order);
    const products = order ? new Set(unsent(order, input.items).map((item) => item.product)) : [];
    return [ref("order", input.order), ...[...products].map((product) => ref("countdown", countdownStream(product)))];
  },
  decide,
  onShortage,
});

import type { z } from "zod";
import { fireCourse } from "#shared/commands/order.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { SentItem } from "#shared/events/sale-order.ts";
import type { Context, Decision, Reader } from "../command.ts";
import { change, command, personOf, refuse, STAFF_REQUIRED } from "../deciding.ts";
import type { Person } from "../floor/state.ts";
import { checksOf, completesOrder, isSettled, partiesSettled, partyRefs } from "./completion.ts";
import { orderRefs } from "./decide-change-item.ts";
import { headerOf, plainItem } from "./decide-send.ts";
import type { OrderState } from "./state.ts";

/** Most items that one event holds. */
const MOST_ITEMS = 100;

/** Of a banquet's course several events: the kitchen fires by item, and every other reader counts each event's items for themselves. */
function courseFired(order: OrderState, course: number, items: readonly SentItem[], by: Person): readonly DomainEvent[] {
  const header = headerOf(order);
  return Array.from({ length: Math.ceil(items.length / MOST_ITEMS) }, (_, i) => ({
    type: "sale.order.courseFired",
    data: { header, course, items: items.slice(i * MOST_ITEMS, (i + 1) * MOST_ITEMS), by },
  }));
}

function decide(input: z.output<typeof fireCourse>, reader: Reader, context: Context): Decision<{ fired: readonly string[] }> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const order = reader.get("order", input.order);
  if (!order) return refuse("unknown-order", { order: input.order });
  const held = Object.values(order.items).filter((item) => item.course === input.course && item.status === "held");
  if (held.length === 0) return refuse("nothing-held", { course: input.course });
  const items: SentItem[] = held.map((item) => ({ ...plainItem(item), fired: true, mark: item.mark ?? "NEW", counted: item.counted }));
  const fired = items.map((item) => item.item);
  const checks = checksOf(order, reader);
  const events = courseFired(order, input.course, items, by);
  const changes = completesOrder(order, checks.length > 0 && checks.every(isSettled), fired)
    ? [change("order", order.id, [...events, { type: "sale.order.completed", data: {} }]), ...partiesSettled([order], reader)]
    : [change("order", order.id, events)];
  return { changes, result: { fired } };
}

export const fireCourseCommand = command({
  type: "order.fireCourse",
  version: 1,
  capability: "order.take",
  owner: "merchant",
  schema: fireCourse,
  reads: (input, reader) => [...orderRefs(input.order, reader), ...partyRefs(reader.get("order", input.order)?.party, reader)],
  decide,
});

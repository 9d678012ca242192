import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { OrderItem, SentItem } from "#shared/events/sale-order.ts";
import { multiplyQuantities } from "#shared/money/quantity.ts";
import { existing, unexpectedEvent } from "../fold.ts";
import type { CourseState, OrderItemState, OrderState } from "./state.ts";

type Items = Readonly<Record<string, OrderItemState>>;

function entered(item: OrderItem, at: string): OrderItemState {
  return { ...item, status: "entered", mark: null, enteredAt: at, sentAt: null, firedAt: null, voidReason: null, counted: false };
}

function itemOf(order: OrderState, item: string): OrderItemState {
  const state = order.items[item];
  if (!state) throw new Error(`item ${item} is not in order ${order.id}`);
  return state;
}

/** The course as it is once the items are sent: fired for good as soon as one of them fires (DOM-6). */
function coursesAfter(courses: readonly CourseState[], items: readonly SentItem[], at: string, by: string): readonly CourseState[] {
  let next = courses;
  for (const { course, fired } of items) {
    const known = next.find((c) => c.course === course);
    if (known && (known.status === "fired" || !fired)) continue;
    const state: CourseState = fired ? { course, status: "fired", firedAt: at, by } : { course, status: "held", firedAt: null, by: null };
    next = [...next.filter((c) => c.course !== course), state].sort((a, b) => a.course - b.course);
  }
  return next;
}

function sent(order: OrderState, items: readonly SentItem[], at: string): Items {
  const next: Record<string, OrderItemState> = { ...order.items };
  for (const { fired, mark, counted, ...item } of items) {
    next[item.item] = {
      ...itemOf(order, item.item),
      ...item,
      status: fired ? "fired" : "held",
      mark,
      sentAt: at,
      firedAt: fired ? at : null,
      counted: counted ?? false,
    };
  }
  return next;
}

function fired(order: OrderState, items: readonly SentItem[], at: string): Items {
  const next: Record<string, OrderItemState> = { ...order.items };
  for (const { item } of items) next[item] = { ...itemOf(order, item), status: "fired", firedAt: at };
  return next;
}

/** DOM-5: a part that is voided leaves as a line of its own; what stays keeps its id. */
function voided(order: OrderState, item: string, part: OrderItem, remaining: string | null, reason: string): Items {
  const whole = itemOf(order, item);
  const gone: OrderItemState = { ...whole, ...part, status: "voided", voidReason: reason };
  if (remaining === null) return { ...order.items, [item]: gone };
  const stays: OrderItemState = { ...whole, quantity: remaining, portions: multiplyQuantities(remaining, whole.variant?.stockFactor ?? "1") };
  return { ...order.items, [item]: stays, [part.item]: gone };
}

export function evolveOrder(state: OrderState | undefined, event: EventEnvelope): OrderState {
  if (event.type === "sale.order.created") {
    return { id: event.subject, ...event.data, openedAt: event.occurredat, courses: [], completed: false, items: {} };
  }
  const order = existing("order", state, event);
  const at = event.occurredat;
  switch (event.type) {
    case "sale.order.itemsAdded":
      return { ...order, items: { ...order.items, ...Object.fromEntries(event.data.items.map((item) => [item.item, entered(item, at)])) } };
    case "sale.order.itemChanged": {
      const { item } = event.data;
      // The item whole as it is now: a happy hour that it had before another size was chosen is gone.
      return { ...order, items: { ...order.items, [item.item]: entered(item, itemOf(order, item.item).enteredAt) } };
    }
    case "sale.order.itemRemoved": {
      const { [event.data.item]: removed, ...items } = order.items;
      if (!removed) throw new Error(`item ${event.data.item} is not in order ${order.id}`);
      return { ...order, items };
    }
    case "sale.order.sent": {
      const { items, by } = event.data;
      return { ...order, courses: coursesAfter(order.courses, items, at, by.name), items: sent(order, items, at) };
    }
    case "sale.order.courseFired": {
      const { items, course, by } = event.data;
      const state: CourseState = { course, status: "fired", firedAt: at, by: by.name };
      const courses = [...order.courses.filter((c) => c.course !== course), state].sort((a, b) => a.course - b.course);
      return { ...order, courses, items: fired(order, items, at) };
    }
    case "sale.order.itemVoided": {
      const { item, voided: part, remaining, reason } = event.data;
      return { ...order, items: voided(order, item, part, remaining, reason) };
    }
    case "sale.order.completed":
      return { ...order, completed: true };
    default:
      throw unexpectedEvent("order", event);
  }
}

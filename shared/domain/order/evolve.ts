import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { OrderItem, SentItem } from "#shared/events/sale-order.ts";
import { multiplyQuantities } from "#shared/money/quantity.ts";
import { erasedLabel } from "../erased.ts";
import { existing, unexpectedEvent } from "../fold.ts";
import type { CourseState, OrderItemState, OrderOperation, OrderState } from "./state.ts";

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

function sent(order: OrderState, items: readonly SentItem[], at: string, sentBy: string): Items {
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
      sentBy,
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

/** Courses of two orders as one: fired wherever it was fired. */
function joinedCourses(a: readonly CourseState[], b: readonly CourseState[]): readonly CourseState[] {
  const all = new Map(a.map((course) => [course.course, course]));
  for (const course of b) if (all.get(course.course)?.status !== "fired") all.set(course.course, course);
  return [...all.values()].sort((x, y) => x.course - y.course);
}

function withItems(order: OrderState, items: readonly OrderItemState[], courses: readonly CourseState[]): OrderState {
  return { ...order, items: { ...order.items, ...Object.fromEntries(items.map((item) => [item.item, item])) }, courses: joinedCourses(order.courses, courses) };
}

function withoutItems(order: OrderState, items: readonly OrderItemState[]): OrderState {
  const gone = new Set(items.map(({ item }) => item));
  return { ...order, items: Object.fromEntries(Object.entries(order.items).filter(([id]) => !gone.has(id))) };
}

const KEPT_OPERATIONS = 10;

function remembering(order: OrderState, operation: OrderOperation): OrderState {
  return { ...order, operations: [...(order.operations ?? []), operation].slice(-KEPT_OPERATIONS) };
}

function forgetting(order: OrderState, operation: string): OrderState {
  return { ...order, operations: (order.operations ?? []).filter((one) => one.operation !== operation) };
}

function withOne(all: readonly string[] | undefined, one: string): readonly string[] {
  return all?.includes(one) === true ? all : [...(all ?? []), one];
}

/** From order to order; each of the two gets the same event. */
function moved(before: OrderState, event: Extract<EventEnvelope, { type: "sale.order.merged" | "sale.order.mergeRolledBack" | "sale.order.split" }>): OrderState {
  const { operation, from, into, items, courses, header } = event.data;
  const order = { ...before, together: withOne(before.together, before.id === from ? into : from) };
  const ids = items.map(({ item }) => item);
  switch (event.type) {
    case "sale.order.merged":
      if (order.id === from) return { ...withoutItems(order, items), completed: true, mergedInto: into };
      return remembering(withItems(order, items, courses), { operation, kind: "merge", with: from, items: ids, checks: event.data.checks });
    case "sale.order.mergeRolledBack":
      if (order.id === from) return { ...withItems(order, items, courses), ...header, completed: false, mergedInto: null };
      return forgetting(withoutItems(order, items), operation);
    case "sale.order.split":
      if (event.data.undone) return order.id === from ? forgetting(withItems(order, items, courses), operation) : withoutItems(order, items);
      return order.id === from ? remembering(withoutItems(order, items), { operation, kind: "split", with: into, items: ids, checks: [] }) : withItems(order, items, courses);
  }
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
      return { ...order, courses: coursesAfter(order.courses, items, at, by.name), items: sent(order, items, at, event.id) };
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
    case "sale.order.merged":
    case "sale.order.mergeRolledBack":
    case "sale.order.split":
      return moved(order, event);
    case "sale.order.headerChanged":
      return { ...order, ...event.data.header };
    case "sale.order.defaultCheckChanged":
      return { ...order, homes: withOne(order.homes, order.defaultCheck), defaultCheck: event.data.check };
    case "sale.order.guestErased":
      return { ...order, customer: null, label: erasedLabel(order.label), items: Object.fromEntries(Object.entries(order.items).map(([id, item]) => [id, { ...item, notes: null, allergy: [] }])) };
    case "sale.order.completed":
      return { ...order, completed: true };
    default:
      throw unexpectedEvent("order", event);
  }
}

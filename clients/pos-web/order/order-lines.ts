import { lastRound } from "#shared/domain/order/repeat.ts";
import type { OrderItemState, OrderState } from "#shared/domain/order/state.ts";
import type { Choice } from "../menu/choices.ts";
import type { ChosenPart } from "../menu/combo-steps.ts";

/** An item as a command takes it. */
export type ItemInput = {
  readonly item: string;
  readonly product: string;
  readonly variant: string | null;
  readonly quantity: string;
  readonly seat: number | null;
  readonly course?: number;
  readonly modifiers: Choice[];
  readonly notes: string | null;
  readonly allergy: string[];
  readonly serviceType?: "dine_in" | "takeaway" | "delivery";
  /** Of a combo. */
  readonly parts?: ChosenPart[];
};

export function inputOf(item: OrderItemState): ItemInput & { course: number } {
  const modifiers = item.modifiers.map(({ group, option, prefix, placement, quantity }): Choice => ({ group, option, prefix, placement, quantity }));
  return { item: item.item, product: item.product, variant: item.variant?.variant ?? null, quantity: item.quantity, seat: item.seat, course: item.course, modifiers, notes: item.notes, allergy: item.allergy, serviceType: item.serviceType };
}

export type CourseLines = { readonly course: number; readonly status: "unsent" | "held" | "fired"; readonly firedAt: string | null; readonly lines: readonly OrderItemState[] };

/** By course, then by seat (shared first), then as they were entered; voided lines stay where they were. */
export function linesByCourse(order: OrderState): readonly CourseLines[] {
  const courses = [...new Set(Object.values(order.items).map((item) => item.course))].sort((a, b) => a - b);
  return courses.map((course) => {
    const lines = Object.values(order.items)
      .filter((item) => item.course === course)
      .sort((a, b) => (a.seat ?? 0) - (b.seat ?? 0) || a.enteredAt.localeCompare(b.enteredAt) || a.item.localeCompare(b.item));
    const sent = order.courses.find((each) => each.course === course);
    return { course, status: sent?.status ?? "unsent", firedAt: sent?.firedAt ?? null, lines };
  });
}

export function unsentItems(order: OrderState | undefined): readonly OrderItemState[] {
  return order ? Object.values(order.items).filter((item) => item.status === "entered") : [];
}

/** A later course waits: what is sent fires the first course of the order, or joins what has been fired; the rest is held until it is fired. */
export function heldByDefault(order: OrderState): readonly number[] {
  if (order.serviceType !== "dine_in") return []; // It leaves the house whole.
  const fired = order.courses.filter((each) => each.status === "fired").map((each) => each.course);
  const waiting = [...new Set(unsentItems(order).map((item) => item.course))];
  const sentOrWaiting = [...waiting, ...order.courses.map((each) => each.course)];
  const now = fired.length > 0 ? Math.max(...fired) : Math.min(...sentOrWaiting);
  return waiting.filter((course) => course > now).sort((a, b) => a - b);
}

/** What Send holds: the default, unless the waiter said otherwise for a course. */
export function coursesToHold(order: OrderState, said: Readonly<Record<number, "hold" | "fire">>): readonly number[] {
  const byDefault = new Set(heldByDefault(order));
  return [...new Set(unsentItems(order).map((item) => item.course))].filter((course) => {
    if (order.courses.some((each) => each.course === course && each.status === "fired")) return false;
    return said[course] === undefined ? byDefault.has(course) : said[course] === "hold";
  });
}

/** The course that one tap fires. */
export function nextHeldCourse(order: OrderState | undefined): number | null {
  const held = order ? Object.values(order.items).filter((item) => item.status === "held").map((item) => item.course) : [];
  return held.length > 0 ? Math.min(...held) : null;
}

export type Round = { readonly title: string; readonly items: readonly OrderItemState[] };

/** What "the same again" can mean: what was sent last, by where it is made. `madeAt` names that place: the ticket's station, or the category. */
export function lastRounds(order: OrderState | undefined, madeAt: (item: OrderItemState) => string): readonly Round[] {
  const rounds = new Map<string, OrderItemState[]>();
  for (const item of order ? lastRound(order) : []) {
    const place = madeAt(item);
    rounds.set(place, [...(rounds.get(place) ?? []), item]);
  }
  return [...rounds].map(([title, items]) => ({ title, items }));
}

export function lineTotal(item: OrderItemState): bigint {
  const each = BigInt(item.unitPrice.amount) + item.modifiers.reduce((sum, modifier) => sum + BigInt(modifier.price.amount), 0n);
  const [whole = "0", fraction = ""] = item.quantity.split(".");
  const thousandths = BigInt(whole) * 1000n + BigInt(fraction.padEnd(3, "0"));
  return (each * thousandths + 500n) / 1000n;
}

import { describe, expect, test } from "vitest";
import type { OrderItemState, OrderState } from "#shared/domain/order/state.ts";
import { coursesToHold, heldByDefault, lastRounds, linesByCourse, lineTotal, nextHeldCourse } from "./order-lines.ts";

function item(id: string, course: number, status: OrderItemState["status"], more: Partial<OrderItemState> = {}): OrderItemState {
  const base = {
    item: id, product: `p-${id}`, variant: null, quantity: "1", seat: null, course, status, modifiers: [], notes: null, allergy: [],
    unitPrice: { amount: "450", currency: "EUR" }, enteredAt: id, sentAt: status === "entered" ? null : "t1", category: "c",
  };
  return { ...base, ...more } as unknown as OrderItemState;
}

function order(items: readonly OrderItemState[], courses: OrderState["courses"] = []): OrderState {
  return { serviceType: "dine_in", items: Object.fromEntries(items.map((each) => [each.item, each])), courses } as unknown as OrderState;
}
const fired = (course: number) => ({ course, status: "fired", firedAt: "t", by: "Anna" }) as const;
const held = (course: number) => ({ course, status: "held", firedAt: null, by: null }) as const;

describe("DOM-6: which courses wait", () => {
  test("the first send fires the first course and holds the later ones", () => {
    expect(heldByDefault(order([item("a", 1, "entered"), item("b", 2, "entered"), item("c", 3, "entered")]))).toEqual([2, 3]);
    expect(heldByDefault(order([item("b", 2, "entered")]))).toEqual([]);
  });

  test("a takeaway is made whole", () => {
    expect(heldByDefault({ ...order([item("a", 1, "entered"), item("b", 2, "entered")]), serviceType: "takeaway" })).toEqual([]);
  });

  test("what joins a fired course, or comes before it, is not held", () => {
    const now = order([item("a", 1, "fired"), item("b", 2, "fired"), item("c", 1, "entered"), item("d", 2, "entered"), item("e", 3, "entered")], [fired(1), fired(2)]);
    expect(heldByDefault(now)).toEqual([3]);
  });

  test("the waiter's word counts, but a fired course cannot be held", () => {
    const now = order([item("a", 1, "entered"), item("b", 2, "entered")], [fired(1)]);
    expect(coursesToHold(now, { 1: "hold", 2: "fire" })).toEqual([]);
    expect(coursesToHold(now, {})).toEqual([2]);
  });

  test("screen rule 5: the next course is the first that waits", () => {
    expect(nextHeldCourse(order([item("a", 1, "fired"), item("b", 3, "held"), item("c", 2, "held")], [fired(1), held(2), held(3)]))).toBe(2);
    expect(nextHeldCourse(order([item("a", 1, "entered")]))).toBeNull();
  });
});

describe("screen rule 2: a round again", () => {
  const latte = item("a", 1, "fired", { seat: 2, sentAt: "t2", modifiers: [{ group: "g", option: "shot", name: "shot", kitchen: "shot", prefix: "extra", placement: "whole", quantity: 1, price: { amount: "50", currency: "EUR" } }] });
  const now = order([latte, item("b", 1, "fired", { sentAt: "t2", category: "food" }), item("c", 1, "fired", { sentAt: "t1" }), item("d", 1, "voided", { sentAt: "t2" })]);

  test("is what was sent last and not voided, by where it is made", () => {
    const rounds = lastRounds(now, (each) => each.category);
    expect(rounds.map((round) => [round.title, round.items.map((each) => each.item)])).toEqual([["c", ["a"]], ["food", ["b"]]]);
  });
});

test("lines stand by course, then seat, shared first", () => {
  const courses = linesByCourse(order([item("a", 2, "entered"), item("b", 1, "fired", { seat: 2 }), item("c", 1, "fired"), item("d", 1, "fired", { seat: 1 })], [fired(1)]));
  expect(courses.map((each) => [each.course, each.status, each.lines.map((line) => line.item)])).toEqual([[1, "fired", ["c", "d", "b"]], [2, "unsent", ["a"]]]);
});

test("a line's price counts its modifiers and halves exactly", () => {
  const withShot = item("a", 1, "entered", { quantity: "2", modifiers: [{ group: "g", option: "o", name: "n", kitchen: "k", prefix: "none", placement: "whole", quantity: 1, price: { amount: "50", currency: "EUR" } }] });
  expect(lineTotal(withShot)).toBe(1000n);
  expect(lineTotal(item("b", 1, "entered", { quantity: "0.5" }))).toBe(225n);
});

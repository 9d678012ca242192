import { describe, expect, test } from "vitest";
import { item, ticket, time, voided } from "../testing/tickets.ts";
import { isAllReady, shownItems, stationTickets } from "./station-tickets.ts";

const numbers = (tickets: readonly { readonly number: number }[]) => tickets.map((each) => each.number);

describe("one station's work", () => {
  test("oldest firing first, whatever the number; held ones apart; other stations' not at all", () => {
    const work = stationTickets(
      [
        ticket(3, { firedAt: time(2) }),
        ticket(1, { createdAt: time(-30), firedAt: time(5) }),
        ticket(2, { firedAt: time(2) }),
        ticket(4, { status: "held", firedAt: null, createdAt: time(1) }),
        ticket(5, { status: "held", firedAt: null, createdAt: time(0) }),
        ticket(6, { station: "bar" }),
      ],
      "grill",
    );
    expect(numbers(work.open)).toEqual([2, 3, 1]);
    expect(numbers(work.held)).toEqual([5, 4]);
  });

  test("the last twenty that left can be recalled, the last one first", () => {
    const gone = Array.from({ length: 25 }, (_, i) => ticket(i + 1, { status: "completed", completedAt: time(i) }));
    const { completed } = stationTickets(gone, "grill");
    expect(completed).toHaveLength(20);
    expect(numbers(completed).slice(0, 3)).toEqual([25, 24, 23]);
  });

  test("a void line stays until it was touched; a held ticket of which nothing is left is not shown", () => {
    const half = ticket(1, { items: [item("Burger", voided()), item("Steak")] });
    expect(shownItems(half).map((line) => line.name)).toEqual(["Burger", "Steak"]);
    const seen = ticket(1, { items: [item("Burger", voided(true)), item("Steak")] });
    expect(shownItems(seen).map((line) => line.name)).toEqual(["Steak"]);
    expect(stationTickets([ticket(2, { status: "held", items: [item("Burger", voided(true))] })], "grill").held).toEqual([]);
  });

  test("all ready: of what is not void", () => {
    expect(isAllReady(ticket(1, { items: [item("Burger", { status: "ready" }), item("Steak", voided())] }))).toBe(true);
    expect(isAllReady(ticket(1, { items: [item("Burger", { status: "ready" }), item("Steak", { status: "cooking" })] }))).toBe(false);
    expect(isAllReady(ticket(1, { items: [item("Burger", voided())] }))).toBe(false);
  });
});

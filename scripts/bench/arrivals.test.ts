import { expect, test } from "vitest";
import { Arrivals } from "./arrivals.ts";

test("a double at one receiver does not make up for a loss at another", () => {
  const arrivals = new Arrivals(3);
  for (const id of ["a", "b"]) arrivals.sent(id);
  for (const [id, receiver] of [["a", 0], ["a", 1], ["a", 2], ["b", 0], ["b", 0], ["b", 1], ["b", 1], ["b", 1]] as const) arrivals.came(id, receiver);
  expect([arrivals.missing, arrivals.doubled]).toEqual([1, 3]);
  expect(arrivals.isComplete).toBe(false);
  arrivals.came("b", 2);
  expect([arrivals.missing, arrivals.doubled, arrivals.isComplete]).toEqual([0, 3, true]);
});

test("of what was not sent here nothing is counted, and only the first is news", () => {
  const arrivals = new Arrivals(1);
  arrivals.sent("a");
  expect([arrivals.came("x", 0), arrivals.came("a", 0), arrivals.came("a", 0)]).toEqual([false, true, false]);
  expect([arrivals.missing, arrivals.doubled]).toEqual([0, 1]);
});

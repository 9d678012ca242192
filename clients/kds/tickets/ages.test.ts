import { expect, test } from "vitest";
import { MINUTE, NOON, time } from "../testing/tickets.ts";
import { AGE_LIMITS, isRush, stageOf } from "./ages.ts";

test("neutral, amber from five minutes, red from ten", () => {
  const stages = [0, 4.99, 5, 9.99, 10, 90].map((minutes) => stageOf(minutes * MINUTE, AGE_LIMITS.usual));
  expect(stages).toEqual(["fresh", "fresh", "warning", "warning", "late", "late"]);
});

test("a promise within ten minutes, or broken, is a rush", () => {
  expect(isRush(null, NOON)).toBe(false);
  expect(isRush(time(11), NOON)).toBe(false);
  expect(isRush(time(10), NOON)).toBe(true);
  expect(isRush(time(-3), NOON)).toBe(true);
});

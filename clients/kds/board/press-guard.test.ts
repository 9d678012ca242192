import { expect, test } from "vitest";
import { isSettled, SETTLE_MS, tidyIn } from "./press-guard.ts";

test("screen rule 11: a touch counts only when it began 300 ms after the board moved", () => {
  expect(SETTLE_MS).toBe(300);
  expect(isSettled(1000, null)).toBe(true);
  expect(isSettled(1000, 900)).toBe(false);
  expect(isSettled(1199, 900)).toBe(false);
  expect(isSettled(1200, 900)).toBe(true);
});

test("a finger that was down when the board moved does not count, however long it stays", () => {
  expect(isSettled(850, 900)).toBe(false);
});

test("gaps are closed when nobody has touched the screen for a while, and at the latest after eight seconds", () => {
  expect(tidyIn(10_000, 9_000, 9_500)).toBe(500);
  expect(tidyIn(10_500, 9_000, 9_500)).toBe(0);
  expect(tidyIn(17_000, 16_900, 9_500)).toBe(500);
  expect(tidyIn(17_600, 17_500, 9_500)).toBe(0);
});

import { expect, test } from "vitest";
import { onPress } from "./interrupt.ts";

test("regression: one Ctrl-C was heard twice, and nothing was counted: the run ends in good order, and at once by another press", () => {
  let clock = 0;
  const told: string[] = [];
  const heard = onPress(() => told.push("in order"), () => told.push("at once"), () => clock);
  heard();
  clock = 20;
  heard();
  expect(told).toEqual(["in order"]);
  clock = 1_000;
  heard();
  expect(told).toEqual(["in order", "at once"]);
});

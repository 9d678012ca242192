import { expect, test } from "vitest";
import { cardOf, Restless } from "./need.ts";

const board = { columns: 4, height: 900, gap: 14 };

test("a card has the height of its parts, rounded up", () => {
  expect(cardOf("a", { fixed: 201, flow: 100, tallest: 50 }, board)).toEqual({ id: "a", height: 304, columns: 1 });
});

test("one higher than the board gets columns enough for all its lines, though a line may not break", () => {
  for (const count of [12, 20, 33, 60]) {
    const { columns, height } = cardOf("a", { fixed: 200, flow: count * 90, tallest: 90 }, board);
    const linesInColumn = Math.floor((height - 200) / 90);
    expect(columns * linesInColumn).toBeGreaterThanOrEqual(count);
  }
});

test("a card that comes to need another room again and again is restless until its second is over, others are not", () => {
  const restless = new Restless();
  const changes = Array.from({ length: 20 }, (_, at) => restless.is("a", 100 + at));
  expect(changes.indexOf(true)).toBe(8);
  expect(changes.lastIndexOf(false)).toBe(7);
  expect(restless.is("b", 121)).toBe(false);
  expect(restless.is("a", 1100)).toBe(false);
});

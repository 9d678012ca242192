import { expect, test } from "vitest";
import { slope } from "./soak.ts";

test("memory that goes up and down and stays is flat, and what grows by so much a minute is told", () => {
  const looks = (bytes: (minute: number) => number) => Array.from({ length: 20 }, (_, minute) => ({ minute, bytes: bytes(minute) }));
  expect(slope(looks(() => 100))).toBe(0);
  expect(slope(looks((minute) => 100 + 3 * minute))).toBeCloseTo(3);
  expect(slope(looks((minute) => 100 - 3 * minute + (minute % 2)))).toBeCloseTo(-3, 1);
});

import { expect, test } from "vitest";
import { growthOver } from "./soak.ts";

const looks = (bytes: (minute: number) => number, minutes = 25) => Array.from({ length: minutes * 12 }, (_, i) => ({ minute: i / 12, bytes: bytes(i / 12) }));

test("memory that goes up and down and stays has not grown, and what grows little by little has by the whole of it", () => {
  expect(growthOver(looks(() => 100), 5)).toEqual({ begin: 100, end: 100, share: 0 });
  expect(growthOver(looks((minute) => (Math.round(minute * 12) % 2 === 0 ? 98 : 102)), 5).share).toBeCloseTo(0);
  // Half a percent a minute: a tenth in 20 minutes, less the two halves of what is looked at together.
  expect(growthOver(looks((minute) => 100 + 0.5 * Math.max(0, minute - 5)), 5).share).toBeCloseTo(0.09, 2);
});

test("what a process takes while it warms up is not its growth", () => {
  expect(growthOver(looks((minute) => Math.min(100, 50 + 10 * minute)), 5).share).toBe(0);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allocate, allocateEqually } from "./allocate.ts";

const amounts = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 6n }), { minLength: 1, maxLength: 30 }).filter((all) => all.some((weight) => weight > 0n));

describe("allocate, by largest remainder", () => {
  test.each([
    [11500n, 3, [3834n, 3833n, 3833n]],
    [2n, 4, [1n, 1n, 0n, 0n]],
    [6669n, 2, [3335n, 3334n]],
    [0n, 3, [0n, 0n, 0n]],
  ])("%s over %s", (total, parts, expected) => {
    expect(allocateEqually(total, parts)).toEqual(expected);
  });

  test("the largest remainder gets the unit, not the largest weight", () => {
    // 100 over 1:2:4 is 14.29, 28.57, 57.14.
    expect(allocate(100n, [1n, 2n, 4n])).toEqual([14n, 29n, 57n]);
  });

  test("sums exactly, each part within one unit of its exact share, zero weight gets zero, mirrored when negative", () => {
    fc.assert(
      fc.property(amounts, weights, (total, by) => {
        const parts = allocate(total, by);
        const sum = by.reduce((a, b) => a + b, 0n);
        expect(parts.reduce((a, b) => a + b, 0n)).toBe(total);
        parts.forEach((part, i) => {
          const difference = part * sum - total * (by[i] ?? 0n);
          expect(difference < sum && difference > -sum).toBe(true);
          if (by[i] === 0n) expect(part).toBe(0n);
          expect(total >= 0n ? part >= 0n : part <= 0n).toBe(true);
        });
        expect(allocate(-total, by).map((part) => -part)).toEqual(parts);
      }),
    );
  });

  test("nobody to allocate to is a bug", () => {
    expect(() => allocate(1n, [0n, 0n])).toThrow(RangeError);
    expect(() => allocate(1n, [2n, -1n])).toThrow(RangeError);
    expect(allocate(0n, [0n, 0n])).toEqual([0n, 0n]);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allocate, allocateEqually, capped } from "./allocate.ts";

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

describe("in units: nobody can pay a sen", () => {
  test.each([
    [13_825_400n, 100n, [4_608_500n, 4_608_500n, 4_608_400n]],
    [13_825_420n, 100n, [4_608_520n, 4_608_500n, 4_608_400n]],
    [60n, 100n, [60n, 0n, 0n]],
    [100n, 5n, [35n, 35n, 30n]],
  ])("%s in units of %s over three", (total, unit, expected) => {
    expect(allocateEqually(total, 3, unit)).toEqual(expected);
  });

  test("sums exactly; every part is whole units, but for what is less than one: that stays with the first that weighs something", () => {
    fc.assert(
      fc.property(amounts, weights, fc.constantFrom(1n, 5n, 100n, 1000n), (total, by, unit) => {
        const parts = allocate(total, by, unit);
        expect(parts.reduce((a, b) => a + b, 0n)).toBe(total);
        const first = by.findIndex((weight) => weight > 0n);
        expect(parts.map((part) => part % unit)).toEqual(by.map((_, i) => (i === first ? total % unit : 0n)));
        by.forEach((weight, i) => (weight === 0n ? expect(parts[i]).toBe(0n) : undefined));
        expect(allocate(-total, by, unit).map((part) => -part)).toEqual(parts);
        expect(allocate(total * unit, by, unit)).toEqual(allocate(total, by).map((part) => part * unit));
      }),
    );
  });

  test("capped: the same sum, nothing above its cap, and nothing moved that was within", () => {
    expect(capped([100n, 0n], [50n, 50n])).toEqual([50n, 50n]);
    expect(capped([30n, 70n], [50n, 80n])).toEqual([30n, 70n]);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.bigInt({ min: 0n, max: 999n }), fc.bigInt({ min: 0n, max: 999n })), { minLength: 1, maxLength: 9 }), (pairs) => {
        const caps = pairs.map(([, cap]) => cap);
        const room = caps.reduce((a, b) => a + b, 0n);
        const parts = pairs.map(([part]) => part);
        const sum = parts.reduce((a, b) => a + b, 0n);
        fc.pre(sum <= room);
        const within = capped(parts, caps);
        expect(within.reduce((a, b) => a + b, 0n)).toBe(sum);
        within.forEach((part, i) => expect(part <= (caps[i] ?? 0n)).toBe(true));
      }),
    );
  });
});

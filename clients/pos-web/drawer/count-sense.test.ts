import { expect, test } from "vitest";
import { dearestOf, isBeyondSense } from "./count-sense.ts";

test("99,999,999.99 was taken as what is in a drawer: far more than it can hold is asked about, whatever should be in it", () => {
  const trattoria = { float: 10_000n, dearest: 5_000n };
  expect(isBeyondSense(9_999_999_999n, trattoria)).toBe(true);
  expect(isBeyondSense(850_000n, trattoria)).toBe(false);
  expect(isBeyondSense(0n, trattoria)).toBe(false);
  const warung = { float: 50_000_000n, dearest: 9_500_000n };
  expect(isBeyondSense(2_000_000_000n, warung)).toBe(false);
  expect(isBeyondSense(9_999_999_900n, warung)).toBe(true);
});

test("the dearest thing on the menu is what a drawer's sense is held to, and an empty menu has none", () => {
  const euro = (amount: string) => ({ price: { amount, currency: "EUR" } });
  expect(dearestOf([euro("900"), euro("5000"), euro("1200")])).toBe(5_000n);
  expect(dearestOf([])).toBe(0n);
});

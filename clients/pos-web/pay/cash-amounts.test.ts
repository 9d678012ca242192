import { expect, test } from "vitest";
import { digitsOf, handedOver, shortMoney, typedMinor } from "./cash-amounts.ts";

test("what people hand over", () => {
  expect(handedOver(2450n)).toEqual([2500n, 3000n, 4000n, 5000n]);
  expect(handedOver(870n)).toEqual([900n, 1000n, 2000n, 5000n]);
  expect(handedOver(5000n)).toEqual([6000n, 10000n, 20000n, 50000n]);
  expect(handedOver(185000n)).toEqual([200000n, 500000n, 1000000n, 2000000n]);
  expect(handedOver(3n)).toEqual([4n, 5n, 10n, 20n]);
  expect(handedOver(0n)).toEqual([]);
});

test("digits are the smallest unit that is shown: no 100x error on rupiah", () => {
  expect(typedMinor("2450", "EUR", 2)).toBe(2450n);
  expect(typedMinor("25000", "IDR", 0)).toBe(2500000n);
  expect(typedMinor("", "JPY", 0)).toBe(0n);
  expect([digitsOf(2450n, "EUR", 2), digitsOf(2500000n, "IDR", 0), digitsOf(0n, "EUR", 2), digitsOf(2500050n, "IDR", 0)]).toEqual(["2450", "25000", "", ""]);
});

test("a long amount goes without its currency on a narrow button", () => {
  expect(["€12.50", "Rp\u00a065.000", "Rp\u00a01.250.000", "CHF\u00a01’250.00"].map(shortMoney)).toEqual(["€12.50", "65.000", "1.250.000", "1’250.00"]);
});

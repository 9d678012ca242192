import { expect, test } from "vitest";
import { digitsOf, handedOver, madeOfCoins, mostDigits, noCoinsInWords, shortMoney, typedMinor } from "./cash-amounts.ts";

test("what people hand over", () => {
  expect(handedOver(2450n, "EUR")).toEqual([2500n, 3000n, 4000n, 5000n]);
  expect(handedOver(870n, "EUR")).toEqual([900n, 1000n, 2000n, 5000n]);
  expect(handedOver(5000n, "PLN")).toEqual([6000n, 10000n, 20000n, 50000n]);
  expect(handedOver(185000n, "PLN")).toEqual([200000n, 500000n, 1000000n, 2000000n]);
  expect(handedOver(3n, "EUR")).toEqual([4n, 5n, 10n, 20n]);
  expect(handedOver(0n, "EUR")).toEqual([]);
});

test("five million were offered for 850.000 rupiah: nobody hands over a note more than is needed", () => {
  const rupiah = (due: number) => handedOver(BigInt(due) * 100n, "IDR").map((amount) => Number(amount) / 100);
  expect(rupiah(850_000)).toEqual([860_000, 900_000]);
  expect(rupiah(1_725_600)).toEqual([1_730_000, 1_740_000, 1_750_000, 1_800_000]);
  expect(rupiah(46_100)).toEqual([50_000, 60_000, 100_000]);
  expect(handedOver(5000n, "EUR")).toEqual([6000n, 10000n]);
  expect(handedOver(24_500n, "EUR")).toEqual([25_000n, 26_000n, 30_000n]);
});

test("what no coins make is told with what they make instead", () => {
  expect([madeOfCoins(201n, 5n), madeOfCoins(205n, 5n), madeOfCoins(201n, 1n), madeOfCoins(3n, 5n), madeOfCoins(0n, 5n)]).toEqual([[200n, 205n], null, null, [0n, 5n], null]);
  expect(noCoinsInWords(201n, [200n, 205n], (amount) => `${amount} c`)).toBe("No coins make 201 c: 200 c or 205 c");
});

test("the pad takes no more digits than the hub does", () => {
  expect([mostDigits("EUR", 2), mostDigits("IDR", 0), mostDigits("JPY", 0), mostDigits("KWD", 3)]).toEqual([10, 8, 10, 10]);
  expect(typedMinor("9".repeat(mostDigits("IDR", 0)), "IDR", 0).toString()).toHaveLength(10);
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

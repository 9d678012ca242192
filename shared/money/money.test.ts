import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatMoney } from "./format.ts";
import { addFractions, equalFractions, fraction, fractionOfDecimal, multiplyFractions } from "./fraction.ts";
import { currencyExponent, decimalText, minorUnits, moneyOf, sumMoney } from "./money.ts";
import { addQuantities, compareQuantities, multiplyQuantities, quantityText, subtractQuantities, thousandths } from "./quantity.ts";
import { divideRounded, divideToUnit, roundToStep } from "./rounding.ts";
import { taxOn, taxRows, type TaxedLine } from "./tax.ts";

describe("rounding", () => {
  test("3.171875 is 3.17 in every mode", () => {
    for (const mode of ["half-up", "half-even", "down"] as const) expect(divideRounded(3171875n, 10000n, mode)).toBe(317n);
  });

  test.each([
    ["half-even", 115n, 12n],
    ["half-even", 125n, 12n],
    ["half-even", 135n, 14n],
    ["half-up", 125n, 13n],
    ["down", 129n, 12n],
  ] as const)("%s of 0.%s is 0.%s", (mode, thousandthsOf, cents) => {
    expect(divideRounded(thousandthsOf, 10n, mode)).toBe(cents);
    expect(divideRounded(-thousandthsOf, 10n, mode)).toBe(-cents);
  });

  test("cash: 15.72 at 0.05 is 15.70, and a step of one rounds nothing", () => {
    expect(roundToStep(1572n, 5n)).toBe(1570n);
    expect(roundToStep(1573n, 5n)).toBe(1575n);
    expect(roundToStep(1572n, 1n)).toBe(1572n);
    expect(roundToStep(2n, 5n)).toBe(0n);
  });

  test.each([["half-up", 1_256_900n], ["half-even", 1_256_800n], ["down", 1_256_800n]] as const)("to the smallest charged amount, %s: 10 %% of Rp 125.685 is 12.568,50", (mode, tax) => {
    expect(divideToUnit(12_568_500n, 10n, { mode, unit: 100 })).toBe(tax);
    expect(divideToUnit(-12_568_500n, 10n, { mode, unit: 100 })).toBe(-tax);
    expect(divideToUnit(12_568_500n, 10n, { mode })).toBe(1_256_850n);
    // Once: 149,5 sen are not 150 first, and 200 then.
    expect(divideToUnit(299n, 2n, { mode, unit: 100 })).toBe(100n);
  });
});

describe("tax", () => {
  const line = (amount: bigint, rate: string, inclusive: boolean): TaxedLine => ({ amount, tax: { code: `t${rate}${inclusive}`, name: "tax", rate, inclusive } });

  test("inclusive 10 %, 5 x 20.00: net 90.91 and tax 9.09", () => {
    expect(taxRows([line(10000n, "0.1", true)], { mode: "half-up", level: "check" })).toMatchObject([{ base: 9091n, tax: 909n }]);
  });

  test("exclusive is on top, rounded as the policy says", () => {
    expect(taxOn(1250n, "0.0875", false, { mode: "half-up" })).toBe(109n);
    expect(taxOn(1250n, "0.0875", false, { mode: "down" })).toBe(109n);
    expect(taxOn(500n, "0.125", false, { mode: "half-even" })).toBe(62n);
    expect(taxOn(500n, "0.125", false, { mode: "half-up" })).toBe(63n);
  });

  test("per line and over the check differ by rounding only", () => {
    const lines = [line(33n, "0.1", false), line(33n, "0.1", false), line(38n, "0.1", false)];
    expect(taxRows(lines, { mode: "half-up", level: "line" })).toMatchObject([{ base: 104n, tax: 10n }]);
    expect(taxRows([line(34n, "0.1", false), line(34n, "0.1", false)], { mode: "half-up", level: "line" })).toMatchObject([{ tax: 6n }]);
    expect(taxRows([line(34n, "0.1", false), line(34n, "0.1", false)], { mode: "half-up", level: "check" })).toMatchObject([{ tax: 7n }]);
  });

  test("one code at two rates is two rows", () => {
    const rows = taxRows(
      [
        { amount: 107n, tax: { code: "food", name: "low", rate: "0.07", inclusive: true } },
        { amount: 119n, tax: { code: "food", name: "full", rate: "0.19", inclusive: true } },
      ],
      { mode: "half-up", level: "check" },
    );
    expect(rows.map((row) => [row.name, row.base, row.tax])).toEqual([
      ["low", 100n, 7n],
      ["full", 100n, 19n],
    ]);
  });

  test("base + tax is what the guest owes, whatever the policy", () => {
    const anyLine = fc.record({ amount: fc.bigInt({ min: 0n, max: 10n ** 9n }), rate: fc.constantFrom("0", "0.07", "0.19", "0.0875", "0.1"), inclusive: fc.boolean() });
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 20 }), fc.constantFrom("half-up", "half-even", "down"), fc.constantFrom("line", "check"), fc.constantFrom(undefined, 5, 100), (raw, mode, level, unit) => {
        const lines = raw.map(({ amount, rate, inclusive }) => line(amount, rate, inclusive));
        for (const row of taxRows(lines, { mode, level, unit })) {
          const listed = lines.filter((l) => l.tax.code === row.code).reduce((sum, l) => sum + l.amount, 0n);
          expect(row.inclusive ? row.base + row.tax : row.base).toBe(listed);
          expect(row.tax >= 0n && row.base >= 0n).toBe(true);
        }
      }),
    );
  });
});

describe("money", () => {
  test("the stored exponent is ISO's: JPY 0, KWD 3, IDR 2 whatever is shown", () => {
    expect([currencyExponent("JPY"), currencyExponent("KWD"), currencyExponent("EUR"), currencyExponent("IDR")]).toEqual([0, 3, 2, 2]);
    expect(decimalText(moneyOf(12345n, "EUR"))).toBe("123.45");
    expect(decimalText(moneyOf(5n, "KWD"))).toBe("0.005");
    expect(decimalText(moneyOf(-5n, "EUR"))).toBe("-0.05");
    expect(decimalText(moneyOf(500n, "JPY"))).toBe("500");
  });

  test("is shown in the merchant's digits and locale", () => {
    const clean = (text: string) => text.replace(/\s/g, " ");
    expect(clean(formatMoney(moneyOf(123456n, "EUR"), { displayDigits: 2, locale: "de-DE" }))).toBe("1.234,56 €");
    expect(clean(formatMoney(moneyOf(4500000n, "IDR"), { displayDigits: 0, locale: "id-ID" }))).toBe("Rp 45.000");
    expect(clean(formatMoney(moneyOf(999999999999999999n, "USD"), { displayDigits: 2, locale: "en-US" }))).toBe("$9,999,999,999,999,999.99");
    expect(clean(formatMoney(moneyOf(-2n, "EUR"), { displayDigits: 2, locale: "en-IE" }))).toBe("−€0.02");
  });

  test("currencies are never added up", () => {
    expect(minorUnits(sumMoney([moneyOf(1n, "EUR"), moneyOf(2n, "EUR")], "EUR"))).toBe(3n);
    expect(() => sumMoney([moneyOf(1n, "USD")], "EUR")).toThrow(RangeError);
  });
});

describe("quantities and fractions", () => {
  test("are exact decimals with three places", () => {
    expect(thousandths("0.5")).toBe(500n);
    expect(addQuantities("0.1", "0.2")).toBe("0.3");
    expect(subtractQuantities("5", "2")).toBe("3");
    expect(multiplyQuantities("3", "0.5")).toBe("1.5");
    expect(multiplyQuantities("0.001", "0.001")).toBe("0.001");
    expect(compareQuantities("1.50", "1.5")).toBe(0);
    expect(() => thousandths("1e3")).toThrow(RangeError);
    expect(() => subtractQuantities("1", "2")).toThrow(RangeError);
  });

  test("quantityText is the inverse of thousandths", () => {
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 10n ** 9n }), (n) => thousandths(quantityText(n)) === n));
  });

  test("fractions add and multiply exactly", () => {
    expect(fractionOfDecimal("0.0875")).toEqual({ numerator: 7n, denominator: 80n });
    expect(fractionOfDecimal("-1.5")).toEqual({ numerator: -3n, denominator: 2n });
    expect(addFractions(fraction(1n, 3n), fraction(1n, 6n))).toEqual({ numerator: 1n, denominator: 2n });
    expect(multiplyFractions(fraction(2n, 3n), fraction(3n, 4n))).toEqual({ numerator: 1n, denominator: 2n });
    expect(equalFractions({ numerator: 2n, denominator: 4n }, fraction(1n, 2n))).toBe(true);
    expect(() => fraction(1n, 0n)).toThrow(RangeError);
  });
});

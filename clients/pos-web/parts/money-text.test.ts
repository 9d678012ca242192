import { expect, test } from "vitest";
import { moneyOfText, textOfMoney } from "./money-text.ts";

test.each([
  ["12.50", "EUR", 2, "1250"],
  ["12,5", "EUR", 2, "1250"],
  ["12", "EUR", 2, "1200"],
  ["0", "EUR", 2, "0"],
  ["12500", "IDR", 0, "1250000"],
  ["1250", "JPY", 0, "1250"],
  ["1.234", "KWD", 3, "1234"],
] as const)("%s %s with %i decimals is %s", (typed, currency, digits, amount) => {
  expect(moneyOfText(typed, currency, digits)).toEqual({ amount, currency });
  expect(moneyOfText(textOfMoney({ amount, currency }, digits), currency, digits)).toEqual({ amount, currency });
});

test("what is no amount is none", () => {
  for (const typed of ["", ".", "-1", "1.234", "1e3", "1 000", "1,000.00", "99999999999"]) expect([typed, moneyOfText(typed, "EUR", 2)]).toEqual([typed, undefined]);
  expect(moneyOfText("1.5", "IDR", 0)).toBeUndefined();
  expect(textOfMoney({ amount: "1250000", currency: "IDR" }, 0)).toBe("12500");
});

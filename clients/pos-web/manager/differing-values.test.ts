import { expect, test } from "vitest";
import { valueInWords } from "./differing-values.ts";

test("what is money is shown as money, a count as a count, and a row that is not there is said", () => {
  const said = (table: string, field: string, value: string | null, key = {}) => valueInWords(value, { table, key, field }, "EUR", ({ amount, currency }) => `${currency} ${Number(amount) / 100}`);
  expect(said("sales_tenders", "amount", "1250", { currency: "CHF" })).toBe("CHF 12.5");
  expect(said("ledger_balances", "debit", "-300")).toBe("EUR -3");
  expect(said("sales_tenders", "payments", "12")).toBe("12");
  expect(said("stock_levels", "amount", "12")).toBe("12");
  expect(said("sales_days", "total", null)).toBe("no such row");
});

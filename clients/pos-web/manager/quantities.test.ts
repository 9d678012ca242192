import { expect, test } from "vitest";
import { isCount, stockDifference } from "./quantities.ts";

test("what was counted against what should be there, exactly", () => {
  expect(stockDifference("940", "1000")).toBe("-60");
  expect(stockDifference("1000.5", "1000")).toBe("0.5");
  expect(stockDifference("0", "0")).toBe("0");
  expect(stockDifference("10", "-2.25")).toBe("12.25");
});

test("a count is zero or more", () => {
  expect(["0", "12", "12.5", "1234567.125"].filter((text) => !isCount(text))).toEqual([]);
  expect(["", "-1", "1.2345", "01", "12345678", "1e3"].filter(isCount)).toEqual([]);
});

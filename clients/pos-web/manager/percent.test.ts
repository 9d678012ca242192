import { expect, test } from "vitest";
import { percentOfRate, rateOfPercent } from "./percent.ts";

test("percent and rate are the same number, exactly", () => {
  for (const [percent, rate] of [["8.875", "0.08875"], ["10", "0.1"], ["0", "0"], ["5.5", "0.055"], ["0.25", "0.0025"], ["22", "0.22"]] as const) {
    expect(rateOfPercent(percent)).toBe(rate);
    expect(percentOfRate(rate)).toBe(percent);
  }
  expect(rateOfPercent("7,5")).toBe("0.075");
});

test("what is no percentage is none", () => {
  for (const text of ["", "abc", "100", "-1", "1.23456", "1e2"]) expect(rateOfPercent(text)).toBeUndefined();
});

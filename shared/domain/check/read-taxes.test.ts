import { expect, test } from "vitest";
import { readTaxes } from "./read-taxes.ts";

const row = (code: string, rate: string, base: string, tax: string, inclusive = true) => ({ code, name: "VAT", rate, inclusive, base, tax });

test("food and drinks at one rate are one line, another rate or kind is another", () => {
  expect(readTaxes([row("drinks", "0.1", "1373", "137"), row("food", "0.1", "2377", "238"), row("drinks", "0.22", "100", "22"), row("food", "0.1", "50", "5", false)])).toEqual([
    row("drinks", "0.1", "3750", "375"),
    row("drinks", "0.22", "100", "22"),
    row("food", "0.1", "50", "5", false),
  ]);
});

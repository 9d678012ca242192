import { expect, test } from "vitest";
import { tableTitle } from "./table-title.ts";

test.each([
  ["5", "Table 5"],
  ["10+11", "Table 10+11"],
  ["T5", "T5"],
  ["B1", "B1"],
  ["Pickup 47", "Pickup 47"],
  ["Tab Mike", "Tab Mike"],
])("%s is read as %s", (label, title) => {
  expect(tableTitle(label)).toBe(title);
});

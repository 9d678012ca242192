import { expect, test } from "vitest";
import { unseenTold } from "./told.ts";

test("a printer whose slips nobody saw the end of shows beside the others", () => {
  expect(unseenTold([{ printer: "Bar", jobs: 30, unseen: 30 }, { printer: "Grill", jobs: 120, unseen: 1 }])).toBe("slips of which nobody saw the end: Bar 30 of 30, Grill 1 of 120");
});

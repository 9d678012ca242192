import { expect, test } from "vitest";
import { dayAndTime } from "./format.ts";

test("a day and a time are the place's, whoever looks from wherever", () => {
  const at = new Date("2026-11-21T23:05:00Z");
  expect([dayAndTime(at, "Europe/Rome"), dayAndTime(at, "Asia/Jakarta"), dayAndTime(at, "America/New_York")]).toEqual(["22 Nov 2026, 00:05", "22 Nov 2026, 06:05", "21 Nov 2026, 18:05"]);
});

import { expect, test } from "vitest";
import { businessDateOf } from "./business-date.ts";

const at = (text: string) => Date.parse(text);

test.each([
  ["2026-11-20T03:30:00Z", "Europe/Rome", "04:00", "2026-11-20"],
  ["2026-11-20T02:59:59.999Z", "Europe/Rome", "04:00", "2026-11-19"],
  ["2026-11-20T03:00:00.000Z", "Europe/Rome", "04:00", "2026-11-20"],
  ["2026-11-20T22:00:00Z", "Asia/Ho_Chi_Minh", "04:00", "2026-11-21"],
  ["2026-11-20T20:59:00Z", "Asia/Ho_Chi_Minh", "04:00", "2026-11-20"],
  ["2026-01-01T08:00:00Z", "America/New_York", "04:00", "2025-12-31"],
  ["2026-11-20T00:00:00Z", "Pacific/Kiritimati", "00:00", "2026-11-20"],
])("DOM-17: %s in %s with cut-over %s is %s", (instant, zone, cutOver, date) => {
  expect(businessDateOf(at(instant), zone, cutOver)).toBe(date);
});

test("DOM-17: a cut-over that summer time skips is the next instant", () => {
  // Rome, 29 March 2026: 02:00 becomes 03:00 at 01:00Z.
  expect(businessDateOf(at("2026-03-29T00:59:59.999Z"), "Europe/Rome", "02:30")).toBe("2026-03-28");
  expect(businessDateOf(at("2026-03-29T01:00:00Z"), "Europe/Rome", "02:30")).toBe("2026-03-29");
});

test("DOM-17: a cut-over that winter time doubles is the first of the two", () => {
  // Rome, 25 October 2026: 03:00 becomes 02:00 at 01:00Z; 02:30 is at 00:30Z and at 01:30Z.
  expect(businessDateOf(at("2026-10-25T00:29:59Z"), "Europe/Rome", "02:30")).toBe("2026-10-24");
  expect(businessDateOf(at("2026-10-25T00:30:00Z"), "Europe/Rome", "02:30")).toBe("2026-10-25");
  // 02:10 for the second time: the day has begun already.
  expect(businessDateOf(at("2026-10-25T01:10:00Z"), "Europe/Rome", "02:30")).toBe("2026-10-25");
});

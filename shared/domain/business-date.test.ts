import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { businessDateOf, businessDayStart } from "./business-date.ts";

describe("business date (DOM-17)", () => {
  test("the night belongs to the day that began before it", () => {
    expect(businessDateOf("2026-11-20T18:00:00.000Z", "Europe/Berlin", "04:00")).toBe("2026-11-20");
    expect(businessDateOf("2026-11-21T02:59:59.999Z", "Europe/Berlin", "04:00")).toBe("2026-11-20");
    expect(businessDateOf("2026-11-21T03:00:00.000Z", "Europe/Berlin", "04:00")).toBe("2026-11-21");
  });

  test("a cut-over that is skipped is the next instant", () => {
    // Berlin, 29 March 2026: 02:00 becomes 03:00.
    expect(businessDayStart("2026-03-29", "Europe/Berlin", "02:30")).toBe("2026-03-29T01:00:00.000Z");
    expect(businessDateOf("2026-03-29T00:59:59.999Z", "Europe/Berlin", "02:30")).toBe("2026-03-28");
    expect(businessDateOf("2026-03-29T01:00:00.000Z", "Europe/Berlin", "02:30")).toBe("2026-03-29");
  });

  test("a cut-over that is doubled is the first of the two", () => {
    // Berlin, 25 October 2026: 03:00 becomes 02:00.
    expect(businessDayStart("2026-10-25", "Europe/Berlin", "02:30")).toBe("2026-10-25T00:30:00.000Z");
    expect(businessDateOf("2026-10-25T01:15:00.000Z", "Europe/Berlin", "02:30")).toBe("2026-10-25");
    expect(businessDateOf("2026-10-25T00:29:59.999Z", "Europe/Berlin", "02:30")).toBe("2026-10-24");
  });

  test("across the world, whole days that never were included", () => {
    expect(businessDateOf("2026-11-20T20:00:00.000Z", "Pacific/Auckland", "04:00")).toBe("2026-11-21");
    expect(businessDateOf("2026-11-20T10:00:00.000Z", "America/Los_Angeles", "04:00")).toBe("2026-11-19");
    expect(businessDateOf("2026-11-20T00:30:00.000Z", "Asia/Kolkata", "06:00")).toBe("2026-11-20");
    // Samoa had no 30 December 2011: its day began and ended at the jump.
    expect(businessDayStart("2011-12-30", "Pacific/Apia", "04:00")).toBe("2011-12-30T10:00:00.000Z");
    expect(businessDateOf("2011-12-30T09:00:00.000Z", "Pacific/Apia", "04:00")).toBe("2011-12-29");
    // Cairo's clocks skip midnight: 24 April 2026 begins at 01:00.
    expect(businessDayStart("2026-04-24", "Africa/Cairo", "00:00")).toBe("2026-04-23T22:00:00.000Z");
  });

  test("every instant lies in its own day, and days follow one another", () => {
    const zones = fc.constantFrom("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Ho_Chi_Minh", "Pacific/Chatham", "America/Sao_Paulo");
    const cutOvers = fc.constantFrom("00:00", "01:30", "02:00", "02:30", "04:00", "06:00");
    const instants = fc.date({ min: new Date("2020-01-01T00:00:00Z"), max: new Date("2030-01-01T00:00:00Z"), noInvalidDate: true });
    fc.assert(
      fc.property(instants, zones, cutOvers, (instant, zone, cutOver) => {
        const at = instant.toISOString();
        const date = businessDateOf(at, zone, cutOver);
        const next = new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
        expect(businessDayStart(date, zone, cutOver) <= at).toBe(true);
        expect(at < businessDayStart(next, zone, cutOver)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

import { expect, test } from "vitest";
import { dayAndTime, instantOfMinute, minuteOnWall } from "./format.ts";

test("a day and a time are the place's, whoever looks from wherever", () => {
  const at = new Date("2026-11-21T23:05:00Z");
  expect([dayAndTime(at, "Europe/Rome"), dayAndTime(at, "Asia/Jakarta"), dayAndTime(at, "America/New_York")]).toEqual(["22 Nov 2026, 00:05", "22 Nov 2026, 06:05", "21 Nov 2026, 18:05"]);
});

test("a minute is picked by the place's own clock, wherever the browser is", () => {
  for (const zone of ["Asia/Jakarta", "America/New_York", "UTC"]) {
    const wall = minuteOnWall(new Date("2026-11-20T18:05:40.000Z"), zone);
    expect([zone, wall, instantOfMinute(wall, zone)]).toEqual([zone, { "Asia/Jakarta": "2026-11-21T01:05", "America/New_York": "2026-11-20T13:05", UTC: "2026-11-20T18:05" }[zone], "2026-11-20T18:05:00.000Z"]);
  }
  expect(["", "soon", "2026-13-40T99:99"].map((text) => instantOfMinute(text, "UTC"))).toEqual([undefined, undefined, undefined]);
});

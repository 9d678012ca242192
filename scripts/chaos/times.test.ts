import { expect, test } from "vitest";
import { findingsTold, struckTold } from "./told.ts";
import { counted, longestWait, startWatch, within } from "./times.ts";

test("who taps before a fault or in it waits until the answer, who has one yet to come until now", () => {
  expect(longestWait([], 100, 500)).toEqual({ from: 100, to: 100 });
  expect(longestWait([{ tappedAt: 0, answeredAt: 90 }], 100, 500)).toEqual({ from: 100, to: 100 });
  expect(longestWait([{ tappedAt: 0, answeredAt: 250 }, { tappedAt: 120, answeredAt: 140 }], 100, 500)).toEqual({ from: 100, to: 250 });
  expect(longestWait([{ tappedAt: 0, answeredAt: 250 }, { tappedAt: 120, answeredAt: undefined }], 100, 500)).toEqual({ from: 120, to: 500 });
});

test("the outage counts from the fault's beginning, and its end from when we let go, not from when the process was there again", async () => {
  let now = 1_000;
  const watch = startWatch(() => now, async (ms) => void (now += ms));
  // Somebody has to come to the point first.
  now = 3_000;
  watch.begins();
  await watch.hold(2_000);
  // Started again for four seconds, of which a tap hears only the last.
  now = 9_000;
  expect(watch.times([{ tappedAt: 2_900, answeredAt: 8_900 }, { tappedAt: 8_950, answeredAt: 8_990 }], { at: 9_500, last: "the kitchen" })).toEqual({ unansweredMs: 5_900, heldMs: 2_000, wholeAfterMs: 4_500, last: "the kitchen" });
});

test("of two faults at once, what was held twice counts once, and both have to be let go", async () => {
  let now = 0;
  const watch = startWatch(() => now, async (ms) => void (now += ms));
  const [first, second] = [{ from: 100, to: 400 }, { from: 200, to: 300 }];
  expect(within({ from: 0, to: 350 }, [second, first, { from: 340, to: 900 }])).toBe(250);
  await Promise.all([watch.hold(1_000), watch.hold(500)]);
  expect(watch.times([], { at: 2_000, last: "stock" })).toMatchObject({ wholeAfterMs: 500 });
});

test("a fault that nobody feels held nobody up", async () => {
  let now = 0;
  const watch = startWatch(() => now, async (ms) => void (now += ms));
  await watch.hold(5_000);
  expect(watch.times([{ tappedAt: 100, answeredAt: 130 }], { at: 5_000, last: "" })).toEqual({ unansweredMs: 30, heldMs: 30, wholeAfterMs: 0, last: "" });
});

test("a fault is counted with the longest of each of its times, and told so", () => {
  const once = counted("hub killed", undefined, { unansweredMs: 900, heldMs: 700, wholeAfterMs: 3_000, last: "stock" });
  const twice = counted("hub killed", once, { unansweredMs: 1_200, heldMs: 100, wholeAfterMs: 2_000, last: "hub 1" });
  expect(twice).toEqual({ fault: "hub killed", times: 2, unansweredMs: 1_200, heldMs: 100, wholeAfterMs: 3_000, last: "stock" });
  expect(struckTold([twice])[1]?.split(/\s{2,}/)).toEqual(["hub killed", "2", "1.2 s", "0.1 s", "3.0 s", "stock"]);
});

test("findings of a kind do not hide those of another, and what is not shown is counted", () => {
  const doubles = Array.from({ length: 25 }, (_, i) => `slip: ticket tkt_01J${String(i).padStart(23, "0")} is there ${i + 2} times, not 1`);
  expect(findingsTold([...doubles, "the books do not balance"])).toEqual([...doubles.slice(0, 3), "... and 22 more of this kind", "the books do not balance"]);
});

import { expect, test } from "vitest";
import { alertInWords, durationInWords, processInWords } from "./operation.ts";

test("an alert says what is wrong, for whom, and how much", () => {
  expect(alertInWords({ rule: "failure-rate", group: "kitchen", percent: 2.5 }, "Asia/Jakarta")).toBe("kitchen: 2.5 % of its attempts failed in the last minute.");
  expect(alertInWords({ rule: "event-age", group: "ledger", p95Ms: 2500 }, "Asia/Jakarta")).toBe("ledger is slow: one event in twenty waits up to 2.5 s.");
  expect(alertInWords({ rule: "event-age", group: "ledger", p95Ms: null }, "Asia/Jakarta")).toContain("more than half a minute");
  expect(alertInWords({ rule: "printers-down", count: 1, names: ["Grill"] }, "Asia/Jakarta")).toBe("The printer Grill does not answer.");
  expect(alertInWords({ rule: "printers-down", count: 2, names: ["Bar", "Grill"] }, "Asia/Jakarta")).toBe("2 printers do not answer: Bar, Grill.");
  expect(alertInWords({ rule: "nobody-works", groups: "all", oldestMs: null }, "Asia/Jakarta")).toBe("No process of consumers runs: what is ordered and paid goes no further until it is started again.");
  expect(alertInWords({ rule: "nobody-works", groups: ["kitchen", "stock"], oldestMs: 20_000 }, "Asia/Jakarta")).toBe("Nobody works for kitchen, stock: look at the processes of consumers, and start them again. Something waits for 20 s.");
  expect(alertInWords({ rule: "publishing-stalled", behind: 3, cause: "redis-away" }, "Asia/Jakarta")).toContain("Redis is away");
});

test("times are the place's own, and processes are told from each other", () => {
  expect(alertInWords({ rule: "new-epoch", reason: "operator", atMs: Date.parse("2026-11-20T18:05:00Z") }, "Asia/Jakarta")).toContain("21 Nov 2026, 01:05");
  expect(["hub", "vm-2-4711-m3x9", "consumers-12-abc"].map(processInWords)).toEqual(["this hub", "consumers 4711 on vm-2", "consumers 12 on consumers"]);
});

test("durations in the unit that a person would use", () => {
  expect([0, 25, 999, 1_000, 12_340, 90_000, 7_200_000].map(durationInWords)).toEqual(["0 ms", "25 ms", "999 ms", "1 s", "12.3 s", "2 min", "2 h"]);
});

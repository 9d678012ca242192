import { expect, test } from "vitest";
import type { TimelineStep } from "#shared/domain/timeline/entry.ts";
import { actorInWords, isToldLater, stepInWords } from "./timeline.ts";

const eur = { amount: "1250", currency: "EUR" };
const attempt: TimelineStep = { kind: "attempt", state: "captured", payment: "pay_1", method: "card-terminal", provider: "terminal-1", amount: eur };
const named = (provider: string | null) => (provider === "terminal-1" ? "Terminal at the bar" : "Card");
const actor = (kind: "staff" | "device" | "consumer" | "system", name: string | null = null) => ({ kind, id: "x", name });

test("a timeline names a terminal as the place calls it, never by what it is in the log", () => {
  expect(stepInWords(attempt, () => "€12.50", named)).toBe("Terminal at the bar €12.50: paid");
  expect(actorInWords({ actor: actor("consumer"), steps: [attempt] }, named)).toBe("Terminal at the bar");
  expect(actorInWords({ actor: actor("consumer"), steps: [{ kind: "paid" }] }, named)).toBe("The hub");
  expect(actorInWords({ actor: actor("staff", "Mai"), steps: [attempt] }, named)).toBe("Mai");
  expect(["staff", "device", "system"].map((kind) => actorInWords({ actor: actor(kind as "staff"), steps: [] }, named))).toEqual(["Somebody", "A screen", "The hub"]);
});

test("a tablet's own time that is not the hub's is told as such", () => {
  const at = "2026-03-01T20:00:00.000Z";
  expect(isToldLater({ at, recordedAt: "2026-03-01T20:00:05.000Z" })).toBe(false);
  expect(isToldLater({ at, recordedAt: "2026-03-01T20:12:00.000Z" })).toBe(true);
  expect(isToldLater({ at, recordedAt: "2026-03-01T19:50:00.000Z" })).toBe(true);
});

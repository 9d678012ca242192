import { afterEach, expect, test } from "vitest";
import type { Mood } from "./moods.ts";
import { SimulatedProvider } from "./provider.ts";

let provider: SimulatedProvider | undefined;
afterEach(() => provider?.stop());

const NOBODY = "http://127.0.0.1:9/";
const opened = () => (provider = new SimulatedProvider({ name: "terminal-1", kind: "terminal", apiKey: "key", webhookSecret: "whsec_c2VjcmV0", webhookUrl: NOBODY, publicUrl: NOBODY }));

test.each(["decline", "late", "twice", "out-of-order", "never", "no-webhooks", "wrong-signature"] as const)("%s is met by a guest who pays", (mood) => {
  const one = opened();
  one.setMood({ mood, ms: 60_000 } as Mood);
  one.start("a", { amount: "500", currency: "EUR" });
  if (mood !== "decline" && mood !== "never") one.approve("a");
  expect(one.met).toBe(1);
  one.setMood({ mood: "ok", ms: 60_000 });
  expect(one.met).toBe(0);
  one.start("b", { amount: "500", currency: "EUR" });
  one.approve("b");
  expect(one.met).toBe(0);
});

test("a guest who pays after the cancelling is met by a cancelling, not by a payment", () => {
  const one = opened();
  one.setMood({ mood: "success-after-expiry", ms: 60_000 });
  one.start("a", { amount: "500", currency: "EUR" });
  expect(one.met).toBe(0);
  one.cancel("a", "key");
  expect(one.met).toBe(1);
});

test.each(["refund-error", "refund-fails"] as const)("%s is met by a refund, not by a payment", (mood) => {
  const one = opened();
  one.setMood({ mood });
  one.start("a", { amount: "500", currency: "EUR" });
  one.approve("a");
  expect(one.met).toBe(0);
  one.refund("r", "a", { amount: "100", currency: "EUR" }, "key");
  expect(one.met).toBe(1);
});

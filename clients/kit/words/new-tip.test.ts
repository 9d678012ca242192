import { expect, test } from "vitest";
import type { Money } from "#shared/events/primitives.ts";
import { newTipInWords } from "./new-tip.ts";

const eur = (amount: string): Money => ({ amount, currency: "EUR" });
const words = (now: string, next: string | null, inCoins = true) => newTipInWords({ now: eur(now), next: next === null ? null : eur(next), inCoins }, ({ amount }) => `${amount} c`);

test("nothing typed, or what is there already, is nothing to confirm", () => {
  expect(words("500", null)).toEqual({ action: "Type the tip", differs: false, coins: null });
  expect(words("500", "500")).toEqual({ action: "The tip is 500 c already", differs: false, coins: null });
  expect(words("0", "0")).toEqual({ action: "There is no tip", differs: false, coins: null });
});

test("a typed zero takes the tip away, and the coins that go over the counter are named either way", () => {
  expect(words("500", "0")).toEqual({ action: "Take the tip of 500 c away", differs: true, coins: "Hand back 500 c in cash" });
  expect(words("500", "200")).toEqual({ action: "Tip 200 c", differs: true, coins: "Hand back 300 c in cash" });
  expect(words("500", "800")).toEqual({ action: "Tip 800 c", differs: true, coins: "Take 300 c more in cash" });
  expect(words("0", "300")).toEqual({ action: "Tip 300 c", differs: true, coins: "Take 300 c in cash" });
});

test("of a card nobody hands anything over", () => {
  expect(words("500", "0", false)).toEqual({ action: "Take the tip of 500 c away", differs: true, coins: null });
});

import { expect, test } from "vitest";
import type { PriceRule } from "#shared/events/commerce.ts";
import { madeVisit, TAPS } from "./made-visit.ts";
import { fromMenu, menuAt, type Tapped } from "./menu.ts";

const menu = menuAt(madeVisit(), { merchantid: "mer_1", time: "2026-11-20T21:00:00.000Z" });
const [tapped] = TAPS.flatMap(({ type, input }) => (type === "order.addItems" ? (input as { readonly items: readonly Tapped[] }).items : []));
if (tapped === undefined) throw new Error("nobody tapped anything");
const HOUR: PriceRule = { rule: "late", name: "Late", days: [5], from: "22:00", to: "02:00", products: ["prd_1"], categories: [], change: { kind: "percent-off", rate: "0.25" } };
const at = (instant: string, of: Tapped = tapped, rules: readonly PriceRule[] = [HOUR]) => fromMenu(of, { ...menu, rules }, "dine_in", instant, "Europe/Rome");

test("a happy hour is by the clock on the place's wall, and runs on past midnight", () => {
  expect(at("2026-11-20T20:59:00.000Z")?.unitPrice?.amount).toBe("1490");
  // A quarter off 14.90 is 11.175.
  expect(at("2026-11-20T21:00:00.000Z")?.unitPrice?.amount).toBe("1118");
  expect(at("2026-11-21T00:59:00.000Z")?.unitPrice?.amount).toBe("1118");
  expect(at("2026-11-21T01:00:00.000Z")?.unitPrice?.amount).toBe("1490");
  expect(at("2026-11-21T21:30:00.000Z")?.unitPrice?.amount).toBe("1490");
});

test("what is chosen costs what the menu says, each time, and what is left away nothing", () => {
  const price = (changes: Partial<Tapped["modifiers"][number]>) => at("2026-11-20T12:00:00.000Z", { ...tapped, modifiers: tapped.modifiers.map((one) => ({ ...one, ...changes })) })?.modifiers?.[0]?.price.amount;
  expect(price({ quantity: 2 })).toBe("400");
  expect(price({ prefix: "no" })).toBe("0");
});

test("what is not on the menu is known as such", () => {
  expect(at("2026-11-20T12:00:00.000Z", { ...tapped, product: "prd_9" })).toBeUndefined();
  expect(at("2026-11-20T12:00:00.000Z", { ...tapped, variant: "triple" })).toBeUndefined();
});

import { describe, expect, test } from "vitest";
import type { PriceRule } from "#shared/events/commerce.ts";
import type { ProductState } from "#shared/domain/menu/state.ts";
import { buttonPrice } from "./button-price.ts";

const eur = (amount: string) => ({ amount, currency: "EUR" });
const rule = (change: PriceRule["change"], more: Partial<PriceRule> = {}): PriceRule => ({ rule: "happy", name: "Happy hour", days: [5], from: "17:00", to: "19:00", products: [], categories: ["cat_beer"], change, ...more });
const lager = { id: "prd_lager", category: "cat_beer", kind: "goods", price: eur("500"), variants: [] } as unknown as ProductState;

describe("what a product's button says it costs", () => {
  test("the list price while no happy hour runs", () => {
    expect(buttonPrice(lager, [], "dine_in", { mode: "half-up" })).toEqual({ price: eur("500"), happy: null });
  });

  test("the happy hour's price, by name, while it runs", () => {
    expect(buttonPrice(lager, [rule({ kind: "percent-off", rate: "0.3" })], "dine_in", { mode: "half-up" })).toEqual({ price: eur("350"), happy: "Happy hour" });
  });

  test("of the first variant, which is what the sheet begins with", () => {
    const wine = { ...lager, variants: [{ variant: "glass", name: "Glass", price: eur("700"), stockFactor: "1" }] } as ProductState;
    expect(buttonPrice(wine, [rule({ kind: "amount-off", amount: eur("200") })], "dine_in", { mode: "half-up" }).price).toEqual(eur("500"));
  });

  test("the list price where the hour is not for this kind of service, or makes nothing cheaper", () => {
    expect(buttonPrice(lager, [rule({ kind: "percent-off", rate: "0.3" }, { serviceTypes: ["dine_in"] })], "takeaway", { mode: "half-up" }).happy).toBeNull();
    expect(buttonPrice(lager, [rule({ kind: "price", price: eur("900") })], "dine_in", { mode: "half-up" })).toEqual({ price: eur("500"), happy: null });
  });
});

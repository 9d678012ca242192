import { describe, expect, test } from "vitest";
import { place } from "#shared/domain/testing/place.ts";
import { daysInWords, draftOf, newDraft, ruledButtons, ruleOf, type RuleDraft } from "./rule-draft.ts";

const EUR = { currency: "EUR", displayDigits: 2 };
const IDR = { currency: "IDR", displayDigits: 0 };
const products = place().all("product");
const [first] = products;
if (!first) throw new Error("the place of the tests has no products");
const draft = (more: Partial<RuleDraft> = {}): RuleDraft => ({ ...newDraft("r-1"), name: "Happy hour", value: "30", categories: [first.category], ...more });

describe("a happy hour as it is typed", () => {
  test.each([
    [draft(), EUR, { kind: "percent-off", rate: "0.3" }],
    [draft({ value: "12,5" }), EUR, { kind: "percent-off", rate: "0.125" }],
    [draft({ kind: "amount-off", value: "1.50" }), EUR, { kind: "amount-off", amount: { amount: "150", currency: "EUR" } }],
    [draft({ kind: "price", value: "12500" }), IDR, { kind: "price", price: { amount: "1250000", currency: "IDR" } }],
    [draft({ kind: "price", value: "0" }), EUR, { kind: "price", price: { amount: "0", currency: "EUR" } }],
  ] as const)("%o is a rule, and reads back as it was typed", (typed, where, change) => {
    const { rule } = ruleOf(typed, where);
    expect(rule?.change).toEqual(change);
    if (rule) expect(ruleOf(draftOf(rule, where), where).rule).toEqual(rule);
  });

  test("says by field what is wrong with it", () => {
    const wrong = ruleOf({ ...newDraft("r-1"), days: [], from: "25:00", to: "19:0" }, EUR);
    expect(Object.keys(wrong.faults ?? {}).sort()).toEqual(["days", "from", "name", "to", "value", "what"]);
    expect(ruleOf(draft({ to: "17:00" }), EUR).faults).toEqual({ to: "It ends when it begins" });
    for (const value of ["0", "100", "-5", "x", ""]) expect(Object.keys(ruleOf(draft({ value }), EUR).faults ?? {})).toEqual(["value"]);
    for (const value of ["0", "1.234", "x", ""]) expect(Object.keys(ruleOf(draft({ kind: "amount-off", value }), EUR).faults ?? {})).toEqual(["value"]);
  });

  test("for all kinds of service or for some", () => {
    expect(ruleOf(draft(), EUR).rule).not.toHaveProperty("serviceTypes");
    expect(ruleOf(draft({ services: ["dine_in", "takeaway", "delivery"] }), EUR).rule).not.toHaveProperty("serviceTypes");
    expect(ruleOf(draft({ services: ["takeaway"] }), EUR).rule?.serviceTypes).toEqual(["takeaway"]);
  });

  test("what the buttons cost then: only those that it makes cheaper", () => {
    const { rule } = ruleOf(draft({ categories: [], products: [first.id], value: "50" }), EUR);
    if (!rule) throw new Error("no rule");
    const [ruled, ...others] = ruledButtons(rule, products, { mode: "half-up" });
    const list = BigInt((first.variants[0]?.price ?? first.price).amount);
    expect(others).toEqual([]);
    expect(BigInt(ruled?.ruled.amount ?? "0")).toBe((list + 1n) / 2n);
    expect(ruledButtons({ ...rule, change: { kind: "price", price: { amount: "9999999", currency: "EUR" } } }, products, { mode: "half-up" })).toEqual([]);
  });

  test("its days in words", () => {
    expect([[1, 2, 3, 4, 5], [7], [6, 7], [1, 3, 5], [7, 6, 5, 4, 3, 2, 1]].map(daysInWords)).toEqual(["Mo–Fr", "Su", "Sa, Su", "Mo, We, Fr", "every day"]);
  });
});

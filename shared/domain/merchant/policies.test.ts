import { describe, expect, test } from "vitest";
import { policies, type Policies } from "#shared/events/commerce.ts";
import { checkTotals } from "../check/totals.ts";
import { businessDateOf } from "../business-date.ts";
import { id, OPERATOR, world, type World } from "../testing/given.ts";
import { add, DRAWER, MERCHANT, openDrawer, ORDER, phoItem, place, POLICIES, seated, TABLES } from "../testing/place.ts";
import { RUPIAH, rp, soto, warung } from "../testing/rupiah.ts";
import { profileOf } from "./state.ts";
import { policiesNow, unitNow } from "./charged-unit.ts";
import { safePolicies, tipsOf } from "./policy-rules.ts";

const CHARGE: NonNullable<Policies["serviceCharge"]> = {
  rate: "0",
  taxCode: "food",
  removable: true,
  beneficiary: "staff",
  serviceTypes: ["dine_in"],
  bySize: [{ minCovers: 6, rate: "0.18", removable: false }, { minCovers: 12, rate: "0.2", removable: false }],
};
const withCharge = (more: Partial<typeof CHARGE> = {}): Policies => ({ ...POLICIES, serviceCharge: { ...CHARGE, ...more } });

describe("safe policies", () => {
  test.each([["EUR", 1], ["CHF", 5], ["IDR", 10_000], ["JPY", 1], ["KWD", 1], ["USD", 1]])("of a place in %s: nothing is charged that nobody asked for, cash in steps of %i", (currency, cashStep) => {
    const safe = safePolicies(currency);
    expect(policies.safeParse(safe).success).toBe(true);
    expect(safe).toMatchObject({ serviceCharge: null, cashStep, rounding: { mode: "half-up", level: "check" }, taxOnSplit: "family" });
    expect(tipsOf(safe)).toEqual({ suggestions: [], afterAuthorisation: false, recipient: "server" });
  });

  test("are what a merchant begins with who says nothing of them", () => {
    const w = world();
    const profile = { name: "Place", currency: "EUR", displayDigits: 2, zone: "Europe/Berlin", cutOver: "04:00", locale: "de-DE", address: [] };
    w.does("commerce.createMerchant", { merchant: MERCHANT, profile }, OPERATOR);
    expect(w.get("merchant", MERCHANT)?.policies).toEqual(safePolicies("EUR"));
  });

  test("what is left out of policies means the safe thing", () => {
    expect(tipsOf(POLICIES)).toEqual({ suggestions: [], afterAuthorisation: false, recipient: "server" });
  });
});

describe("policies are changed by the manager", () => {
  const change = (w: World, to: Policies) => w.refuses("commerce.changePolicies", { was: POLICIES, policies: to }, OPERATOR);

  test("and refused when no bill could be made by them", () => {
    const w = place();
    expect(change(w, withCharge({ taxCode: "drinks" }))).toEqual({ refused: "unknown-tax", tax: "drinks" });
    expect(change(w, { ...POLICIES, taxes: POLICIES.taxes.filter(({ code }) => code === "food") })).toEqual({ refused: "tax-in-use", tax: "drink" });
    expect(change(w, withCharge({ bySize: [{ minCovers: 6, rate: "0.1", removable: true }, { minCovers: 6, rate: "0.2", removable: true }] }))).toEqual({ refused: "duplicate-size", minCovers: 6 });
  });

  test("DOM-9: a bill that is open keeps the policies and taxes it was opened with; the next one has the new ones", () => {
    const w = seated();
    const { check: old } = add(w, phoItem(1));
    const before = checkTotals(w.get("check", old) ?? fail());
    const dearer: Policies = {
      ...POLICIES,
      taxes: POLICIES.taxes.map((tax) => ({ ...tax, rate: "0.25", inclusive: false })),
      serviceCharge: { rate: "0.2", taxCode: "food", removable: false, beneficiary: "house", serviceTypes: ["dine_in"] },
      rounding: { mode: "down", level: "line" },
      cashStep: 100,
    };
    w.does("commerce.changePolicies", { was: POLICIES, policies: dearer }, OPERATOR);
    expect(checkTotals(w.get("check", old) ?? fail())).toEqual(before);
    expect(w.get("check", old)?.policies).toEqual(POLICIES);

    const [party, order] = [id("party", 2), id("order", 2)];
    w.does("party.seat", { party, order, tables: [TABLES.t6], covers: 2, whenOccupied: "refuse" });
    const { check: later } = w.does("order.addItems", { order, party, items: [phoItem(11)] }).result;
    expect(w.get("check", later)?.policies).toEqual(dearer);
    // 12.50 + service 2.50, and 25 % of each on top, per line and rounded down: 3.12 + 0.62.
    expect(checkTotals(w.get("check", later) ?? fail())).toMatchObject({ net: "1250", serviceCharge: "250", tax: "374", total: "1874" });
  });

  test("a bill that is closed keeps its receipt to the last digit, whatever is decided later", () => {
    const w = seated();
    openDrawer(w);
    const { check } = add(w, phoItem(1));
    w.does("order.send", { order: ORDER, items: [id("item", 1)] });
    w.does("payment.takeCash", { payment: id("payment", 1), check, drawer: DRAWER, tendered: { amount: "5000", currency: "EUR" } });
    w.does("check.close", { check });
    const closed = w.get("check", check);
    const before = checkTotals(closed ?? fail());
    w.does("commerce.changePolicies", { was: POLICIES, policies: { ...withCharge({ rate: "0.25" }), taxes: POLICIES.taxes.map((tax) => ({ ...tax, rate: "0.3", name: "New" })), cashStep: 500 } }, OPERATOR);
    w.does("check.printReceipt", { check });
    expect(checkTotals(w.get("check", check) ?? fail())).toEqual(before);
    const printed = w.log.findLast(({ type }) => type === "sale.check.receiptRequested")?.data as { receipt: object };
    expect(printed.receipt).toEqual({ ...closed?.receipt, copy: closed?.copies });
  });

  test("name, address, zone and cut-over too, but never the currency", () => {
    const w = place();
    const { currency: _, ...profile } = { name: "Nove", currency: "EUR", displayDigits: 2, zone: "Asia/Jakarta", cutOver: "05:00", locale: "id-ID", address: ["Jl. Raya 1"] };
    w.does("commerce.changeProfile", { was: profileOf(w.get("merchant", MERCHANT) ?? fail()), profile }, OPERATOR);
    expect(w.get("merchant", MERCHANT)).toMatchObject({ ...profile, currency: "EUR", policies: POLICIES });
    const { zone, cutOver } = w.get("merchant", MERCHANT) ?? fail();
    expect(businessDateOf("2026-11-20T21:59:00.000Z", zone, cutOver)).toBe("2026-11-20");
    expect(businessDateOf("2026-11-20T22:00:00.000Z", zone, cutOver)).toBe("2026-11-21");
  });
});

describe("POL-6: the smallest amount that is charged", () => {
  const merchantOf = (w: World) => w.get("merchant", MERCHANT) ?? fail();
  const change = (policies: Policies, was = RUPIAH) => ({ was, policies });
  const inUnits = (unit: number): Policies => ({ ...RUPIAH, rounding: { ...RUPIAH.rounding, unit } });
  const decimals = (w: World, displayDigits: number) => ({ was: profileOf(merchantOf(w)), profile: { ...profileOf(merchantOf(w)), displayDigits } });

  test.each([["IDR", 0, 100n], ["IDR", 2, 1n], ["EUR", 2, 1n], ["JPY", 0, 1n], ["JPY", 2, 1n], ["KWD", 3, 1n], ["KWD", 2, 10n], ["CLP", 0, 1n]])("of %s shown with %i decimals is %s, when nobody says another", (currency, displayDigits, unit) => {
    const place = { ...merchantOf(warung()), currency, displayDigits };
    expect(unitNow(place)).toBe(unit);
    expect(policiesNow(place)?.rounding).toEqual({ ...RUPIAH.rounding, ...(unit === 1n ? {} : { unit: Number(unit) }) });
  });

  test("a place that was there before has it for its next check; the open one stays as it was", () => {
    const w = warung(RUPIAH, 2);
    const before = soto(w, 3);
    w.does("commerce.changeProfile", decimals(w, 0), OPERATOR);
    expect(merchantOf(w).policies).toEqual(RUPIAH);
    const opening = { serviceType: "takeaway" as const, label: "Pickup", channel: "till" as const, customer: null, promisedAt: null };
    const { check } = w.does("order.addItems", { order: id("order", 7), opening, items: [{ item: id("item", 9), product: id("product", 1) }] }).result;
    expect([before, check].map((one) => w.get("check", one)?.policies.rounding.unit)).toEqual([undefined, 100]);
  });

  test("is one that the screens show: another is refused, and so are fewer decimals than what is charged", () => {
    const w = warung();
    expect(w.refuses("commerce.changePolicies", change(inUnits(1)), OPERATOR)).toEqual({ refused: "unit-not-shown", unit: rp(0.01), shown: rp(1) });
    expect(w.refuses("commerce.changePolicies", change(inUnits(150)), OPERATOR)).toMatchObject({ refused: "unit-not-shown" });
    w.does("commerce.changePolicies", change(inUnits(1_000)), OPERATOR);
    expect(unitNow(merchantOf(w))).toBe(1_000n);
    w.does("commerce.changeProfile", decimals(w, 2), OPERATOR);
    w.does("commerce.changePolicies", change({ ...inUnits(50), cashStep: 10_000 }, inUnits(1_000)), OPERATOR);
    expect(w.refuses("commerce.changeProfile", decimals(w, 0), OPERATOR)).toEqual({ refused: "unit-not-shown", unit: rp(0.5), shown: rp(1) });
  });

  test("coins are multiples of it: Rp 150 is no step where 100 is charged; one minor unit is none", () => {
    const w = warung();
    expect(w.refuses("commerce.changePolicies", change({ ...inUnits(10_000), cashStep: 15_000 }), OPERATOR)).toEqual({ refused: "cash-step-not-in-units", cashStep: rp(150), unit: rp(100) });
    w.does("commerce.changePolicies", change({ ...RUPIAH, cashStep: 1 }), OPERATOR);
    expect(() => warung(inUnits(50))).toThrow("unit-not-shown");
  });
});

describe("of two who changed it from the same state, the second is told what differs, and takes back nothing of the first", () => {
  test("policies", () => {
    const w = place();
    const [first, second] = [{ ...POLICIES, cashStep: 10 }, { ...POLICIES, taxOnSplit: "own-receipt" as const }];
    const [one, two] = [w.prepare("commerce.changePolicies", { was: POLICIES, policies: first }, OPERATOR), w.prepare("commerce.changePolicies", { was: POLICIES, policies: second }, OPERATOR)];
    expect([one.commit(), two.commit()]).toEqual(["appended", "conflict"]);
    expect(w.refuses("commerce.changePolicies", { was: POLICIES, policies: second }, OPERATOR)).toEqual({ refused: "changed-meanwhile", changed: ["cashStep"] });
    expect(w.get("merchant", MERCHANT)?.policies).toEqual(first);
    w.does("commerce.changePolicies", { was: first, policies: { ...second, cashStep: 10 } }, OPERATOR);
    expect(w.get("merchant", MERCHANT)?.policies).toEqual({ ...second, cashStep: 10 });
  });

  test("name and times", () => {
    const w = place();
    const was = profileOf(w.get("merchant", MERCHANT) ?? fail());
    w.does("commerce.changeProfile", { was, profile: { ...was, cutOver: "05:00" } }, OPERATOR);
    expect(w.refuses("commerce.changeProfile", { was, profile: { ...was, name: "Nove" } }, OPERATOR)).toEqual({ refused: "changed-meanwhile", changed: ["cutOver"] });
    expect(w.get("merchant", MERCHANT)).toMatchObject({ name: was.name, cutOver: "05:00" });
  });

  test("routes", () => {
    const w = place();
    const was = w.get("merchant", MERCHANT)?.routes ?? [];
    const rules = [...was].slice(1);
    w.does("commerce.changeRoutes", { was: [...was], rules }, OPERATOR);
    expect(w.refuses("commerce.changeRoutes", { was: [...was], rules: [...was] }, OPERATOR)).toEqual({ refused: "changed-meanwhile", changed: ["routes"] });
    expect(w.get("merchant", MERCHANT)?.routes).toEqual(rules);
  });
});

function fail(): never {
  throw new Error("not there");
}

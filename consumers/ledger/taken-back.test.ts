import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dining, MANAGER, QR, reported, TERMINAL } from "#shared/domain/payment/testing.ts";
import { id, OPERATOR } from "#shared/domain/testing/given.ts";
import { DRAWER, eur, POLICIES } from "#shared/domain/testing/place.ts";
import { booksOf } from "./testing.ts";

const [P1, P2, P3, P4] = [1, 2, 3, 4].map((n) => id("payment", n)) as [string, string, string, string];
const CARD = id("giftCard", 1);
const HOUSE = id("houseAccount", 1);
const METHODS = ["cash", "card-manual", "voucher", "gift-card", "house-account", TERMINAL.provider, QR.provider] as const;
type Method = (typeof METHODS)[number];
type Paid = { readonly amount: number | undefined; readonly tip: number };

/** 27.40 due in a place whose coins are of `step`, with a gift card and a house account. */
function table(step: number) {
  const { w, check } = dining({ ...POLICIES, cashStep: step });
  w.happened("gift-card", CARD, [{ type: "giftcard.loaded", data: { amount: eur(9000), check: id("check", 99), item: id("item", 99), by: { staff: id("staff", 1), name: "Mai" } } }]);
  w.does("payment.openHouseAccount", { account: HOUSE, name: "Hotel", limit: null }, OPERATOR);
  return { w, check };
}
type Table = ReturnType<typeof table>;

function pay({ w, check }: Table, payment: string, method: Method, { amount, tip }: Paid): void {
  const common = { payment, check, tip: eur(tip), ...(amount === undefined ? {} : { amount: eur(amount) }) };
  switch (method) {
    case "cash":
      return void w.does("payment.takeCash", { ...common, drawer: DRAWER, tendered: eur(10_000) });
    case "card-manual":
      return void w.does("payment.takeCard", { ...common, slip: "1" });
    case "voucher":
      return void w.does("payment.takeVoucher", { ...common, issuer: "Edenred", code: "AB 12", value: eur(5000) });
    case "gift-card":
      return void w.does("payment.takeGiftCard", { ...common, card: CARD });
    case "house-account":
      return void w.does("payment.takeHouseAccount", { ...common, account: HOUSE });
    default:
      w.does("payment.startAttempt", { ...common, provider: method });
      reported(w, payment, { said: "captured" });
  }
}

function takeBack({ w }: Table, payment: string, method: Method): void {
  w.does("payment.void", { payment, reason: "wrong", drawer: DRAWER }, MANAGER);
  if (method === TERMINAL.provider || method === QR.provider) reported(w, payment, { said: "reversed", from: "provider" });
}

/** What is on every account, and on whose part of it. */
function standing({ w }: Table): Readonly<Record<string, bigint>> {
  return Object.fromEntries([...booksOf(w)].filter(([, amount]) => amount !== 0n).sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe("LED-22: what was taken back leaves nothing in the books", () => {
  test.each(METHODS)("%s: captured and taken back, every account is as it was, whatever the amount, the tip and the coins, and again (property)", (method) => {
    const paid = fc.record({ amount: fc.option(fc.integer({ min: 1, max: 2740 }), { nil: undefined }), tip: fc.integer({ min: 0, max: 900 }) });
    fc.assert(
      fc.property(fc.constantFrom(1, 5, 10), paid, paid, fc.option(fc.integer({ min: 0, max: 900 }), { nil: undefined }), (step, first, second, tipLater) => {
        const place = table(step);
        const before = standing(place);
        pay(place, P1, method, first);
        if (tipLater !== undefined) place.w.attempt("payment.adjustTip", { payment: P1, tip: eur(tipLater), drawer: DRAWER }, MANAGER);
        takeBack(place, P1, method);
        expect(standing(place)).toEqual(before);
        pay(place, P2, method, second);
        takeBack(place, P2, method);
        expect(standing(place)).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  test.each([TERMINAL.provider, QR.provider])("%s: what came too much and was taken back by the provider is owed to nobody", (provider) => {
    const place = table(5);
    place.w.does("payment.startAttempt", { payment: P1, check: place.check, provider, tip: eur(100) });
    reported(place.w, P1, { said: "expired", from: "hub" });
    pay(place, P2, "cash", { amount: undefined, tip: 50 });
    const before = standing(place);
    reported(place.w, P1, { said: "captured" });
    expect(booksOf(place.w).get(`2350 ${P1}`)).toBe(-2840n);
    reported(place.w, P1, { said: "reversed", from: "provider" });
    expect(standing(place)).toEqual(before);
  });

  test("a voucher of 50.00 for 27.40 that was taken back: its rest is no claim and no income, and used again it is posted once", () => {
    const place = table(1);
    pay(place, P1, "voucher", { amount: undefined, tip: 0 });
    const once = standing(place);
    expect([once["1060"], once["4090"]]).toEqual([5000n, -2260n]);
    takeBack(place, P1, "voucher");
    pay(place, P2, "voucher", { amount: undefined, tip: 0 });
    expect([standing(place)["1060"], standing(place)["4090"]]).toEqual([5000n, -2260n]);
  });

  const INSTEAD = [
    ["cash", { method: "cash" as const }],
    ["card-manual", { method: "card-manual" as const, slip: "1" }],
    ["gift-card", { method: "gift-card" as const, card: CARD }],
    ["house-account", { method: "house-account" as const, account: HOUSE }],
  ] as const;
  const corrections = (["cash", "card-manual", "voucher", "gift-card", "house-account"] as const).flatMap((wrong) => INSTEAD.flatMap(([right, method]) => (wrong === right ? [] : [{ wrong, right, method }])));
  test.each(corrections)("$wrong corrected to $right, open or closed: the books as if it had been paid so", ({ wrong, right, method }) => {
    for (const closed of [false, true]) {
      const [corrected, straight] = [table(5), table(5)];
      const paid = { amount: undefined, tip: 150 };
      pay(corrected, P3, wrong, paid);
      if (closed) corrected.w.does("check.close", { check: corrected.check });
      corrected.w.does("payment.correctTender", { payment: P3, replacement: P4, method, reason: "wrong", drawer: DRAWER }, MANAGER);
      pay(straight, P4, right, paid);
      if (closed) straight.w.does("check.close", { check: straight.check });
      expect([closed, standing(corrected)]).toEqual([closed, standing(straight)]);
    }
  });
});

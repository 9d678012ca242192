import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkTotals } from "../check/totals.ts";
import type { Change, Refusal } from "../command.ts";
import { leftOfBill } from "../payment/left-to-refund.ts";
import { applyRefundReport } from "../payment/pay-out.ts";
import { reported } from "../payment/testing.ts";
import { id, MANAGER, OPERATOR, type World } from "../testing/given.ts";
import { add, CATEGORIES, eur, ORDER, phoItem, POLICIES, seated, send, TABLES } from "../testing/place.ts";
import type { CommandInput } from "../registry.ts";
import { giftCardOf, redeemGiftCard, returnToGiftCard } from "./gift-card.ts";

const PRODUCT = id("product", 70);
const CARD = giftCardOf(id("item", 1));
const MAI = { staff: id("staff", 1), name: "Mai" };

const product = (more: Partial<CommandInput<"catalog.createProduct">> = {}): CommandInput<"catalog.createProduct"> => ({
  product: PRODUCT,
  names: { button: "Gift card", kitchen: "gift card", receipt: "Gift card" },
  category: CATEGORIES.desserts,
  number: 99,
  price: eur(5000),
  variants: [],
  modifierGroups: [],
  taxCode: "none",
  course: 1,
  recipe: [],
  active: true,
  kind: "stored-value",
  ...more,
});
function shop(): World {
  const w = seated({ ...POLICIES, serviceCharge: { rate: "0.1", taxCode: "food", removable: true, beneficiary: "house", serviceTypes: ["dine_in"] } });
  w.does("catalog.createProduct", product(), OPERATOR);
  return w;
}
const cardItem = (n: number) => ({ item: id("item", n), product: PRODUCT });
const checkOf = (w: World) => {
  const [check] = w.all("check");
  if (!check) throw new Error("no check");
  return check;
};
function sold(): World {
  const w = shop();
  const { check } = add(w, cardItem(1), phoItem(2));
  send(w, 1, 2);
  w.does("payment.takeCard", { payment: id("payment", 1), check, slip: "1" });
  w.does("check.close", { check });
  return w;
}

describe("DOM-8: a gift card that is sold", () => {
  test("is in the total and in nothing else: no revenue, no tax, no service charge", () => {
    const w = shop();
    add(w, phoItem(2));
    const without = checkTotals(checkOf(w));
    add(w, cardItem(1));
    const { total, due, storedValue, ...rest } = checkTotals(checkOf(w));
    expect([storedValue, total, due]).toEqual(["5000", String(BigInt(without.total) + 5000n), String(BigInt(without.due) + 5000n)]);
    const { total: _t, due: _d, storedValue: _s, subtotal: _b, ...before } = without;
    expect(rest).toMatchObject(before);
    expect(Object.values(checkOf(w).shares).find((share) => share.item === id("item", 1))).toMatchObject({ kind: "stored-value", tax: { code: "none", rate: "0" } });
  });

  test("is sold one by one, at its worth at any hour", () => {
    const w = shop();
    w.does("commerce.changePriceRules", { was: [], rules: [{ rule: "all", name: "All", days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "23:59", products: [PRODUCT], categories: [], change: { kind: "percent-off", rate: "0.5" } }] }, OPERATOR);
    add(w, cardItem(1));
    expect(w.get("order", ORDER)?.items[id("item", 1)]?.unitPrice).toEqual(eur(5000));
    expect(w.refuses("order.addItems", { order: ORDER, items: [{ ...cardItem(3), quantity: "2" }] })).toEqual({ refused: "gift-card-quantity", product: PRODUCT });
  });

  test("can be spent once its check is closed, and not before", () => {
    const w = shop();
    const { check } = add(w, cardItem(1), cardItem(2));
    send(w, 1, 2);
    w.does("payment.takeCard", { payment: id("payment", 1), check, slip: "1" });
    expect(w.get("gift-card", CARD)).toBeUndefined();
    const { events } = w.does("check.close", { check });
    expect(events.filter(({ type }) => type === "giftcard.loaded").map(({ data }) => data)).toEqual([1, 2].map((n) => ({ amount: eur(5000), check, item: id("item", n), by: MAI })));
    expect(w.get("gift-card", CARD)).toMatchObject({ balance: eur(5000), loaded: eur(5000), soldOn: check });
  });

  test("that was voided before is no card", () => {
    const w = shop();
    const { check } = add(w, cardItem(1), phoItem(2));
    w.does("order.removeItem", { order: ORDER, item: id("item", 1) });
    send(w, 2);
    w.does("payment.takeCard", { payment: id("payment", 1), check, slip: "1" });
    w.does("check.close", { check });
    expect(w.all("gift-card")).toEqual([]);
  });
});

describe("a gift card whose sale is refunded", () => {
  const refund = (w: World, n: number, what: CommandInput<"payment.refund">["what"]) => w.attempt("payment.refund", { refund: id("refund", n), check: checkOf(w).id, what, reason: "unwanted" }, MANAGER);
  const shareOf = (w: World, item: number) => Object.values(checkOf(w).shares).find((share) => share.item === id("item", item))?.share ?? "";

  test("by its line: the money goes back and the card is worth nothing; not twice", () => {
    const w = sold();
    expect(refund(w, 1, { kind: "items", items: [{ share: shareOf(w, 1) }] })).toMatchObject({ ok: true, result: { total: eur(5000) } });
    expect(w.get("refund", id("refund", 1))?.document).toMatchObject({ net: "0", tax: "0", serviceCharge: "0", total: "5000", cards: [{ card: CARD, amount: eur(5000) }] });
    expect(w.get("gift-card", CARD)).toMatchObject({ balance: eur(0), loaded: eur(0) });
    expect(redeem(w, 1)).toMatchObject({ refused: "gift-card-balance" });
    expect(refund(w, 2, { kind: "items", items: [{ share: shareOf(w, 1) }] })).toMatchObject({ refusal: { refused: "item-refunded" } });
  });

  test("with all of the check; the rest of the check without it", () => {
    const w = sold();
    const total = BigInt(checkOf(w).receipt?.totals.total ?? "0");
    expect(refund(w, 1, { kind: "all" })).toMatchObject({ result: { total: eur(Number(total)) } });
    const other = sold();
    refund(other, 1, { kind: "items", items: [{ share: shareOf(other, 1) }] });
    expect(refund(other, 2, { kind: "all" })).toMatchObject({ result: { total: eur(Number(total) - 5000) } });
  });

  test("not once somebody has spent of it: all of the check is then all but the card", () => {
    const w = sold();
    write(w, redeem(w, 1));
    expect(refund(w, 1, { kind: "items", items: [{ share: shareOf(w, 1) }] })).toEqual(expect.objectContaining({ refusal: { refused: "gift-card-spent", card: CARD, left: eur(4999) } }));
    const total = BigInt(checkOf(w).receipt?.totals.total ?? "0");
    expect(refund(w, 2, { kind: "all" })).toMatchObject({ result: { total: eur(Number(total) - 5000) } });
    write(w, giveBack(w, 1));
    expect(refund(w, 3, { kind: "all" })).toMatchObject({ result: { total: eur(5000) } });
  });

  test("all of a check that sold nothing else says that somebody has spent of it, and that nothing is left once it is given back", () => {
    const w = shop();
    const { check } = add(w, cardItem(1));
    send(w, 1);
    w.does("payment.takeCard", { payment: id("payment", 1), check, slip: "1" });
    w.does("check.close", { check });
    write(w, redeem(w, 1));
    expect(refund(w, 1, { kind: "all" })).toEqual(expect.objectContaining({ refusal: { refused: "gift-card-spent", card: CARD, left: eur(4999) } }));
    write(w, giveBack(w, 1));
    expect(leftOfBill(checkOf(w))).toEqual({ sale: 0n, tips: 0n, cards: true });
    expect(refund(w, 2, { kind: "all" })).toMatchObject({ ok: true });
    expect(refund(w, 3, { kind: "all" })).toMatchObject({ refusal: { refused: "nothing-to-refund" } });
    expect(leftOfBill(checkOf(w))).toEqual({ sale: 0n, tips: 0n, cards: false });
  });

  test("and is good again when that refund is cancelled", () => {
    const w = shop();
    w.does("commerce.connectProvider", { provider: "terminal-1", kind: "terminal", name: "Terminal" }, OPERATOR);
    const { check } = add(w, cardItem(1));
    send(w, 1);
    const payment = id("payment", 1);
    w.does("payment.startAttempt", { payment, check, provider: "terminal-1" });
    reported(w, payment, { said: "captured", from: "provider" });
    w.does("check.close", { check });
    refund(w, 1, { kind: "all" });
    const state = w.get("refund", id("refund", 1));
    if (!state) throw new Error("no refund");
    for (const change of applyRefundReport(state, payment, { said: "failed" })) w.happened(change.kind, change.stream, change.events);
    expect(redeem(w, 1)).toMatchObject({ refused: "gift-card-balance" });
    w.does("payment.cancelRefund", { refund: id("refund", 1) });
    expect(w.get("gift-card", CARD)).toMatchObject({ balance: eur(5000), loaded: eur(5000) });
  });
});

describe("tips on a gift card", () => {
  test("are taken with the payment, and changed as long as there is enough on it", () => {
    const w = sold();
    w.does("party.seat", { party: id("party", 2), order: id("order", 2), tables: [TABLES.t6], covers: 1, whenOccupied: "share" });
    const { check } = w.does("order.addItems", { order: id("order", 2), party: id("party", 2), items: [phoItem(12)] }).result;
    const payment = id("payment", 9);
    const { tender } = w.does("payment.takeGiftCard", { payment, check, card: CARD, tip: eur(100) }).result;
    const spent = Number(tender.amount.amount) + 100;
    expect(w.get("gift-card", CARD)?.balance).toEqual(eur(5000 - spent));
    w.does("payment.adjustTip", { payment, tip: eur(300) });
    expect(w.get("gift-card", CARD)?.balance).toEqual(eur(5000 - spent - 200));
    w.does("payment.adjustTip", { payment, tip: eur(0) });
    expect(w.get("gift-card", CARD)?.balance).toEqual(eur(5000 - spent + 100));
    expect(w.refuses("payment.adjustTip", { payment, tip: eur(5000) })).toMatchObject({ refused: "gift-card-balance" });
  });
});

type Outcome = Change | Refusal;
const write = (w: World, outcome: Outcome) => {
  if ("refused" in outcome) throw new Error(outcome.refused);
  w.happened(outcome.kind, outcome.stream, outcome.events);
};
const redeem = (w: World, amount: number, payment = 5, currency = "EUR") =>
  redeemGiftCard({ card: CARD, amount: BigInt(amount), currency, payment: id("payment", payment), check: id("check", 1), by: MAI }, { get: w.get });
const giveBack = (w: World, amount: number, payment = 5) => returnToGiftCard({ card: CARD, amount: BigInt(amount), payment: id("payment", payment), document: null, by: MAI }, { get: w.get });

describe("a gift card that is spent", () => {
  test("pays up to what is on it, says what is left, and takes back no more than a payment took", () => {
    const w = sold();
    write(w, redeem(w, 3000));
    expect(w.get("gift-card", CARD)?.balance).toEqual(eur(2000));
    expect(redeem(w, 2001, 6)).toEqual({ refused: "gift-card-balance", left: eur(2000) });
    write(w, redeem(w, 2000, 6));
    expect(redeem(w, 1, 7)).toEqual({ refused: "gift-card-balance", left: eur(0) });
    expect(giveBack(w, 3001)).toEqual({ refused: "amount-over-redeemed", left: eur(3000) });
    write(w, giveBack(w, 1000));
    expect(giveBack(w, 2001)).toEqual({ refused: "amount-over-redeemed", left: eur(2000) });
    write(w, giveBack(w, 2000));
    expect(w.get("gift-card", CARD)).toMatchObject({ balance: eur(3000), loaded: eur(5000) });
  });

  test("is refused in another currency, for nothing, and when nobody knows it", () => {
    const w = sold();
    expect(redeem(w, 100, 5, "USD")).toEqual({ refused: "wrong-currency", currency: "EUR" });
    expect(redeem(w, 0)).toMatchObject({ refused: "gift-card-balance" });
    expect(redeemGiftCard({ card: giftCardOf(id("item", 9)), amount: 1n, currency: "EUR", payment: id("payment", 1), check: id("check", 1), by: MAI }, { get: w.get })).toMatchObject({ refused: "unknown-gift-card" });
  });

  test("any sequence: never below nothing, and balance = loaded - taken + given back", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4000 })), { maxLength: 25 }), (steps) => {
        const w = sold();
        let taken = 0;
        for (const [isRedemption, payment, amount] of steps) {
          const outcome = isRedemption ? redeem(w, amount, payment) : giveBack(w, amount, payment);
          if (!("refused" in outcome)) {
            write(w, outcome);
            taken += isRedemption ? amount : -amount;
          }
          const balance = Number(w.get("gift-card", CARD)?.balance.amount);
          expect(balance).toBe(5000 - taken);
          expect(balance).toBeGreaterThanOrEqual(0);
          expect(balance).toBeLessThanOrEqual(5000);
        }
      }),
      { numRuns: 200 },
    );
  });
});

import { describe, expect, test } from "vitest";
import { blindReport } from "../cash/blind.ts";
import { id } from "../testing/given.ts";
import { add, DRAWER, eur, latteItem, send } from "../testing/place.ts";
import { checkOf, dining, MANAGER, paymentOf } from "./testing.ts";
import { isRefundable, leftOfBill } from "./left-to-refund.ts";
import { refundableTip } from "./refundable.ts";

const P1 = id("payment", 1);
const R = (n: number) => id("refund", n);
const ALL = { kind: "all", tips: true } as const;

/** A latte and what else stands there, paid by card with a tip of three, closed. */
function tipped() {
  const { w, check } = dining();
  add(w, latteItem(3));
  send(w, 3);
  w.does("payment.takeCard", { payment: P1, check, slip: "1", tip: eur(300) });
  w.does("check.close", { check });
  const shares = Object.keys(checkOf(w, check).shares);
  return { w, check, shares, total: Number(checkOf(w, check).receipt?.totals.total ?? "0") };
}

describe("PAY-14: a tip that is all that is left", () => {
  test("was stuck once the items were refunded: it goes back, once, and from whom it was given to", () => {
    const { w, check, shares } = tipped();
    w.does("payment.refund", { refund: R(1), check, what: { kind: "items", items: shares.map((share) => ({ share })) }, reason: "cold" }, MANAGER);
    expect(w.refuses("payment.reckonRefund", { check, what: { kind: "all" } })).toMatchObject({ refused: "nothing-to-refund" });
    expect(w.does("payment.reckonRefund", { check, what: ALL }).result).toMatchObject({ amount: eur(300), payouts: [{ payment: P1, amount: eur(300), tip: eur(300) }] });
    expect(w.does("payment.refund", { refund: R(2), check, what: ALL, reason: "cold" }, MANAGER).result).toEqual({ number: "R000002", total: eur(0), tip: eur(300) });
    expect(w.get("refund", R(2))?.document).toMatchObject({ net: "0", tax: "0", total: "0", tip: "300", payouts: [{ amount: eur(0), tip: eur(300), tipFor: { name: "Mai" } }] });
    expect(refundableTip(paymentOf(w, P1))).toBe(0n);
    expect(w.refuses("payment.refund", { refund: R(3), check, what: ALL, reason: "again" }, MANAGER)).toMatchObject({ refused: "nothing-to-refund" });
  });

  test("goes back in coins when people say so", () => {
    const { w, check, total } = tipped();
    w.does("payment.refund", { refund: R(1), check, what: { kind: "amount", amount: eur(total) }, reason: "cold" }, MANAGER);
    const before = BigInt(w.get("drawer", DRAWER)?.expected.amount ?? "0");
    expect(w.refuses("payment.refund", { refund: R(2), check, what: ALL, by: "cash", reason: "cold" }, MANAGER)).toEqual({ refused: "drawer-required" });
    w.does("payment.refund", { refund: R(2), check, what: ALL, by: "cash", drawer: DRAWER, reason: "cold" }, MANAGER);
    expect(BigInt(w.get("drawer", DRAWER)?.expected.amount ?? "0")).toBe(before - 300n);
  });
});

test("PAY-16: all of a card's bill goes back in coins, its tip too, without naming each payment", () => {
  const { w, check, total } = tipped();
  const { payouts } = w.does("payment.reckonRefund", { check, what: ALL, by: "cash", drawer: DRAWER }).result;
  expect(payouts).toMatchObject([{ payment: P1, method: "cash", tip: eur(300), drawer: DRAWER }]);
  w.does("payment.refund", { refund: R(1), check, what: ALL, by: "cash", drawer: DRAWER, reason: "cold" }, MANAGER);
  expect(w.get("refund", R(1))?.document).toMatchObject({ total: String(total), tip: "300", payouts: [{ method: "cash", by: "cash" }] });
  expect(w.refuses("payment.refund", { refund: R(2), check, what: ALL, reason: "again" }, MANAGER)).toMatchObject({ refused: "nothing-to-refund" });
});

test("CSH-2: a card's tip that goes back in coins is of what was given back, and takes nothing off the tips that came in coins", () => {
  const { w, check, total } = tipped();
  w.happened("drawer", DRAWER, [{ type: "cash.drawer.cashTaken", data: { payment: id("payment", 9), amount: eur(15_50), tip: eur(100) } }]);
  w.does("payment.refund", { refund: R(1), check, what: ALL, by: "cash", drawer: DRAWER, reason: "cold" }, MANAGER);
  const { report } = w.does("drawer.close", { drawer: DRAWER, counted: eur(0) }, MANAGER).result;
  const paper = w.get("cash-report", report)?.report ?? expect.unreachable();
  expect(paper).toMatchObject({ taken: { count: 1, amount: eur(15_50) }, tips: eur(100), returned: { count: 1, amount: eur(total + 300) }, returnedTips: eur(300) });
  if (paper.scope === "drawer") expect(Object.keys(blindReport(paper)).filter((key) => /tips$|returned/i.test(key))).toEqual([]);
});

test("PAY-14: the till knows what is left of a bill by the bill itself, so that it offers nothing that is gone", () => {
  const { w, check, total } = tipped();
  const left = () => leftOfBill(checkOf(w, check));
  expect(left()).toEqual({ sale: BigInt(total), tips: 300n, cards: false });
  w.does("payment.refund", { refund: R(1), check, what: { kind: "amount", amount: eur(100) }, reason: "cold" }, MANAGER);
  expect(left()).toEqual({ sale: BigInt(total - 100), tips: 300n, cards: false });
  w.does("payment.refund", { refund: R(2), check, what: { kind: "all" }, reason: "cold" }, MANAGER);
  expect([left(), isRefundable(checkOf(w, check))]).toEqual([{ sale: 0n, tips: 300n, cards: false }, true]);
  w.does("payment.refund", { refund: R(3), check, what: ALL, reason: "cold" }, MANAGER);
  expect([left(), isRefundable(checkOf(w, check))]).toEqual([{ sale: 0n, tips: 0n, cards: false }, false]);
});

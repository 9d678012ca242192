import { expect, test } from "vitest";
import { MANAGER, id, type World } from "#shared/domain/testing/given.ts";
import { add, burgerItem, DRAWER, eur, openDrawer, phoItem, seated } from "#shared/domain/testing/place.ts";
import type { Policies } from "#shared/events/commerce.ts";
import { booksOf } from "./testing.ts";

const MAI = id("staff", 1);
const [P1, P2] = [id("payment", 1), id("payment", 2)];
const POOLED: Policies = {
  taxes: [{ code: "food", name: "VAT", rate: "0.07", inclusive: true }, { code: "drink", name: "VAT", rate: "0.19", inclusive: true }],
  serviceCharge: null,
  rounding: { mode: "half-up", level: "check" },
  cashStep: 1,
  tips: { suggestions: [], afterAuthorisation: false, recipient: "pool" },
};

/** 27.40 due; 20.00 by card with a tip of 5.00, which has been paid out already. */
function paidOut(policies?: Policies) {
  const w = seated(policies);
  openDrawer(w);
  w.happened("staff", MAI, [{ type: "identity.staff.created", data: { name: "Mai", color: "#112233", work: [] } }]);
  const { check } = add(w, phoItem(1), burgerItem(2));
  w.does("order.send", { order: id("order", 1), items: [1, 2].map((n) => id("item", n)) });
  w.does("payment.takeCard", { payment: P1, check, amount: eur(2000), slip: "1", tip: eur(500) });
  w.does("drawer.payTips", { drawer: DRAWER, movement: id("movement", 1), amount: eur(500), to: MAI, ...(policies ? { pool: true } : {}) }, MANAGER);
  return { w, check };
}
/** What is owed to whom; below zero they have had too much. */
const owed = (w: World, whose = MAI) => -(booksOf(w).get(`2200 ${whose}`) ?? 0n);

test("a tip that is made smaller after it was paid out: she has had too much, and her next tips make up for it", () => {
  const { w, check } = paidOut();
  expect(owed(w)).toBe(0n);
  w.does("payment.adjustTip", { payment: P1, tip: eur(300) });
  expect(owed(w)).toBe(-200n);
  w.does("payment.takeCard", { payment: P2, check, slip: "2", tip: eur(350) });
  expect(owed(w)).toBe(150n);
  w.does("check.close", { check });
  const books = booksOf(w);
  expect([books.get(`1010 ${DRAWER}`), books.get("1050 card-manual")]).toEqual([10_000n - 500n, 2740n + 300n + 350n]);
});

test("out of the pool: the pool is short, and says so", () => {
  const { w } = paidOut(POOLED);
  w.does("payment.adjustTip", { payment: P1, tip: eur(0) });
  expect(owed(w, "pool")).toBe(-500n);
  expect(owed(w)).toBe(0n);
});

test("a payment that is taken back after its tip was paid out takes the tip back too; one that is only paid otherwise leaves it", () => {
  const { w, check } = paidOut();
  w.does("payment.correctTender", { payment: P1, replacement: P2, method: { method: "cash" }, drawer: DRAWER, reason: "wrong" }, MANAGER);
  expect(owed(w)).toBe(0n);
  w.does("payment.void", { payment: P2, drawer: DRAWER, reason: "wrong" }, MANAGER);
  expect(owed(w)).toBe(-500n);
  expect(booksOf(w).get(`2020 ${check}`)).toBe(0n);
});

test("a refund gives a tip back that was paid out already: only when somebody asks for tips too", () => {
  const { w, check } = paidOut();
  w.does("payment.takeCard", { payment: P2, check, slip: "2" });
  w.does("check.close", { check });
  w.does("payment.refund", { refund: id("refund", 1), check, what: { kind: "amount", amount: eur(1000) }, reason: "cold" }, MANAGER);
  expect(owed(w)).toBe(0n);
  w.does("payment.refund", { refund: id("refund", 2), check, what: { kind: "all", tips: true }, reason: "cold" }, MANAGER);
  expect(owed(w)).toBe(-500n);
  expect(booksOf(w).get("2350")).toBe(0n);
});

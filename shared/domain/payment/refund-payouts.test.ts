import { expect, test } from "vitest";
import { id } from "../testing/given.ts";
import { eur } from "../testing/place.ts";
import { checkOf, dining, MANAGER } from "./testing.ts";

/** 27.40, of which all guests but the last paid a euro. */
function paidBy(guests: number) {
  const { w, check } = dining();
  for (let n = 1; n < guests; n++) w.does("payment.takeCard", { payment: id("payment", n), check, amount: eur(100), slip: String(n) });
  w.does("payment.takeCard", { payment: id("payment", guests), check, slip: String(guests) });
  w.does("check.close", { check });
  return { w, check };
}
const all = { kind: "all" as const };

test("all of a bill that 20 guests paid goes back at once", () => {
  const { w, check } = paidBy(20);
  w.does("payment.refund", { refund: id("refund", 1), check, what: all, reason: "cold" }, MANAGER);
  expect(checkOf(w, check).refunds?.[0]?.document.payouts).toHaveLength(20);
});

test("of a bill that more than 20 guests paid a part goes back first, which is told before anybody agrees, and the rest after it", () => {
  const { w, check } = paidBy(21);
  const refused = { refused: "too-many-payouts", most: 20 };
  expect(w.refuses("payment.reckonRefund", { check, what: all }, MANAGER)).toEqual(refused);
  expect(w.refuses("payment.refund", { refund: id("refund", 1), check, what: all, reason: "cold" }, MANAGER)).toEqual(refused);
  w.does("payment.refund", { refund: id("refund", 1), check, what: { kind: "amount", amount: eur(1000) }, reason: "cold" }, MANAGER);
  expect(w.does("payment.refund", { refund: id("refund", 2), check, what: all, reason: "cold" }, MANAGER).result.total).toEqual(eur(1740));
});

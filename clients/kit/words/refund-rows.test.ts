import { expect, test } from "vitest";
import type { Payout, RefundDocument } from "#shared/events/payment.ts";
import { refundRowsInWords, refundTitleInWords } from "./refund-rows.ts";

const eur = (amount: string) => ({ amount, currency: "EUR" });
const payout = (method: Payout["method"], amount: string, tip: string): Payout => ({ payment: "pay_1", attempt: "att_1", method, by: "same", drawer: null, amount: eur(amount), tip: eur(tip), rounding: eur("0") });
const document = (kind: RefundDocument["kind"]) => ({ number: "R000001", kind, currency: "EUR", payouts: [payout("card-terminal", "2500", "100"), payout("cash", "8", "0")] });
const rows = (kind: RefundDocument["kind"]) => refundRowsInWords(document(kind), ({ amount }) => amount).map(({ name, value }) => `${name} ${value}`);

test("a refund of the sale is one row", () => {
  for (const kind of ["all", "items", "amount"] as const) expect(rows(kind)).toEqual(["Refund R000001 · Card, Cash 2608"]);
  expect(refundTitleInWords(document("items"))).toBe("Refund R000001");
});

test("money that paid for nothing came and went back: a bill with the second row alone did not add up", () => {
  expect(rows("overpayment")).toEqual(["Came too late or too much −2608", "Given back, R000001 · Card, Cash 2608"]);
  expect(rows("payment")).toEqual(["Payment that was taken back −2608", "Given back, R000001 · Card, Cash 2608"]);
  expect(refundTitleInWords(document("overpayment"))).toBe("Came too late or too much, given back: R000001");
});

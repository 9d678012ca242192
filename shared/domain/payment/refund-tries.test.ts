import { expect, test } from "vitest";
import { id } from "../testing/given.ts";
import { DRAWER, eur } from "../testing/place.ts";
import type { RefundReport } from "./pay-out.ts";
import { dining, MANAGER, refundOf, refundReported, reported, TERMINAL } from "./testing.ts";
import { pointsOfRefund } from "./to-resolve.ts";

const [PAYMENT, REFUND] = [id("payment", 1), id("refund", 1)];

/** A refund of 10.00 that the terminal said no to, and that is being tried again. */
function triedAgain() {
  const { w, check } = dining();
  w.does("payment.startAttempt", { payment: PAYMENT, check, provider: TERMINAL.provider });
  reported(w, PAYMENT, { said: "captured", from: "provider", tip: 100n });
  w.does("check.close", { check });
  w.does("payment.refund", { refund: REFUND, check, what: { kind: "amount", amount: eur(1000) }, reason: "cold" }, MANAGER);
  const said = (report: RefundReport) => refundReported(w, REFUND, PAYMENT, report);
  expect(said({ said: "failed", request: "prq_first" })).toEqual(["payment.refund.failed"]);
  w.does("payment.retryRefund", { refund: REFUND, payment: PAYMENT, by: "same" }, MANAGER);
  return { w, said, twice: () => pointsOfRefund(refundOf(w, REFUND)).map(({ kind, amount }) => ({ kind, amount })) };
}
const ofFirst = { request: "prq_first", earlier: true } as const;

test("an earlier try's no, told once more, failed the try that was under way, and the next one was paid beside it", () => {
  const { w, said } = triedAgain();
  expect(said({ said: "sent", request: "prq_second" })).toEqual(["payment.refund.sent"]);
  for (const stale of ["failed", "lost", "sent"] as const) expect(said({ said: stale, ...ofFirst })).toEqual([]);
  expect(w.refuses("payment.retryRefund", { refund: REFUND, payment: PAYMENT, by: "same" })).toMatchObject({ refused: "payout-not-failed", status: "sent" });
  expect(said({ said: "success", request: "prq_second" })).toEqual(["payment.refund.success"]);
});

test("a payout that the provider paid for several tries counted once: each more is with the guest twice, and is resolved by itself", () => {
  const { w, said, twice } = triedAgain();
  expect(said({ said: "success", ...ofFirst })).toEqual(["payment.refund.success"]);
  expect(said({ said: "success", ...ofFirst })).toEqual([]);
  for (const request of ["prq_second", "prq_third"]) {
    expect(said({ said: "success", request })).toEqual(["payment.refund.paidLate"]);
    expect(said({ said: "success", request })).toEqual([]);
  }
  for (const left of [2, 1, 0]) {
    expect(twice()).toEqual(Array.from({ length: left }, () => ({ kind: "paid-twice", amount: eur(1000) })));
    if (left > 0) w.does("payment.resolvePaidTwice", { refund: REFUND, payment: PAYMENT, outcome: "returned", drawer: DRAWER }, MANAGER);
  }
});

test("paid late for two tries, when it went in cash: the guest has it three times, not twice", () => {
  const { w, said, twice } = triedAgain();
  said({ said: "failed", request: "prq_second" });
  w.does("payment.retryRefund", { refund: REFUND, payment: PAYMENT, by: "cash", drawer: DRAWER }, MANAGER);
  for (const request of ["prq_first", "prq_second", "prq_first"]) said({ said: "success", request });
  expect(twice()).toHaveLength(2);
});

test("a no whose reason is cut within a pair is told without the half", () => {
  const { w, said } = triedAgain();
  expect(said({ said: "failed", request: "prq_second", reason: `${"r".repeat(79)}\u{1F622}` })).toEqual(["payment.refund.failed"]);
  expect(refundOf(w, REFUND).payouts).toMatchObject([{ status: "failed", reason: "r".repeat(79) }]);
});

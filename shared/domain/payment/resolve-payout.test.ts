import { describe, expect, test } from "vitest";
import { id } from "../testing/given.ts";
import { DRAWER, eur } from "../testing/place.ts";
import type { RefundReport } from "./pay-out.ts";
import { dining, MANAGER, refundOf, refundReported, reported, TERMINAL } from "./testing.ts";
import { pointsOfRefund } from "./to-resolve.ts";

const [PAYMENT, REFUND] = [id("payment", 1), id("refund", 1)];
const decided = (outcome: "paid" | "not-paid") => ({ refund: REFUND, payment: PAYMENT, outcome, reason: `Their page says ${outcome}` });

/** All of a bill of 27.40 goes back to the terminal with its tip of 1.00, and so far nobody has heard of it. */
function refunded() {
  const { w, check } = dining();
  w.does("payment.startAttempt", { payment: PAYMENT, check, provider: TERMINAL.provider });
  reported(w, PAYMENT, { said: "captured", from: "provider", tip: 100n });
  w.does("check.close", { check });
  w.does("payment.refund", { refund: REFUND, check, what: { kind: "all", tips: true }, reason: "cold" }, MANAGER);
  const said = (report: RefundReport) => refundReported(w, REFUND, PAYMENT, report);
  const decide = (outcome: "paid" | "not-paid") => w.does("payment.resolvePayout", decided(outcome), MANAGER);
  const again = (by: "same" | "cash") => w.does("payment.retryRefund", { refund: REFUND, payment: PAYMENT, by, ...(by === "cash" ? { drawer: DRAWER } : {}) }, MANAGER);
  return { w, said, decide, again, payout: () => refundOf(w, REFUND).payouts[0], points: () => pointsOfRefund(refundOf(w, REFUND)).map(({ kind }) => kind) };
}

/** And it stays so: the provider does not answer. */
function unknown() {
  const place = refunded();
  expect(place.said({ said: "lost", request: "prq_first" })).toEqual(["payment.refund.failed"]);
  expect(place.points()).toEqual(["payout-unknown"]);
  return place;
}
const ofFirst = { request: "prq_first", earlier: true } as const;

describe("refused", () => {
  test("of no refund, of none of its payouts, and of a payout whose end is known", () => {
    const { w, said } = refunded();
    const refused = (other: object) => w.refuses("payment.resolvePayout", { ...decided("paid"), ...other }, MANAGER);
    expect(refused({ refund: id("refund", 9) })).toEqual({ refused: "unknown-refund", refund: id("refund", 9) });
    expect(refused({ payment: id("payment", 9) })).toEqual({ refused: "unknown-payout", payment: id("payment", 9) });
    for (const [status, heard] of [["pending"], ["sent", "sent"], ["failed", "failed"], ["success", "success"]] as const) {
      if (heard !== undefined) said({ said: heard });
      expect(refused({})).toEqual({ refused: "payout-not-unknown", status });
    }
  });

  test("without somebody who may decide it: this outcome of this refund, all that is said to have gone back", () => {
    const { w, points } = unknown();
    for (const outcome of ["paid", "not-paid"] as const) {
      expect(w.refuses("payment.resolvePayout", decided(outcome))).toMatchObject({
        refused: "approval-required",
        action: "resolve-unknown",
        subject: { target: PAYMENT, purpose: `payout-${outcome}`, refund: REFUND, amount: eur(2840), reason: decided(outcome).reason },
      });
    }
    expect(points()).toEqual(["payout-unknown"]);
  });
});

describe("it was paid", () => {
  test("is a success that a person told, and once is enough", () => {
    const { w, decide, payout, points } = unknown();
    const { events } = decide("paid");
    expect(events).toMatchObject([{ type: "payment.refund.success", data: { payout: { payment: PAYMENT, amount: eur(2740), tip: eur(100) }, decidedBy: { name: "Otto" }, reason: "Their page says paid" } }]);
    expect([payout()?.status, points()]).toEqual(["success", []]);
    expect(w.refuses("payment.resolvePayout", decided("not-paid"), MANAGER)).toEqual({ refused: "payout-not-unknown", status: "success" });
    expect(w.refuses("payment.retryRefund", { refund: REFUND, payment: PAYMENT, by: "cash", drawer: DRAWER }, MANAGER)).toMatchObject({ refused: "payout-not-failed" });
  });

  test("what the provider says later of the same try is no second one", () => {
    const { said, decide, points } = unknown();
    decide("paid");
    for (const report of [{ said: "success", request: "prq_first" }, { said: "success" }, { said: "lost" }, { said: "failed", request: "prq_first" }, { said: "success", currency: "USD" }] as const) expect(said(report)).toEqual([]);
    expect(points()).toEqual([]);
  });

  test("a success of another try is with the guest twice", () => {
    const { said, decide, again, points } = refunded();
    said({ said: "failed", request: "prq_first" });
    again("same");
    said({ said: "lost", request: "prq_second" });
    decide("paid");
    expect(said({ said: "success", ...ofFirst })).toEqual(["payment.refund.paidLate"]);
    expect(said({ said: "success", ...ofFirst })).toEqual([]);
    expect(said({ said: "success", request: "prq_second", earlier: false })).toEqual([]);
    expect(points()).toEqual(["paid-twice"]);
  });
});

describe("it was not paid", () => {
  test("is a no that a person told: the guest waits for it, and it can be taken back", () => {
    const { w, decide, payout, points } = unknown();
    const { events } = decide("not-paid");
    expect(events).toMatchObject([{ type: "payment.refund.failed", data: { payment: PAYMENT, reason: "Their page says not-paid", unknown: false, decidedBy: { name: "Otto" } } }]);
    expect([payout()?.status, payout()?.reason, points()]).toEqual(["failed", "Their page says not-paid", ["payout-failed"]]);
    w.does("payment.cancelRefund", { refund: REFUND });
  });

  test("stands when the provider is still silent, and is the success that it tells of after all", () => {
    const { said, decide, payout, points } = unknown();
    decide("not-paid");
    for (const still of ["lost", "failed", "sent"] as const) expect(said({ said: still, request: "prq_first" })).toEqual([]);
    expect(said({ said: "success", request: "prq_first" })).toEqual(["payment.refund.success"]);
    expect(payout()).toMatchObject({ status: "success", paidBy: "prq_first" });
    expect(payout()).not.toHaveProperty("decided");
    expect(points()).toEqual([]);
  });

  test("given in cash since, and paid by the provider after all: the guest has it twice", () => {
    const { w, said, decide, again, points } = unknown();
    decide("not-paid");
    again("cash");
    expect(w.get("drawer", DRAWER)?.expected).toEqual(eur(10_000 - 2840));
    expect(said({ said: "success", request: "prq_first" })).toEqual(["payment.refund.paidLate"]);
    expect(points()).toEqual(["paid-twice"]);
  });

  test("tried again since: the first success pays it, whichever try it was for, and the next is with the guest twice", () => {
    const { said, decide, again, points } = unknown();
    decide("not-paid");
    again("same");
    expect(said({ said: "failed", ...ofFirst })).toEqual([]);
    expect(said({ said: "success", request: "prq_second" })).toEqual(["payment.refund.success"]);
    expect(said({ said: "success", ...ofFirst })).toEqual(["payment.refund.paidLate"]);
    expect(points()).toEqual(["paid-twice"]);
  });

  test("of a wrong currency that was looked into, the same told again asks nobody again; another one does", () => {
    const { said, decide, payout } = refunded();
    said({ said: "success", currency: "USD" });
    decide("not-paid");
    expect(said({ said: "success", currency: "USD" })).toEqual([]);
    expect(said({ said: "success", currency: "GBP" })).toEqual(["payment.refund.failed"]);
    expect(payout()).toMatchObject({ status: "unknown", reason: "wrong-currency GBP" });
  });
});

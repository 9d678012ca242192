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
    for (const report of [{ said: "success", request: "prq_first" }, { said: "success" }, { said: "lost" }] as const) expect(said(report)).toEqual([]);
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

describe("regression: a manager said that it was paid, the provider said that it was not, and nobody was told", () => {
  function contradicted() {
    const place = unknown();
    place.decide("paid");
    expect(place.said({ said: "failed", request: "prq_first", reason: "account closed" })).toEqual(["payment.refund.contradicted"]);
    expect(place.points()).toEqual(["payout-contradicted"]);
    return place;
  }

  test("is told once; the payout stands until people have said how it is, with a yes to exactly that", () => {
    const { w, said, payout } = contradicted();
    expect(said({ said: "failed", request: "prq_first", reason: "account closed" })).toEqual([]);
    expect(said({ said: "failed", request: "prq_first", reason: "refused" })).toEqual([]);
    expect(said({ said: "failed", ...ofFirst })).toEqual([]);
    expect(payout()?.status).toBe("success");
    expect(w.refuses("payment.retryRefund", { refund: REFUND, payment: PAYMENT, by: "cash", drawer: DRAWER }, MANAGER)).toMatchObject({ refused: "payout-not-failed" });
    expect(w.refuses("payment.cancelRefund", { refund: REFUND }, MANAGER)).toMatchObject({ refused: "refund-paid" });
    expect(w.refuses("payment.resolvePayout", decided("not-paid"))).toMatchObject({ refused: "approval-required", subject: { target: PAYMENT, purpose: "payout-not-paid", refund: REFUND, amount: eur(2840) } });
  });

  test("it was paid: that stands, also when the provider says no once more", () => {
    const { w, said, decide, payout, points } = contradicted();
    expect(decide("paid").events).toMatchObject([{ type: "payment.refund.contradictionResolved", data: { outcome: "paid", by: { name: "Otto" } } }]);
    expect([payout()?.status, points()]).toEqual(["success", []]);
    for (const report of [{ said: "failed", request: "prq_first" }, { said: "success", request: "prq_first" }] as const) expect(said(report)).toEqual([]);
    expect(w.refuses("payment.resolvePayout", decided("not-paid"), MANAGER)).toEqual({ refused: "payout-not-unknown", status: "success" });
  });

  test("the provider itself says that it has paid: that settles it", () => {
    const { said, payout, points } = contradicted();
    expect(said({ said: "success", request: "prq_first" })).toEqual(["payment.refund.contradictionResolved"]);
    expect(payout()).toMatchObject({ status: "success", paidBy: "prq_first" });
    expect(payout()).not.toHaveProperty("decided");
    expect(points()).toEqual([]);
    expect(said({ said: "failed", request: "prq_first" })).toEqual([]);
  });

  test("it was not paid: it has failed, and goes another way once", () => {
    const { w, said, decide, again, payout, points } = contradicted();
    decide("not-paid");
    expect([payout()?.status, points()]).toEqual(["failed", ["payout-failed"]]);
    expect(said({ said: "failed", request: "prq_first" })).toEqual([]);
    expect(w.get("drawer", DRAWER)?.expected).toEqual(eur(10_000));
    again("cash");
    expect([w.get("drawer", DRAWER)?.expected, points()]).toEqual([eur(10_000 - 2840), []]);
    expect(said({ said: "success", request: "prq_first" })).toEqual(["payment.refund.paidLate"]);
  });

  test("it was not paid, and the provider pays that try after all: its success", () => {
    const { said, decide, payout, points } = contradicted();
    decide("not-paid");
    expect(said({ said: "success", request: "prq_first" })).toEqual(["payment.refund.success"]);
    expect([payout()?.notPaid, points()]).toEqual([1, []]);
    expect(said({ said: "success", request: "prq_first" })).toEqual([]);
  });

  test("what it says of another currency contradicts it too, unless that was why nobody knew", () => {
    const { said, decide, points } = unknown();
    decide("paid");
    expect(said({ said: "success", currency: "USD", request: "prq_first" })).toEqual(["payment.refund.contradicted"]);
    expect(points()).toEqual(["payout-contradicted"]);
    const other = refunded();
    other.said({ said: "success", currency: "USD" });
    other.decide("paid");
    expect(other.said({ said: "success", currency: "USD" })).toEqual([]);
  });

  test("regression: a no in the very words for which nobody had known was dropped", () => {
    const { said, decide, points } = refunded();
    said({ said: "lost", request: "prq_first", reason: "conflict" });
    decide("paid");
    expect(said({ said: "failed", request: "prq_first", reason: "conflict" })).toEqual(["payment.refund.contradicted"]);
    expect(points()).toEqual(["payout-contradicted"]);
  });

  test("not this try was paid but the one before: the guest has it once, whichever the provider says first", () => {
    for (const order of [["no", "late"], ["late", "no"]] as const) {
      const { said, decide, again, payout, points } = refunded();
      said({ said: "failed", request: "prq_first" });
      again("same");
      said({ said: "lost", request: "prq_second" });
      decide("paid");
      const tell = { no: () => said({ said: "failed", request: "prq_second", earlier: false }), late: () => said({ said: "success", ...ofFirst }) };
      for (const what of order) tell[what]();
      if (order[0] === "late") {
        expect(points()).toEqual(["payout-contradicted", "paid-twice"]);
        decide("not-paid");
      }
      expect(points()).toEqual([]);
      expect(payout()).toMatchObject({ status: "success", paidBy: "prq_first" });
      for (const what of order) expect(tell[what]()).toEqual([]);
    }
  });

  test("regression: an earlier try that had been paid late, told again after the present one's no, was booked twice, or closed the point when it had come back: it pays the payout, or people say", () => {
    for (const cameBack of [false, true]) {
      const { w, said, decide, again, payout, points } = unknown();
      decide("not-paid");
      again("same");
      said({ said: "lost", request: "prq_second" });
      decide("paid");
      expect(said({ said: "success", ...ofFirst })).toEqual(["payment.refund.paidLate"]);
      if (cameBack) w.does("payment.resolvePaidTwice", { refund: REFUND, payment: PAYMENT, outcome: "returned", drawer: DRAWER }, MANAGER);
      expect(said({ said: "failed", request: "prq_second", earlier: false })).toEqual(["payment.refund.contradicted"]);
      expect(said({ said: "success", ...ofFirst })).toEqual(cameBack ? [] : ["payment.refund.contradictionResolved"]);
      expect(said({ said: "success", ...ofFirst })).toEqual([]);
      expect(points()).toEqual(cameBack ? ["payout-contradicted"] : []);
      if (!cameBack) expect(payout()).toMatchObject({ status: "success", paidBy: "prq_first", notPaid: 1 });
      if (!cameBack) continue;
      // What has come back pays nothing either when the payout goes again.
      decide("not-paid");
      again("same");
      expect(said({ said: "success", ...ofFirst })).toEqual([]);
      expect(payout()?.status).toBe("pending");
      expect(said({ said: "success", request: "prq_third", earlier: false })).toEqual(["payment.refund.success"]);
    }
  });

  test("regression: only the try before was paid, the provider never heard of this one, and nobody could say so: it was not paid, and the books have it once", () => {
    const { w, said, decide, again, payout, points } = refunded();
    said({ said: "failed", request: "prq_first" });
    again("same");
    said({ said: "lost", request: "prq_second" });
    decide("paid");
    said({ said: "success", ...ofFirst });
    expect(pointsOfRefund(refundOf(w, REFUND))).toMatchObject([{ kind: "paid-twice", request: "prq_first", byWord: true }]);
    expect(w.refuses("payment.resolvePayout", decided("paid"), MANAGER)).toEqual({ refused: "payout-not-unknown", status: "success" });
    expect(decide("not-paid").events).toMatchObject([{ type: "payment.refund.contradictionResolved", data: { outcome: "not-paid", by: { name: "Otto" } } }]);
    expect([payout()?.status, payout()?.paidBy, points()]).toEqual(["success", "prq_first", []]);
    expect(said({ said: "success", ...ofFirst })).toEqual([]);
    expect(said({ said: "success", request: "prq_second", earlier: false })).toEqual(["payment.refund.paidLate"]);
    expect(pointsOfRefund(refundOf(w, REFUND))[0]).not.toHaveProperty("byWord");
    expect(w.refuses("payment.resolvePayout", decided("not-paid"), MANAGER)).toMatchObject({ refused: "payout-not-unknown" });
  });

  test("of several that were paid late, the one that is told again pays it", () => {
    const { said, decide, again, payout } = unknown();
    for (const request of ["prq_second", "prq_third"]) {
      decide("not-paid");
      again("same");
      said({ said: "lost", request });
    }
    decide("paid");
    for (const request of ["prq_first", "prq_second"]) said({ said: "success", request, earlier: true });
    said({ said: "failed", request: "prq_third", earlier: false });
    expect(said({ said: "success", request: "prq_second", earlier: true })).toEqual(["payment.refund.contradictionResolved"]);
    expect(payout()).toMatchObject({ status: "success", paidBy: "prq_second" });
    expect(said({ said: "success", ...ofFirst })).toEqual([]);
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

  test("regression: what then truly moved in that currency was never told: it is, once for each try", () => {
    const { said, decide, again, payout, points } = refunded();
    said({ said: "sent", currency: "USD", request: "prq_first" });
    decide("not-paid");
    expect(said({ said: "sent", currency: "USD", request: "prq_first" })).toEqual([]);
    expect(said({ said: "success", currency: "USD", request: "prq_first" })).toEqual(["payment.refund.failed"]);
    expect([payout()?.reason, points()]).toEqual(["wrong-currency USD", ["payout-unknown"]]);
    decide("not-paid");
    again("same");
    said({ said: "failed", request: "prq_second" });
    for (const _ of [1, 2]) for (const request of [ofFirst, {}]) expect(said({ said: "success", currency: "USD", ...request })).toEqual([]);
    expect(points()).toEqual(["payout-failed"]);
    expect(said({ said: "success", currency: "USD", request: "prq_second" })).toEqual(["payment.refund.failed"]);
    expect(points()).toEqual(["payout-unknown"]);
  });
});

describe("regression: money that an earlier or a contradicted try moved in another currency was lost, or booked twice", () => {
  /** The first try failed, and paid in USD after all while the second was under way. */
  function moved() {
    const place = refunded();
    place.said({ said: "failed", request: "prq_first" });
    place.again("same");
    place.said({ said: "sent", request: "prq_second" });
    expect(place.said(ofFirstInUsd)).toEqual(["payment.refund.failed"]);
    return place;
  }
  const ofFirstInUsd = { said: "success", currency: "USD", ...ofFirst } as const;
  const ofSecond = { currency: "EUR", request: "prq_second", earlier: false } as const;

  test("the present try's success comes on top of it", () => {
    const { said, points, payout } = moved();
    expect(said({ said: "success", ...ofSecond })).toEqual(["payment.refund.success", "payment.refund.paidLate"]);
    expect([payout()?.paidBy, points()]).toEqual(["prq_second", ["paid-twice"]]);
    expect(said(ofFirstInUsd)).toEqual([]);
  });

  test("the present try's no is no answer to it", () => {
    const { said, decide, points } = moved();
    expect(said({ said: "failed", ...ofSecond })).toEqual([]);
    expect(points()).toEqual(["payout-unknown"]);
    decide("not-paid");
    expect(points()).toEqual(["payout-failed"]);
  });

  test("a manager's word that it was paid is of it: told again it is known, and the present try's success comes on top", () => {
    const { said, decide, payout, points } = moved();
    expect(decide("paid").events).toMatchObject([{ type: "payment.refund.success", data: { request: "prq_first" } }]);
    for (const report of [ofFirstInUsd, { said: "failed", ...ofSecond }] as const) expect(said(report)).toEqual([]);
    expect([payout()?.paidBy, points()]).toEqual(["prq_first", []]);
    expect(said({ said: "success", ...ofSecond })).toEqual(["payment.refund.paidLate"]);
    expect(said({ said: "failed", currency: "EUR", ...ofFirst })).toEqual(["payment.refund.contradicted"]);
    decide("not-paid");
    expect([payout()?.paidBy, points()]).toEqual(["prq_second", []]);
  });

  test("of two that moved in it a manager's word is of the last, and the other comes on top", () => {
    const { said, decide, payout, points } = moved();
    expect(said({ said: "success", ...ofSecond, currency: "USD" })).toEqual(["payment.refund.failed"]);
    expect(decide("paid").events.map(({ type }) => type)).toEqual(["payment.refund.success", "payment.refund.paidLate"]);
    expect([payout()?.paidBy, points()]).toEqual(["prq_second", ["paid-twice"]]);
    expect(said(ofFirstInUsd)).toEqual([]);
  });

  test("after a no to a manager's word it is told once more, and what another try paid does not settle it", () => {
    const { said, decide, again, payout, points } = refunded();
    said({ said: "failed", request: "prq_first" });
    again("same");
    said({ said: "lost", request: "prq_second" });
    decide("paid");
    expect(said({ said: "failed", ...ofSecond })).toEqual(["payment.refund.contradicted"]);
    for (const written of [["payment.refund.contradicted"], []]) expect(said({ said: "success", ...ofSecond, currency: "USD" })).toEqual(written);
    expect(said({ said: "failed", ...ofSecond })).toEqual([]);
    expect(payout()?.contradicted).toBe("wrong-currency USD");
    expect(said({ said: "success", ...ofFirst })).toEqual(["payment.refund.paidLate"]);
    expect(said({ said: "success", ...ofFirst })).toEqual([]);
    expect(points()).toEqual(["payout-contradicted", "paid-twice"]);
  });
});

import { describe, expect, test } from "vitest";
import { checkTotals } from "#shared/domain/check/totals.ts";
import { applyRefundReport } from "#shared/domain/payment/pay-out.ts";
import { checkOf, dining, MANAGER, paymentOf, reported, TERMINAL } from "#shared/domain/payment/testing.ts";
import { pointsOfPayment, pointsOfRefund } from "#shared/domain/payment/to-resolve.ts";
import { id, WAITER, type World } from "#shared/domain/testing/given.ts";
import { add, DRAWER, eur, latteItem, send } from "#shared/domain/testing/place.ts";
import { booksOf } from "./testing.ts";

const [P1, P2] = [id("payment", 1), id("payment", 2)];
const R1 = id("refund", 1);
const points = (w: World, payment = P1) => pointsOfPayment(paymentOf(w, payment)).map(({ kind, amount, said }) => [kind, amount.amount, said]);
const refundPoints = (w: World) => pointsOfRefund(w.get("refund", R1) ?? never()).map(({ kind, amount }) => [kind, amount.amount]);
function never(): never {
  throw new Error("it is there");
}
/** What is on these accounts; debit is positive. */
const balances = (w: World, ...accounts: readonly string[]) => Object.fromEntries(accounts.map((account) => [account, Number(booksOf(w).get(account) ?? 0n)]));

/** 27.40 due, asked of the terminal. */
function started() {
  const { w, check } = dining();
  w.does("payment.startAttempt", { payment: P1, check, provider: TERMINAL.provider });
  return { w, check };
}
/** The terminal's time was over for us, the guest paid in cash, and then the terminal took it too. */
function twice() {
  const { w, check } = started();
  reported(w, P1, { said: "expired", from: "hub" });
  w.does("payment.takeCash", { payment: P2, check, drawer: DRAWER, tendered: eur(2740) });
  reported(w, P1, { said: "captured" });
  return { w, check };
}
function refundSaid(w: World, said: "failed" | "success" | "lost"): readonly string[] {
  const changes = applyRefundReport(w.get("refund", R1) ?? never(), P1, { said });
  for (const { kind, stream, events } of changes) w.happened(kind, stream, events);
  return changes.flatMap(({ events }) => events.map(({ type }) => type));
}

describe("money that came and pays for nothing", () => {
  test("is owed to the guest, and said to people until it is given back", () => {
    const { w, check } = twice();
    expect(points(w)).toEqual([["overpaid", "2740", null]]);
    expect(balances(w, "1050", `2350 ${P1}`, `2020 ${check}`)).toEqual({ "1050": 2740, [`2350 ${P1}`]: -2740, [`2020 ${check}`]: -2740 });
    w.does("check.close", { check });
    expect(points(w)).toEqual([["overpaid", "2740", null]]);
    w.does("payment.refundOverpayment", { refund: R1, payment: P1, by: "cash", drawer: DRAWER, reason: "paid twice" }, MANAGER);
    expect(points(w)).toEqual([]);
    expect(balances(w, "2350", `1100 ${check}`, `2020 ${check}`)).toEqual({ "2350": 0, [`1100 ${check}`]: 0, [`2020 ${check}`]: 0 });
  });

  test("pays the check after all, when the cash goes back instead", () => {
    const { w, check } = twice();
    expect(w.refuses("payment.applyOverpayment", { payment: P1 })).toMatchObject({ refused: "nothing-due" });
    w.does("payment.void", { payment: P2, drawer: DRAWER, reason: "paid by card" }, MANAGER);
    expect(w.does("payment.applyOverpayment", { payment: P1 }).result).toEqual({ due: eur(0), left: eur(0) });
    expect(checkOf(w, check)).toMatchObject({ status: "paid", tenders: [{ payment: P1, amount: eur(2740) }] });
    expect(points(w)).toEqual([]);
    w.does("check.close", { check });
    expect(balances(w, "2350", "1050", `1100 ${check}`, `2020 ${check}`, `1010 ${DRAWER}`)).toEqual({ "2350": 0, "1050": 2740, [`1100 ${check}`]: 0, [`2020 ${check}`]: 0, [`1010 ${DRAWER}`]: 10_000 });
    w.does("payment.refund", { refund: R1, check, what: { kind: "all" }, reason: "cold" }, MANAGER);
    expect(w.get("refund", R1)?.payouts).toMatchObject([{ payment: P1, method: "card-terminal", amount: eur(2740) }]);
  });

  test("pays what is added later, as far as it goes; not twice, and not on a closed check", () => {
    const { w, check } = twice();
    add(w, latteItem(3, { quantity: "1" }));
    send(w, 3);
    const { due } = checkTotals(checkOf(w, check));
    expect(w.does("payment.applyOverpayment", { payment: P1 }).result).toEqual({ due: eur(0), left: eur(2740 - Number(due)) });
    w.does("check.close", { check });
    expect(w.refuses("payment.applyOverpayment", { payment: P1 })).toMatchObject({ refused: "check-closed" });
    expect(points(w)).toEqual([["overpaid", String(2740 - Number(due)), null]]);
    expect(balances(w, `2350 ${P1}`, `1100 ${check}`, `2020 ${check}`)).toEqual({ [`2350 ${P1}`]: Number(due) - 2740, [`1100 ${check}`]: 0, [`2020 ${check}`]: 0 });
  });
});

describe("a success after we were told that it failed", () => {
  function contradicted() {
    const place = started();
    reported(place.w, P1, { said: "failed", from: "webhook" });
    expect(reported(place.w, P1, { said: "captured" })).toEqual(["payment.attempt.contradicted"]);
    return place;
  }

  test("is said to people; the provider, asked, agrees with one of the two, and it is settled", () => {
    const { w } = contradicted();
    expect(points(w)).toEqual([["contradicted", "2740", "captured"]]);
    expect(reported(w, P1, { said: "failed", from: "provider" })).toEqual(["payment.attempt.contradictionResolved"]);
    expect(points(w)).toEqual([]);
    const other = contradicted();
    expect(reported(other.w, P1, { said: "captured", from: "provider" })).toContain("payment.attempt.success");
    expect(points(other.w)).toEqual([]);
    expect(paymentOf(other.w, P1).late).toBe(true);
  });

  test.each([["captured", "paid", 2740], ["not-captured", "open", 0]] as const)("somebody who has seen the slip decides: %s", (outcome, status, taken) => {
    const { w, check } = contradicted();
    const decided = { payment: P1, outcome, reason: "slip 42" };
    expect(w.refuses("payment.resolveContradiction", decided, WAITER)).toMatchObject({ refused: "approval-required", action: "resolve-unknown", subject: { purpose: outcome } });
    w.does("payment.resolveContradiction", decided, MANAGER);
    expect(checkOf(w, check).status).toBe(status);
    expect(points(w)).toEqual([]);
    expect(balances(w, "1050")).toEqual({ "1050": taken });
    expect(w.refuses("payment.resolveContradiction", decided, MANAGER)).toMatchObject({ refused: "not-contradicted" });
  });
});

describe("a manager said that it was charged, and the provider says that it was not", () => {
  function decided() {
    const place = started();
    reported(place.w, P1, { said: "lost", from: "hub" });
    place.w.does("payment.resolveUnknown", { payment: P1, outcome: "captured", reason: "slip" }, MANAGER);
    return place;
  }

  test("on an open check it is due again", () => {
    const { w, check } = decided();
    reported(w, P1, { said: "failed", from: "provider" });
    w.does("payment.resolveContradiction", { payment: P1, outcome: "not-captured", reason: "no slip" }, MANAGER);
    expect(checkOf(w, check)).toMatchObject({ status: "open", tenders: [] });
    expect(balances(w, "1050", "2020")).toEqual({ "1050": 0, "2020": 0 });
    expect(points(w)).toEqual([]);
  });

  test("on a closed one the sale stands and the house bears it: its receivable stays at zero, and nobody refunds what never came", () => {
    const { w, check } = decided();
    w.does("check.close", { check });
    reported(w, P1, { said: "failed", from: "provider" });
    expect(points(w)).toEqual([["contradicted", "2740", "failed"]]);
    w.does("payment.resolveContradiction", { payment: P1, outcome: "not-captured", reason: "no slip" }, MANAGER);
    expect(balances(w, "1050", `6200 ${P1}`, `1100 ${check}`, `2020 ${check}`)).toEqual({ "1050": 0, [`6200 ${P1}`]: 2740, [`1100 ${check}`]: 0, [`2020 ${check}`]: 0 });
    expect(points(w)).toEqual([]);
    expect(w.refuses("payment.refund", { refund: R1, check, what: { kind: "all" }, reason: "x" }, MANAGER)).toMatchObject({ refused: "over-refundable" });
  });

  test("what it took back by itself after the close was debited to a closed check: it is given up, and somebody has to see it", () => {
    const { w, check } = started();
    reported(w, P1, { said: "captured", tip: 100n, amount: 2740n });
    w.does("check.close", { check });
    reported(w, P1, { said: "reversed", from: "webhook", reason: "chargeback" });
    expect(points(w)).toEqual([["missing", "2840", "chargeback"]]);
    expect(balances(w, "1050", "2200", `6200 ${P1}`, `1100 ${check}`)).toEqual({ "1050": 0, "2200": 0, [`6200 ${P1}`]: 2740, [`1100 ${check}`]: 0 });
    w.does("payment.resolveContradiction", { payment: P1, outcome: "captured", reason: "seen" }, MANAGER);
    expect(points(w)).toEqual([]);
  });
});

describe("taken back by the provider, and then paid all the same", () => {
  function writtenOff() {
    const { w, check } = started();
    reported(w, P1, { said: "captured", amount: 2740n, tip: 100n });
    w.does("check.close", { check });
    reported(w, P1, { said: "reversed" });
    return { w, check };
  }
  const captured = { payment: P1, outcome: "captured" as const, reason: "on the statement" };
  const books = (w: World, check: string) => balances(w, "1050", "2200", "6200", "2350", `1100 ${check}`, `2020 ${check}`);
  const nothing = (check: string) => ({ "2200": 0, "6200": 0, "2350": 0, [`1100 ${check}`]: 0, [`2020 ${check}`]: 0 });

  test.each([["captured", "webhook"], ["settled", "webhook"], ["captured", "provider"], ["settled", "provider"]] as const)("%s by %s is an open point, said once, and books nothing by itself", (said, from) => {
    const { w, check } = writtenOff();
    expect(w.refuses("payment.askProvider", { payment: P1 })).toMatchObject({ refused: "nothing-to-ask" });
    expect(reported(w, P1, { said, from })).toEqual(["payment.attempt.contradicted"]);
    expect(reported(w, P1, { said, from })).toEqual([]);
    expect(points(w)).toEqual([["contradicted", "2840", said]]);
    expect(books(w, check)).toEqual({ ...nothing(check), "1050": 0, "6200": 2740 });
    w.does("payment.askProvider", { payment: P1 });
  });

  test("captured after all: the loss is taken back and the check is paid by it again, every time", () => {
    const { w, check } = writtenOff();
    const tenders = [{ payment: P1, amount: eur(2740), tip: eur(100) }];
    for (const _ of [1, 2]) {
      expect(checkOf(w, check).tenders).toEqual([]);
      reported(w, P1, { said: "captured" });
      w.does("payment.resolveContradiction", captured, MANAGER);
      expect(points(w)).toEqual([]);
      expect(books(w, check)).toEqual({ ...nothing(check), "1050": 2840, "2200": -100 });
      expect(checkOf(w, check)).toMatchObject({ status: "closed", tenders });
      reported(w, P1, { said: "reversed" });
      expect(books(w, check)).toEqual({ ...nothing(check), "1050": 0, "6200": 2740 });
    }
    reported(w, P1, { said: "captured" });
    w.does("payment.resolveContradiction", captured, MANAGER);
    reported(w, P1, { said: "settled", from: "provider", fee: 40n });
    expect(books(w, check)).toEqual({ ...nothing(check), "1050": 0, "2200": -100 });
  });

  test("taken back all the same: the loss stands; the provider's own word leaves it for people to see", () => {
    const { w, check } = writtenOff();
    reported(w, P1, { said: "captured" });
    expect(reported(w, P1, { said: "reversed", from: "provider" })).toEqual(["payment.attempt.contradictionResolved"]);
    expect(points(w)).toEqual([["missing", "2840", "provider"]]);
    reported(w, P1, { said: "settled" });
    w.does("payment.resolveContradiction", { ...captured, outcome: "not-captured" }, MANAGER);
    expect(points(w)).toEqual([]);
    expect(books(w, check)).toEqual({ ...nothing(check), "1050": 0, "6200": 2740 });
  });

  test("on a check that was owed it again it is overpaid, and can pay what is due; taken back once more it is gone", () => {
    const { w, check } = started();
    reported(w, P1, { said: "captured" });
    reported(w, P1, { said: "reversed" });
    reported(w, P1, { said: "captured" });
    w.does("payment.resolveContradiction", captured, MANAGER);
    expect(points(w)).toEqual([["overpaid", "2740", null]]);
    expect(books(w, check)).toEqual({ ...nothing(check), "1050": 2740, "2350": -2740 });
    w.does("payment.applyOverpayment", { payment: P1 });
    expect(checkOf(w, check).status).toBe("paid");
    expect(books(w, check)).toEqual({ ...nothing(check), "1050": 2740, [`2020 ${check}`]: -2740 });
    reported(w, P1, { said: "reversed" });
    expect(books(w, check)).toEqual({ ...nothing(check), "1050": 0 });
  });
});

test("a fee above what was taken is not booked, and said once", () => {
  const { w } = started();
  reported(w, P1, { said: "captured" });
  expect(reported(w, P1, { said: "settled", fee: 2741n })).toEqual(["payment.attempt.contradicted"]);
  expect(reported(w, P1, { said: "settled", fee: 2741n })).toEqual([]);
  expect(points(w)).toEqual([["contradicted", "2740", "fee 2741"]]);
  expect(balances(w, "1050", "6100")).toEqual({ "1050": 2740, "6100": 0 });
  reported(w, P1, { said: "settled", fee: 41n });
  expect(balances(w, "1050", "6100")).toEqual({ "1050": 0, "6100": 41 });
});

describe("two different amounts", () => {
  const took = (amount: bigint, from: "webhook" | "provider", said: "captured" | "settled" = "captured") => ({ said, from, amount, tip: 0n, fee: 10n });
  function captured() {
    const place = started();
    reported(place.w, P1, took(2740n, "webhook"));
    return place;
  }

  test("a webhook's word is not believed before the provider was asked, and asked once", () => {
    const { w } = captured();
    expect(reported(w, P1, took(3000n, "webhook", "settled"))).toEqual(["payment.attempt.contradicted"]);
    expect(reported(w, P1, took(3000n, "webhook", "settled"))).toEqual([]);
    expect(points(w)).toEqual([["contradicted", "2740", "amount 3000"]]);
    expect(reported(w, P1, took(2740n, "provider"))).toEqual(["payment.attempt.contradictionResolved"]);
    expect([points(w), balances(w, "1050")]).toEqual([[], { "1050": 2740 }]);
  });

  test("more: it is with us, so it is in the books, and owed to the guest", () => {
    const { w, check } = captured();
    expect(reported(w, P1, took(3000n, "provider", "settled"))).toEqual(["sale.check.overpaid", "payment.attempt.amountCorrected", "payment.transaction.settled"]);
    expect(points(w)).toEqual([["overpaid", "260", null]]);
    expect(balances(w, "1050", "1020", "6100", `2350 ${P1}`, `2020 ${check}`)).toEqual({ "1050": 0, "1020": 2990 - 10_000, "6100": 10, [`2350 ${P1}`]: -260, [`2020 ${check}`]: -2740 });
  });

  test("less: what never comes is no claim on the provider, and somebody has to see it", () => {
    const { w } = captured();
    expect(reported(w, P1, took(2700n, "provider"))).toEqual(["payment.attempt.amountCorrected"]);
    expect(reported(w, P1, took(2700n, "provider"))).toEqual([]);
    expect(points(w)).toEqual([["missing", "40", null]]);
    expect(balances(w, "1050", `6200 ${P1}`)).toEqual({ "1050": 2700, [`6200 ${P1}`]: 40 });
    reported(w, P1, took(2700n, "provider", "settled"));
    expect(balances(w, "1050")).toEqual({ "1050": 0 });
    w.does("payment.resolveContradiction", { payment: P1, outcome: "captured", reason: "seen" }, MANAGER);
    expect(points(w)).toEqual([]);
  });

  test("less than was thought to be too much: the guest is owed less", () => {
    const { w } = twice();
    reported(w, P1, took(2000n, "provider"));
    expect(points(w)).toEqual([["overpaid", "2000", null]]);
    expect(balances(w, "1050", `2350 ${P1}`, "6200")).toEqual({ "1050": 2000, [`2350 ${P1}`]: -2000, "6200": 0 });
  });
});

describe("a refund that the guest has twice", () => {
  function paidTwice() {
    const { w, check } = started();
    reported(w, P1, { said: "captured" });
    w.does("check.close", { check });
    w.does("payment.refund", { refund: R1, check, what: { kind: "amount", amount: eur(1000) }, reason: "cold" }, MANAGER);
    refundSaid(w, "failed");
    expect(refundPoints(w)).toEqual([["payout-failed", "1000"]]);
    w.does("payment.retryRefund", { refund: R1, payment: P1, by: "cash", drawer: DRAWER }, MANAGER);
    expect(refundPoints(w)).toEqual([]);
    expect(refundSaid(w, "success")).toEqual(["payment.refund.paidLate"]);
    return w;
  }

  test("was in no book: it has left the provider, and the guest owes it", () => {
    const w = paidTwice();
    expect(refundPoints(w)).toEqual([["paid-twice", "1000"]]);
    expect(balances(w, "1050", `2350 ${R1}`, `1010 ${DRAWER}`)).toEqual({ "1050": 1740, [`2350 ${R1}`]: 1000, [`1010 ${DRAWER}`]: 9000 });
  });

  test("comes back into a drawer, once", () => {
    const w = paidTwice();
    const back = { refund: R1, payment: P1, outcome: "returned" as const };
    expect(w.refuses("payment.resolvePaidTwice", back)).toEqual({ refused: "drawer-required" });
    w.does("payment.resolvePaidTwice", { ...back, drawer: DRAWER });
    expect([refundPoints(w), w.get("drawer", DRAWER)?.expected]).toEqual([[], eur(10_000)]);
    expect(balances(w, "2350", `1010 ${DRAWER}`)).toEqual({ "2350": 0, [`1010 ${DRAWER}`]: 10_000 });
    expect(w.refuses("payment.resolvePaidTwice", { ...back, drawer: DRAWER })).toMatchObject({ refused: "not-paid-twice" });
  });

  test("is given up by somebody who answers for it", () => {
    const w = paidTwice();
    const given = { refund: R1, payment: P1, outcome: "written-off" as const };
    expect(w.refuses("payment.resolvePaidTwice", given)).toMatchObject({ refused: "approval-required", action: "refund", subject: { purpose: "written-off", amount: eur(1000) } });
    w.does("payment.resolvePaidTwice", given, MANAGER);
    expect([refundPoints(w), balances(w, "2350", `6200 ${P1}`)]).toEqual([[], { "2350": 0, [`6200 ${P1}`]: 1000 }]);
  });
});

test("a payout that somebody said was paid is booked as the provider's own word, once; one that was not moves nothing", () => {
  for (const [outcome, left] of [["paid", 1740], ["not-paid", 2740]] as const) {
    const { w, check } = started();
    reported(w, P1, { said: "captured" });
    w.does("check.close", { check });
    w.does("payment.refund", { refund: R1, check, what: { kind: "amount", amount: eur(1000) }, reason: "cold" }, MANAGER);
    refundSaid(w, "lost");
    w.does("payment.resolvePayout", { refund: R1, payment: P1, outcome, reason: "their page" }, MANAGER);
    expect(balances(w, "1050")).toEqual({ "1050": left });
    refundSaid(w, "success");
    expect(balances(w, "1050", `2350 ${R1}`)).toEqual({ "1050": 1740, [`2350 ${R1}`]: 0 });
  }
});

test("regression: what somebody said was paid and was not is taken out of the books once, and is paid again in coins", () => {
  const { w, check } = started();
  reported(w, P1, { said: "captured" });
  w.does("check.close", { check });
  w.does("payment.refund", { refund: R1, check, what: { kind: "amount", amount: eur(1000) }, reason: "cold" }, MANAGER);
  const decide = (outcome: "paid" | "not-paid") => w.does("payment.resolvePayout", { refund: R1, payment: P1, outcome, reason: "their page" }, MANAGER);
  const books = () => balances(w, "1050", `2350 ${R1}`, `1010 ${DRAWER}`, `1100 ${check}`);
  for (const _ of [1, 2]) {
    refundSaid(w, "lost");
    decide("paid");
    expect(refundSaid(w, "failed")).toEqual(["payment.refund.contradicted"]);
    expect([refundPoints(w), books()]).toEqual([[["payout-contradicted", "1000"]], { "1050": 1740, [`2350 ${R1}`]: 0, [`1010 ${DRAWER}`]: 10_000, [`1100 ${check}`]: 0 }]);
    decide("not-paid");
    expect([refundPoints(w), books()]).toEqual([[["payout-failed", "1000"]], { "1050": 2740, [`2350 ${R1}`]: -1000, [`1010 ${DRAWER}`]: 10_000, [`1100 ${check}`]: 0 }]);
    w.does("payment.retryRefund", { refund: R1, payment: P1, by: "same" }, MANAGER);
  }
  refundSaid(w, "failed");
  w.does("payment.retryRefund", { refund: R1, payment: P1, by: "cash", drawer: DRAWER }, MANAGER);
  expect([refundPoints(w), books()]).toEqual([[], { "1050": 2740, [`2350 ${R1}`]: 0, [`1010 ${DRAWER}`]: 9000, [`1100 ${check}`]: 0 }]);
});

describe("a settled payment on a check that is still open", () => {
  /** 27.40 and a tip of 2.00 at the terminal, settled, nothing closed. */
  function settled() {
    const place = started();
    reported(place.w, P1, { said: "captured", amount: 2740n, tip: 200n });
    reported(place.w, P1, { said: "settled", amount: 2740n, tip: 200n, fee: 30n });
    return place;
  }
  const wanted = { refund: R1, payment: P1, reason: "wrong card" };

  test("could not be given back before the close: now it goes back whole, and is due again", () => {
    const { w, check } = settled();
    expect(w.refuses("payment.void", { payment: P1, reason: "x" }, MANAGER)).toMatchObject({ refused: "payment-settled" });
    expect(w.refuses("payment.refundPayment", wanted)).toMatchObject({ refused: "approval-required", action: "refund", subject: { target: P1, purpose: "payment", amount: eur(2940), payouts: [{ payment: P1, method: "card-terminal", amount: eur(2940), tip: eur(200) }] } });
    expect(w.does("payment.refundPayment", wanted, MANAGER).result).toEqual({ number: "R000001", amount: eur(2940) });
    expect(checkOf(w, check)).toMatchObject({ status: "open", tenders: [] });
    expect(balances(w, `2020 ${check}`, "2200", `2350 ${R1}`)).toEqual({ [`2020 ${check}`]: 0, "2200": 0, [`2350 ${R1}`]: -2940 });
    refundSaid(w, "success");
    expect(balances(w, "2350", "1050")).toEqual({ "2350": 0, "1050": -2940 });
    expect(w.refuses("payment.refundPayment", { ...wanted, refund: id("refund", 2) }, MANAGER)).toMatchObject({ refused: "payment-refunded" });
  });

  test("is paid otherwise and closed; its refund is no part of the sale, and what was sold can be refunded whole", () => {
    const { w, check } = settled();
    w.does("payment.refundPayment", wanted, MANAGER);
    w.does("payment.takeCash", { payment: P2, check, drawer: DRAWER, tendered: eur(2740) });
    w.does("check.close", { check });
    expect(balances(w, `1100 ${check}`, `2020 ${check}`, "4190")).toEqual({ [`1100 ${check}`]: 0, [`2020 ${check}`]: 0, "4190": 0 });
    expect(w.does("payment.refund", { refund: id("refund", 2), check, what: { kind: "all" }, drawer: DRAWER, reason: "cold" }, MANAGER).result).toMatchObject({ total: eur(2740) });
  });

  test("that the provider would not give back: what is owed stays owed and goes in cash; it is not taken back, and not once the check is closed", () => {
    const { w, check } = settled();
    w.does("payment.refundPayment", wanted, MANAGER);
    refundSaid(w, "failed");
    expect(w.refuses("payment.cancelRefund", { refund: R1 })).toMatchObject({ refused: "refund-not-cancellable" });
    w.does("payment.retryRefund", { refund: R1, payment: P1, by: "cash", drawer: DRAWER }, MANAGER);
    expect(balances(w, "2350", `1010 ${DRAWER}`)).toEqual({ "2350": 0, [`1010 ${DRAWER}`]: 10_000 - 2940 });
    const other = settled();
    other.w.does("check.close", { check: other.check });
    expect(other.w.refuses("payment.refundPayment", wanted, MANAGER)).toMatchObject({ refused: "check-closed" });
    expect(checkOf(w, check).status).toBe("open");
  });

  test("by hand it is taken back as a wrong tender", () => {
    const { w, check } = dining();
    w.does("payment.takeCard", { payment: P1, check, slip: "1" });
    expect(w.refuses("payment.refundPayment", wanted, MANAGER)).toMatchObject({ refused: "not-at-provider" });
  });
});

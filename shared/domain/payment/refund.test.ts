import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Policies } from "#shared/events/commerce.ts";
import { id, type World } from "../testing/given.ts";
import { roundToStep } from "#shared/money/rounding.ts";
import { lineAmount } from "../check/lines.ts";
import { add, DRAWER, eur, latteItem, send } from "../testing/place.ts";
import { applyRefundReport, type RefundReport } from "./pay-out.ts";
import { approvedPayoutOf } from "./payouts.ts";
import { refundable } from "./refundable.ts";
import { checkOf, dining, MANAGER, paymentOf, reported, TERMINAL } from "./testing.ts";

const [P1, P2] = [1, 2].map((n) => id("payment", n)) as [string, string];
const R = (n: number) => id("refund", n);
const EXCLUSIVE: Policies = {
  taxes: [
    { code: "food", name: "Sales tax", rate: "0.0875", inclusive: false },
    { code: "drink", name: "VAT", rate: "0.19", inclusive: true },
  ],
  serviceCharge: { rate: "0.1", taxCode: null, removable: true, beneficiary: "staff", serviceTypes: ["dine_in"] },
  rounding: { mode: "half-up", level: "check" },
  cashStep: 5,
};

/** Also the charge's own tax is inside it. */
const IN_UNITS: Policies = { ...EXCLUSIVE, serviceCharge: { rate: "0.125", taxCode: "drink", removable: true, beneficiary: "staff", serviceTypes: ["dine_in"] }, rounding: { mode: "half-up", level: "check", unit: 5 } };

const ownReceipt = (rate: string): Policies => ({ taxes: ["food", "drink"].map((code) => ({ code, name: "Tax", rate, inclusive: false })), serviceCharge: null, rounding: { mode: "half-up", level: "check" }, cashStep: 1, taxOnSplit: "own-receipt" });

/** Paid in cash and by card, closed. */
function closed(policies?: Policies, discount = false) {
  const { w, check } = dining(policies);
  add(w, latteItem(3, { variant: "large" }));
  send(w, 3);
  if (discount) {
    const discounter = { ...MANAGER, capabilities: [...MANAGER.capabilities, "approve.adjustments" as const] };
    w.does("check.adjust", { check, adjustment: id("adjustment", 1), kind: "discount", rate: "0.15", reason: "regular" }, discounter);
  }
  w.does("payment.takeCard", { payment: P1, check, amount: eur(2000), slip: "1", tip: eur(200) });
  w.does("payment.takeCash", { payment: P2, check, drawer: DRAWER, tendered: eur(5000) });
  w.does("check.close", { check });
  const shares = Object.values(checkOf(w, check).shares);
  return { w, check, total: BigInt(checkOf(w, check).receipt?.totals.total ?? "0"), shareOf: (name: string) => shares.find((share) => share.name.startsWith(name))?.share ?? "" };
}
const sum = (values: readonly string[]) => values.reduce((all, value) => all + BigInt(value), 0n);

function said(w: World, refund: string, payment: string, report: RefundReport): readonly string[] {
  const state = w.get("refund", refund);
  const changes = state ? applyRefundReport(state, payment, report) : [];
  for (const change of changes) w.happened(change.kind, change.stream, change.events);
  return changes.flatMap((change) => change.events.map(({ type }) => type));
}

describe("a refund is a numbered document at the original rates", () => {
  test("of all: the way the money came, the last payment first; cash out of today's drawer; tips when they are asked for", () => {
    const { w, check, total } = closed();
    const before = BigInt(w.get("drawer", DRAWER)?.expected.amount ?? "0");
    expect(w.refuses("payment.refund", { refund: R(1), check, what: { kind: "all" }, reason: "cold", drawer: DRAWER })).toMatchObject({ refused: "approval-required", action: "refund", subject: { target: check, amount: eur(Number(total)) } });
    const { result, events } = w.does("payment.refund", { refund: R(1), check, what: { kind: "all", tips: true }, reason: "cold", drawer: DRAWER }, MANAGER);
    expect(result).toEqual({ number: "R000001", total: eur(Number(total)), tip: eur(200) });
    const document = w.get("refund", R(1))?.document;
    const bill = checkOf(w, check).receipt?.totals;
    expect(document).toMatchObject({ net: bill?.net, tax: bill?.tax, serviceCharge: bill?.serviceCharge, checkNumber: "000001", approvedBy: { name: "Otto" } });
    expect(document?.taxes.map(({ rate, tax }) => [rate, tax])).toEqual(bill?.taxes.map(({ rate, tax }) => [rate, tax]));
    expect(document?.payouts.map(({ payment, method, drawer, tip }) => [payment, method, drawer, tip.amount])).toEqual([[P2, "cash", DRAWER, "0"], [P1, "card-manual", null, "200"]]);
    expect(events.filter(({ type }) => type === "payment.refund.success")).toHaveLength(2);
    const cash = w.all("payment").find(({ id: payment }) => payment === P2)?.tender;
    expect(BigInt(w.get("drawer", DRAWER)?.expected.amount ?? "0")).toBe(before - sum([cash?.amount.amount ?? "0", cash?.roundingDifference.amount ?? "0"]));
    expect(w.refuses("payment.refund", { refund: R(2), check, what: { kind: "all" }, reason: "again", drawer: DRAWER }, MANAGER)).toMatchObject({ refused: "nothing-to-refund" });
  });

  test("of items, at the rate each was sold at, with their part of the service charge; a quantity; never twice", () => {
    const { w, check, shareOf } = closed(EXCLUSIVE);
    const latte = shareOf("Latte");
    w.does("payment.refund", { refund: R(1), check, what: { kind: "items", items: [{ share: latte }] }, reason: "cold", drawer: DRAWER }, MANAGER);
    const document = w.get("refund", R(1))?.document;
    expect(document).toMatchObject({ total: "495", net: "378", serviceCharge: "45", lines: [{ share: latte, quantity: "1", amount: eur(495) }] });
    expect(document?.taxes.filter(({ tax }) => tax !== "0")).toMatchObject([{ code: "drink", rate: "0.19", tax: "72" }]);
    expect(w.refuses("payment.refund", { refund: R(2), check, what: { kind: "items", items: [{ share: latte }] }, reason: "cold", drawer: DRAWER }, MANAGER)).toEqual({ refused: "item-refunded", share: latte, left: "0" });
    w.does("payment.refund", { refund: R(2), check, what: { kind: "all" }, reason: "rest", drawer: DRAWER }, MANAGER);
    expect(w.get("refund", R(2))?.document.number).toBe("R000002");
  });

  test("a line was given back a cent beside what the guest read on the bill: line by line it is the line and its part of the charge", () => {
    const inside: Policies = { ...EXCLUSIVE, taxes: ["food", "drink"].map((code) => ({ code, name: "VAT", rate: "0.1", inclusive: true })), serviceCharge: { rate: "0.1", taxCode: "food", removable: true, beneficiary: "house", serviceTypes: ["dine_in"] }, cashStep: 1 };
    const { w, check } = dining(inside);
    add(w, latteItem(3, { quantity: "7" }), latteItem(4, { variant: "large" }));
    send(w, 3, 4);
    w.does("payment.takeCash", { payment: P1, check, drawer: DRAWER, tendered: eur(9000) });
    w.does("check.close", { check });
    const { shares, receipt } = checkOf(w, check);
    const read = Object.values(shares).map((share) => [share.share, (lineAmount(share, { mode: "half-up" }) * 11n) / 10n] as const);
    expect(sum(read.map(([, amount]) => String(amount)))).toBe(BigInt(receipt?.totals.total ?? "0"));
    for (const [i, [share, amount]] of read.entries()) expect(w.does("payment.refund", { refund: R(i + 1), check, what: { kind: "items", items: [{ share }] }, reason: "cold", drawer: DRAWER }, MANAGER).result.total).toEqual(eur(Number(amount)));
    expect(w.refuses("payment.refund", { refund: R(9), check, what: { kind: "all" }, reason: "again", drawer: DRAWER }, MANAGER)).toMatchObject({ refused: "nothing-to-refund" });
  });

  test("of a part of a line, piece by piece as its own bill counts them: three of five lattes are three, and the paper says so", () => {
    const { w, check } = dining(EXCLUSIVE);
    add(w, latteItem(3, { quantity: "5" }));
    send(w, 3);
    const B = id("check", 50);
    const share = Object.values(checkOf(w, check).shares).find(({ item }) => item === id("item", 3))?.share ?? "";
    w.does("check.split", { operation: id("operation", 1), check, into: [{ check: B, lines: [{ share, quantity: "3" }] }] });
    w.does("payment.takeCard", { payment: P1, check: B, slip: "1" });
    w.does("check.close", { check: B });
    const [part = ""] = Object.keys(checkOf(w, B).shares);
    expect(w.refuses("payment.refund", { refund: R(1), check: B, what: { kind: "items", items: [{ share: part, quantity: "4" }] }, reason: "cold" }, MANAGER)).toEqual({ refused: "item-refunded", share: part, left: "3" });
    w.does("payment.refund", { refund: R(1), check: B, what: { kind: "items", items: [{ share: part, quantity: "1" }] }, reason: "cold" }, MANAGER);
    w.does("payment.refund", { refund: R(2), check: B, what: { kind: "items", items: [{ share: part }] }, reason: "cold" }, MANAGER);
    // 4.50 each, and 10 % on top.
    expect([1, 2].map((n) => w.get("refund", R(n))?.document).map((document) => [document?.lines[0]?.quantity, document?.total])).toEqual([["1", "495"], ["2", "990"]]);
  });

  test("of half the items: each piece takes its part of price, charge and tax, and the last one leaves nothing of the line", () => {
    const { w, check } = dining(EXCLUSIVE);
    w.does("order.addItems", { order: id("order", 1), items: [latteItem(3, { quantity: "3" })] });
    send(w, 3);
    w.does("payment.takeCard", { payment: P1, check, slip: "1" });
    w.does("check.close", { check });
    const share = Object.values(checkOf(w, check).shares).find(({ name }) => name.startsWith("Latte"))?.share ?? "";
    for (const n of [1, 2]) w.does("payment.refund", { refund: R(n), check, what: { kind: "items", items: [{ share, quantity: "1" }] }, reason: "cold" }, MANAGER);
    w.does("payment.refund", { refund: R(3), check, what: { kind: "items", items: [{ share }] }, reason: "cold" }, MANAGER);
    const documents = [1, 2, 3].map((n) => w.get("refund", R(n))?.document);
    // 3 x 4.50 with 19 % inside, and 10 % of 13.50 on top: 14.85.
    expect(documents.map((document) => document?.total)).toEqual(["495", "495", "495"]);
    expect(documents.map((document) => document?.serviceCharge)).toEqual(["45", "45", "45"]);
    expect(sum(documents.map((document) => document?.tax ?? ""))).toBe(216n);
    expect(w.refuses("payment.refund", { refund: R(4), check, what: { kind: "items", items: [{ share }] }, reason: "cold" }, MANAGER)).toMatchObject({ refused: "item-refunded", left: "0" });
  });

  test("it is told before it is done: how much, and by which way; nothing is written", () => {
    const { w, check, total } = closed();
    const asked = { check, what: { kind: "all", tips: true }, drawer: DRAWER } as const;
    const { result, events } = w.does("payment.reckonRefund", asked);
    expect(events).toEqual([]);
    expect(result.amount).toEqual(eur(Number(total) + 200));
    expect(result.payouts.map(({ method, drawer }) => [method, drawer])).toEqual([["cash", DRAWER], ["card-manual", null]]);
    w.does("payment.refund", { ...asked, refund: R(1), reason: "cold" }, MANAGER);
    expect(w.get("refund", R(1))?.document.payouts.map(approvedPayoutOf)).toEqual(result.payouts);
    expect(w.refuses("payment.reckonRefund", asked)).toMatchObject({ refused: "nothing-to-refund" });
  });

  test("of a tip, from whom it was given to", () => {
    const { w, check } = closed();
    w.does("payment.refund", { refund: R(1), check, what: { kind: "all", tips: true }, reason: "cold", drawer: DRAWER }, MANAGER);
    expect(w.get("refund", R(1))?.document.payouts.find(({ payment }) => payment === P1)).toMatchObject({ tip: eur(200), tipFor: { staff: id("staff", 1), name: "Mai" } });
  });

  test("many small ones in coins are worth no more than one: what goes back of a check is rounded as one sum", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 8 }), fc.boolean(), (amounts, byCard) => {
        const { w, check } = closed();
        const start = BigInt(w.get("drawer", DRAWER)?.expected.amount ?? "0");
        let given = 0n;
        for (const [i, amount] of amounts.entries()) {
          const payouts = byCard ? { payouts: [{ payment: P1, amount: eur(amount), by: "cash" as const }] } : {};
          w.does("payment.refund", { refund: R(i + 1), check, what: { kind: "amount", amount: eur(amount) }, ...payouts, drawer: DRAWER, reason: "cold" }, MANAGER);
          given += BigInt(amount);
          const coins = start - BigInt(w.get("drawer", DRAWER)?.expected.amount ?? "0");
          expect(coins).toBe(roundToStep(given, 5n));
        }
      }),
      { numRuns: 40 },
    );
  });

  test("tips that go back in coins are in that sum", () => {
    const { w, check } = closed();
    const tipped = { ...w.get("payment", P1)?.tender };
    w.does("payment.refund", { refund: R(1), check, what: { kind: "amount", amount: eur(101) }, payouts: [{ payment: P1, amount: eur(101), by: "cash" }], drawer: DRAWER, reason: "cold" }, MANAGER);
    const start = BigInt(w.get("drawer", DRAWER)?.expected.amount ?? "0");
    const left = refundable(paymentOf(w, P1));
    w.does("payment.adjustTip", { payment: P2, tip: eur(3), drawer: DRAWER });
    const before = BigInt(w.get("drawer", DRAWER)?.expected.amount ?? "0");
    const rest = [{ payment: P2, amount: eur(Number(refundable(paymentOf(w, P2)))) }, { payment: P1, amount: eur(Number(left)), by: "cash" as const }];
    w.does("payment.refund", { refund: R(2), check, what: { kind: "all", tips: true }, payouts: rest, drawer: DRAWER, reason: "all" }, MANAGER);
    const [ofCash, ofCard] = w.get("refund", R(2))?.document.payouts ?? [];
    // What was put down goes back as it was; all else in coins is one sum with what went before: 1.01 (1.00 of it left) and the rest with its tip.
    const coins = (payout: typeof ofCash) => BigInt(payout?.amount.amount ?? 0) + BigInt(payout?.tip.amount ?? 0) + BigInt(payout?.rounding.amount ?? 0);
    expect(before - BigInt(w.get("drawer", DRAWER)?.expected.amount ?? "0")).toBe(coins(ofCash) + coins(ofCard));
    expect([start < before, 100n + coins(ofCard), tipped.tip]).toEqual([true, roundToStep(101n + left + 200n, 5n), eur(200)]);
  });

  test("a bill that goes back by three cents is not paid back twice over", () => {
    const { w, check } = closed();
    const start = Number(w.get("drawer", DRAWER)?.expected.amount);
    for (const n of [1, 2, 3, 4]) w.does("payment.refund", { refund: R(n), check, what: { kind: "amount", amount: eur(3) }, drawer: DRAWER, reason: "cold" }, MANAGER);
    expect(start - Number(w.get("drawer", DRAWER)?.expected.amount)).toBe(10);
    expect(w.all("refund").map(({ document }) => document.payouts[0]?.rounding.amount)).toEqual(["2", "-3", "2", "-3"]);
  });

  test("by other ways: cash for a card, never more of a payment than was captured", () => {
    const { w, check } = closed();
    const ask = (amount: number, payouts: readonly { payment: string; amount: ReturnType<typeof eur>; by?: "cash" }[]) =>
      w.attempt("payment.refund", { refund: R(w.log.length), check, what: { kind: "amount", amount: eur(amount) }, payouts: [...payouts], drawer: DRAWER, reason: "cold" }, MANAGER);
    expect(ask(1000, [{ payment: P1, amount: eur(900) }])).toMatchObject({ refusal: { refused: "payouts-mismatch", total: eur(1000) } });
    expect(ask(2001, [{ payment: P1, amount: eur(2001) }])).toMatchObject({ refusal: { refused: "over-captured", refundable: eur(2000) } });
    expect(ask(1503, [{ payment: P1, amount: eur(1503), by: "cash" }])).toMatchObject({ ok: true });
    const document = w.all("refund").at(-1)?.document;
    expect(document?.payouts).toMatchObject([{ method: "cash", by: "cash", amount: eur(1503), rounding: eur(2) }]);
    expect(refundable(paymentOf(w, P1))).toBe(497n);
  });

  test("not before the check is closed, and cash needs an open drawer", () => {
    const { w, check } = dining();
    w.does("payment.takeCash", { payment: P1, check, drawer: DRAWER, tendered: eur(2740) });
    expect(w.refuses("payment.refund", { refund: R(1), check, what: { kind: "all" }, reason: "x", drawer: DRAWER }, MANAGER)).toMatchObject({ refused: "check-not-closed" });
    w.does("check.close", { check });
    expect(w.refuses("payment.refund", { refund: R(1), check, what: { kind: "all" }, reason: "x" }, MANAGER)).toEqual({ refused: "drawer-required" });
    w.does("drawer.close", { drawer: DRAWER, counted: eur(12740) });
    expect(w.refuses("payment.refund", { refund: R(1), check, what: { kind: "all" }, reason: "x", drawer: DRAWER }, MANAGER)).toMatchObject({ refused: "drawer-closed" });
    const today = id("drawer", 2);
    w.later(24 * 60);
    w.does("drawer.open", { drawer: today, name: "Till 1", float: eur(5000) });
    w.does("payment.refund", { refund: R(1), check, what: { kind: "all" }, reason: "x", drawer: today }, MANAGER);
    expect(w.get("drawer", today)?.expected).toEqual(eur(2260));
  });
});

// 12.50 and 14.90 with 8.35 % on top: 1.04 and 1.24, but 2.29 over both; with 1.65 %: 0.21 and 0.25, but 0.45 over both.
describe.each([["0.0835", "1"], ["0.0165", "-1"]])("a receipt that rounds for itself (taxOnSplit: own-receipt), %s", (rate, line) => {
  function divided() {
    const { w, check } = dining(ownReceipt(rate));
    const [, burger] = Object.values(checkOf(w, check).shares);
    w.does("check.split", { operation: id("operation", 1), check, into: [{ check: id("check", 50), lines: [{ share: burger?.share ?? "" }] }] });
    for (const [n, one] of [check, id("check", 50)].entries()) {
      w.does("payment.takeCard", { payment: id("payment", n + 1), check: one, slip: "1" });
      w.does("check.close", { check: one });
    }
    return { w, checks: [check, id("check", 50)] as const };
  }

  test("its rounding line goes back with all of it, and with the last of it, so that what was paid is what is given back", () => {
    const { w, checks } = divided();
    const roundings = checks.map((check) => checkOf(w, check).receipt?.totals.rounding ?? "0");
    expect(roundings.filter((rounding) => rounding !== "0")).toEqual([line]);
    checks.forEach((check, n) => {
      const { total, rounding = "0" } = checkOf(w, check).receipt?.totals ?? { total: "0" };
      const [share] = Object.keys(checkOf(w, check).shares);
      const what = n === 0 ? { kind: "all" as const } : { kind: "items" as const, items: [{ share: share ?? "" }] };
      w.does("payment.refund", { refund: R(n + 1), check, what, reason: "x" }, MANAGER);
      const document = w.get("refund", R(n + 1))?.document;
      expect([document?.total, document?.rounding ?? "0"]).toEqual([total, rounding]);
    });
    for (const payment of w.all("payment")) expect(refundable(payment)).toBe(0n);
  });

  test("in two amounts: the second takes the rounding, whichever way it goes", () => {
    const { w, checks } = divided();
    checks.forEach((check, n) => {
      const total = Number(checkOf(w, check).receipt?.totals.total);
      w.does("payment.refund", { refund: R(2 * n + 1), check, what: { kind: "amount", amount: eur(total - 1) }, reason: "x" }, MANAGER);
      w.does("payment.refund", { refund: R(2 * n + 2), check, what: { kind: "amount", amount: eur(1) }, reason: "x" }, MANAGER);
      const documents = [1, 2].map((k) => w.get("refund", R(2 * n + k))?.document);
      expect(sum(documents.map((document) => document?.rounding ?? "0"))).toBe(BigInt(checkOf(w, check).receipt?.totals.rounding ?? "0"));
      for (const document of documents) expect(sum([document?.net ?? "", document?.serviceCharge ?? "", document?.tax ?? "", document?.rounding ?? "0"])).toBe(BigInt(document?.total ?? "-1"));
    });
  });
});

describe("a refund at a provider", () => {
  function paidByTerminal() {
    const { w, check } = dining();
    w.does("payment.startAttempt", { payment: P1, check, provider: TERMINAL.provider });
    reported(w, P1, { said: "captured", from: "provider", tip: 100n });
    w.does("check.close", { check });
    w.does("payment.refund", { refund: R(1), check, what: { kind: "amount", amount: eur(1000) }, reason: "cold" }, MANAGER);
    return { w, check };
  }

  test("waits for its answer; a success absorbs what comes after it", () => {
    const { w } = paidByTerminal();
    expect(w.log.filter(({ type }) => type === "payment.refund.success")).toEqual([]);
    expect(said(w, R(1), P1, { said: "sent" })).toEqual(["payment.refund.sent"]);
    expect(said(w, R(1), P1, { said: "success" })).toEqual(["payment.refund.success"]);
    for (const late of ["sent", "success", "failed", "lost"] as const) expect(said(w, R(1), P1, { said: late })).toEqual([]);
  });

  test("an error answer changes no balance; it is tried another way, or taken back", () => {
    const { w, check } = paidByTerminal();
    const before = w.get("drawer", DRAWER)?.expected;
    expect(said(w, R(1), P1, { said: "failed", reason: "conflict" })).toEqual(["payment.refund.failed"]);
    expect(w.get("drawer", DRAWER)?.expected).toEqual(before);
    expect(refundable(paymentOf(w, P1))).toBe(1740n);
    w.does("payment.cancelRefund", { refund: R(1) });
    expect(refundable(paymentOf(w, P1))).toBe(2740n);
    expect(checkOf(w, check).refunds).toEqual([]);
    expect(said(w, R(1), P1, { said: "success" })).toEqual(["payment.refund.paidLate"]);
    w.does("payment.refund", { refund: R(2), check, what: { kind: "all" }, reason: "cold" }, MANAGER);
    said(w, R(2), P1, { said: "failed" });
    w.does("payment.retryRefund", { refund: R(2), payment: P1, by: "cash", drawer: DRAWER }, MANAGER);
    expect(w.get("drawer", DRAWER)?.expected).toEqual(eur(7260));
    expect(w.refuses("payment.cancelRefund", { refund: R(2) })).toMatchObject({ refused: "refund-paid" });
  });

  test("a refund that failed and was paid in cash succeeded late at the provider, and nothing said that the guest has it twice", () => {
    const { w } = paidByTerminal();
    said(w, R(1), P1, { said: "failed" });
    w.does("payment.retryRefund", { refund: R(1), payment: P1, by: "cash", drawer: DRAWER }, MANAGER);
    expect(said(w, R(1), P1, { said: "failed" })).toEqual([]);
    expect(said(w, R(1), P1, { said: "success" })).toEqual(["payment.refund.paidLate"]);
    expect(w.get("refund", R(1))).toMatchObject({ payouts: [{ method: "cash", status: "success" }], paidLate: [{ payment: P1, method: "card-terminal", provider: TERMINAL.provider, amount: eur(1000) }] });
    expect(said(w, R(1), P1, { said: "success" })).toEqual([]);
  });

  test("what failed at the terminal and went in coins was left out of the sum that coins are rounded as", () => {
    const { w, check } = closed();
    const start = BigInt(w.get("drawer", DRAWER)?.expected.amount ?? "0");
    const back = (n: number, amount: number) => w.does("payment.refund", { refund: R(n), check, what: { kind: "amount", amount: eur(amount) }, payouts: [{ payment: P1, amount: eur(amount), by: "cash" }], drawer: DRAWER, reason: "cold" }, MANAGER);
    const coins = () => start - BigInt(w.get("drawer", DRAWER)?.expected.amount ?? "0");
    const terminal = paidByTerminal();
    const before = BigInt(terminal.w.get("drawer", DRAWER)?.expected.amount ?? "0");
    said(terminal.w, R(1), P1, { said: "failed" });
    terminal.w.does("payment.retryRefund", { refund: R(1), payment: P1, by: "cash", drawer: DRAWER }, MANAGER);
    expect(checkOf(terminal.w, terminal.check).refunds).toMatchObject([{ refund: R(1), rerouted: [{ payment: P1, method: "cash", rounding: eur(0) }] }]);
    const small = (n: number) => terminal.w.does("payment.refund", { refund: R(n), check: terminal.check, what: { kind: "amount", amount: eur(2) }, payouts: [{ payment: P1, amount: eur(2), by: "cash" }], drawer: DRAWER, reason: "cold" }, MANAGER);
    small(2);
    small(3);
    expect(before - BigInt(terminal.w.get("drawer", DRAWER)?.expected.amount ?? "0")).toBe(roundToStep(1004n, 5n));
    back(1, 2);
    back(2, 2);
    expect(coins()).toBe(roundToStep(4n, 5n));
  });

  test("a refund in another currency than was asked for was booked as done: nobody knows what became of it", () => {
    const { w } = paidByTerminal();
    expect(said(w, R(1), P1, { said: "success", currency: "USD" })).toEqual(["payment.refund.failed"]);
    expect(w.get("refund", R(1))?.payouts).toMatchObject([{ status: "unknown", reason: "wrong-currency USD" }]);
    expect(said(w, R(1), P1, { said: "success", currency: "USD" })).toEqual([]);
    expect(said(w, R(1), P1, { said: "success", currency: "EUR" })).toEqual(["payment.refund.success"]);
  });

  test("a cash refund of more than the drawer has was paid out of nothing", () => {
    const { w, check } = closed();
    w.does("drawer.drop", { drawer: DRAWER, movement: id("movement", 1), amount: w.get("drawer", DRAWER)?.expected ?? eur(0), reason: "safe" });
    w.does("drawer.payIn", { drawer: DRAWER, movement: id("movement", 2), amount: eur(1500), from: "safe", reason: "coins" });
    const cash = (n: number, amounts: readonly [string, number][]) =>
      w.attempt("payment.refund", { refund: R(n), check, what: { kind: "amount", amount: eur(amounts.reduce((all, [, amount]) => all + amount, 0)) }, reason: "cold", drawer: DRAWER, payouts: amounts.map(([payment, amount]) => ({ payment, amount: eur(amount), by: "cash" as const })) }, MANAGER);
    const refusalOf = (answer: ReturnType<typeof cash>) => (answer.ok ? null : answer.refusal);
    expect(refusalOf(cash(1, [[P1, 1600]]))).toEqual({ refused: "not-enough-cash" });
    expect(refusalOf(cash(2, [[P1, 1000], [P2, 600]]))).toEqual({ refused: "not-enough-cash" });
    expect(cash(3, [[P1, 1000], [P2, 500]])).toMatchObject({ ok: true });
  });

  test("unknown keeps what it holds, and nobody pays it another way", () => {
    const { w } = paidByTerminal();
    expect(said(w, R(1), P1, { said: "lost" })).toEqual(["payment.refund.failed"]);
    expect(w.refuses("payment.retryRefund", { refund: R(1), payment: P1, by: "cash", drawer: DRAWER })).toEqual({ refused: "payout-not-failed", status: "unknown" });
    expect(w.refuses("payment.cancelRefund", { refund: R(1) })).toMatchObject({ refused: "refund-paid" });
    expect(said(w, R(1), P1, { said: "success" })).toEqual(["payment.refund.success"]);
  });
});

describe("whatever is refunded, in whatever order", () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("amount" as const), amount: fc.integer({ min: 1, max: 2500 }) }),
    fc.record({ kind: fc.constant("items" as const), name: fc.constantFrom("Ph", "Burger", "Latte") }),
    fc.constant({ kind: "all" as const }),
  );

  test.each([["tax inside", undefined, false], ["taxes on top and inside, service charge", EXCLUSIVE, false], ["a discount on the check", EXCLUSIVE, true], ["in units of 0.05", IN_UNITS, true]] as const)("failure 16: refunds never exceed what was captured or sold, per payment and per rate, and the last one leaves nothing: %s", (_, policies, discount) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
        const { w, check, total, shareOf } = closed(policies, discount);
        const unit = policies?.rounding.unit ?? 1;
        steps.forEach((one, n) => {
          const what = one.kind === "items" ? { kind: "items" as const, items: [{ share: shareOf(one.name) }] } : one.kind === "amount" ? { kind: "amount" as const, amount: eur(Math.ceil(one.amount / unit) * unit) } : { kind: "all" as const };
          w.attempt("payment.refund", { refund: R(n + 1), check, what, reason: "x", drawer: DRAWER }, MANAGER);
        });
        w.attempt("payment.refund", { refund: R(99), check, what: { kind: "all" }, reason: "rest", drawer: DRAWER }, MANAGER);
        const documents = w.all("refund").map(({ document }) => document);
        const bill = checkOf(w, check).receipt?.totals;
        expect(sum(documents.map((document) => document.total))).toBe(total);
        expect(sum(documents.map((document) => document.net))).toBe(BigInt(bill?.net ?? "-1"));
        expect(sum(documents.map((document) => document.serviceCharge))).toBe(BigInt(bill?.serviceCharge ?? "-1"));
        bill?.taxes.forEach((row, i) => expect(sum(documents.map(({ taxes }) => taxes[i]?.tax ?? "0"))).toBe(BigInt(row.tax)));
        for (const document of documents) {
          expect(BigInt(document.net) >= 0n && document.taxes.every(({ tax }) => BigInt(tax) >= 0n)).toBe(true);
          expect(sum([document.net, document.serviceCharge, document.tax])).toBe(BigInt(document.total));
          expect(sum(document.payouts.map(({ amount }) => amount.amount))).toBe(BigInt(document.total));
          const said = [document.net, document.serviceCharge, ...document.taxes.flatMap(({ base, tax }) => [base, tax]), ...document.lines.map(({ amount }) => amount.amount), ...document.payouts.map(({ amount }) => amount.amount)];
          expect(said.filter((amount) => BigInt(amount) % BigInt(unit) !== 0n)).toEqual([]);
        }
        for (const payment of w.all("payment")) expect(refundable(payment)).toBe(0n);
        expect(documents.map(({ number }) => number)).toEqual(documents.map((__, i) => `R${String(i + 1).padStart(6, "0")}`));
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});

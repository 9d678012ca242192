import { expect, test } from "vitest";
import type { PaymentState, RefundState } from "#shared/domain/payment/state.ts";
import type { ProviderBooks } from "../outside.ts";
import type { Folded, History } from "./history.ts";
import { checkBooks, checkCharges } from "./provider.ts";

const eur = (amount: string) => ({ amount, currency: "EUR" });

function payment(changes: Partial<PaymentState> = {}): PaymentState {
  const tender = { payment: "pay_1", method: "card-terminal", amount: eur("900"), tip: eur("100"), tendered: null, change: null, slip: null, roundingDifference: eur("0"), provider: "terminal-1" } as const;
  return {
    id: "pay_1", check: "chk_1", order: "ord_1", drawer: null, tender, status: "captured", attempt: "att_1", by: { staff: "stf_1", name: "Ana" }, createdAt: "2026-11-20T19:00:00.000Z",
    request: { provider: "terminal-1", kind: "terminal", tip: eur("100"), capture: "now", expiresAt: "2026-11-20T19:03:00.000Z" },
    reference: null, qr: null, held: null, pending: null, endedBy: null, reason: null, late: false, overpaid: null, refunds: [], settled: null, ...changes,
  };
}

function refund(status: RefundState["payouts"][number]["status"]): RefundState {
  const payout = { payment: "pay_1", attempt: "att_1", method: "card-terminal", by: "same", drawer: null, amount: eur("300"), tip: eur("0"), rounding: eur("0"), status, reason: null } as const;
  return { id: "rfd_1", document: {} as RefundState["document"], businessDate: null, payouts: [payout], cancelled: false };
}

function history(...states: readonly (readonly [kind: Folded["kind"], state: PaymentState | RefundState])[]): History {
  return { all: [], misfits: [], of: () => [], states: new Map(states.map(([kind, state]) => [state.id, { kind, version: 1, state }])) };
}

function books(changes: Partial<ProviderBooks> = {}): readonly ProviderBooks[] {
  return [{ name: "terminal-1", attempts: [{ attempt: "att_1", state: "captured", amount: "900", tip: "100", currency: "EUR" }], refunds: [], undelivered: 0, ...changes }];
}

const OWED = [{ provider: "terminal-1", amount: "1000" }];

test("books that agree leave nothing to complain about", () => {
  expect(checkBooks(history(["payment", payment()]), books(), OWED)).toEqual([]);
  expect(checkBooks(history(["payment", payment()], ["refund", refund("success")]), books({ refunds: [{ refund: "rfd_1", attempt: "att_1", state: "succeeded", amount: "300", currency: "EUR" }] }), [{ provider: "terminal-1", amount: "700" }])).toEqual([]);
});

test.each([
  ["a charge that nobody started", history(), /was asked for att_1, which nobody started/],
  ["a charge that we do not know of", history(["payment", payment({ status: "failed" })]), /payment pay_1 is failed, its provider says captured/],
  ["a payment that is never over", history(["payment", payment({ status: "unknown" })]), /payment pay_1 is still unknown/],
  ["another amount", history(["payment", payment({ tender: { ...payment().tender, tip: eur("0") } })]), /payment pay_1 is 900, its provider took 1000/],
])("the check reports %s", (_, planted, finding) => {
  expect(checkBooks(planted, books(), OWED)).toContainEqual(expect.stringMatching(finding));
});

test("the check reports money that the provider never took, gave back twice or owes", () => {
  const known = history(["payment", payment()]);
  expect(checkBooks(known, books({ attempts: [] }), OWED)).toContainEqual(expect.stringMatching(/payment pay_1 is captured, and its provider does not know it/));
  expect(checkBooks(history(["payment", payment()], ["refund", refund("failed")]), books({ refunds: [{ refund: "rfd_1", attempt: "att_1", state: "succeeded", amount: "300", currency: "EUR" }] }), OWED)).toContainEqual(expect.stringMatching(/^given back by a provider: rfd_1 of att_1: 300 is there 1 times, not 0/));
  expect(checkBooks(known, books(), [{ provider: "terminal-1", amount: "2000" }])).toContainEqual("the ledger says that terminal-1 owes 2000, its books say 1000");
});

test("the check reports a guest who was charged twice, and not one who paid after the end of an attempt, which is said", () => {
  expect(checkCharges(history(["payment", payment({ overpaid: eur("900") })]))).toEqual(["a guest of chk_1 was charged twice: 900 of pay_1 pays for nothing"]);
  expect(checkCharges(history(["payment", payment({ overpaid: eur("900"), late: true })]))).toEqual([]);
});

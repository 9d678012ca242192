import { expect, test } from "vitest";
import type { PaymentState, RefundState } from "#shared/domain/payment/state.ts";
import type { ProviderBooks } from "../outside.ts";
import { checkBills } from "./bills.ts";
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

/** With events of these types, as far as a check reads them. */
function said(before: History, events: Readonly<Record<string, readonly unknown[]>>): History {
  return { ...before, of: ((...types: readonly string[]) => types.flatMap((type) => events[type] ?? [])) as History["of"] };
}

function attempt(id: string, amount = "900"): ProviderBooks["attempts"][number] {
  return { attempt: id, state: "captured", amount, tip: "100", currency: "EUR" };
}

function books(changes: Partial<ProviderBooks> = {}): readonly ProviderBooks[] {
  return [{ name: "terminal-1", attempts: [{ attempt: "att_1", state: "captured", amount: "900", tip: "100", currency: "EUR" }], refunds: [], undelivered: 0, ...changes }];
}

const OWED = [{ provider: "terminal-1", payment: "pay_1", amount: "1000" }];

test("books that agree leave nothing to complain about", () => {
  expect(checkBooks(history(["payment", payment()]), books(), OWED)).toEqual([]);
  expect(checkBooks(history(["payment", payment()], ["refund", refund("success")]), books({ refunds: [{ refund: "rfd_1", attempt: "att_1", state: "succeeded", amount: "300", currency: "EUR" }] }), [{ provider: "terminal-1", payment: "pay_1", amount: "700" }])).toEqual([]);
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
  expect(checkBooks(known, books(), [{ provider: "terminal-1", payment: "pay_1", amount: "2000" }])).toContainEqual("the ledger says that terminal-1 owes for pay_1: 2000, its books say 1000");
});

test("the check reports a guest who was charged twice, and not one who paid after the end of an attempt, which is said", () => {
  expect(checkCharges(history(["payment", payment({ overpaid: eur("900") })]))).toEqual(["a guest of chk_1 was charged twice: 900 of pay_1 pays for nothing"]);
  const late = history(["payment", payment({ overpaid: eur("900"), late: true })]);
  expect(checkCharges(late)).toHaveLength(1);
  expect(checkCharges(said(late, { "payment.attempt.expired": [{ subject: "pay_1" }] }))).toEqual([]);
});

test("the check reports a charge of which our log says that it never left us, and not one that came after an end of another kind", () => {
  const late = history(["payment", payment({ late: true })]);
  const ended = (type: string, data: object) => checkBooks(said(late, { [type]: [{ type, subject: "pay_1", data: { attempt: "att_1", ...data } }] }), books(), OWED);
  const finding = ["the log says that att_1 never left us, its provider charged it"];
  expect(ended("payment.attempt.cancelled", { by: "hub" })).toEqual(finding);
  expect(ended("payment.attempt.failed", { reason: "unreachable" })).toEqual(finding);
  expect(ended("payment.attempt.cancelled", { by: "provider" })).toEqual([]);
  expect(ended("payment.attempt.failed", { reason: "declined" })).toEqual([]);
  expect(ended("payment.attempt.failed", { reason: "unreachable", decidedBy: { staff: "stf_1", name: "Ana" } })).toEqual([]);
});

test("what people are told of a payment excuses that very difference, of that payment alone", () => {
  const other = payment({ id: "pay_2", attempt: "att_2" });
  const both = (contradicted: string) => history(["payment", payment({ contradicted })], ["payment", other]);
  const charged = (amount: string) => [...books({ attempts: [attempt("att_1", amount), attempt("att_2")] })];
  const owed = (second: string) => [...OWED, { provider: "terminal-1", payment: "pay_2", amount: second }];
  expect(checkBooks(both("amount 45100"), charged("45000"), owed("1000"))).toEqual([]);
  expect(checkBooks(both("amount 45100"), charged("45000"), owed("1000000"))).toEqual(["the ledger says that terminal-1 owes for pay_2: 1000000, its books say 1000"]);
  expect(checkBooks(both("declined"), charged("45000"), owed("1000"))).toContainEqual("payment pay_1 is 1000, its provider took 45100");
});

test("the check reports an attempt that is twice in a provider's books", () => {
  expect(checkBooks(history(["payment", payment()]), books({ attempts: [attempt("att_1"), attempt("att_1")] }), OWED)).toContainEqual("attempt in a provider's books: att_1 is there 2 times");
});

test("the check reports bills that were paid twice while our own events say nothing of it, and not those of whom it is said", () => {
  const closed = { "sale.check.closed": [{ subject: "chk_1", data: { totals: { total: "900" } } }] };
  const twice = (changes: Partial<PaymentState>) => said(history(["payment", payment()], ["payment", payment({ id: "pay_2", attempt: "att_2", ...changes })]), closed);
  const theirs = books({ attempts: [attempt("att_1"), attempt("att_2")] });
  expect(checkBills(said(history(["payment", payment()]), closed), books(), [])).toEqual([]);
  expect(checkBills(twice({}), theirs, [])).toEqual(["guests of chk_1 paid 900 more than they owed, and nobody was told"]);
  const none = { ...payment().tender, amount: eur("0"), tip: eur("0") };
  expect(checkBills(twice({ tender: none, overpaid: eur("1000") }), theirs, [])).toEqual([]);
  expect(checkBills(twice({ status: "failed" }), theirs, [])).toHaveLength(1);
  const sent = [{ commandId: "", type: "payment.startAttempt", input: { payment: "pay_2", check: "chk_2", provider: "terminal-1" }, tappedAt: 0, answer: undefined, answeredAt: undefined }] as const;
  const elsewhere = said(twice({ check: "chk_2" }), { "sale.check.closed": [...closed["sale.check.closed"], { subject: "chk_2", data: { totals: { total: "900" } } }] });
  expect(checkBills(elsewhere, theirs, [{ sent }])).toEqual([]);
  expect(checkBills(elsewhere, books({ attempts: [attempt("att_1"), { ...attempt("att_2"), state: "failed" }] }), [{ sent }])).toEqual(["guests of chk_2 paid 900 less than their closed bills say, or less was paid too much than was told"]);
});

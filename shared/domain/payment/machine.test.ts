import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkTotals } from "../check/totals.ts";
import { id, type World } from "../testing/given.ts";
import { DRAWER, eur } from "../testing/place.ts";
import type { AttemptReport } from "./apply-report.ts";
import { after, isOpen, isTaken, STATUSES, TRANSITIONS } from "./machine.ts";
import { overpaymentLeft, refundable } from "./refundable.ts";
import { checkOf, dining, MANAGER, paymentOf, reported, TERMINAL } from "./testing.ts";

describe("the machine (DOM-14)", () => {
  test("settled and reversed absorb everything; what ended absorbs all but money that was taken all the same", () => {
    for (const transition of TRANSITIONS) {
      for (const status of ["settled", "reversed"] as const) expect(after(status, transition)).toBeNull();
      for (const status of ["failed", "expired", "cancelled"] as const) expect(after(status, transition)).toBe(transition === "capture" ? "captured" : null);
    }
  });

  test("every status is reached from the first one, and whatever is open can end", () => {
    const reached = new Set(["created"]);
    for (const _ of STATUSES) for (const status of STATUSES) for (const transition of TRANSITIONS) if (reached.has(status)) reached.add(after(status, transition) ?? "created");
    expect([...reached].sort()).toEqual([...STATUSES].sort());
    for (const status of STATUSES.filter(isOpen)) for (const end of ["fail", "expire", "cancel", "capture"] as const) expect(after(status, end)).not.toBeNull();
  });
});

const SAID = ["pending", "authorized", "captured", "failed", "expired", "cancelled", "reversed", "settled", "incremented", "tip-adjusted", "refused", "lost", "not-found"] as const;
const report: fc.Arbitrary<AttemptReport> = fc
  .record({
    said: fc.constantFrom(...SAID),
    from: fc.constantFrom("webhook", "provider", "hub"),
    amount: fc.option(fc.bigInt({ min: 1n, max: 4000n }), { nil: undefined }),
    tip: fc.option(fc.bigInt({ min: 0n, max: 500n }), { nil: undefined }),
    request: fc.option(fc.constantFrom("capture", "cancel", "reverse"), { nil: undefined }),
  })
  .map(({ said, from, amount, tip, request }) => ({ said, from, ...(amount === undefined ? {} : { amount }), ...(tip === undefined ? {} : { tip }), ...(request === undefined ? {} : { request }) }) as AttemptReport);

const PAYMENTS = [1, 2].map((n) => id("payment", n));
type Step = (w: World, check: string) => void;
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ n: fc.nat(1), report }).map(({ n, report: said }): Step => (w) => void (w.get("payment", PAYMENTS[n] ?? "") && reported(w, PAYMENTS[n] ?? "", said))) },
  {
    weight: 2,
    arbitrary: fc.record({ n: fc.nat(1), later: fc.boolean(), amount: fc.option(fc.integer({ min: 1, max: 3000 }), { nil: undefined }) }).map(
      ({ n, later, amount }): Step =>
        (w, check) =>
          void w.attempt("payment.startAttempt", { payment: PAYMENTS[n] ?? "", check, provider: TERMINAL.provider, capture: later ? "later" : "now", ...(amount ? { amount: eur(amount) } : {}) }),
    ),
  },
  { weight: 1, arbitrary: fc.integer({ min: 100, max: 3000 }).map((amount): Step => (w, check) => void w.attempt("payment.takeCash", { payment: id("payment", 50 + w.log.length), check, drawer: DRAWER, amount: eur(amount), tendered: eur(amount + 5) })) },
  {
    weight: 2,
    arbitrary: fc.record({ n: fc.nat(1), what: fc.constantFrom("payment.capture", "payment.cancelAttempt", "payment.askProvider") }).map(({ n, what }): Step => (w) => void w.attempt(what, { payment: PAYMENTS[n] ?? "" })),
  },
  { weight: 1, arbitrary: fc.nat(1).map((n): Step => (w) => void w.attempt("payment.void", { payment: PAYMENTS[n] ?? "", reason: "wrong", drawer: DRAWER }, MANAGER)) },
  { weight: 1, arbitrary: fc.record({ n: fc.nat(1), captured: fc.boolean() }).map(({ n, captured }): Step => (w) => void w.attempt("payment.resolveUnknown", { payment: PAYMENTS[n] ?? "", outcome: captured ? "captured" : "not-captured", reason: "slip" }, MANAGER)) },
  { weight: 1, arbitrary: fc.record({ n: fc.nat(1), refund: fc.integer({ min: 1, max: 9 }) }).map(({ n, refund }): Step => (w) => void w.attempt("payment.refundOverpayment", { refund: id("refund", refund), payment: PAYMENTS[n] ?? "", reason: "twice", by: "cash", drawer: DRAWER }, MANAGER)) },
  { weight: 1, arbitrary: fc.constant<Step>((w, check) => void w.attempt("check.close", { check })) },
);

describe("whatever people do and a provider says, in whatever order, however often", () => {
  test("a payment is applied once or not at all, no money is lost, and no lock outlives its attempt", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40, size: "max" }), (steps) => {
        const { w, check } = dining();
        for (const act of steps) act(w, check);
        const state = checkOf(w, check);
        expect(BigInt(checkTotals(state).due) >= 0n).toBe(true);
        for (const payment of w.all("payment")) {
          const mine = w.written.filter(({ stream }) => stream === payment.id).map(({ event }) => event.type);
          expect(mine.filter((type) => type === "payment.attempt.success").length).toBeLessThanOrEqual(1);
          const tenders = state.tenders.filter((tender) => tender.payment === payment.id);
          expect(tenders.length).toBe(isTaken(payment.status) && payment.tender.amount.amount !== "0" ? 1 : 0);
          if (tenders[0]) expect(tenders[0]).toEqual(payment.tender);
          expect((state.attempts ?? []).some((attempt) => attempt.payment === payment.id), payment.status).toBe(isOpen(payment.status));
          expect(overpaymentLeft(payment) >= 0n && refundable(payment) >= 0n).toBe(true);
        }
        if (state.status === "open" || state.status === "presented") expect(checkTotals(state).due).not.toBe("0");
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  test("a provider's word that comes twice changes nothing the second time", () => {
    fc.assert(
      fc.property(fc.array(report, { minLength: 1, maxLength: 12 }), (said) => {
        const { w, check } = dining();
        w.does("payment.startAttempt", { payment: PAYMENTS[0] ?? "", check, provider: TERMINAL.provider });
        for (const one of said) {
          reported(w, PAYMENTS[0] ?? "", one);
          if (one.said === "captured" && one.from === "webhook" && paymentOf(w, PAYMENTS[0] ?? "").endedBy === "provider") continue;
          expect(reported(w, PAYMENTS[0] ?? "", one)).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});

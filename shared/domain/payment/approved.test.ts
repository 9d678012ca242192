import { describe, expect, test } from "vitest";
import type { ApprovalAction, ApprovalSubject } from "#shared/events/approval.ts";
import type { CommandInput, CommandType } from "../registry.ts";
import { id, type World } from "../testing/given.ts";
import { DRAWER, eur } from "../testing/place.ts";
import { applyRefundReport } from "./pay-out.ts";
import { dining, MANAGER, reported, TERMINAL } from "./testing.ts";

const [P1, P2] = [1, 2].map((n) => id("payment", n)) as [string, string];
const REFUND = id("refund", 1);
const SECOND_DRAWER = id("drawer", 2);
const WALLET = { drawer: SECOND_DRAWER, name: "Mai's wallet", float: eur(10_000) };
let asked = 0;

/** As a screen does it: what the refusal names is asked for, and the manager says yes to it. */
function approval<T extends CommandType>(w: World, type: T, input: CommandInput<T>): string {
  const { refused, action, subject } = w.refuses(type, input) as unknown as { refused: string; action: ApprovalAction; subject: ApprovalSubject };
  expect(refused).toBe("approval-required");
  const one = id("approval", ++asked);
  w.does("approval.request", { approval: one, action, subject });
  w.does("approval.grant", { approval: one }, MANAGER);
  return one;
}

/** 15.00 by card and the rest in cash, closed, with a second drawer open. */
function closed() {
  const { w, check } = dining();
  w.does("payment.takeCard", { payment: P1, check, amount: eur(1500), slip: "1" });
  w.does("payment.takeCash", { payment: P2, check, drawer: DRAWER, tendered: eur(5000) });
  w.does("check.close", { check });
  w.does("drawer.open", WALLET);
  const shares = Object.values(w.get("check", check)?.shares ?? {}).map(({ share }) => share);
  return { w, check, shares };
}

describe("an approval of a refund is for this refund alone", () => {
  const payouts = [
    { payment: P1, amount: eur(700), by: "same" as const },
    { payment: P2, amount: eur(300), by: "same" as const },
  ];
  const wanted = (check: string) => ({ refund: REFUND, check, what: { kind: "amount" as const, amount: eur(1000) }, payouts, drawer: DRAWER, reason: "cold" });

  test("it says every way that money goes, with its drawer", () => {
    const { w, check } = closed();
    expect(w.refuses("payment.refund", wanted(check))).toMatchObject({
      refused: "approval-required",
      subject: {
        target: check,
        purpose: "amount",
        amount: eur(1000),
        reason: "cold",
        payouts: [
          { payment: P1, method: "card-manual", amount: eur(700), drawer: null },
          { payment: P2, method: "cash", amount: eur(300), drawer: DRAWER },
        ],
      },
    });
  });

  test("CSH-4: whether the drawer has so much is asked when somebody has agreed: neither what is reckoned nor what is asked for tells it", () => {
    const { w, check } = closed();
    w.does("drawer.payOut", { drawer: DRAWER, movement: id("movement", 1), amount: w.get("drawer", DRAWER)?.expected ?? eur(0), for: "returned-to-safe", reason: "safe" }, { ...MANAGER, capabilities: [...MANAGER.capabilities, "approve.cash"] });
    const { refund, reason, ...asked } = wanted(check);
    expect(w.does("payment.reckonRefund", asked).result.amount).toEqual(eur(1000));
    const yes = approval(w, "payment.refund", { ...asked, refund, reason });
    expect(w.refuses("payment.refund", { ...asked, refund, reason, approval: yes })).toEqual({ refused: "not-enough-cash" });
  });

  test.each([
    ["other amounts per payment", { payouts: [{ payment: P1, amount: eur(600), by: "same" as const }, { payment: P2, amount: eur(400), by: "same" as const }] }],
    ["one payment instead of two", { payouts: [{ payment: P1, amount: eur(1000), by: "same" as const }] }],
    ["cash for the card", { payouts: [{ ...payouts[0], payment: P1, amount: eur(700), by: "cash" as const }, { payment: P2, amount: eur(300), by: "same" as const }] }],
    ["another drawer", { drawer: SECOND_DRAWER }],
    ["another reason", { reason: "friend" }],
  ])("not for %s", (_, other) => {
    const { w, check } = closed();
    const yes = approval(w, "payment.refund", wanted(check));
    expect(w.refuses("payment.refund", { ...wanted(check), ...other, approval: yes })).toMatchObject({ refused: "approval-mismatch" });
    w.does("payment.refund", { ...wanted(check), approval: yes });
  });

  test("not for other items of the same price, and not for an amount instead of items", () => {
    const { w, check, shares } = closed();
    const [pho = "", burger = ""] = shares;
    const input = { refund: REFUND, check, what: { kind: "items" as const, items: [{ share: pho }] }, drawer: DRAWER, reason: "cold" };
    const yes = approval(w, "payment.refund", input);
    expect(w.get("approval", yes)?.subject).toMatchObject({ purpose: "items", items: [{ share: pho, quantity: "1", amount: eur(1250) }] });
    expect(w.refuses("payment.refund", { ...input, what: { kind: "items", items: [{ share: burger }] }, approval: yes })).toMatchObject({ refused: "approval-mismatch" });
    expect(w.refuses("payment.refund", { ...input, what: { kind: "amount", amount: eur(1250) }, approval: yes })).toMatchObject({ refused: "approval-mismatch" });
    w.does("payment.refund", { ...input, approval: yes });
  });
});

describe("an approval of a wrong tender is for what comes instead", () => {
  const correct = { payment: P1, replacement: id("payment", 9), method: { method: "card-manual" as const, slip: "77" }, reason: "wrong", drawer: DRAWER };
  function paidInCash() {
    const { w, check } = dining();
    w.does("payment.takeCash", { payment: P1, check, drawer: DRAWER, tendered: eur(2740) });
    w.does("drawer.open", WALLET);
    w.does("payment.openHouseAccount", { account: id("houseAccount", 1), name: "Firm", limit: null }, MANAGER);
    return w;
  }

  test.each<[string, Partial<CommandInput<"payment.correctTender">>]>([
    ["another slip", { method: { method: "card-manual", slip: "78" } }],
    ["a house account", { method: { method: "house-account", account: id("houseAccount", 1) } }],
    ["another drawer", { drawer: SECOND_DRAWER }],
    ["another reason", { reason: "friend" }],
  ])("not for %s", (_, other) => {
    const w = paidInCash();
    const yes = approval(w, "payment.correctTender", correct);
    expect(w.get("approval", yes)?.subject).toMatchObject({ purpose: "paid-otherwise", tender: { method: "card-manual", reference: "77" }, drawer: DRAWER });
    expect(w.refuses("payment.correctTender", { ...correct, ...other, approval: yes })).toMatchObject({ refused: "approval-mismatch" });
    w.does("payment.correctTender", { ...correct, approval: yes });
  });

  test("not for giving the money back, and that not for another tender", () => {
    const w = paidInCash();
    const back = { payment: P1, reason: "wrong", drawer: DRAWER };
    const other = approval(w, "payment.correctTender", correct);
    expect(w.refuses("payment.void", { ...back, approval: other })).toMatchObject({ refused: "approval-mismatch" });
    const yes = approval(w, "payment.void", back);
    expect(w.refuses("payment.correctTender", { ...correct, approval: yes })).toMatchObject({ refused: "approval-mismatch" });
    expect(w.refuses("payment.void", { ...back, drawer: SECOND_DRAWER, approval: yes })).toMatchObject({ refused: "approval-mismatch" });
    w.does("payment.void", { ...back, approval: yes });
  });
});

test("a yes to \"it was charged\" was good for \"it was not\"", () => {
  const { w, check } = dining();
  w.does("payment.startAttempt", { payment: P1, check, provider: TERMINAL.provider });
  reported(w, P1, { said: "lost", from: "hub" });
  const decided = { payment: P1, outcome: "captured" as const, reason: "slip 42" };
  const yes = approval(w, "payment.resolveUnknown", decided);
  expect(w.refuses("payment.resolveUnknown", { ...decided, outcome: "not-captured", approval: yes })).toMatchObject({ refused: "approval-mismatch" });
  w.does("payment.resolveUnknown", { ...decided, approval: yes });
});

test("a yes to a refund's payout that \"it was paid\" is none to that it was not, nor to another reason", () => {
  const { w, check } = dining();
  w.does("payment.startAttempt", { payment: P1, check, provider: TERMINAL.provider });
  reported(w, P1, { said: "captured" });
  w.does("check.close", { check });
  w.does("payment.refund", { refund: REFUND, check, what: { kind: "all" }, reason: "cold" }, MANAGER);
  const state = w.get("refund", REFUND);
  for (const { kind, stream, events } of state ? applyRefundReport(state, P1, { said: "lost" }) : []) w.happened(kind, stream, events);
  const decided = { refund: REFUND, payment: P1, outcome: "paid" as const, reason: "their page" };
  const yes = approval(w, "payment.resolvePayout", decided);
  for (const other of [{ outcome: "not-paid" as const }, { reason: "a guess" }]) expect(w.refuses("payment.resolvePayout", { ...decided, ...other, approval: yes })).toMatchObject({ refused: "approval-mismatch" });
  const { events } = w.does("payment.resolvePayout", { ...decided, approval: yes });
  expect(events).toMatchObject([{ type: "payment.refund.success", data: { decidedBy: { name: "Otto" } } }, { type: "approval.used", data: { by: { name: "Mai" } } }]);
});

describe("a payout that failed and goes in cash instead", () => {
  /** Refunded to the terminal with a manager's yes, and the provider said no. */
  function failed() {
    const { w, check } = dining();
    w.does("payment.startAttempt", { payment: P1, check, provider: TERMINAL.provider });
    reported(w, P1, { said: "captured" });
    w.does("check.close", { check });
    const input = { refund: REFUND, check, what: { kind: "all" as const }, reason: "cold" };
    w.does("payment.refund", { ...input, approval: approval(w, "payment.refund", input) });
    const state = w.get("refund", REFUND);
    for (const { kind, stream, events } of state ? applyRefundReport(state, P1, { said: "failed" }) : []) w.happened(kind, stream, events);
    w.does("drawer.open", WALLET);
    return w;
  }
  const retry = { refund: REFUND, payment: P1, by: "cash" as const, drawer: DRAWER };

  test("was nobody's decision but the cashier's: it needs a yes of its own, from this drawer", () => {
    const w = failed();
    const yes = approval(w, "payment.retryRefund", retry);
    expect(w.get("approval", yes)).toMatchObject({ action: "refund", label: "T5", subject: { target: P1, purpose: "another-way", refund: REFUND, payouts: [{ payment: P1, method: "cash", amount: eur(2740), drawer: DRAWER }] } });
    expect(w.refuses("payment.retryRefund", { ...retry, drawer: SECOND_DRAWER, approval: yes })).toMatchObject({ refused: "approval-mismatch" });
    const { events } = w.does("payment.retryRefund", { ...retry, approval: yes });
    expect(events.find(({ type }) => type === "payment.refund.rerouted")).toMatchObject({ data: { by: { name: "Mai" }, approvedBy: { name: "Otto" } } });
    expect(w.get("drawer", DRAWER)?.expected).toEqual(eur(10_000 - 2740));
  });

  test("the same way again was approved with the refund", () => {
    const w = failed();
    w.does("payment.retryRefund", { refund: REFUND, payment: P1, by: "same" });
    expect(w.get("refund", REFUND)?.payouts).toMatchObject([{ status: "pending", method: "card-terminal" }]);
  });
});

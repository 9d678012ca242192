import { describe, expect, test } from "vitest";
import { money } from "#shared/events/primitives.ts";
import { attemptView, refundReportOfView, refundReportOfWebhook, refundView, reportOfView, reportOfWebhook, webhookBody } from "#shared/protocol/payment-provider.ts";
import { partsOf } from "../check/parts.ts";
import { checkTotals } from "../check/totals.ts";
import { id, WAITER } from "../testing/given.ts";
import { add, DRAWER, eur, latteItem } from "../testing/place.ts";
import { checkOf, dining, MANAGER, paymentOf, QR, reported, TERMINAL } from "./testing.ts";
import { pointsOfPayment } from "./to-resolve.ts";

const PAY = id("payment", 1);
const OTHER = id("payment", 2);

function started(more: object = {}) {
  const place = dining();
  place.w.does("payment.startAttempt", { payment: PAY, check: place.check, provider: TERMINAL.provider, ...more });
  return place;
}
const due = (place: ReturnType<typeof dining>) => checkTotals(checkOf(place.w, place.check)).due;

describe("an attempt at a provider (DOM-14)", () => {
  test("locks all that is due: the second device is refused and told who is at it", () => {
    const { w, check } = started();
    expect(w.log.slice(-3).map(({ type }) => type)).toEqual(["sale.check.attemptOpened", "payment.transaction.created", "payment.attempt.created"]);
    for (const answer of [
      w.refuses("payment.startAttempt", { payment: OTHER, check, provider: QR.provider }),
      w.refuses("payment.takeCash", { payment: OTHER, check, drawer: DRAWER, tendered: eur(5000) }),
      w.refuses("payment.takeCard", { payment: OTHER, check, slip: "1", amount: eur(100) }),
    ]) {
      expect(answer).toEqual({ refused: "attempt-open", payment: PAY, method: "card-terminal", amount: eur(2740), by: "Mai" });
    }
  });

  test("of two devices that start at once one wins, and the other is told so", () => {
    const { w, check } = dining();
    const first = w.prepare("payment.startAttempt", { payment: PAY, check, provider: TERMINAL.provider });
    const second = w.prepare("payment.startAttempt", { payment: OTHER, check, provider: QR.provider });
    expect([first.commit(), second.commit()]).toEqual(["appended", "conflict"]);
    expect(w.refuses("payment.startAttempt", { payment: OTHER, check, provider: QR.provider })).toMatchObject({ refused: "attempt-open", payment: PAY });
  });

  test("locks only its amount: the rest can be paid in cash, and what is added is due", () => {
    const place = started({ amount: eur(1000) });
    const { w, check } = place;
    expect(w.refuses("payment.takeCash", { payment: OTHER, check, drawer: DRAWER, amount: eur(1741), tendered: eur(2000) })).toMatchObject({ refused: "attempt-open" });
    expect(w.does("payment.takeCash", { payment: OTHER, check, drawer: DRAWER, tendered: eur(2000) }).result.due).toEqual(eur(1000));
    add(w, latteItem(3));
    expect(due(place)).toBe("1450");
    reported(w, PAY, { said: "captured" });
    expect(due(place)).toBe("450");
  });

  test("a provider's reason that is cut within a pair is told without the half", () => {
    const { w, check } = dining();
    w.does("payment.startAttempt", { payment: PAY, check, provider: TERMINAL.provider });
    reported(w, PAY, { said: "failed", reason: `${"r".repeat(79)}\u{1F622}` });
    expect(paymentOf(w, PAY)).toMatchObject({ status: "failed", reason: "r".repeat(79) });
  });

  test("what came to nothing is remembered on the check until the next payment is begun, or taken", () => {
    const { w, check } = dining();
    const ended = () => checkOf(w, check).ended;
    w.does("payment.startAttempt", { payment: PAY, check, provider: TERMINAL.provider });
    expect(ended()).toBeUndefined();
    reported(w, PAY, { said: "failed", reason: "declined" });
    expect(ended()).toBe(PAY);
    w.does("payment.startAttempt", { payment: OTHER, check, provider: TERMINAL.provider });
    expect(ended()).toBeUndefined();
    reported(w, OTHER, { said: "expired", from: "hub" });
    expect(ended()).toBe(OTHER);
    w.does("payment.takeCash", { payment: id("payment", 8), check, drawer: DRAWER, tendered: eur(2740) });
    expect(ended()).toBeUndefined();
  });

  test("captured pays the check once, with the tip that the guest gave on the terminal", () => {
    const place = started();
    const { w, check } = place;
    expect(reported(w, PAY, { said: "pending", from: "provider", reference: "tx-1" })).toEqual(["payment.attempt.sent"]);
    expect(reported(w, PAY, { said: "captured", tip: 300n })).toEqual(["sale.check.attemptEnded", "sale.check.paymentApplied", "sale.check.paid", "payment.attempt.success", "payment.order.success"]);
    expect(checkOf(w, check)).toMatchObject({ status: "paid", attempts: [], tenders: [{ method: "card-terminal", provider: "terminal-1", amount: eur(2740), tip: eur(300) }] });
    for (const said of ["captured", "failed", "expired", "cancelled", "pending", "authorized"] as const) expect(reported(w, PAY, { said })).toEqual([]);
  });

  test.each(["failed", "expired", "cancelled"] as const)("%s unlocks the check, and absorbs what comes later", (said) => {
    const place = started();
    const { w, check } = place;
    expect(reported(w, PAY, { said, from: "provider" })).toEqual(["sale.check.attemptEnded", `payment.attempt.${said}`]);
    for (const later of ["failed", "expired", "cancelled", "pending", "authorized", "lost"] as const) expect(reported(w, PAY, { said: later })).toEqual([]);
    expect(due(place)).toBe("2740");
    w.does("payment.startAttempt", { payment: OTHER, check, provider: TERMINAL.provider });
  });

  test("a success after our own expiry is accepted and flagged", () => {
    const place = started();
    const { w } = place;
    reported(w, PAY, { said: "expired", from: "hub" });
    expect(reported(w, PAY, { said: "captured" })).toEqual(["sale.check.paymentApplied", "sale.check.paid", "payment.attempt.success", "payment.order.success"]);
    expect(paymentOf(w, PAY)).toMatchObject({ status: "captured", late: true });
    expect(due(place)).toBe("0");
  });

  test("a provider that said failed and then success is asked before it is believed", () => {
    const { w } = started();
    reported(w, PAY, { said: "failed", from: "provider", reason: "declined" });
    expect(reported(w, PAY, { said: "captured" })).toEqual(["payment.attempt.contradicted"]);
    expect(paymentOf(w, PAY).status).toBe("failed");
    expect(reported(w, PAY, { said: "captured", from: "provider" })).toContain("payment.attempt.success");
    expect(paymentOf(w, PAY)).toMatchObject({ status: "captured", late: true });
  });

  test("failure 5 (odoo#177047, #179178): both devices took the money, so what the check cannot take is an overpayment, and a refund is offered", () => {
    const place = started();
    const { w, check } = place;
    reported(w, PAY, { said: "expired", from: "hub" });
    w.does("payment.takeCard", { payment: OTHER, check, slip: "7" });
    expect(reported(w, PAY, { said: "captured", tip: 100n, reference: "tx_7" })).toEqual(["sale.check.overpaid", "payment.attempt.success"]);
    expect(paymentOf(w, PAY)).toMatchObject({ status: "captured", late: true, overpaid: eur(2840), tender: { amount: eur(0), tip: eur(0) } });
    expect(due(place)).toBe("0");
    w.does("check.close", { check });
    const { result, events } = w.does("payment.refundOverpayment", { refund: id("refund", 1), payment: PAY, reason: "paid twice" }, MANAGER);
    expect(result).toEqual({ number: "R000001", amount: eur(2840) });
    expect(w.get("refund", id("refund", 1))?.document).toMatchObject({ kind: "overpayment", checkNumber: "000001", table: checkOf(w, check).label, reference: "tx_7" });
    expect(events.map(({ type }) => type)).toEqual(["payment.refund.created", "sale.check.refunded", "sale.series.advanced", "payment.transaction.refundReserved"]);
    expect(w.refuses("payment.refundOverpayment", { refund: id("refund", 2), payment: PAY, reason: "again" }, MANAGER)).toMatchObject({ refused: "nothing-overpaid" });
  });

  test("a part of it fits: the rest is overpaid", () => {
    const { w, check } = started();
    reported(w, PAY, { said: "expired", from: "hub" });
    w.does("payment.takeCash", { payment: OTHER, check, drawer: DRAWER, amount: eur(2000), tendered: eur(2000) });
    reported(w, PAY, { said: "captured" });
    expect(paymentOf(w, PAY)).toMatchObject({ tender: { amount: eur(740) }, overpaid: eur(2000) });
    expect(checkOf(w, check).status).toBe("paid");
  });

  test("settled before success, since webhooks come in any order: taken first, then settled", () => {
    const { w } = started();
    expect(reported(w, PAY, { said: "settled", amount: 2740n, fee: 40n })).toEqual(["sale.check.attemptEnded", "sale.check.paymentApplied", "sale.check.paid", "payment.attempt.success", "payment.order.success", "payment.transaction.settled"]);
    expect(reported(w, PAY, { said: "captured" })).toEqual([]);
    expect(paymentOf(w, PAY)).toMatchObject({ status: "settled", settled: { gross: eur(2740), fee: eur(40), net: eur(2700) } });
  });

  test("a settlement that cannot be right is looked at by nobody once the right one has come", () => {
    const { w } = started();
    reported(w, PAY, { said: "captured" });
    expect(reported(w, PAY, { said: "settled", amount: 2740n, tip: 0n, fee: 9999n })).toEqual(["payment.attempt.contradicted"]);
    expect(pointsOfPayment(paymentOf(w, PAY))).toMatchObject([{ kind: "contradicted", said: "fee 9999" }]);
    expect(reported(w, PAY, { said: "settled", amount: 2740n, tip: 0n, fee: 40n })).toEqual(["payment.attempt.contradictionResolved", "payment.transaction.settled"]);
    expect(pointsOfPayment(paymentOf(w, PAY))).toEqual([]);
    expect(paymentOf(w, PAY)).toMatchObject({ status: "settled", settled: { fee: eur(40) } });
    expect(reported(w, PAY, { said: "settled", fee: 40n })).toEqual([]);
  });

  test("what was said of another currency is over only with a settlement that says all of it", () => {
    for (const [whole, points] of [[{}, 1], [{ currency: "EUR", amount: 2740n, tip: 0n }, 0]] as const) {
      const { w } = started();
      reported(w, PAY, { said: "captured" });
      reported(w, PAY, { said: "settled", currency: "USD", fee: 1n });
      reported(w, PAY, { said: "settled", fee: 1n, ...whole });
      expect(paymentOf(w, PAY).status).toBe("settled");
      expect(pointsOfPayment(paymentOf(w, PAY))).toHaveLength(points);
    }
  });

  test("another currency than the attempt's was booked as if it were ours: nothing is, and people see it", () => {
    const { w, check } = started();
    expect(reported(w, PAY, { said: "captured", currency: "USD", amount: 2740n })).toEqual(["sale.check.attemptUnknown", "payment.attempt.unknown"]);
    expect(paymentOf(w, PAY)).toMatchObject({ status: "unknown", reason: "wrong-currency USD" });
    expect(checkOf(w, check)).toMatchObject({ tenders: [], attempts: [{ unknown: true }] });
    expect(reported(w, PAY, { said: "settled", from: "provider", currency: "USD" })).toEqual([]);
    expect(reported(w, PAY, { said: "captured", from: "provider", currency: "EUR" })).toContain("payment.attempt.success");
    expect(reported(w, PAY, { said: "settled", currency: "USD", fee: 1n })).toEqual(["payment.attempt.contradicted"]);
    expect(reported(w, PAY, { said: "settled", from: "provider", currency: "USD", fee: 1n })).toEqual([]);
    expect(paymentOf(w, PAY)).toMatchObject({ status: "captured", contradicted: "wrong-currency USD" });
  });

  test("the wire's currency was dropped, and its amounts could sum to more than money holds", () => {
    const data = { attempt: id("attempt", 1), currency: "USD", amount: "9".repeat(12), tip: "9".repeat(12) };
    const body = { type: "mq-pay:attempt.success", timestamp: "2026-11-20T12:00:00.000Z", data };
    expect(reportOfWebhook(webhookBody.parse(body))).toMatchObject({ said: "captured", currency: "USD" });
    expect(reportOfView(attemptView.parse({ ...data, state: "captured" }))).toMatchObject({ currency: "USD" });
    expect(refundReportOfWebhook(webhookBody.parse({ ...body, type: "mq-pay:refund.failed" }))).toMatchObject({ said: "failed", currency: "USD" });
    expect(refundReportOfView(refundView.parse({ ...data, refund: id("refund", 1), state: "succeeded" }))).toEqual({ said: "success", currency: "USD" });
    expect(money.safeParse(eur(Number(data.amount) + Number(data.tip))).success).toBe(true);
    for (const field of ["amount", "tip", "fee"]) expect(webhookBody.safeParse({ ...body, data: { ...data, [field]: "9".repeat(13) } }).success).toBe(false);
  });

  test("a provider that nobody connected is not asked", () => {
    const { w, check } = dining();
    expect(w.refuses("payment.startAttempt", { payment: PAY, check, provider: "elsewhere" })).toEqual({ refused: "unknown-provider", provider: "elsewhere" });
  });
});

describe("unknown", () => {
  function lost() {
    const place = started();
    reported(place.w, PAY, { said: "lost", from: "hub", reason: "no-answer" });
    return place;
  }

  test("blocks a new charge of any kind until somebody knows", () => {
    const { w, check } = lost();
    for (const answer of [w.refuses("payment.startAttempt", { payment: OTHER, check, provider: TERMINAL.provider }), w.refuses("payment.takeCash", { payment: OTHER, check, drawer: DRAWER, tendered: eur(5000) })]) {
      expect(answer).toMatchObject({ refused: "attempt-unknown", payment: PAY });
    }
    w.does("payment.askProvider", { payment: PAY });
    expect(reported(w, PAY, { said: "captured", from: "provider" })).toContain("payment.attempt.success");
  });

  test("the terminal is heard of again: the guest is still being asked", () => {
    const { w, check } = lost();
    expect(reported(w, PAY, { said: "pending", from: "provider" })).toEqual(["sale.check.attemptOpened", "payment.attempt.sent"]);
    expect(checkOf(w, check).attempts?.[0]).toMatchObject({ unknown: false, amount: eur(2740) });
  });

  test("a manager decides: not captured unlocks, and a later success is an overpayment, not lost", () => {
    const { w, check } = lost();
    expect(w.refuses("payment.resolveUnknown", { payment: PAY, outcome: "not-captured", reason: "slip says no" }, WAITER)).toMatchObject({ refused: "approval-required", action: "resolve-unknown" });
    w.does("payment.resolveUnknown", { payment: PAY, outcome: "not-captured", reason: "slip says no" }, MANAGER);
    w.does("payment.takeCash", { payment: OTHER, check, drawer: DRAWER, tendered: eur(3000) });
    expect(reported(w, PAY, { said: "captured" })).toEqual(["sale.check.overpaid", "payment.attempt.success"]);
    expect(paymentOf(w, PAY)).toMatchObject({ late: true, overpaid: eur(2740) });
  });

  test("a manager decides: captured pays the check, and says who said so", () => {
    const { w } = lost();
    expect(w.does("payment.resolveUnknown", { payment: PAY, outcome: "captured", reason: "slip 0042" }, MANAGER).result.due).toEqual(eur(0));
    expect(w.log.find(({ type }) => type === "payment.attempt.success")).toMatchObject({ data: { decidedBy: { name: "Otto" } } });
    expect(w.refuses("payment.resolveUnknown", { payment: PAY, outcome: "captured", reason: "x" }, MANAGER)).toEqual({ refused: "not-unknown", status: "captured" });
  });

  test.each(["failed", "not-found", "cancelled"] as const)("a manager said captured, and the provider's %s was swallowed: it contradicts, and the provider is asked once", (said) => {
    const { w } = lost();
    w.does("payment.resolveUnknown", { payment: PAY, outcome: "captured", reason: "slip 0042" }, MANAGER);
    expect(reported(w, PAY, { said })).toEqual(["payment.attempt.contradicted"]);
    expect(reported(w, PAY, { said, from: "provider" })).toEqual([]);
    expect(paymentOf(w, PAY)).toMatchObject({ status: "captured", contradicted: said === "not-found" ? "failed" : said });
  });
});

describe("a tab: authorise, increment, adjust the tip, capture", () => {
  test("holds more than is due, locks no amount, and is captured with the tip of the slip", () => {
    const place = started({ capture: "later", amount: eur(5000) });
    const { w, check } = place;
    reported(w, PAY, { said: "authorized", from: "provider", reference: "tx-9" });
    expect(paymentOf(w, PAY)).toMatchObject({ status: "authorized", held: eur(5000) });
    w.does("payment.takeCash", { payment: OTHER, check, drawer: DRAWER, amount: eur(740), tendered: eur(740) });
    expect(w.refuses("payment.increment", { payment: PAY, amount: eur(5000) })).toMatchObject({ refused: "amount-below-held" });
    w.does("payment.increment", { payment: PAY, amount: eur(6000) });
    expect(w.refuses("payment.capture", { payment: PAY })).toEqual({ refused: "request-open", request: "increment" });
    reported(w, PAY, { said: "incremented", from: "provider" });
    w.does("payment.adjustTip", { payment: PAY, tip: eur(400) });
    expect(reported(w, PAY, { said: "tip-adjusted", from: "provider" })).toEqual(["payment.attempt.tipAdjusted"]);
    expect(w.does("payment.capture", { payment: PAY }).result).toEqual({ amount: eur(2000), tip: eur(400) });
    expect(w.refuses("payment.takeCash", { payment: id("payment", 3), check, drawer: DRAWER, tendered: eur(2000) })).toMatchObject({ refused: "attempt-open" });
    reported(w, PAY, { said: "captured", amount: 2000n, tip: 400n });
    expect(checkOf(w, check)).toMatchObject({ status: "paid", tenders: [{ method: "cash" }, { amount: eur(2000), tip: eur(400) }] });
  });

  test("failure 17: a capture that failed marks nothing paid and locks nothing, and the tab goes on", () => {
    const { w, check } = started({ capture: "later", amount: eur(5000) });
    reported(w, PAY, { said: "authorized", from: "provider" });
    w.does("payment.capture", { payment: PAY });
    expect(reported(w, PAY, { said: "refused", request: "capture", from: "provider", reason: "over" })).toEqual(["sale.check.attemptOpened", "payment.attempt.requestRefused"]);
    expect(checkOf(w, check)).toMatchObject({ status: "open", tenders: [] });
    w.does("payment.takeCash", { payment: OTHER, check, drawer: DRAWER, tendered: eur(2740) });
  });

  test("more than is held, or than is due, is not captured", () => {
    const { w } = started({ capture: "later", amount: eur(1000) });
    reported(w, PAY, { said: "authorized", from: "provider" });
    expect(w.refuses("payment.capture", { payment: PAY, amount: eur(1001) })).toEqual({ refused: "over-authorized", held: eur(1000) });
    expect(w.refuses("payment.capture", { payment: PAY, amount: eur(2741) })).toMatchObject({ refused: "amount-over-due" });
  });
});

describe("parts of one check", () => {
  const PARTS = [1, 2].map((n) => id("part", n)) as [string, string];
  function inTwo() {
    const place = dining();
    place.w.does("check.setParts", { check: place.check, parts: PARTS.map((part, n) => ({ part, name: `Guest ${n + 1}` })) });
    return place;
  }

  test("each is paid at a terminal of its own at the same time; the same part is not", () => {
    const { w, check } = inTwo();
    w.does("payment.startAttempt", { payment: PAY, check, part: PARTS[0], provider: TERMINAL.provider });
    expect(w.refuses("payment.startAttempt", { payment: id("payment", 9), check, part: PARTS[0], provider: QR.provider })).toMatchObject({ refused: "attempt-open", payment: PAY });
    expect(w.refuses("payment.startAttempt", { payment: id("payment", 9), check, provider: QR.provider })).toMatchObject({ refused: "attempt-open" });
    expect(w.does("payment.startAttempt", { payment: OTHER, check, part: PARTS[1], provider: QR.provider }).result.amount).toEqual(eur(1370));
    reported(w, OTHER, { said: "captured" });
    expect(checkOf(w, check).status).toBe("open");
    reported(w, PAY, { said: "captured" });
    expect(checkOf(w, check)).toMatchObject({ status: "paid", tenders: [{ part: PARTS[1] }, { part: PARTS[0] }] });
  });

  test("more than the part, or no part of this check, is refused; a part of an unknown result keeps only itself", () => {
    const { w, check } = inTwo();
    expect(w.refuses("payment.takeCard", { payment: OTHER, check, part: PARTS[0], amount: eur(1371), slip: "1" })).toMatchObject({ refused: "amount-over-due", due: eur(1370) });
    expect(w.refuses("payment.takeCard", { payment: OTHER, check, part: id("part", 9), slip: "1" })).toMatchObject({ refused: "unknown-part" });
    w.does("payment.startAttempt", { payment: PAY, check, part: PARTS[0], provider: TERMINAL.provider });
    reported(w, PAY, { said: "lost", from: "hub" });
    expect(w.refuses("payment.takeCash", { payment: OTHER, check, part: PARTS[0], drawer: DRAWER, tendered: eur(2000) })).toMatchObject({ refused: "attempt-unknown", payment: PAY });
    w.does("payment.takeCash", { payment: OTHER, check, part: PARTS[1], drawer: DRAWER, tendered: eur(2000) });
  });

  test("a bill divided anew while a part is being paid: that part stays what is asked for, the others share what it leaves", () => {
    const { w, check } = inTwo();
    w.does("payment.startAttempt", { payment: PAY, check, part: PARTS[0], provider: TERMINAL.provider });
    w.does("check.setParts", { check, parts: [...PARTS, id("part", 3)].map((part, n) => ({ part, name: `Guest ${n + 1}` })) });
    w.does("payment.takeCard", { payment: OTHER, check, part: PARTS[1], slip: "1" });
    expect(w.does("payment.takeCard", { payment: id("payment", 3), check, part: id("part", 3), slip: "2" }).result.tender.amount).toEqual(eur(685));
    const being = { refused: "attempt-open", payment: PAY, method: "card-terminal", amount: eur(1370), by: "Mai" };
    expect(w.refuses("payment.startAttempt", { payment: id("payment", 4), check, part: PARTS[0], provider: QR.provider })).toEqual(being);
    reported(w, PAY, { said: "captured" });
    expect(checkOf(w, check)).toMatchObject({ status: "paid" });
  });

  test("a guest was charged too much: a late payment of the whole bill came in while a part of it, divided since, was being asked for", () => {
    const { w, check } = dining();
    w.does("payment.startAttempt", { payment: PAY, check, provider: TERMINAL.provider, amount: eur(1000) });
    reported(w, PAY, { said: "expired", from: "hub" });
    w.does("check.setParts", { check, parts: PARTS.map((part, n) => ({ part, name: `Guest ${n + 1}` })) });
    expect(w.does("payment.startAttempt", { payment: OTHER, check, part: PARTS[0], provider: QR.provider }).result.amount).toEqual(eur(1370));
    reported(w, PAY, { said: "captured" });
    expect(partsOf(checkOf(w, check)).parts.map(({ amount }) => amount)).toEqual([1370n, 370n]);
    reported(w, OTHER, { said: "captured" });
    w.does("payment.takeCard", { payment: id("payment", 3), check, part: PARTS[1], slip: "1" });
    expect(checkOf(w, check)).toMatchObject({ status: "paid", tenders: [{ amount: eur(1000) }, { amount: eur(1370) }, { amount: eur(370) }] });
  });

  test("what a fixed part asks for is not taken from a part that is being paid", () => {
    const { w, check } = dining();
    w.does("check.setParts", { check, parts: [{ part: PARTS[0], name: "1", amount: eur(2000) }, { part: PARTS[1], name: "2" }] });
    w.does("payment.startAttempt", { payment: PAY, check, part: PARTS[1], provider: TERMINAL.provider });
    w.does("payment.takeCard", { payment: OTHER, check, amount: eur(1500), slip: "1" });
    expect(partsOf(checkOf(w, check)).parts.map(({ amount }) => amount)).toEqual([500n, 740n]);
  });

  test("the part that is being paid may be fixed at what it comes to while the others are divided anew, and at nothing else", () => {
    const { w, check } = inTwo();
    w.does("payment.startAttempt", { payment: PAY, check, part: PARTS[0], provider: TERMINAL.provider });
    const anew = (amount: number) => ({ operation: id("operation", 1), check, parts: [{ part: PARTS[0], name: "Guest 1", amount: eur(amount) }, ...[3, 4].map((n) => ({ part: id("part", n), name: `Guest ${n}` }))] });
    expect(w.refuses("check.setParts", anew(1369))).toMatchObject({ refused: "attempt-open", part: PARTS[0] });
    expect(w.does("check.setParts", anew(1370)).result.parts.map(({ amount }) => amount)).toEqual(["1370", "685", "685"]);
    w.does("check.undo", { operation: id("operation", 1), check });
    expect(checkOf(w, check).parts).toMatchObject([{ part: PARTS[0], amount: null }, { part: PARTS[1] }]);
  });

  test("what is held for a part is not captured while another payment is taking it, and says who is at it", () => {
    const { w, check } = dining();
    w.does("payment.startAttempt", { payment: PAY, check, provider: TERMINAL.provider, capture: "later", amount: eur(5000) });
    reported(w, PAY, { said: "authorized", from: "provider" });
    w.does("check.setParts", { check, parts: PARTS.map((part, n) => ({ part, name: `Guest ${n + 1}` })) });
    w.does("payment.takeCard", { payment: OTHER, check, part: PARTS[0], slip: "1" });
    w.happened("check", check, [{ type: "sale.check.attemptOpened", data: { payment: id("payment", 3), attempt: id("attempt", 3), part: PARTS[1], method: "qr", provider: QR.provider, amount: eur(1370), tip: eur(0), holds: false, by: { staff: id("staff", 1), name: "Mai" } } }]);
    expect(w.refuses("payment.capture", { payment: PAY })).toMatchObject({ refused: "attempt-open", payment: id("payment", 3), amount: eur(1370) });
  });

  test("of two devices that take one part by card at once the later one is told that the part is paid, not that the bill owes nothing", () => {
    const { w, check } = inTwo();
    w.does("payment.takeCard", { payment: PAY, check, part: PARTS[0], slip: "1" });
    const paid = { refused: "part-paid", part: PARTS[0] };
    expect(w.refuses("payment.takeCard", { payment: OTHER, check, part: PARTS[0], slip: "2" })).toEqual(paid);
    for (const capture of ["now", "later"] as const) expect(w.refuses("payment.startAttempt", { payment: OTHER, check, part: PARTS[0], provider: TERMINAL.provider, capture })).toEqual(paid);
    w.does("payment.takeCard", { payment: OTHER, check, slip: "2" });
    expect(w.refuses("payment.takeCard", { payment: id("payment", 3), check, slip: "3" })).toMatchObject({ refused: "nothing-due" });
  });

  test("cash that clears a part is rounded to coins", () => {
    const { w, check } = inTwo();
    w.does("check.setParts", { check, parts: [{ part: PARTS[0], name: "A", amount: eur(1002) }, { part: PARTS[1], name: "B" }] });
    expect(w.does("payment.takeCash", { payment: PAY, check, part: PARTS[0], drawer: DRAWER, tendered: eur(1000) }).result).toMatchObject({ tender: { amount: eur(1002), roundingDifference: eur(-2) }, due: eur(1738) });
  });
});

describe("while an attempt is open", () => {
  test("what it has locked is not made cheaper, nor is the check closed or merged away", () => {
    const { w, check } = started();
    expect(w.attempt("order.voidItem", { order: checkOf(w, check).order, item: id("item", 1), newItem: id("item", 9), reason: "x" }, MANAGER)).toMatchObject({ ok: false, refusal: { refused: "attempt-open" } });
    reported(w, PAY, { said: "captured", amount: 1000n });
    w.does("payment.takeCash", { payment: OTHER, check, drawer: DRAWER, tendered: eur(2000) });
    w.does("check.close", { check });
  });

  test("a check with an authorisation that was not given back is not closed", () => {
    const { w, check } = started({ capture: "later", amount: eur(5000) });
    reported(w, PAY, { said: "authorized", from: "provider" });
    w.does("payment.takeCash", { payment: OTHER, check, drawer: DRAWER, tendered: eur(3000) });
    expect(w.refuses("check.close", { check })).toMatchObject({ refused: "attempt-open", payment: PAY });
    w.does("payment.cancelAttempt", { payment: PAY });
    reported(w, PAY, { said: "cancelled", from: "provider" });
    w.does("check.close", { check });
  });
});

import { describe, expect, test } from "vitest";
import { checkTotals } from "../check/totals.ts";
import { id, OPERATOR, type World } from "../testing/given.ts";
import { DRAWER, eur } from "../testing/place.ts";
import { checkOf, dining, MANAGER, paymentOf, QR, reported, TERMINAL } from "./testing.ts";

const [P1, P2, P3] = [1, 2, 3].map((n) => id("payment", n)) as [string, string, string];
const CARD = id("giftCard", 1);

/** 27.40 and a tip of 1.00 were noted as cash; it was something else. */
function paidInCash() {
  const { w, check } = dining();
  w.does("payment.takeCash", { payment: P1, check, drawer: DRAWER, tendered: eur(2840), tip: eur(100) });
  return { w, check };
}
const instead = (provider: string) => ({ payment: P1, replacement: P2, method: { method: "provider" as const, provider }, reason: "wrong", drawer: DRAWER });
const inDrawer = (w: World) => w.get("drawer", DRAWER)?.expected;
function loaded(w: World, amount: number) {
  w.happened("gift-card", CARD, [{ type: "giftcard.loaded", data: { amount: eur(amount), check: id("check", 99), item: id("item", 99), by: { staff: id("staff", 1), name: "Mai" } } }]);
}

describe("a wrong tender that a terminal or a code is asked for instead", () => {
  test.each([[TERMINAL.provider, "card-terminal"], [QR.provider, "qr"]])("%s: taken back and asked in one decision, the same amount and tip, and paid when it says yes", (provider, method) => {
    const { w, check } = paidInCash();
    const { events, result } = w.does("payment.correctTender", instead(provider), MANAGER);
    expect(events.map(({ type }) => type)).toEqual(["sale.check.paymentReversed", "sale.check.attemptOpened", "payment.transaction.created", "payment.attempt.created", "payment.attempt.reversed", "cash.drawer.cashReturned"]);
    expect(result).toMatchObject({ tender: { payment: P2, method, amount: eur(2740), tip: eur(100) }, attempt: expect.stringMatching(/^att_/) });
    expect([inDrawer(w), paymentOf(w, P1).status, checkOf(w, check).status, checkTotals(checkOf(w, check)).due]).toEqual([eur(10_000), "reversed", "open", "2740"]);
    expect(w.refuses("payment.takeCash", { payment: P3, check, drawer: DRAWER, tendered: eur(2740) })).toMatchObject({ refused: "attempt-open", payment: P2, by: "Otto" });
    reported(w, P2, { said: "captured" });
    expect(checkOf(w, check)).toMatchObject({ status: "paid", tenders: [{ payment: P2, method, amount: eur(2740), tip: eur(100), tipFor: { name: "Mai" } }] });
  });

  test("what it says no to is due again, once, and the first payment stays taken back", () => {
    const { w, check } = paidInCash();
    w.does("payment.correctTender", instead(TERMINAL.provider), MANAGER);
    reported(w, P2, { said: "failed", reason: "declined" });
    expect([inDrawer(w), paymentOf(w, P1).status, paymentOf(w, P2).status, checkTotals(checkOf(w, check)).due]).toEqual([eur(10_000), "reversed", "failed", "2740"]);
    w.does("payment.takeCash", { payment: P3, check, drawer: DRAWER, tendered: eur(2740) });
    expect(checkOf(w, check).status).toBe("paid");
  });

  test("all or nothing, and once: a provider that is not there, a part that somebody is at, a closed bill, the same again", () => {
    const { w, check } = paidInCash();
    expect(w.refuses("payment.correctTender", instead("nobody"), MANAGER)).toEqual({ refused: "unknown-provider", provider: "nobody" });
    expect([paymentOf(w, P1).status, inDrawer(w)]).toEqual(["captured", eur(12_840)]);
    const [first, second] = [w.prepare("payment.correctTender", instead(TERMINAL.provider), MANAGER), w.prepare("payment.correctTender", { ...instead(QR.provider), replacement: P3 }, MANAGER)];
    expect([first.commit(), second.commit()]).toEqual(["appended", "conflict"]);
    expect(w.refuses("payment.correctTender", instead(TERMINAL.provider), MANAGER)).toEqual({ refused: "not-captured", status: "reversed" });
    expect(inDrawer(w)).toEqual(eur(10_000));
    const closed = paidInCash();
    closed.w.does("check.close", { check: closed.check });
    expect(closed.w.refuses("payment.correctTender", instead(TERMINAL.provider), MANAGER)).toEqual({ refused: "check-closed", check: closed.check });
    const half = dining();
    half.w.does("payment.takeCash", { payment: P1, check: half.check, drawer: DRAWER, tendered: eur(1000), amount: eur(1000) });
    half.w.does("payment.startAttempt", { payment: P3, check: half.check, provider: TERMINAL.provider });
    expect(half.w.refuses("payment.correctTender", instead(QR.provider), MANAGER)).toMatchObject({ refused: "attempt-open", payment: P3 });
    expect(paymentOf(half.w, P1).status).toBe("captured");
    expect(checkOf(w, check).tenders).toEqual([]);
  });

  test("the yes to it names the terminal, and is for no other", () => {
    const { w } = paidInCash();
    const asked = w.refuses("payment.correctTender", instead(TERMINAL.provider)) as { refused: string; subject: never };
    expect(asked).toMatchObject({ refused: "approval-required", subject: { purpose: "paid-otherwise", tender: { method: "card-terminal", reference: TERMINAL.provider }, drawer: DRAWER } });
    const approval = id("approval", 1);
    w.does("approval.request", { approval, action: "wrong-tender", subject: asked.subject });
    w.does("approval.grant", { approval }, MANAGER);
    expect(w.refuses("payment.correctTender", { ...instead(QR.provider), approval })).toMatchObject({ refused: "approval-mismatch" });
    w.does("payment.correctTender", { ...instead(TERMINAL.provider), approval });
  });
});

describe("a wrong tender that was a gift card, or another account", () => {
  const byCard = { payment: P1, replacement: P2, method: { method: "gift-card" as const, card: CARD }, reason: "wrong", drawer: DRAWER };

  test("the card pays amount and tip at once, also on a closed bill, or nothing happens", () => {
    const { w, check } = paidInCash();
    expect(w.refuses("payment.correctTender", byCard, MANAGER)).toEqual({ refused: "unknown-gift-card", card: CARD });
    loaded(w, 2839);
    expect(w.refuses("payment.correctTender", byCard, MANAGER)).toEqual({ refused: "gift-card-balance", left: eur(2839) });
    expect([paymentOf(w, P1).status, inDrawer(w)]).toEqual(["captured", eur(12_840)]);
    const rich = paidInCash();
    loaded(rich.w, 3000);
    rich.w.does("check.close", { check: rich.check });
    rich.w.does("payment.correctTender", byCard, MANAGER);
    expect(checkOf(rich.w, rich.check)).toMatchObject({ status: "closed", tenders: [{ payment: P2, method: "gift-card", account: CARD, tip: eur(100) }] });
    expect([rich.w.get("gift-card", CARD)?.balance, inDrawer(rich.w)]).toEqual([eur(160), eur(10_000)]);
    expect(checkOf(w, check).status).toBe("paid");
  });

  test("from one account to another, never to the same", () => {
    const { w, check } = dining();
    const [hotel, bank] = [id("houseAccount", 1), id("houseAccount", 2)];
    for (const [account, name] of [[hotel, "Hotel"], [bank, "Bank"]] as const) w.does("payment.openHouseAccount", { account, name, limit: null }, OPERATOR);
    w.does("payment.takeHouseAccount", { payment: P1, check, account: hotel });
    const to = (account: string) => ({ payment: P1, replacement: P2, method: { method: "house-account" as const, account }, reason: "wrong" });
    expect(w.refuses("payment.correctTender", to(hotel), MANAGER)).toEqual({ refused: "same-method", method: "house-account" });
    w.does("payment.correctTender", to(bank), MANAGER);
    expect([hotel, bank].map((account) => w.get("house-account", account)?.balance)).toEqual([eur(0), eur(2740)]);
  });
});

describe("a voucher or a gift card that was the wrong tender", () => {
  const cardInstead = { payment: P1, replacement: P2, method: { method: "card-manual" as const, slip: "4711" }, reason: "wrong" };

  test("is as it was before, and the bill stays as paid, in one decision, also when it is closed", () => {
    const { w, check } = dining();
    loaded(w, 3000);
    w.does("payment.takeGiftCard", { payment: P1, check, card: CARD });
    w.does("check.close", { check });
    w.does("payment.correctTender", cardInstead, MANAGER);
    expect(w.get("gift-card", CARD)?.balance).toEqual(eur(3000));
    expect(checkOf(w, check)).toMatchObject({ status: "closed", tenders: [{ payment: P2, method: "card-manual", slip: "4711", amount: eur(2740) }] });

    const voucher = { payment: P1, issuer: "Travel Co", code: "AB 12", value: eur(3000) };
    const first = dining();
    first.w.does("payment.takeVoucher", { ...voucher, check: first.check });
    expect(first.w.refuses("payment.takeVoucher", { ...voucher, payment: P3, check: first.check })).toMatchObject({ refused: expect.any(String) });
    first.w.does("payment.correctTender", cardInstead, MANAGER);
    expect(checkOf(first.w, first.check)).toMatchObject({ status: "paid", tenders: [{ payment: P2, method: "card-manual" }] });
    first.w.does("payment.void", { payment: P2, reason: "wrong" }, MANAGER);
    first.w.does("payment.takeVoucher", { ...voucher, payment: P3, check: first.check });
    expect(checkOf(first.w, first.check).status).toBe("paid");
  });
});

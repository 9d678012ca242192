import { describe, expect, test } from "vitest";
import { checkTotals } from "../check/totals.ts";
import { id, OPERATOR } from "../testing/given.ts";
import { add, DRAWER, eur, latteItem } from "../testing/place.ts";
import { checkOf, dining, MANAGER, paymentOf, TERMINAL } from "./testing.ts";

const [P1, P2, P3] = [1, 2, 3].map((n) => id("payment", n)) as [string, string, string];
const ACCOUNT = id("houseAccount", 1);
const BOSS = { ...MANAGER, capabilities: [...MANAGER.capabilities, "approve.cash"] } as const;
const drawerOf = (w: ReturnType<typeof dining>["w"]) => w.get("drawer", DRAWER)?.expected.amount;

describe("any mix on one check", () => {
  test("cash, card, voucher and house account together clear it, and only the cash that clears it is rounded", () => {
    const { w, check } = dining();
    w.does("payment.openHouseAccount", { account: ACCOUNT, name: "Hotel", limit: eur(5000) }, MANAGER);
    w.does("payment.takeCard", { payment: P1, check, amount: eur(1000), slip: "42", tip: eur(200) });
    w.does("payment.takeVoucher", { payment: P2, check, issuer: "Lunch", code: "A-1", value: eur(500) });
    w.does("payment.takeHouseAccount", { payment: P3, check, account: ACCOUNT, amount: eur(538) });
    const { result } = w.does("payment.takeCash", { payment: id("payment", 4), check, drawer: DRAWER, tendered: eur(1000) });
    expect(result).toMatchObject({ due: eur(0), tender: { amount: eur(702), roundingDifference: eur(-2), change: eur(300) } });
    const { tenders, status } = checkOf(w, check);
    expect([status, ...tenders.map(({ method }) => method)]).toEqual(["paid", "card-manual", "voucher", "house-account", "cash"]);
    expect(w.get("house-account", ACCOUNT)?.balance).toEqual(eur(538));
  });

  test("a voucher is taken once, however it is typed; what it is worth beyond what is due is forfeited", () => {
    const { w, check } = dining();
    const { result } = w.does("payment.takeVoucher", { payment: P1, check, issuer: "Lunch", code: "AB 12", value: eur(5000) });
    expect(result).toMatchObject({ forfeited: eur(2260), tender: { amount: eur(2740), reference: "Lunch AB 12" } });
    add(w, latteItem(3));
    expect(w.refuses("payment.takeVoucher", { payment: P2, check, issuer: " lunch ", code: "ab  12", value: eur(500) })).toEqual({ refused: "voucher-used", check });
    w.does("payment.void", { payment: P1, reason: "not valid" }, MANAGER);
    w.does("payment.takeVoucher", { payment: P2, check, issuer: "Lunch", code: "AB 12", value: eur(500) });
  });

  test("a voucher whose issuer and code are cut within a pair is taken, without the half", () => {
    const { w, check } = dining();
    const issuer = "i".repeat(40);
    const { result } = w.does("payment.takeVoucher", { payment: P1, check, issuer, code: `${"c".repeat(38)}\u{1F334}`, value: eur(500) });
    expect(result.tender.reference).toBe(`${issuer} ${"c".repeat(38)}`);
  });

  test("a voucher paid more than it is worth: amount and tip together are at most its value, and what is forfeited comes after the tip", () => {
    const { w, check } = dining();
    const voucher = { payment: P1, check, issuer: "Lunch", code: "T-1", value: eur(1000) };
    expect(w.refuses("payment.takeVoucher", { ...voucher, amount: eur(1000), tip: eur(1) })).toEqual({ refused: "amount-over-value", value: eur(1000) });
    expect(w.refuses("payment.takeVoucher", { ...voucher, tip: eur(1000) })).toEqual({ refused: "amount-over-value", value: eur(1000) });
    expect(w.does("payment.takeVoucher", { ...voucher, tip: eur(100) }).result).toMatchObject({ forfeited: eur(0), tender: { amount: eur(900), tip: eur(100) } });
    expect(w.refuses("payment.adjustTip", { payment: P1, tip: eur(101) })).toEqual({ refused: "amount-over-value", value: eur(1000) });
    expect(w.does("payment.takeVoucher", { ...voucher, payment: P2, code: "T-2", value: eur(3000), tip: eur(200) }).result).toMatchObject({ forfeited: eur(960), tender: { amount: eur(1840) } });
  });

  test("a gift card gives what it has; a void puts it back", () => {
    const { w, check } = dining();
    const card = id("giftCard", 1);
    w.happened("gift-card", card, [{ type: "giftcard.loaded", data: { amount: eur(1000), check, item: id("item", 90), by: { staff: id("staff", 1), name: "Mai" } } }]);
    expect(w.refuses("payment.takeGiftCard", { payment: P1, check, card, amount: eur(1001) })).toMatchObject({ refused: "gift-card-balance", left: eur(1000) });
    expect(w.does("payment.takeGiftCard", { payment: P1, check, card }).result).toMatchObject({ due: eur(1740), tender: { method: "gift-card", amount: eur(1000), account: card } });
    expect(w.get("gift-card", card)?.balance).toEqual(eur(0));
    w.does("payment.void", { payment: P1, reason: "wrong card" }, MANAGER);
    expect(w.get("gift-card", card)?.balance).toEqual(eur(1000));
    expect(checkTotals(checkOf(w, check)).due).toBe("2740");
    expect(w.refuses("payment.takeGiftCard", { payment: P2, check, card, tip: eur(1000) })).toMatchObject({ refused: "gift-card-balance", left: eur(1000) });
    expect(w.does("payment.takeGiftCard", { payment: P2, check, card, tip: eur(100) }).result).toMatchObject({ due: eur(1840), tender: { amount: eur(900), tip: eur(100) } });
    expect(w.get("gift-card", card)?.balance).toEqual(eur(0));
  });

  test("a house account is charged up to its limit, paid off later, and closed when nothing is owed", () => {
    const { w, check } = dining();
    w.does("payment.openHouseAccount", { account: ACCOUNT, name: "Hotel", limit: eur(2000) }, MANAGER);
    expect(w.refuses("payment.takeHouseAccount", { payment: P1, check, account: ACCOUNT })).toMatchObject({ refused: "over-limit", free: eur(2000) });
    w.does("payment.takeHouseAccount", { payment: P1, check, account: ACCOUNT, amount: eur(1900), tip: eur(100) });
    expect(w.refuses("payment.closeHouseAccount", { account: ACCOUNT }, MANAGER)).toMatchObject({ refused: "account-not-settled", balance: eur(2000) });
    expect(w.refuses("payment.payHouseAccount", { account: ACCOUNT, payment: P2, amount: eur(2001), method: { method: "cash", drawer: DRAWER } })).toMatchObject({ refused: "amount-over-balance" });
    expect(w.does("payment.payHouseAccount", { account: ACCOUNT, payment: P2, amount: eur(1500), method: { method: "cash", drawer: DRAWER } }).result).toEqual({ balance: eur(500), cash: eur(1500) });
    expect(drawerOf(w)).toBe("11500");
    w.does("payment.payHouseAccount", { account: ACCOUNT, payment: P3, amount: eur(500), method: { method: "card-manual", slip: "1" } });
    w.does("payment.closeHouseAccount", { account: ACCOUNT }, MANAGER);
    expect(w.refuses("payment.takeHouseAccount", { payment: id("payment", 9), check, account: ACCOUNT })).toMatchObject({ refused: "account-closed" });
    // Whose it is stands on the account alone, so that it can be erased there.
    expect(checkOf(w, check).tenders[0]).toMatchObject({ method: "house-account", account: ACCOUNT, reference: ACCOUNT.slice(-6) });
    expect(JSON.stringify(w.log.filter(({ type }) => !type.startsWith("payment.house-account.")))).not.toContain("Hotel");
  });

  test("whose account it was is erased once it is closed, and once", () => {
    const { w } = dining();
    const erase = { account: ACCOUNT, reason: "the guest asked for it" };
    expect(w.refuses("payment.eraseHouseAccount", erase, MANAGER)).toMatchObject({ refused: "unknown-account" });
    w.does("payment.openHouseAccount", { account: ACCOUNT, name: "Mike", limit: null }, MANAGER);
    expect(w.refuses("payment.eraseHouseAccount", erase, MANAGER)).toEqual({ refused: "account-open", account: ACCOUNT });
    w.does("payment.closeHouseAccount", { account: ACCOUNT }, MANAGER);
    w.does("payment.eraseHouseAccount", erase, MANAGER);
    expect(w.get("house-account", ACCOUNT)).toMatchObject({ name: "Guest, erased", closed: true });
    expect(w.refuses("payment.eraseHouseAccount", erase, MANAGER)).toEqual({ refused: "nothing-to-erase", account: ACCOUNT });
  });

  test("nothing is charged to an account that is blocked, but it is paid; a limit may be lowered below what is owed", () => {
    const { w, check } = dining();
    w.does("payment.openHouseAccount", { account: ACCOUNT, name: "Hotel", limit: null }, MANAGER);
    const charge = (n: number, amount: number) => ({ payment: id("payment", n), check, account: ACCOUNT, amount: eur(amount) });
    w.does("payment.takeHouseAccount", charge(1, 1002));
    w.does("payment.changeHouseAccount", { account: ACCOUNT, name: "Hotel Luna", limit: eur(500), blocked: true }, MANAGER);
    expect(w.refuses("payment.takeHouseAccount", charge(2, 1))).toEqual({ refused: "account-blocked", account: ACCOUNT });
    // A part is what it is; the last of it in cash is rounded to the coins of the place, five cents.
    expect(w.does("payment.payHouseAccount", { account: ACCOUNT, payment: P2, amount: eur(201), method: { method: "cash", drawer: DRAWER } }).result).toEqual({ balance: eur(801), cash: eur(201) });
    w.does("payment.changeHouseAccount", { account: ACCOUNT, name: "Hotel Luna", limit: eur(500), blocked: false }, MANAGER);
    expect(w.refuses("payment.takeHouseAccount", charge(2, 1))).toEqual({ refused: "over-limit", free: eur(0) });
    expect(w.does("payment.payHouseAccount", { account: ACCOUNT, payment: P3, amount: eur(801), method: { method: "cash", drawer: DRAWER } }).result).toEqual({ balance: eur(0), cash: eur(800) });
    expect(drawerOf(w)).toBe("11001");
  });
});

describe("tips before and after", () => {
  test("a tip is entered from the slip until the card is settled, also after the check closed; cash tips go into a drawer", () => {
    const { w, check } = dining();
    w.does("payment.takeCard", { payment: P1, check, amount: eur(1740), slip: "1" });
    w.does("payment.takeCash", { payment: P2, check, drawer: DRAWER, tendered: eur(1000) });
    w.does("check.close", { check });
    w.does("payment.adjustTip", { payment: P1, tip: eur(300) });
    expect(w.refuses("payment.adjustTip", { payment: P2, tip: eur(100) })).toEqual({ refused: "drawer-required" });
    w.does("payment.adjustTip", { payment: P2, tip: eur(100), drawer: DRAWER });
    expect(checkOf(w, check).tenders.map(({ tip }) => tip)).toEqual([eur(300), eur(100)]);
    expect(drawerOf(w)).toBe("11100");
    w.does("payment.adjustTip", { payment: P2, tip: eur(40), drawer: DRAWER }, BOSS);
    expect(drawerOf(w)).toBe("11040");
    expect(w.log.filter(({ type }) => type === "payment.attempt.tipAdjusted").map(({ data }) => data)).toMatchObject([
      { from: eur(0), to: eur(300), captured: true },
      { from: eur(0), to: eur(100), drawer: DRAWER },
      { from: eur(100), to: eur(40), drawer: DRAWER },
    ]);
  });
});

describe("a cash tip made smaller is cash that leaves a drawer", () => {
  const OTHER = id("drawer", 2);
  function tipped() {
    const { w, check } = dining();
    w.does("drawer.open", { drawer: OTHER, name: "Till 2", float: eur(20_000) });
    w.does("payment.takeCash", { payment: P1, check, drawer: DRAWER, tendered: eur(7740), tip: eur(5000) });
    w.does("check.close", { check });
    return w;
  }
  const lowered = { payment: P1, tip: eur(0), drawer: DRAWER };

  test("it takes approve.cash, or an approval of this amount out of this drawer, once", () => {
    const w = tipped();
    expect(w.refuses("payment.adjustTip", lowered)).toMatchObject({ refused: "approval-required", action: "pay-out", capability: "approve.cash" });
    const approval = id("approval", 1);
    w.does("approval.request", { approval, action: "pay-out", subject: { target: P1, purpose: "tip-lowered", amount: eur(5000), drawer: DRAWER } });
    w.does("approval.grant", { approval }, BOSS);
    expect(w.refuses("payment.adjustTip", { ...lowered, tip: eur(1), approval })).toMatchObject({ refused: "approval-mismatch" });
    w.does("payment.adjustTip", { ...lowered, approval });
    expect(drawerOf(w)).toBe("12740");
    w.does("payment.adjustTip", { ...lowered, tip: eur(5000) });
    expect(w.refuses("payment.adjustTip", { ...lowered, approval })).toMatchObject({ refused: "approval-used" });
  });

  test("also after the tip was paid out: it does not leave a second time on the word of one", () => {
    const w = tipped();
    w.happened("staff", id("staff", 3), [{ type: "identity.staff.created", data: { name: "Luca", color: "#112233", work: [] } }]);
    w.does("drawer.payTips", { drawer: DRAWER, movement: id("movement", 1), amount: eur(5000), to: id("staff", 3) }, BOSS);
    expect(w.refuses("payment.adjustTip", lowered)).toMatchObject({ refused: "approval-required" });
  });

  test("another drawer gives it only when that of the payment is closed", () => {
    const w = tipped();
    expect(w.refuses("payment.adjustTip", { ...lowered, drawer: OTHER }, BOSS)).toEqual({ refused: "drawer-of-payment", drawer: DRAWER, name: "Till 1" });
    w.does("drawer.close", { drawer: DRAWER, counted: eur(17_740) }, BOSS);
    expect(w.refuses("payment.adjustTip", { ...lowered, drawer: OTHER })).toMatchObject({ refused: "approval-required" });
    w.does("payment.adjustTip", { ...lowered, drawer: OTHER }, BOSS);
    expect(w.get("drawer", OTHER)?.expected).toEqual(eur(15_000));
  });
});

describe("who a tip is for", () => {
  const NOOR = id("staff", 21);
  const person = (n: number, merchant: string) => ({ staff: id("staff", n), name: `Noor ${n}`, color: "#aabbcc", work: [{ merchant, capabilities: ["order.take" as const] }] });

  test("is somebody who works here, under the name they have here", () => {
    const { w, check } = dining();
    w.does("identity.createStaff", person(21, id("merchant", 1)), OPERATOR);
    w.does("payment.takeCard", { payment: P1, check, slip: "1", amount: eur(100), tip: eur(50), tipFor: { staff: NOOR, name: "The boss" } });
    expect(paymentOf(w, P1).tender.tipFor).toEqual({ staff: NOOR, name: "Noor 21" });
  });

  test("is nobody unknown, nobody of another place, and nobody who has left: not in any way of paying", () => {
    const { w, check } = dining();
    w.does("identity.createStaff", person(21, id("merchant", 1)), OPERATOR);
    w.does("identity.disableStaff", { staff: NOOR, reason: "left" }, OPERATOR);
    w.does("identity.createStaff", person(22, id("merchant", 2)), OPERATOR);
    for (const n of [20, 21, 22]) {
      const staff = id("staff", n);
      const common = { payment: P1, check, tip: eur(50), tipFor: { staff, name: "x" } };
      const refused = { refused: "unknown-staff", staff };
      expect(w.refuses("payment.takeCash", { ...common, drawer: DRAWER, tendered: eur(5000) })).toEqual(refused);
      expect(w.refuses("payment.takeCard", { ...common, slip: "1" })).toEqual(refused);
      expect(w.refuses("payment.takeVoucher", { ...common, issuer: "Lunch", code: "1", value: eur(500) })).toEqual(refused);
      expect(w.refuses("payment.takeGiftCard", { ...common, card: id("giftCard", 1) })).toEqual(refused);
      expect(w.refuses("payment.takeHouseAccount", { ...common, account: ACCOUNT })).toEqual(refused);
      expect(w.refuses("payment.startAttempt", { ...common, provider: TERMINAL.provider })).toEqual(refused);
    }
  });
});

describe("the wrong tender", () => {
  test("cash comes back out of the drawer, the check is due again, and another tender is taken", () => {
    const { w, check } = dining();
    w.does("payment.takeCash", { payment: P1, check, drawer: DRAWER, tendered: eur(3000), tip: eur(100) });
    expect(drawerOf(w)).toBe("12840");
    expect(w.refuses("payment.void", { payment: P1, reason: "wanted card", drawer: DRAWER })).toMatchObject({ refused: "approval-required", action: "wrong-tender" });
    expect(w.refuses("payment.void", { payment: P1, reason: "wanted card" }, MANAGER)).toEqual({ refused: "drawer-required" });
    expect(w.does("payment.void", { payment: P1, reason: "wanted card", drawer: DRAWER }, MANAGER).result).toEqual({ due: eur(2740), pending: false });
    expect(drawerOf(w)).toBe("10000");
    expect(checkOf(w, check)).toMatchObject({ status: "open", tenders: [] });
    expect(w.refuses("payment.void", { payment: P1, reason: "again", drawer: DRAWER }, MANAGER)).toEqual({ refused: "not-captured", status: "reversed" });
    w.does("payment.takeCard", { payment: P2, check, slip: "1" });
    w.does("check.close", { check });
    expect(w.refuses("payment.void", { payment: P2, reason: "late" }, MANAGER)).toMatchObject({ refused: "check-closed" });
  });

  test("on a closed check a tender by hand is replaced by another of the same amount: due stays zero", () => {
    const { w, check } = dining();
    w.does("payment.takeCash", { payment: P1, check, drawer: DRAWER, tendered: eur(2740) });
    w.does("check.close", { check });
    const { events } = w.does("payment.correctTender", { payment: P1, replacement: P2, method: { method: "card-manual", slip: "77" }, reason: "was a card", drawer: DRAWER }, MANAGER);
    expect(events.map(({ type }) => type)).toEqual([
      "sale.check.paymentReversed",
      "sale.check.paymentApplied",
      "payment.transaction.created",
      "payment.attempt.created",
      "payment.attempt.success",
      "payment.attempt.reversed",
      "cash.drawer.cashReturned",
    ]);
    expect(events.filter(({ type }) => type === "payment.attempt.success" || type === "payment.attempt.reversed").map(({ data }) => data)).toMatchObject([{ checkClosed: true }, { checkClosed: true }]);
    expect(checkOf(w, check)).toMatchObject({ status: "closed", tenders: [{ payment: P2, method: "card-manual", amount: eur(2740) }] });
    expect(checkTotals(checkOf(w, check)).due).toBe("0");
    expect(paymentOf(w, P1).status).toBe("reversed");
    expect(drawerOf(w)).toBe("10000");
    expect(w.refuses("payment.correctTender", { payment: P2, replacement: P3, method: { method: "card-manual", slip: "1" }, reason: "x" }, MANAGER)).toMatchObject({ refused: "same-method" });
  });

  test("card to cash on an open check: the drawer takes it, and the check stays paid", () => {
    const { w, check } = dining();
    w.does("payment.takeCard", { payment: P1, check, slip: "1" });
    w.does("payment.correctTender", { payment: P1, replacement: P2, method: { method: "cash" }, reason: "was cash", drawer: DRAWER }, MANAGER);
    expect(checkOf(w, check)).toMatchObject({ status: "paid", tenders: [{ method: "cash" }] });
    expect(drawerOf(w)).toBe("12740");
  });
});

import { describe, expect, test } from "vitest";
import { AGGREGATES } from "../aggregates.ts";
import { id } from "../testing/given.ts";
import { DRAWER, eur } from "../testing/place.ts";
import { checkOf, dining, MANAGER } from "./testing.ts";

const [P1, P2, P3, P4] = [1, 2, 3, 4].map((n) => id("payment", n)) as [string, string, string, string];
const [ACCOUNT, OTHER] = [id("houseAccount", 1), id("houseAccount", 2)];
const CASH = { method: "cash", drawer: DRAWER } as const;

/** Two accounts that owe 10.00 each. */
function owing() {
  const { w, check } = dining();
  w.does("payment.openHouseAccount", { account: ACCOUNT, name: "Hotel", limit: eur(2000) }, MANAGER);
  w.does("payment.openHouseAccount", { account: OTHER, name: "Bank", limit: null }, MANAGER);
  w.does("payment.takeHouseAccount", { payment: P1, check, account: ACCOUNT, amount: eur(1000) });
  w.does("payment.takeHouseAccount", { payment: P2, check, account: OTHER, amount: eur(1000) });
  return w;
}
const balances = (w: ReturnType<typeof owing>) => [ACCOUNT, OTHER].map((account) => w.get("house-account", account)?.balance.amount);

describe("what pays an account", () => {
  test("is taken once by its id, on whichever account, and by whichever of two devices", () => {
    const w = owing();
    const pay = { account: ACCOUNT, payment: P3, amount: eur(300), method: CASH };
    const [first, second] = [w.prepare("payment.payHouseAccount", pay), w.prepare("payment.payHouseAccount", { ...pay, account: OTHER, method: { method: "card-manual", slip: "1" } })];
    expect([first.commit(), second.commit()]).toEqual(["appended", "conflict"]);
    expect(w.refuses("payment.payHouseAccount", pay)).toEqual({ refused: "payment-exists", payment: P3 });
    expect(w.refuses("payment.payHouseAccount", { ...pay, account: OTHER })).toEqual({ refused: "payment-exists", payment: P3 });
    expect(w.refuses("payment.payHouseAccount", { ...pay, payment: P1 })).toEqual({ refused: "payment-exists", payment: P1 });
    expect(balances(w)).toEqual(["700", "1000"]);
    expect(w.get("drawer", DRAWER)?.expected).toEqual(eur(10_300));
  });
});

describe("changing an account", () => {
  test("leaves what is not named: a new name on an old screen unblocks nobody, and a block keeps the name", () => {
    const w = owing();
    w.does("payment.changeHouseAccount", { account: ACCOUNT, blocked: true }, MANAGER);
    w.does("payment.changeHouseAccount", { account: ACCOUNT, name: "Hotel Luna" }, MANAGER);
    expect(w.get("house-account", ACCOUNT)).toMatchObject({ name: "Hotel Luna", limit: eur(2000), blocked: true });
    w.does("payment.changeHouseAccount", { account: ACCOUNT, limit: null }, MANAGER);
    expect(w.get("house-account", ACCOUNT)).toMatchObject({ name: "Hotel Luna", limit: null, blocked: true });
  });
});

describe("an account that has too much", () => {
  const CASHIER = { ...MANAGER, capabilities: [...MANAGER.capabilities, "approve.cash" as const] };
  const OUT = { account: ACCOUNT, payment: P4, amount: eur(1048), method: CASH };

  /** The bill was written on the account, the account was paid, and then 10.48 of the bill came back to it. */
  function refunded() {
    const { w, check } = dining();
    w.does("payment.openHouseAccount", { account: ACCOUNT, name: "Hotel", limit: null }, MANAGER);
    w.does("payment.takeHouseAccount", { payment: P1, check, account: ACCOUNT });
    w.does("check.close", { check });
    w.does("payment.payHouseAccount", { account: ACCOUNT, payment: P2, amount: eur(Number(checkOf(w, check).receipt?.totals.total)), method: CASH });
    return { w, refund: () => w.does("payment.refund", { refund: id("refund", 1), check, what: { kind: "amount", amount: eur(1048) }, reason: "cold" }, MANAGER) };
  }

  test("pays it out in coins that exist, out of the drawer, once by its id, and is closed then", () => {
    const { w, refund } = refunded();
    refund();
    expect(w.get("house-account", ACCOUNT)?.balance).toEqual(eur(-1048));
    expect(w.refuses("payment.closeHouseAccount", { account: ACCOUNT }, MANAGER)).toEqual({ refused: "account-not-settled", balance: eur(-1048) });
    expect(w.refuses("payment.payOutHouseAccount", { ...OUT, amount: eur(1049) }, CASHIER)).toEqual({ refused: "amount-over-credit", credit: eur(1048) });
    expect(w.refuses("payment.payOutHouseAccount", { ...OUT, payment: P2 }, CASHIER)).toEqual({ refused: "payment-exists", payment: P2 });
    const before = Number(w.get("drawer", DRAWER)?.expected.amount);
    const [first, second] = [w.prepare("payment.payOutHouseAccount", OUT, CASHIER), w.prepare("payment.payOutHouseAccount", OUT, CASHIER)];
    expect([first.commit(), second.commit()]).toEqual(["appended", "conflict"]);
    expect(first.answer).toEqual({ ok: true, result: { balance: eur(0), cash: eur(1050) } });
    const drawer = w.get("drawer", DRAWER);
    expect(drawer?.expected).toEqual(eur(before - 1050));
    expect([drawer?.accountsPaidOut, drawer?.returned.count]).toEqual([{ count: 1, amount: eur(1050) }, 0]);
    expect(drawer?.movements).toEqual([{ movement: P4, kind: "account-paid-out", amount: eur(1050), reason: null, account: ACCOUNT, at: expect.any(String), by: expect.objectContaining({ name: "Otto" }) }]);
    expect(w.refuses("payment.payOutHouseAccount", OUT, CASHIER)).toEqual({ refused: "payment-exists", payment: P4 });
    w.does("payment.closeHouseAccount", { account: ACCOUNT }, MANAGER);
  });

  test("a part leaves the rest, a card takes nothing out of the drawer, and a drawer gives no more than it has", () => {
    const { w, refund } = refunded();
    refund();
    const before = w.get("drawer", DRAWER)?.expected;
    expect(w.does("payment.payOutHouseAccount", { ...OUT, amount: eur(48), method: { method: "card-manual", slip: "77" } }, CASHIER).result).toEqual({ balance: eur(-1000), cash: null });
    expect(w.get("drawer", DRAWER)?.expected).toEqual(before);
    w.does("drawer.drop", { drawer: DRAWER, movement: id("movement", 1), amount: eur(Number(before?.amount) - 999), reason: "full" });
    expect(w.refuses("payment.payOutHouseAccount", { ...OUT, payment: P3, amount: eur(1000) }, CASHIER)).toEqual({ refused: "not-enough-cash", expected: eur(999) });
  });

  test("needs a yes to exactly this: how much, which way and out of which drawer", () => {
    const { w, refund } = refunded();
    refund();
    const asked = w.refuses("payment.payOutHouseAccount", OUT) as { refused: string; subject: never };
    expect(asked).toMatchObject({ refused: "approval-required", action: "pay-out", capability: "approve.cash", subject: { target: ACCOUNT, purpose: "account-credit", amount: eur(1050), payouts: [{ method: "cash", drawer: DRAWER }] } });
    const approval = id("approval", 1);
    w.does("approval.request", { approval, action: "pay-out", subject: asked.subject });
    expect(w.get("approval", approval)).toMatchObject({ label: "Hotel" });
    w.does("approval.grant", { approval }, CASHIER);
    expect(w.refuses("payment.payOutHouseAccount", { ...OUT, approval, method: { method: "card-manual", slip: "1" } })).toMatchObject({ refused: "approval-mismatch" });
    expect(w.refuses("payment.payOutHouseAccount", { ...OUT, approval, amount: eur(1000) })).toMatchObject({ refused: "approval-mismatch" });
    const { events } = w.does("payment.payOutHouseAccount", { ...OUT, approval });
    expect(events).toContainEqual(expect.objectContaining({ type: "payment.house-account.paidOut", data: expect.objectContaining({ by: expect.objectContaining({ name: "Mai" }), approvedBy: expect.objectContaining({ name: "Otto" }) }) }));
  });

  test("that was closed before the money came back stays in sight until it is paid out", () => {
    const { w, refund } = refunded();
    w.does("payment.closeHouseAccount", { account: ACCOUNT }, MANAGER);
    const shown = () => {
      const account = w.get("house-account", ACCOUNT);
      return account && AGGREGATES["house-account"].isActive(account);
    };
    expect(shown()).toBe(false);
    refund();
    expect(shown()).toBe(true);
    w.does("payment.payOutHouseAccount", OUT, CASHIER);
    expect(shown()).toBe(false);
  });
});

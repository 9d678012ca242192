import { describe, expect, test } from "vitest";
import type { Policies } from "#shared/events/commerce.ts";
import { id, OPERATOR, type World, MANAGER } from "../testing/given.ts";
import { add, burgerItem, DRAWER, eur, latteItem, openDrawer, ORDER, PARTY, phoItem, POLICIES, seated, send, TABLES, tiramisuItem } from "../testing/place.ts";
import { checkTotals } from "./totals.ts";

const cash = (w: World, check: string, tendered: number, more: { amount?: number; tip?: number; payment?: number } = {}) =>
  w.attempt("payment.takeCash", {
    payment: id("payment", more.payment ?? 1),
    check,
    drawer: DRAWER,
    tendered: eur(tendered),
    ...(more.amount === undefined ? {} : { amount: eur(more.amount) }),
    ...(more.tip === undefined ? {} : { tip: eur(more.tip) }),
  });

function ready(policies?: Policies): { readonly w: World; readonly check: string } {
  const w = seated(policies);
  openDrawer(w);
  const { check } = add(w, phoItem(1), burgerItem(2));
  send(w, 1, 2);
  return { w, check };
}

const totalsOf = (w: World, check: string) => {
  const state = w.get("check", check);
  if (!state) throw new Error("no check");
  return checkTotals(state);
};

describe("totals", () => {
  test("inclusive tax is inside the prices: net + tax = what the menu says", () => {
    const { w, check } = ready();
    expect(totalsOf(w, check)).toEqual({
      currency: "EUR",
      subtotal: "2740",
      net: "2303",
      serviceCharge: "0",
      taxes: [{ code: "food", name: "VAT 19 %", rate: "0.19", inclusive: true, base: "2303", tax: "437" }],
      tax: "437",
      total: "2740",
      paid: "0",
      due: "2740",
    });
  });

  test("exclusive tax and a taxed service charge come on top (DOM-12)", () => {
    const policies: Policies = {
      taxes: [
        { code: "food", name: "Sales tax", rate: "0.0875", inclusive: false },
        { code: "drink", name: "Sales tax", rate: "0.0875", inclusive: false },
        { code: "service", name: "Sales tax", rate: "0.0875", inclusive: false },
      ],
      serviceCharge: { rate: "0.1", taxCode: "service", removable: true, beneficiary: "house", serviceTypes: ["dine_in"] },
      rounding: { mode: "half-up", level: "check" },
      cashStep: 1,
    };
    const { w, check } = ready(policies);
    // 27.40 goods, 2.74 charge, 8.75 % of each.
    expect(totalsOf(w, check)).toMatchObject({ net: "2740", serviceCharge: "274", tax: "264", total: "3278", due: "3278" });
  });

  test("service charge 10 % of 2.20 is 0.22; none on a service that the policy leaves out", () => {
    const policies: Policies = { ...POLICIES, serviceCharge: { rate: "0.1", taxCode: null, removable: false, beneficiary: "staff", serviceTypes: ["dine_in"] } };
    const w = seated(policies);
    const { check } = add(w, phoItem(1));
    const state = w.get("check", check);
    if (!state) throw new Error("no check");
    const shares = Object.fromEntries(Object.entries(state.shares).map(([key, share]) => [key, { ...share, unitPrice: eur(220) }]));
    expect(checkTotals({ ...state, shares })).toMatchObject({ serviceCharge: "22", total: "242" });
    expect(checkTotals({ ...state, shares, serviceType: "takeaway" })).toMatchObject({ serviceCharge: "0", total: "220" });
  });

  test("a share is an exact part of its item (DOM-10)", () => {
    const w = seated();
    const { check } = add(w, phoItem(1));
    const state = w.get("check", check);
    const [share] = Object.values(state?.shares ?? {});
    if (!state || !share) throw new Error("no share");
    const third = { ...state, shares: { a: { ...share, numerator: 1, denominator: 3 } } };
    expect(checkTotals(third).total).toBe("417");
  });

  test("an old check keeps the policies that it opened with (DOM-9)", () => {
    const { w, check } = ready();
    w.does("commerce.changePolicies", { was: POLICIES, policies: { ...POLICIES, cashStep: 100, serviceCharge: { rate: "0.2", taxCode: null, removable: false, beneficiary: "house", serviceTypes: ["dine_in"] } } }, OPERATOR);
    add(w, latteItem(3));
    expect(totalsOf(w, check)).toMatchObject({ total: "3190", serviceCharge: "0" });
  });
});

describe("payment.takeCash", () => {
  test("clears the check: change, drawer, payment and check in one decision", () => {
    const { w, check } = ready();
    const answer = cash(w, check, 5000);
    expect(answer).toMatchObject({ ok: true, result: { due: eur(0), tender: { method: "cash", amount: eur(2740), tendered: eur(5000), change: eur(2260), roundingDifference: eur(0), tip: eur(0) } } });
    expect(answer.events.map((e) => e.type)).toEqual([
      "sale.check.paymentApplied",
      "sale.check.paid",
      "payment.transaction.created",
      "payment.attempt.created",
      "payment.attempt.success",
      "payment.order.success",
      "cash.drawer.cashTaken",
    ]);
    expect(w.get("payment", id("payment", 1))).toMatchObject({ status: "captured", drawer: DRAWER });
    expect(w.get("drawer", DRAWER)?.expected).toEqual(eur(12_740));
    expect(w.get("check", check)?.status).toBe("paid");
  });

  test("rounds to the coins that exist only what clears the check: 15.72 is 15.70", () => {
    const w = seated();
    openDrawer(w);
    const { check } = add(w, latteItem(1, { variant: "small" }), phoItem(2));
    const state = w.get("check", check);
    const share = Object.values(state?.shares ?? {})[0];
    if (!state || !share) throw new Error("no share");
    w.happened("check", check, [{ type: "sale.check.updated", data: { added: [], changed: [{ ...share, unitPrice: eur(322) }], removed: [] } }]);
    expect(cash(w, check, 500, { amount: 500 })).toMatchObject({ result: { tender: { roundingDifference: eur(0), change: eur(0) }, due: eur(1072) } });
    expect(cash(w, check, 1069, { payment: 2 })).toMatchObject({ refusal: { refused: "tendered-too-little", needed: eur(1070) } });
    expect(cash(w, check, 2000, { payment: 2 })).toMatchObject({ result: { tender: { amount: eur(1072), roundingDifference: eur(-2), change: eur(930) }, due: eur(0) } });
    expect(totalsOf(w, check)).toMatchObject({ total: "1572", paid: "1572", due: "0" });
    expect(w.get("drawer", DRAWER)?.expected).toEqual(eur(10_000 + 500 + 1070));
  });

  test("a tip is on top and goes into the drawer, not into what is paid", () => {
    const { w, check } = ready();
    expect(cash(w, check, 3000, { tip: 200 })).toMatchObject({ result: { tender: { amount: eur(2740), tip: eur(200), change: eur(60) } } });
    expect(totalsOf(w, check).paid).toBe("2740");
    expect(w.get("drawer", DRAWER)?.expected).toEqual(eur(12_940));
  });

  test("several payments, cash and card, clear it together", () => {
    const { w, check } = ready();
    cash(w, check, 1000, { amount: 1000 });
    const { result } = w.does("payment.takeCard", { payment: id("payment", 2), check, slip: "0042", tip: eur(100) });
    expect(result).toMatchObject({ due: eur(0), tender: { method: "card-manual", amount: eur(1740), slip: "0042", tendered: null } });
    expect(w.get("check", check)?.tenders).toHaveLength(2);
    expect(w.log.filter((e) => e.type === "payment.order.success")).toHaveLength(1);
  });

  test("the same check paid from two devices at the same instant: one is taken, the other is told", () => {
    const { w, check } = ready();
    const first = w.prepare("payment.takeCard", { payment: id("payment", 1), check, slip: "1" });
    const second = w.prepare("payment.takeCard", { payment: id("payment", 2), check, slip: "2" });
    expect([first.commit(), second.commit()]).toEqual(["appended", "conflict"]);
    expect(w.refuses("payment.takeCard", { payment: id("payment", 2), check, slip: "2" })).toMatchObject({ refused: "nothing-due" });
    expect(w.get("payment", id("payment", 2))).toBeUndefined();
  });

  test("refuses drawer-closed, unknown-drawer, tendered-too-little, amount-over-due, nothing-due, check-closed, unknown-check, payment-exists, wrong-currency", () => {
    const { w, check } = ready();
    expect(cash(w, check, 2739)).toMatchObject({ refusal: { refused: "tendered-too-little", needed: eur(2740) } });
    expect(cash(w, check, 9000, { amount: 2741 })).toMatchObject({ refusal: { refused: "amount-over-due", due: eur(2740) } });
    expect(cash(w, id("check", 9), 9000)).toMatchObject({ refusal: { refused: "unknown-check" } });
    expect(w.refuses("payment.takeCash", { payment: id("payment", 1), check, drawer: DRAWER, tendered: { amount: "9000", currency: "USD" } })).toMatchObject({ refused: "wrong-currency", currency: "EUR" });
    expect(w.refuses("payment.takeCash", { payment: id("payment", 1), check, drawer: id("drawer", 9), tendered: eur(9000) })).toMatchObject({ refused: "unknown-drawer" });
    cash(w, check, 1000, { amount: 1000 });
    expect(cash(w, check, 9000)).toMatchObject({ refusal: { refused: "payment-exists" } });
    cash(w, check, 9000, { payment: 2 });
    expect(cash(w, check, 9000, { payment: 3 })).toMatchObject({ refusal: { refused: "nothing-due" } });
    w.does("check.close", { check });
    expect(cash(w, check, 9000, { payment: 3 })).toMatchObject({ refusal: { refused: "check-closed" } });
    expect(w.refuses("payment.takeCard", { payment: id("payment", 3), check, slip: "1" })).toMatchObject({ refused: "check-closed" });
    w.does("drawer.close", { drawer: DRAWER, counted: eur(12_740) });
    expect(cash(w, check, 9000, { payment: 3 })).toMatchObject({ refusal: { refused: "drawer-closed", drawer: DRAWER, name: "Till 1" } });
  });
});

describe("drawer (DOM-16)", () => {
  test("failure 19: expected cash is the float and what was taken; the difference is told", () => {
    const { w, check } = ready();
    cash(w, check, 3000);
    expect(w.does("drawer.close", { drawer: DRAWER, counted: eur(12_700) }).result).toMatchObject({ expected: eur(12_740), difference: eur(-40) });
    w.does("drawer.open", { drawer: id("drawer", 2), name: "Till 1", float: eur(5000) });
    expect(w.does("drawer.close", { drawer: id("drawer", 2), counted: eur(5000) }).result).toMatchObject({ expected: eur(5000), difference: eur(0) });
  });

  test("one session of a till at a time, also when two devices open it at once", () => {
    const w = seated();
    const first = w.prepare("drawer.open", { drawer: id("drawer", 1), name: "Till 1", float: eur(1) });
    const second = w.prepare("drawer.open", { drawer: id("drawer", 2), name: "till 1", float: eur(1) });
    expect([first.commit(), second.commit()]).toEqual(["appended", "conflict"]);
    expect(w.refuses("drawer.open", { drawer: id("drawer", 2), name: "till 1", float: eur(1) })).toEqual({ refused: "drawer-open", drawer: id("drawer", 1), name: "till 1" });
    w.does("drawer.open", { drawer: id("drawer", 2), name: "Bar", float: eur(1) });
  });

  test("refuses drawer-exists, drawer-closed, unknown-drawer, wrong-currency", () => {
    const w = seated();
    openDrawer(w);
    expect(w.refuses("drawer.open", { drawer: DRAWER, name: "Other", float: eur(1) })).toMatchObject({ refused: "drawer-exists" });
    expect(w.refuses("drawer.open", { drawer: id("drawer", 3), name: "Other", float: { amount: "1", currency: "USD" } })).toMatchObject({ refused: "wrong-currency" });
    expect(w.refuses("drawer.close", { drawer: DRAWER, counted: { amount: "1", currency: "USD" } })).toMatchObject({ refused: "wrong-currency" });
    expect(w.refuses("drawer.close", { drawer: id("drawer", 9), counted: eur(1) })).toMatchObject({ refused: "unknown-drawer" });
    w.does("drawer.close", { drawer: DRAWER, counted: eur(10_000) });
    expect(w.refuses("drawer.close", { drawer: DRAWER, counted: eur(10_000) })).toMatchObject({ refused: "drawer-closed" });
  });
});

describe("check.present", () => {
  test("prints a numbered pre-bill; a void makes it outdated, presenting again numbers it anew (DOM-13)", () => {
    const { w, check } = ready();
    const { result, events } = w.does("check.present", { check });
    expect(result.totals.due).toBe("2740");
    expect(events).toMatchObject([{ type: "sale.check.presented", data: { number: 1, receipt: { label: "T5", server: "Mai", lines: [{ name: "Phở bò", amount: eur(1250) }, { name: "Burger" }] } } }]);
    w.does("order.voidItem", { order: ORDER, item: id("item", 1), newItem: id("item", 91), reason: "cold" }, MANAGER);
    expect(w.get("check", check)).toMatchObject({ status: "presented", outdated: true });
    expect(w.does("check.present", { check }).events).toMatchObject([{ data: { number: 2 } }]);
    expect(w.get("check", check)).toMatchObject({ presented: 2, outdated: false });
  });

  test("refuses unknown-check, nothing-to-present, check-closed", () => {
    const w = seated();
    expect(w.refuses("check.present", { check: id("check", 9) })).toMatchObject({ refused: "unknown-check" });
    const { check } = add(w, phoItem(1));
    w.does("order.removeItem", { order: ORDER, item: id("item", 1) });
    expect(w.refuses("check.present", { check })).toMatchObject({ refused: "nothing-to-present" });
    w.does("check.close", { check });
    expect(w.refuses("check.present", { check })).toMatchObject({ refused: "check-closed" });
  });
});

describe("check.close", () => {
  test("numbers the receipt without gaps, completes the order and tells the party (DOM-18)", () => {
    const { w, check } = ready();
    cash(w, check, 2740);
    const { result, events } = w.does("check.close", { check });
    expect(result.number).toBe("000001");
    expect(events.map((e) => e.type)).toEqual(["sale.check.closed", "sale.series.advanced", "sale.order.completed", "allocation.usage.settled"]);
    expect(w.get("check", check)).toMatchObject({ status: "closed", number: "000001", receipt: { number: "000001", merchant: { name: "Trattoria" }, tenders: [{ method: "cash" }], displayDigits: 2, copy: 0 } });
    const again = w.does("order.addItems", { order: ORDER, party: PARTY, items: [latteItem(3)] }).result;
    w.does("order.send", { order: again.order, items: [id("item", 3)] });
    w.does("payment.takeCard", { payment: id("payment", 5), check: again.check, slip: "1" });
    expect(w.does("check.close", { check: again.check }).result.number).toBe("000002");
  });

  test("an item that is added while the check is being closed is never lost", () => {
    const { w, check } = ready();
    cash(w, check, 2740);
    const closing = w.prepare("check.close", { check });
    add(w, tiramisuItem(3));
    expect(closing.commit()).toBe("conflict");
    expect(w.refuses("check.close", { check })).toMatchObject({ refused: "unsent-items", items: [id("item", 3)] });
  });

  test("a held course outlives the closed check, and its firing completes the order", () => {
    const w = seated();
    const { check } = add(w, phoItem(1), tiramisuItem(2));
    w.does("order.send", { order: ORDER, items: [id("item", 1), id("item", 2)], hold: [2] });
    w.does("payment.takeCard", { payment: id("payment", 1), check, slip: "1" });
    expect(w.does("check.close", { check }).events.map((e) => e.type)).toEqual(["sale.check.closed", "sale.series.advanced"]);
    expect(w.does("order.fireCourse", { order: ORDER, course: 2 }).events.map((e) => e.type)).toEqual(["sale.order.courseFired", "sale.order.completed", "allocation.usage.settled"]);
  });

  test("an empty check ends without a number, and the series has no gap", () => {
    const w = seated();
    const { check } = add(w, phoItem(1));
    w.does("order.removeItem", { order: ORDER, item: id("item", 1) });
    expect(w.does("check.close", { check }).result.number).toBe(null);
    expect(w.all("series")).toEqual([]);
    expect(w.get("order", ORDER)?.completed).toBe(true);
  });

  test("what costs nothing needs no payment", () => {
    const w = seated();
    const { check } = add(w, phoItem(1));
    const state = w.get("check", check);
    const share = Object.values(state?.shares ?? {})[0];
    if (!share) throw new Error("no share");
    w.happened("check", check, [{ type: "sale.check.updated", data: { added: [], changed: [{ ...share, unitPrice: eur(0) }], removed: [] } }]);
    send(w, 1);
    expect(w.does("check.close", { check }).result.number).toBe("000001");
  });

  test("refuses unknown-check, unsent-items, not-paid, check-closed", () => {
    const w = seated();
    openDrawer(w);
    expect(w.refuses("check.close", { check: id("check", 9) })).toMatchObject({ refused: "unknown-check" });
    const { check } = add(w, phoItem(1));
    expect(w.refuses("check.close", { check })).toEqual({ refused: "unsent-items", items: [id("item", 1)] });
    send(w, 1);
    expect(w.refuses("check.close", { check })).toEqual({ refused: "not-paid", due: eur(1250) });
    cash(w, check, 1250);
    w.does("check.close", { check });
    expect(w.refuses("check.close", { check })).toMatchObject({ refused: "check-closed" });
  });

  test("check.printReceipt: the first is the original, later ones are copies; refuses check-not-closed", () => {
    const { w, check } = ready();
    expect(w.refuses("check.printReceipt", { check })).toMatchObject({ refused: "check-not-closed" });
    cash(w, check, 2740);
    w.does("check.close", { check });
    expect(w.does("check.printReceipt", { check }).result.copy).toBe(0);
    const { result, events } = w.does("check.printReceipt", { check });
    expect(result.copy).toBe(1);
    expect(events).toMatchObject([{ data: { receipt: { number: "000001", copy: 1 } } }]);
    expect(w.refuses("check.printReceipt", { check: id("check", 9) })).toMatchObject({ refused: "unknown-check" });
  });
});

describe("takeaway (DOM-3)", () => {
  test("paid before it is made, then sent, then closed", () => {
    const w = seated();
    openDrawer(w);
    const order = id("order", 50);
    const opening = { serviceType: "takeaway", label: "Pickup 47", channel: "till", customer: "Ana", promisedAt: "2026-11-20T19:20:00.000Z" } as const;
    const { check } = w.does("order.addItems", { order, opening, items: [phoItem(1)] }).result;
    expect(totalsOf(w, check)).toMatchObject({ total: "1250", tax: "82" });
    cash(w, check, 1250);
    expect(w.refuses("check.close", { check })).toMatchObject({ refused: "unsent-items" });
    w.does("order.send", { order, items: [id("item", 1)] });
    w.does("check.close", { check });
    expect(w.get("order", order)?.completed).toBe(true);
    expect(w.get("table", TABLES.t5)?.parties).toEqual([PARTY]);
  });
});

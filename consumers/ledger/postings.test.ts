import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import { journalsOf } from "./postings.ts";

const CHECK = "chk_1";
const OTHER = "chk_2";
const DRAWER = "drw_1";
const by = { staff: "stf_1", name: "Ana" };
const eur = (amount: number) => ({ amount: String(amount), currency: "EUR" });

function event(type: EventEnvelope["type"], subject: string, data: unknown): EventEnvelope {
  return { type, subject, data, id: "evt_1" } as unknown as EventEnvelope;
}

/** `account/subject: amount`, debit positive, of all journals of the event. */
function legsOf(...events: readonly EventEnvelope[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const one of events) {
    for (const journal of journalsOf(one)) {
      expect(journal.legs.reduce((sum, leg) => sum + leg.amount, 0n), journal.memo).toBe(0n);
      for (const { account, subject, amount } of journal.legs) sums.set(`${account}/${subject}`, (sums.get(`${account}/${subject}`) ?? 0) + Number(amount));
    }
  }
  return Object.fromEntries([...sums].filter(([, sum]) => sum !== 0).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function tender(method: string, over: Record<string, unknown> = {}) {
  return { payment: "pay_1", method, amount: eur(1150), tip: eur(0), tendered: null, change: null, roundingDifference: eur(0), slip: null, ...over };
}
const success = (t: ReturnType<typeof tender>, over: Record<string, unknown> = {}) =>
  event("payment.attempt.success", "pay_1", { attempt: "att_1", check: CHECK, drawer: t.method === "cash" ? DRAWER : null, tender: t, ...over });
const totals = (over: Record<string, unknown> = {}) => ({ currency: "EUR", net: "1000", serviceCharge: "50", taxes: [], tax: "100", total: "1150", paid: "1150", due: "0", ...over });
const closed = (over: Record<string, unknown> = {}) => event("sale.check.closed", CHECK, { number: "000001", order: "ord_1", totals: totals(over), tenders: [], receipt: {}, by });

describe("sales: the rows of the facts' table", () => {
  test("check closed: receivable against sales, service charge and tax", () => {
    expect(legsOf(closed({ paid: "0" }))).toEqual({ [`1100/${CHECK}`]: 1150, [`2100/${CHECK}`]: -100, [`4000/${CHECK}`]: -1000, [`4050/${CHECK}`]: -50 });
  });

  test("discounts and comps are off list, on accounts of their own", () => {
    const adjustments = [
      { kind: "discount", amount: "120", net: "100" },
      { kind: "comp", amount: "240", net: "200" },
      { kind: "staff-meal", amount: "60", net: "50" },
    ];
    expect(legsOf(closed({ adjustments, paid: "0" }))).toMatchObject({ [`4000/${CHECK}`]: -1350, [`4100/${CHECK}`]: 100, [`4110/${CHECK}`]: 250, [`1100/${CHECK}`]: 1150 });
  });

  test("a gift card sold is owed to its holder: no sale", () => {
    const loaded = event("giftcard.loaded", "gft_1", { amount: eur(5000), check: CHECK, item: "itm_1", by });
    expect(legsOf(closed({ net: "0", serviceCharge: "0", tax: "0", storedValue: "5000", total: "5000", paid: "0" }), loaded)).toEqual({ [`1100/${CHECK}`]: 5000, "2300/gft_1": -5000 });
  });

  test("the explicit rounding line of a place whose receipts stand alone", () => {
    expect(legsOf(closed({ rounding: "1", total: "1151", paid: "0" }))).toMatchObject({ [`6210/${CHECK}`]: -1 });
  });

  test("check closed after early payment: 1100 and 2020 of the check end at zero", () => {
    expect(legsOf(success(tender("cash")), closed())).toEqual({ [`1010/${DRAWER}`]: 1150, [`2100/${CHECK}`]: -100, [`4000/${CHECK}`]: -1000, [`4050/${CHECK}`]: -50 });
  });
});

describe("tenders", () => {
  test("cash, rounded down and up (15.72 at 0.05 is 15.70)", () => {
    expect(legsOf(success(tender("cash", { amount: eur(1572), roundingDifference: eur(-2) })))).toEqual({ [`1010/${DRAWER}`]: 1570, [`2020/${CHECK}`]: -1572, [`6210/${CHECK}`]: 2 });
    expect(legsOf(success(tender("cash", { amount: eur(1573), roundingDifference: eur(2) })))).toEqual({ [`1010/${DRAWER}`]: 1575, [`2020/${CHECK}`]: -1573, [`6210/${CHECK}`]: -2 });
  });

  test.each([
    ["card-manual", {}, "1050/card-manual"],
    ["card-terminal", { provider: "terminal-1" }, "1050/terminal-1"],
    ["qr", { provider: "mq-pay" }, "1055/mq-pay"],
    ["voucher", {}, "1060/pay_1"],
    ["gift-card", { account: "gft_1" }, "2300/gft_1"],
    ["house-account", { account: "hac_1" }, "1150/hac_1"],
  ])("%s", (method, over, place) => {
    expect(legsOf(success(tender(method, over)))).toEqual({ [place]: 1150, [`2020/${CHECK}`]: -1150 });
  });

  test("a tip is owed to whom it was given; of a closed check the receivable is cleared, not a prepayment", () => {
    expect(legsOf(success(tender("qr", { provider: "p", tip: eur(200), tipFor: by }), { checkClosed: true }))).toEqual({ "1055/p": 1350, [`1100/${CHECK}`]: -1150, "2200/stf_1": -200 });
  });

  test("a tip to the pool is the pool's; what was given before anybody was named stays with the check", () => {
    expect(legsOf(success(tender("qr", { provider: "p", tip: eur(200), tipPool: true })))).toMatchObject({ "2200/pool": -200 });
    expect(legsOf(success(tender("qr", { provider: "p", tip: eur(200) })))).toMatchObject({ [`2200/${CHECK}`]: -200 });
  });

  test("what was taken beyond the check is owed back to the guest", () => {
    expect(legsOf(success(tender("qr", { provider: "p", amount: eur(0) }), { overpaid: eur(1150) }))).toEqual({ "1055/p": 1150, "2350/pay_1": -1150 });
  });

  test("a tip adjusted after the capture moves by the difference; on an authorisation nothing is posted", () => {
    const data = { attempt: "att_1", check: CHECK, drawer: null, tender: tender("card-terminal", { provider: "t", tip: eur(300) }), from: eur(100), to: eur(300), by };
    expect(legsOf(event("payment.attempt.tipAdjusted", "pay_1", { ...data, captured: true }))).toEqual({ "1050/t": 200, [`2200/${CHECK}`]: -200 });
    expect(journalsOf(event("payment.attempt.tipAdjusted", "pay_1", { ...data, captured: false }))).toEqual([]);
  });

  test("settlement: net to the bank, the fee is ours, the clearing account ends at zero", () => {
    const settlement = (method: string) => event("payment.transaction.settled", "pay_1", { attempt: "att_1", provider: "p", method, gross: eur(1150), fee: eur(20), net: eur(1130) });
    expect(legsOf(success(tender("card-terminal", { provider: "p" })), settlement("card-terminal"))).toEqual({ "1020/pay_1": 1130, "6100/p": 20, [`2020/${CHECK}`]: -1150 });
    expect(legsOf(success(tender("qr", { provider: "p" })), settlement("qr"))).not.toHaveProperty("1055/p");
  });

  test("wrong tender: the reversal is exact, and names what it takes back", () => {
    const wrong = tender("cash", { tip: eur(50), roundingDifference: eur(-2) });
    const back = event("payment.attempt.reversed", "pay_1", { attempt: "att_1", check: CHECK, drawer: DRAWER, tender: wrong, checkClosed: false, reason: "wrong tender", by });
    expect(legsOf(success(wrong), back)).toEqual({});
    expect(journalsOf(back)[0]?.reverses).toBe(journalsOf(success(wrong))[0]?.id);
  });

  test("checks merged or split with money on them: only prepayments move", () => {
    const data = { from: CHECK, into: OTHER, tenders: [tender("cash")], operation: {}, by };
    const merged = [CHECK, OTHER].map((check) => event("sale.check.merged", check, data));
    const undone = [CHECK, OTHER].map((check) => event("sale.check.rolledBack", check, data));
    expect(legsOf(success(tender("cash")), ...merged)).toEqual({ [`1010/${DRAWER}`]: 1150, [`2020/${OTHER}`]: -1150 });
    expect(legsOf(success(tender("cash")), ...merged, ...undone)).toEqual(legsOf(success(tender("cash"))));
  });

  test("a house account's charge is paid", () => {
    const data = { name: "Hotel", payment: "pay_2", method: "cash", drawer: DRAWER, amount: eur(1150), rounding: eur(0), left: eur(0), slip: null, by };
    const paid = event("payment.house-account.paid", "hac_1", data);
    expect(legsOf(success(tender("house-account", { account: "hac_1" })), paid)).toEqual({ [`1010/${DRAWER}`]: 1150, [`2020/${CHECK}`]: -1150 });
    const rounded = event("payment.house-account.paid", "hac_1", { ...data, amount: eur(1148), rounding: eur(2) });
    expect(legsOf(rounded)).toEqual({ [`1010/${DRAWER}`]: 1150, "1150/hac_1": -1148, "6210/hac_1": -2 });
    const byCard = event("payment.house-account.paid", "hac_1", { ...data, method: "card-manual", drawer: null, slip: "7" });
    expect(legsOf(byCard)).toEqual({ "1050/card-manual": 1150, "1150/hac_1": -1150 });
  });

  test("what a house account has too much is paid out", () => {
    const data = { name: "Hotel", payment: "pay_2", method: "cash", drawer: DRAWER, amount: eur(1148), rounding: eur(2), left: eur(0), slip: null, by, approvedBy: by };
    expect(legsOf(event("payment.house-account.paidOut", "hac_1", data))).toEqual({ "1150/hac_1": 1148, "6210/hac_1": 2, [`1010/${DRAWER}`]: -1150 });
    const byCard = event("payment.house-account.paidOut", "hac_1", { ...data, method: "card-manual", drawer: null, rounding: eur(0), slip: "7" });
    expect(legsOf(byCard)).toEqual({ "1150/hac_1": 1148, "1050/card-manual": -1148 });
  });

  test("what a voucher is worth beyond the check is breakage", () => {
    const used = event("payment.voucher.used", "vch_1", { payment: "pay_1", check: CHECK, issuer: "Edenred", code: "1", value: eur(1200), amount: eur(1150), forfeited: eur(50) });
    expect(legsOf(success(tender("voucher")), used)).toEqual({ "1060/pay_1": 1200, [`2020/${CHECK}`]: -1150, "4090/pay_1": -50 });
  });
});

describe("refunds", () => {
  const payout = { payment: "pay_1", attempt: "att_2", method: "card-terminal", by: "same", provider: "p", drawer: null, amount: eur(1150), tip: eur(100), rounding: eur(0) };
  const document = { number: "R1", check: CHECK, order: "ord_1", checkNumber: "000001", kind: "all", reason: "cold", lines: [], currency: "EUR", net: "1000", serviceCharge: "50", taxes: [], tax: "100", total: "1150", tip: "100", overpaid: "0", payouts: [payout], by, approvedBy: by };
  const approved = event("payment.refund.created", "rfd_1", document);

  test("approved: returns, tax and tip against what is owed; succeeded: paid out of where it came from", () => {
    expect(legsOf(approved)).toEqual({ [`2100/${CHECK}`]: 100, [`2200/${CHECK}`]: 100, "2350/rfd_1": -1250, [`4190/${CHECK}`]: 1050 });
    expect(legsOf(approved, event("payment.refund.success", "rfd_1", { check: CHECK, payout }))).toEqual({ "1050/p": -1250, [`2100/${CHECK}`]: 100, [`2200/${CHECK}`]: 100, [`4190/${CHECK}`]: 1050 });
  });

  test("the rounding line of a receipt that stands alone goes back with it", () => {
    const rounded = event("payment.refund.created", "rfd_1", { ...document, rounding: "-1", total: "1149", tip: "0", payouts: [{ ...payout, amount: eur(1149), tip: eur(0) }] });
    expect(legsOf(rounded)).toEqual({ [`2100/${CHECK}`]: 100, "2350/rfd_1": -1149, [`4190/${CHECK}`]: 1050, [`6210/${CHECK}`]: -1 });
    expect(legsOf(closed({ rounding: "-1", total: "1149", paid: "0" }), rounded)).toMatchObject({ [`4000/${CHECK}`]: -1000, [`4190/${CHECK}`]: 1050 });
    expect(legsOf(closed({ rounding: "-1", total: "1149", paid: "0" }), rounded)).not.toHaveProperty(`6210/${CHECK}`);
  });

  test("a gift card that was sold and not spent goes back: it owes nobody anything any more", () => {
    const loaded = event("giftcard.loaded", "gft_1", { amount: eur(5000), check: CHECK, item: "itm_1", by });
    const sold = closed({ net: "0", serviceCharge: "0", tax: "0", storedValue: "5000", total: "5000", paid: "5000" });
    const back = { ...document, net: "0", serviceCharge: "0", tax: "0", total: "5000", tip: "0", cards: [{ card: "gft_1", amount: eur(5000) }], payouts: [{ ...payout, amount: eur(5000), tip: eur(0) }] };
    const paid = success(tender("card-terminal", { provider: "p", amount: eur(5000) }));
    expect(legsOf(paid, sold, loaded, event("payment.refund.created", "rfd_1", back), event("payment.refund.success", "rfd_1", { check: CHECK, payout: { ...payout, amount: eur(5000), tip: eur(0) } }))).toEqual({});
  });

  test("a tip goes back from whom it was given to: a person, or the pool", () => {
    const tips = [{ ...payout, tipFor: by }, { ...payout, payment: "pay_2", tip: eur(30), tipPool: true }];
    expect(legsOf(event("payment.refund.created", "rfd_1", { ...document, tip: "130", payouts: tips }))).toMatchObject({ "2200/stf_1": 100, "2200/pool": 30 });
  });

  test("in cash, rounded, out of today's drawer", () => {
    const cash = { ...payout, by: "cash", drawer: DRAWER, amount: eur(1152), tip: eur(0), rounding: eur(-2) };
    expect(legsOf(event("payment.refund.success", "rfd_1", { check: CHECK, payout: cash }))).toEqual({ [`1010/${DRAWER}`]: -1150, "2350/rfd_1": 1152, "6210/rfd_1": -2 });
  });

  test("cancelled before it was paid: as if it had not been", () => {
    expect(legsOf(approved, event("payment.refund.cancelled", "rfd_1", { document, by }))).toEqual({});
  });

  test("an overpayment given back was never a sale", () => {
    const over = { ...document, kind: "overpayment", checkNumber: null, net: "0", serviceCharge: "0", tax: "0", total: "0", tip: "0", overpaid: "1150", payouts: [{ ...payout, tip: eur(0) }] };
    const paid = event("payment.refund.success", "rfd_1", { check: CHECK, payout: { ...payout, tip: eur(0) } });
    expect(legsOf(success(tender("card-terminal", { provider: "p", amount: eur(0) }), { overpaid: eur(1150) }), event("payment.refund.created", "rfd_1", over), paid)).toEqual({});
  });
});

describe("drawers", () => {
  const m = { movement: "mov_1", amount: eur(500), by };
  test.each([
    ["cash.drawer.opened", { name: "Till", float: eur(500), by }, { "1010/drw_1": 500, "1020/drw_1": -500 }],
    ["cash.drawer.paidIn", { ...m, from: "safe", reason: "x" }, { "1010/drw_1": 500, "1020/drw_1": -500 }],
    ["cash.drawer.paidIn", { ...m, from: "returned-expense", reason: "x" }, { "1010/drw_1": 500, "6900/drw_1": -500 }],
    ["cash.drawer.paidOut", { ...m, for: "expense", reason: "x", approval: null }, { "1010/drw_1": -500, "6900/drw_1": 500 }],
    ["cash.drawer.paidOut", { ...m, for: "supplier", reason: "x", approval: null }, { "1010/drw_1": -500, "2010/drw_1": 500 }],
    ["cash.drawer.tipsPaid", { ...m, to: by }, { "1010/drw_1": -500, "2200/stf_1": 500 }],
    ["cash.drawer.tipsPaid", { ...m, to: by, pool: true }, { "1010/drw_1": -500, "2200/pool": 500 }],
    ["cash.drawer.dropped", { ...m, reason: "x", bag: null }, { "1010/drw_1": -500, "1020/drw_1": 500 }],
    ["cash.drawer.closed", { counted: eur(400), expected: eur(500), difference: eur(-100), by }, { "1010/drw_1": -500, "1020/drw_1": 400, "6200/drw_1": 100 }],
    ["cash.drawer.closed", { counted: eur(600), expected: eur(500), difference: eur(100), by }, { "1010/drw_1": -500, "1020/drw_1": 600, "6200/drw_1": -100 }],
  ] as const)("%s %#", (type, data, legs) => {
    expect(legsOf(event(type, DRAWER, data))).toEqual(legs);
  });
});

test("every journal sums to zero, whatever the amounts (property)", () => {
  const minor = fc.integer({ min: 0, max: 10_000_000 });
  const methods = fc.constantFrom("cash", "card-manual", "card-terminal", "qr", "voucher", "gift-card", "house-account");
  fc.assert(
    fc.property(methods, minor, minor, fc.integer({ min: -50, max: 50 }), minor, fc.boolean(), (method, amount, tip, rounding, overpaid, checkClosed) => {
      const t = tender(method, { amount: eur(amount), tip: eur(tip), roundingDifference: eur(method === "cash" ? rounding : 0) });
      const data = { attempt: "att_1", check: CHECK, drawer: DRAWER, tender: t, checkClosed, overpaid: eur(overpaid), reason: "x", by };
      expect(legsOf(event("payment.attempt.success", "pay_1", data), event("payment.attempt.reversed", "pay_1", data))).toEqual({});
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(minor, minor, minor, minor, minor, minor, (net, serviceCharge, tax, storedValue, discount, comp) => {
      const total = net + serviceCharge + tax + storedValue;
      const adjustments = [{ kind: "discount", amount: "0", net: String(discount) }, { kind: "comp", amount: "0", net: String(comp) }];
      const sale = closed({ net: String(net), serviceCharge: String(serviceCharge), tax: String(tax), storedValue: String(storedValue), adjustments, total: String(total), paid: String(total) });
      const paid = success(tender("card-manual", { amount: eur(total) }));
      const legs = legsOf(paid, sale);
      expect(legs).not.toHaveProperty(`1100/${CHECK}`);
      expect(legs).not.toHaveProperty(`2020/${CHECK}`);
    }),
    { numRuns: 500 },
  );
});

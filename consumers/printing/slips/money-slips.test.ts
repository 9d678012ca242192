import { describe, expect, test } from "vitest";
import type { CashReport, DayReport, DrawerReport } from "#shared/events/cash.ts";
import type { Receipt, Tender } from "#shared/events/sale-check.ts";
import type { Slip } from "../escpos/slip.ts";
import { accountSlip, type AccountMoved } from "./account-slip.ts";
import { receiptModel } from "./from-events.ts";
import { receiptSlip } from "./receipt-slip.ts";
import { reportSlip } from "./report-slip.ts";

const ROME = { name: "Nove", address: ["Via Roma 9"], zone: "Europe/Rome", locale: "en", displayDigits: 2 };
const by = { staff: "stf_1", name: "Ana" };
const eur = (amount: number) => ({ amount: String(amount), currency: "EUR" });

function texts({ lines }: Slip): string[] {
  return lines.flatMap((line) => (line.kind === "text" ? [line.text] : line.kind === "columns" ? [line.cells.map((cell) => cell.text).join("|")] : []));
}

describe("a receipt", () => {
  const tender = { payment: "pay_1", method: "cash" as const, amount: eur(1572), tip: eur(100), tendered: eur(2000), change: eur(330), roundingDifference: eur(-2), slip: null, part: "prt_a" };
  const receipt: Receipt = {
    number: "000042",
    merchant: { name: "Nove", address: ["Via Roma 9"] },
    label: "T5",
    server: "Mai",
    openedAt: "2026-11-20T18:00:00.000Z",
    lines: [{ name: "Wine (1/4)", quantity: "1", amount: eur(875), modifiers: ["extra ice"] }],
    totals: {
      currency: "EUR",
      subtotal: "4000",
      adjustments: [{ kind: "discount", amount: "400", net: "364" }, { kind: "comp", amount: "200", net: "182" }],
      net: "3091",
      serviceCharge: "155",
      serviceChargeRate: "0.05",
      taxes: [
        { code: "food", name: "VAT 10 %", rate: "0.1", inclusive: true, base: "2000", tax: "200" },
        { code: "drink", name: "VAT", rate: "0.22", inclusive: false, base: "1246", tax: "274" },
      ],
      tax: "474",
      storedValue: "1000",
      total: "4720",
      paid: "1572",
      due: "3148",
    },
    tenders: [tender],
    parts: [
      { part: "prt_a", name: "Guest 1", amount: eur(1572), paid: eur(1572) },
      { part: "prt_b", name: "Guest 2", amount: eur(3148), paid: eur(0) },
    ],
    displayDigits: 2,
    copy: 0,
  };
  const slip = (over: Partial<Receipt> = {}) => texts(receiptSlip(receiptModel({ ...receipt, ...over }, "receipt", "2026-11-20T20:00:00.000Z", ROME)));

  test("a part that owes nothing was said to be paid", () => {
    const lines = slip({ parts: [...(receipt.parts ?? []), { part: "prt_c", name: "Guest 3", amount: eur(0), paid: eur(0) }] });
    expect(lines).toContain("  Guest 1, paid|15.72");
    expect(lines).toContain("  Guest 3|0.00");
  });

  test("parts on a receipt did not make the whole when a part that had paid was undone", () => {
    const before: Tender = { ...tender, payment: "pay_0", part: "prt_gone", amount: eur(1000) };
    const lines = slip({ tenders: [before, tender], parts: [{ part: "prt_a", name: "Guest 1", amount: eur(1572), paid: eur(1572) }, { part: "prt_b", name: "Guest 2", amount: eur(2148), paid: eur(0) }] });
    expect(lines.slice(lines.indexOf("TOTAL EUR|47.20") + 1)).toEqual(expect.arrayContaining(["  Before the parts, paid|10.00", "  Guest 1, paid|15.72", "  Guest 2|21.48"]));
    expect(slip().filter((line) => line.includes("Before the parts"))).toEqual([]);
  });

  test("says items, modifiers, what was taken off, charge with its percent, tax by rate, parts, payments, rounding, tip and change", () => {
    expect(slip()).toEqual([
      "Nove", "Via Roma 9", "Receipt 000042", "T5, Mai|", "Opened 2026-11-20 19:00", "Printed 2026-11-20 21:00",
      "1x|Wine (1/4)|8.75", "extra ice",
      "Subtotal|40.00", "Discount|-4.00", "On the house|-2.00", "Net|30.91", "Service charge 5%, net|1.55",
      "Rate|Of|Tax", "VAT 10 % incl.|20.00|2.00", "VAT 22%|12.46|2.74", "Gift card|10.00",
      "TOTAL EUR|47.20", "  Guest 1, paid|15.72", "  Guest 2|31.48",
      "Cash - Guest 1|15.72", "  Rounding|-0.02", "  Tip|1.00", "  Given|20.00", "  Change|3.30", "To pay|31.48", "Thank you",
    ]);
  });

  test("what is written on an account is signed for, by the name that the screen has for it", () => {
    const charged = { ...tender, method: "house-account" as const, tendered: null, change: null, roundingDifference: eur(0), part: undefined, reference: "Q30K9W" };
    const said = slip({ tenders: [tender, charged] });
    expect(said.slice(said.indexOf("On account Q30K9W|15.72"))).toEqual(["On account Q30K9W|15.72", "  Tip|1.00", "To pay|31.48", "Signature, On account Q30K9W", "Thank you"]);
    expect(slip()).not.toContainEqual(expect.stringContaining("Signature"));
  });

  test("a copy says which, and nothing else differs", () => {
    expect(slip({ copy: 2 })).toEqual([" COPY 2 ", ...slip()]);
  });

  test("IDR is shown without decimals, however it is stored", () => {
    const idr = { ...receipt, displayDigits: 0, totals: { ...receipt.totals, currency: "IDR", total: "6500000" } };
    expect(texts(receiptSlip(receiptModel(idr, "receipt", "2026-11-20T20:00:00.000Z", { zone: "Asia/Jakarta", locale: "id" })))).toContain("TOTAL IDR|65.000");
  });
});

describe("papers of cash", () => {
  const sum = (count: number, amount: number) => ({ count, amount: eur(amount) });
  const drawer: DrawerReport = {
    scope: "drawer", kind: "z", number: 7, merchant: { name: "Nove", address: [] }, currency: "EUR", displayDigits: 2, businessDate: "2026-11-20", at: "2026-11-20T22:00:00.000Z", by,
    drawer: "drw_1", name: "Till 1", openedAt: "2026-11-20T09:00:00.000Z", openedBy: by, float: eur(10_000), taken: sum(3, 5000), tips: eur(300), returned: sum(1, 500), returnedTips: eur(200), paidIn: sum(0, 0), paidOut: sum(1, 1250), tipsPaid: sum(0, 0), accountsPaidOut: sum(1, 1050), dropped: sum(1, 8000),
    expected: eur(4200), count: { counted: eur(4150), difference: eur(-50), denominations: [{ value: "4000", pieces: 1 }, { value: "50", pieces: 3 }], note: "Coins stuck" },
    movements: [{ movement: "mov_1", kind: "pay-out", amount: eur(1250), reason: "Ice", at: "2026-11-20T12:00:00.000Z", by }, { movement: "pay_1", kind: "account-paid-out", amount: eur(1050), reason: null, account: "hac_1", at: "2026-11-20T12:30:00.000Z", by }],
  };
  const slip = (report: CashReport, copy = 0) => texts(reportSlip(report, copy, ROME));

  test("the Z of a drawer: what should be there, what was counted, and why", () => {
    expect(slip(drawer)).toEqual([
      "Nove", "Z 7 - Till 1", "2026-11-20 23:00, Ana", "Business date 2026-11-20", "Opened 2026-11-20 10:00, Ana",
      "Float|100.00", "+ Cash taken (3)|50.00", "  of it tips|3.00", "- Given back (1)|5.00", "  of it tips|2.00", "- Paid out (1)|12.50", "- Accounts paid out (1)|10.50", "- Dropped (1)|80.00", "Expected|42.00",
      "  1 x 40.00|40.00", "  3 x 0.50|1.50", "Counted|41.50", "SHORT|-0.50", "Coins stuck", "13:00 Out|12.50", "Ice (Ana)", "13:30 Account paid out|10.50", "Ana", "Z: closed",
    ]);
  });

  test("the Z of a drawer from before, which knew no tips that went back", () => {
    const { returnedTips: _, ...before } = drawer;
    expect(slip(before).filter((line) => line.includes("of it tips"))).toEqual(["  of it tips|3.00"]);
  });

  test("the X of a drawer does not say what should be there: the count is blind", () => {
    const lines = slip({ ...drawer, kind: "x", count: null });
    expect(lines).toContain("Float|100.00");
    expect(lines.filter((line) => /Expected|Cash taken|of it tips|Given back/.test(line))).toEqual([]);
  });

  test("the day: sales, tax by rate, tenders, refunds, drawers, what goes on, and the grand total", () => {
    const day: DayReport = {
      scope: "day", kind: "x", number: 2, merchant: drawer.merchant, currency: "EUR", displayDigits: 2, from: "2026-11-19", to: "2026-11-20", at: drawer.at, by,
      sales: { checks: 2, net: eur(2000), discounts: eur(400), comps: eur(0), serviceCharge: eur(100), tax: eur(210), storedValue: eur(0), total: eur(2310), firstReceipt: "000001", lastReceipt: "000002" },
      taxes: [{ code: "food", name: "VAT 10 %", rate: "0.1", inclusive: true, base: eur(2100), tax: eur(210) }],
      returns: { net: eur(0), tax: eur(0), taxes: [] },
      tenders: [{ method: "cash", payments: 2, amount: eur(2310), rounding: eur(-1), tips: eur(50) }],
      refunds: [{ method: "qr", count: 1, amount: eur(100) }],
      reversals: { count: 1, amount: eur(200) },
      accounts: [{ method: "cash", paid: sum(2, 3000), paidOut: sum(1, 1050) }],
      drawers: [{ drawer: "drw_1", name: "Till 1", number: 7, expected: eur(0), counted: eur(0), difference: eur(0) }],
      openDrawers: [{ drawer: "drw_2", name: "Till 2" }],
      openChecks: [{ check: "chk_1", label: "T5", openedOn: "2026-11-18" }],
      grandTotal: eur(999_999),
    };
    expect(slip(day, 1)).toEqual([
      " COPY 1 ", "Nove", "X 2 - Day 2026-11-19 to 2026-11-20", "2026-11-20 23:00, Ana",
      "Checks|2", "Receipts|000001-000002", "Net sales|20.00", "  after discounts of|4.00", "Service charge|1.00", "Tax|2.10", "TOTAL EUR|23.10",
      "Tax|net|tax", "VAT 10 %|21.00|2.10", "Cash (2)|23.10", "  Rounding|-0.01", "  Tips|0.50", "Reversed (1)|2.00", "Refunded, QR (1)|-1.00", "Accounts paid, Cash (2)|30.00", "Accounts paid out, Cash (1)|-10.50",
      "Till 1, Z 7|right", "Till 2|STILL OPEN", "Carried over: 1", "  T5|2026-11-18", "Grand total|9,999.99", "X: so far, nothing is closed",
    ]);
    const card = (method: "card-manual" | "card-terminal", payments: number) => ({ method, payments, amount: eur(100), rounding: eur(0), tips: eur(0) });
    expect(slip({ ...day, tenders: [card("card-manual", 1), card("card-terminal", 3)] }, 0)).toEqual(expect.arrayContaining(["Card by hand (1)|1.00", "Card (3)|1.00"]));
  });

  const food = { code: "food", name: "VAT", rate: "0.1", inclusive: true, base: eur(10_000), tax: eur(1000) };
  const evening: DayReport = {
    scope: "day", kind: "z", number: 3, merchant: drawer.merchant, currency: "EUR", displayDigits: 2, from: "2026-11-20", to: "2026-11-20", at: drawer.at, by,
    sales: { checks: 9, net: eur(13_000), discounts: eur(0), comps: eur(0), serviceCharge: eur(0), tax: eur(1300), storedValue: eur(0), rounding: eur(1), total: eur(14_301), firstReceipt: "000001", lastReceipt: "000009" },
    taxes: [food, { ...food, code: "drinks", base: eur(3000), tax: eur(300) }, { ...food, code: "away", rate: "0.22", base: eur(0), tax: eur(0) }],
    returns: { net: eur(11_363), tax: eur(1137), storedValue: eur(5000), tips: eur(50), rounding: eur(0), overpaid: eur(0), prepaid: eur(0), pending: eur(500), givenUp: eur(0), taxes: [{ ...food, base: eur(9000), tax: eur(901) }, { ...food, code: "drinks", base: eur(2363), tax: eur(236) }, { ...food, code: "away", rate: "0.22", base: eur(0), tax: eur(0) }] },
    tenders: [
      { method: "cash", payments: 7, amount: eur(12_851), rounding: eur(-3), tips: eur(150), overpaid: eur(0), forfeited: eur(0) },
      { method: "voucher", payments: 1, amount: eur(1450), rounding: eur(0), tips: eur(0), overpaid: eur(0), forfeited: eur(550) },
      { method: "card-terminal", payments: 1, amount: eur(200), rounding: eur(0), tips: eur(0), overpaid: eur(99), forfeited: eur(0) },
    ],
    taken: eur(15_297), prepaid: eur(200), lost: eur(0),
    refunds: [{ method: "cash", count: 3, amount: eur(17_052), rounding: eur(2) }], refunded: eur(17_052),
    reversals: { count: 0, amount: eur(0) }, accounts: [{ method: "cash", paid: sum(1, 1150), paidOut: sum(0, 0), rounding: eur(2) }], drawers: [], openDrawers: [], openChecks: [], grandTotal: eur(14_301),
  };

  test("the day adds up: by tender what was taken, what went back by what it was made of, and one row for each tax as people read it", () => {
    expect(slip(evening).slice(3, -2)).toEqual([
      "Checks|9", "Receipts|000001-000009", "Net sales|130.00", "Tax|13.00", "Rounding of receipts|0.01", "TOTAL EUR|143.01", "Tax|net|tax", "VAT 10%|130.00|13.00",
      "Cash (7)|128.51", "  Rounding|-0.03", "  Tips|1.50", "Voucher (1)|14.50", "  Rest of vouchers, kept|5.50", "Card (1)|2.00", "  Paid too much|0.99", "TAKEN EUR|152.97", "  for checks still open|2.00",
      "Returned, net|-113.63", "Returned, tax|-11.37", "Gift cards returned|-50.00", "Tips returned|-0.50", "Rounding in coins|-0.02", "Not given back yet|5.00", "REFUNDED EUR|-170.52", "Refunded, Cash (3)|-170.52", "Returned|net|tax", "VAT 10%|113.63|11.37",
      "Accounts paid, Cash (1)|11.50", "  of it rounding|0.02",
    ]);
  });
});

describe("a house account that is paid", () => {
  const data = { name: "Hotel Luna", payment: "pay_1", method: "cash", drawer: "drw_1", amount: eur(1148), rounding: eur(2), left: eur(0), slip: null, by };
  const slip = (more: object = {}) => accountSlip({ type: "payment.house-account.paid", occurredat: "2026-11-20T20:00:00.000Z", data: { ...data, ...more } } as unknown as AccountMoved, ROME);

  test("the guest reads what was paid, how, and what is still owed; only cash opens the drawer", () => {
    expect(texts(slip())).toEqual(["ACCOUNT PAID", "Hotel Luna", "Cash|11.48 EUR", "Rounding|0.02 EUR", "Still owed|0.00 EUR", "2026-11-20 21:00, Ana"]);
    expect(texts(slip({ method: "card-manual", drawer: null, slip: "4711", rounding: eur(0), left: eur(500) }))).toEqual(["ACCOUNT PAID", "Hotel Luna", "Card 4711|11.48 EUR", "Still owed|5.00 EUR", "2026-11-20 21:00, Ana"]);
    const out = accountSlip({ type: "payment.house-account.paidOut", occurredat: "2026-11-20T20:00:00.000Z", data: { ...data, approvedBy: { staff: "stf_2", name: "Sofia" } } } as unknown as AccountMoved, ROME);
    expect(texts(out)).toEqual(["ACCOUNT PAID OUT", "Hotel Luna", "Cash|11.48 EUR", "Rounding|0.02 EUR", "Still the guest's|0.00 EUR", "2026-11-20 21:00, Ana, agreed by Sofia", "Signature"]);
    expect(out.lines[0]).toEqual({ kind: "drawer", pin: 2 });
    const kicks = (method: string) => slip({ method }).lines.filter(({ kind }) => kind === "drawer").length;
    expect([kicks("cash"), kicks("card-manual")]).toEqual([1, 0]);
  });
});

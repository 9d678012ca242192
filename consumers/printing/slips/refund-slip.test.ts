import { describe, expect, test } from "vitest";
import type { RefundDocument } from "#shared/events/payment.ts";
import { dining, MANAGER } from "#shared/domain/payment/testing.ts";
import { id } from "#shared/domain/testing/given.ts";
import { add, DRAWER, eur, latteItem, POLICIES, send } from "#shared/domain/testing/place.ts";
import type { Policies } from "#shared/events/commerce.ts";
import type { Slip } from "../escpos/slip.ts";
import { refundSlip, type RefundCreated } from "./refund-slip.ts";

const NOVE = { name: "Nove", address: ["Via Roma 9", "IT 01234567890"], zone: "Europe/Rome", locale: "en", displayDigits: 2 };
const WARUNG = { name: "Warung Senja", address: ["Jl. Senja 1"], zone: "Asia/Jakarta", locale: "id", displayDigits: 0 };

function texts({ lines }: Slip): string[] {
  return lines.flatMap((line) => (line.kind === "text" ? [line.text] : line.kind === "columns" ? [line.cells.map((cell) => cell.text).join("|")] : []));
}
const printed = (data: RefundDocument, place = NOVE) => refundSlip({ data, businessdate: "2026-11-20", occurredat: "2026-11-20T20:00:00.000Z" } as RefundCreated, place);
/** From the first line to what is handed over. */
const bodyOf = (document: RefundDocument, place = NOVE) => {
  const all = texts(printed(document, place));
  return all.slice(all.indexOf("Business date 2026-11-20") + 1, all.indexOf("cold"));
};

/** Phở 12.50, a burger 14.90 and two lattes of 4.50, paid in cash with a tip of 0.50, closed; these go back. */
function refunded(policies: Policies, ...names: readonly string[]): RefundDocument {
  const { w, check } = dining(policies);
  add(w, latteItem(3, { quantity: "2" }));
  send(w, 3);
  w.does("payment.takeCash", { payment: id("payment", 1), check, drawer: DRAWER, tendered: eur(10_000), tip: eur(50) });
  w.does("check.close", { check });
  const shares = Object.values(w.get("check", check)?.shares ?? {}).filter(({ name }) => names.some((one) => name.startsWith(one)));
  const what = names.length === 0 ? { kind: "all" as const, tips: true } : { kind: "items" as const, items: shares.map(({ share }) => ({ share })) };
  w.does("payment.refund", { refund: id("refund", 1), check, what, reason: "cold", drawer: DRAWER }, MANAGER);
  return w.get("refund", id("refund", 1))?.document ?? expect.unreachable();
}

const INSIDE: Policies = { ...POLICIES, taxes: [{ code: "food", name: "VAT", rate: "0.1", inclusive: true }, { code: "drink", name: "VAT", rate: "0.1", inclusive: true }], serviceCharge: null, cashStep: 5 };
const ON_TOP: Policies = {
  ...POLICIES,
  taxes: [{ code: "food", name: "Sales tax", rate: "0.08875", inclusive: false }, { code: "drink", name: "Sales tax", rate: "0.08875", inclusive: false }],
  serviceCharge: { rate: "0.18", taxCode: "food", removable: true, beneficiary: "staff", serviceTypes: ["dine_in"] },
  cashStep: 1,
};

describe("CSH-15: a refund's slip is a document", () => {
  test("it says whose, of which day and receipt, at which rate and on what, by which way, and who agreed; coins open the drawer", () => {
    const slip = printed({ ...refunded(INSIDE, "Latte"), approvedBy: { staff: "stf_2", name: "Sofia" } });
    expect(texts(slip)).toEqual([
      "Nove", "Via Roma 9", "IT 01234567890", "REFUND", "R000001 of receipt 000001", "Table T5", "Business date 2026-11-20",
      "2x Latte large|9.00", "Net|8.18", "Rate|Of|Tax", "VAT 10% incl.|8.18|0.82", "TOTAL EUR|9.00", "Cash|9.00", "cold", "2026-11-20 21:00, Otto, agreed by Sofia", "Signature",
    ]);
    expect(slip.lines[0]).toEqual({ kind: "drawer", pin: 2 });
  });

  test("of money that paid for nothing it names the payment that goes back", () => {
    const { lines: _, ...document } = refunded(INSIDE, "Latte");
    const all = texts(printed({ ...document, lines: [], kind: "overpayment", checkNumber: null, reference: "tx_CDM289VZE5", net: "0", serviceCharge: "0", taxes: [], tax: "0", total: "0", overpaid: "900" }));
    expect(all.slice(all.indexOf("REFUND"), all.indexOf("cold"))).toEqual(["REFUND", "R000001", "Table T5", "Payment tx_CDM289VZE5", "Business date 2026-11-20", "Paid too much|9.00", "TOTAL EUR|9.00", "Cash|9.00"]);
  });

  test("two codes of one name and rate are one tax, as on the receipt; a rate of nothing is no row; tip and coins are told", () => {
    expect(bodyOf(refunded(INSIDE))).toEqual(["Net|33.09", "Rate|Of|Tax", "VAT 10% incl.|33.09|3.31", "Tip|0.50", "TOTAL EUR|36.90", "Cash|36.90"]);
    const away = { code: "away", name: "VAT", rate: "0.22", inclusive: true, base: "0", tax: "0" };
    const document = refunded(INSIDE, "Latte");
    const payout = { ...document.payouts[0]!, amount: eur(898), rounding: eur(2) };
    expect(bodyOf({ ...document, taxes: [...document.taxes, away], payouts: [payout, { ...payout, payment: id("payment", 2), method: "house-account", drawer: null, amount: eur(2), rounding: eur(0) }] }).slice(2)).toEqual([
      "Rate|Of|Tax", "VAT 10% incl.|8.18|0.82", "TOTAL EUR|9.00", "Cash|9.00", "  of it rounding|0.02", "To the account|0.02",
    ]);
  });

  test("where tax is added a line reads as on the bill, and lines, charge and tax are the total", () => {
    expect(bodyOf(refunded(ON_TOP, "Latte", "Phở"))).toEqual([
      "1x Phở bò|12.50", "2x Latte large|9.00", "Net|21.50", "Service charge|3.87", "Rate|Of|Tax", "Sales tax 8.875%|25.37|2.25", "TOTAL EUR|27.62", "Cash|27.62",
    ]);
  });

  test("rupiah have no decimals on it", () => {
    const rupiah = (amount: number) => ({ amount: String(amount * 100), currency: "IDR" });
    const { payouts, ...document } = refunded(ON_TOP, "Phở");
    const line = { ...document.lines[0]!, name: "Nasi goreng", amount: rupiah(41_695), listed: rupiah(36_100) };
    const tax = { code: "food", name: "PB1", rate: "0.1", inclusive: false, base: "3790500", tax: "379000" };
    const idr = { ...document, currency: "IDR", lines: [line], net: "3610000", serviceCharge: "180500", taxes: [tax], tax: "379000", total: "4169500", payouts: [{ ...payouts[0]!, amount: rupiah(41_695), tip: rupiah(0), rounding: rupiah(5) }] };
    expect(bodyOf(idr, WARUNG)).toEqual(["1x Nasi goreng|36.100", "Net|36.100", "Service charge|1.805", "Rate|Of|Tax", "PB1 10%|37.905|3.790", "TOTAL IDR|41.695", "Cash|41.700", "  of it rounding|5"]);
  });
});

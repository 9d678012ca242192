import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Policies } from "#shared/events/commerce.ts";
import type { RefundDocument } from "#shared/events/payment.ts";
import type { Receipt } from "#shared/events/sale-check.ts";
import { unitOf } from "#shared/money/rounding.ts";
import { isLive } from "../check/family.ts";
import type { CheckState } from "../check/state.ts";
import { checkTotals } from "../check/totals.ts";
import { anyLines, anyPolicies, checkWith, table, tenderOf, type Table } from "../testing/checks.ts";
import { act, anyStep, as, runs } from "../testing/evening.ts";
import { id, type World } from "../testing/given.ts";
import { add, DRAWER, latteItem, send } from "../testing/place.ts";
import { refundCommand } from "./decide-refund.ts";
import { billedQuantity, leftToRefund } from "./refund-quantity.ts";
import type { PaymentState } from "./state.ts";
import { checkOf, dining, MANAGER } from "./testing.ts";

const FOOD = { code: "food", name: "Sales tax", rate: "0.1", inclusive: false };
const DRINK = { code: "drink", name: "No tax", rate: "0", inclusive: false };
const POLICIES = {
  taxes: [FOOD, DRINK],
  serviceCharge: { rate: "0.1", taxCode: "food", removable: true, beneficiary: "staff" as const, serviceTypes: ["dine_in" as const] },
  rounding: { mode: "half-up" as const, level: "check" as const },
  cashStep: 1,
};

/** Phở 12.50 and a burger 14.90 with 10 % on top, three lattes at 4.50 without tax, a taxed charge of 10 %: paid by card, closed. */
function closed(policies: Policies = POLICIES) {
  const { w, check } = dining(policies);
  add(w, latteItem(3, { quantity: "3" }));
  send(w, 3);
  w.does("payment.takeCard", { payment: id("payment", 1), check, slip: "1" });
  w.does("check.close", { check });
  const shareOf = (name: string) => Object.values(checkOf(w, check).shares).find((share) => share.name.startsWith(name))?.share ?? expect.unreachable();
  return { w, check, shareOf };
}

type What = { readonly kind: "items"; readonly items: readonly { readonly share: string; readonly quantity?: string }[] } | { readonly kind: "amount"; readonly amount: { readonly amount: string; readonly currency: string } } | { readonly kind: "all" };

function refunded(w: World, check: string, what: What) {
  const refund = id("refund", w.all("refund").length + 1);
  w.does("payment.refund", { refund, check, what, drawer: DRAWER, reason: "cold" } as never, MANAGER);
  return w.get("refund", refund)?.document ?? expect.unreachable();
}
const rowsOf = ({ taxes }: Pick<RefundDocument, "taxes">) => taxes.map(({ code, base, tax }) => [code, base, tax]);

const sum = (amounts: readonly string[]) => amounts.reduce((all, amount) => all + BigInt(amount), 0n);

describe("PAY-15a: a refund's rows are of what was charged at each rate", () => {
  test("a latte without tax had a base of nothing: it is its price, and its part of a taxed charge is at the charge's rate", () => {
    const { w, check, shareOf } = closed();
    const document = refunded(w, check, { kind: "items", items: [{ share: shareOf("Latte"), quantity: "1" }] });
    expect([document.net, document.serviceCharge, document.tax]).toEqual(["449", "45", "5"]);
    expect(rowsOf(document)).toEqual([["drink", "449", "0"], ["food", "45", "5"]]);
  });

  test("of an amount: at the bill's mix, and the bases are the net with the taxed charge", () => {
    const { w, check } = closed();
    const document = refunded(w, check, { kind: "amount", amount: { amount: "1000", currency: "EUR" } });
    expect([document.net, document.serviceCharge, document.tax]).toEqual(["850", "85", "65"]);
    // 13.50 and 31.49 of 44.99.
    expect(rowsOf(document)).toEqual([["drink", "281", "0"], ["food", "654", "65"]]);
  });

  test("a burger brings no base of a rate that it never had", () => {
    const { w, check, shareOf } = closed();
    expect(rowsOf(refunded(w, check, { kind: "items", items: [{ share: shareOf("Burger") }] }))).toEqual([["drink", "0", "0"], ["food", "1639", "164"]]);
  });

  test("items that bore more of a rate than an amount has left of it: all of that rate, and what is over at the rest's", () => {
    const { w, check, shareOf } = closed({ ...POLICIES, serviceCharge: null, taxes: [{ ...FOOD, inclusive: true }, { ...DRINK, rate: "0.22", inclusive: true }] });
    refunded(w, check, { kind: "amount", amount: { amount: "2000", currency: "EUR" } });
    const lattes = refunded(w, check, { kind: "items", items: [{ share: shareOf("Latte") }] });
    // 6.90 of the lattes' 13.50 are left at 22 %, and 14.00 at 10 %.
    expect(rowsOf(lattes)).toEqual([["drink", "566", "124"], ["food", "600", "60"]]);
    expect(rowsOf(refunded(w, check, { kind: "all" }))).toEqual([["drink", "0", "0"], ["food", "673", "67"]]);
  });

  test("also where tax and a taxed charge are added: the charge goes with what it is on", () => {
    const { w, check, shareOf } = closed();
    refunded(w, check, { kind: "amount", amount: { amount: "3000", currency: "EUR" } });
    const burger = refunded(w, check, { kind: "items", items: [{ share: shareOf("Burger") }] });
    // 13.05 of its 18.03 are left at 10 %.
    expect([burger.total, burger.net, burger.serviceCharge]).toEqual(["1803", "1531", "153"]);
    expect(rowsOf(burger)).toEqual([["drink", "498", "0"], ["food", "1186", "119"]]);
  });

  test("a document from before with more base than there was leaves none, and the last one gives what is left", () => {
    const { w, check } = closed();
    const first = refunded(w, check, { kind: "amount", amount: { amount: "1000", currency: "EUR" } });
    const before = { ...first, taxes: first.taxes.map((row) => ({ ...row, base: row.code === "drink" ? "1351" : "0" })) };
    w.happened("check", check, [{ type: "sale.check.refundCancelled", data: { refund: id("refund", 1) } }, { type: "sale.check.refunded", data: { refund: id("refund", 1), document: before } }]);
    expect(rowsOf(refunded(w, check, { kind: "amount", amount: { amount: "1000", currency: "EUR" } }))).toEqual([["drink", "0", "0"], ["food", "849", "66"]]);
    expect(rowsOf(refunded(w, check, { kind: "all" }))).toEqual([["drink", "0", "0"], ["food", "2300", "184"]]);
  });
});

test("items worth all that was paid left a cent of their rows behind, where the receipt's own rounding had taken that cent off the bill", () => {
  const { w, check } = dining({ taxes: [FOOD, DRINK].map((tax) => ({ ...tax, rate: "0.01" })), serviceCharge: null, rounding: { mode: "half-up", level: "check" }, cashStep: 1, taxOnSplit: "own-receipt" });
  add(w, latteItem(3));
  send(w, 3);
  const { shares } = checkOf(w, check);
  const shareOf = (name: string) => Object.values(shares).find((share) => share.name.startsWith(name))?.share ?? expect.unreachable();
  w.does("check.split", { operation: id("operation", 1), check, into: [{ check: id("check", 50), lines: [{ share: shareOf("Burger") }] }] });
  w.does("payment.takeCard", { payment: id("payment", 1), check, slip: "1" });
  w.does("check.close", { check });
  const bill = checkOf(w, check).receipt?.totals ?? expect.unreachable();
  // 12.50 and 4.50 with 1 % each are 12.63 and 4.55, a cent more than their part of the family's.
  expect([bill.total, bill.rounding]).toEqual(["1717", "-1"]);
  const first = refunded(w, check, { kind: "amount", amount: { amount: "454", currency: "EUR" } });
  const last = refunded(w, check, { kind: "items", items: [{ share: shareOf("Ph") }] });
  expect([last.total, last.rounding]).toEqual(["1263", "-1"]);
  expect(bill.taxes.map((row, i) => [row.base, row.tax, String(sum([first, last].map(({ taxes }) => taxes[i]?.base ?? "0"))), String(sum([first, last].map(({ taxes }) => taxes[i]?.tax ?? "0")))])).toEqual([["450", "5", "450", "5"], ["1250", "13", "1250", "13"]]);
});

type Wish = { readonly what: number; readonly a: number; readonly b: number };
const anyWish: fc.Arbitrary<Wish> = fc.record({ what: fc.nat(3), a: fc.nat(99), b: fc.integer({ min: 1, max: 99 }) });

/** As it is closed with one payment by hand. */
function close(t: Table, check: CheckState): CheckState {
  const totals = checkTotals(check);
  const tender = tenderOf(t.next(), BigInt(totals.total) || 1n, check.currency);
  const state: CheckState = { ...check, status: "closed", tenders: [tender], attempts: [], refunds: [], number: "000001", receipt: { totals } as Receipt };
  const payment: Pick<PaymentState, "id" | "check" | "tender" | "status" | "attempt" | "request" | "refunds"> = { id: tender.payment, check: check.id, tender, status: "captured", attempt: id("attempt", 1), request: null, refunds: [] };
  t.put(state);
  t.put(payment);
  return state;
}

function wanted({ what, a, b }: Wish, check: CheckState, unit: bigint): What {
  const shares = Object.values(check.shares).filter((share) => leftToRefund(check, share) !== "0");
  const some = shares.filter((_, i) => i === a % shares.length || ((b >> i) & 1) === 1);
  const left = BigInt(check.receipt?.totals.total ?? "0") - sum((check.refunds ?? []).map(({ document }) => document.total));
  switch (some.length === 0 ? 2 : what) {
    case 0:
      return { kind: "items", items: some.map(({ share }) => ({ share })) };
    case 1:
      return { kind: "items", items: some.map((share) => (/^[2-9]$/.test(billedQuantity(share)) ? { share: share.share, quantity: "1" } : { share: share.share })) };
    default:
      return { kind: "amount", amount: { amount: (((left * BigInt(b)) / (150n * unit) + 1n) * unit).toString(), currency: check.currency } };
  }
}

/** Minor units that a row's tax is off its rate. */
const offRate = ({ base, tax, rate }: RefundDocument["taxes"][number]) => Math.abs(Number(tax) - Number(base) * Number(rate));

test("whatever goes back of a bill, and however often: every row is at its rate, and at each rate base and tax of its refunds are the bill's own, to the unit", () => {
  let refunds = 0;
  fc.assert(
    fc.property(anyPolicies, fc.boolean(), fc.array(anyLines, { minLength: 1, maxLength: 2 }), fc.array(anyStep, { maxLength: 3 }), fc.array(anyWish, { maxLength: 6 }), (place, own, lines, steps, wishes) => {
      const policies = { ...place.policies, taxOnSplit: own ? ("own-receipt" as const) : ("family" as const) };
      const t = table(lines.map((of, i) => checkWith(i + 1, of, { ...place, policies })));
      for (const step of steps) act(t, step, []);
      const unit = BigInt(place.priced);
      for (const { id: check, receipt } of t.all().filter(isLive).map((one) => close(t, one))) {
        const bill = receipt?.totals ?? expect.unreachable();
        const now = () => t.get(check) ?? expect.unreachable();
        const ask = (what: What) => t.does(as(refundCommand), { refund: id("refund", t.next()), check, what, reason: "cold" });
        for (const wish of wishes) ask(wanted(wish, now(), unitOf(place.policies.rounding)));
        ask({ kind: "all" });
        const documents = (now().refunds ?? []).map(({ document }) => document);
        refunds += documents.length;
        for (const { taxes, net, serviceCharge, tax } of documents) {
          const bases = sum(taxes.map(({ base }) => base));
          if (bases < BigInt(net) || bases > BigInt(net) + BigInt(serviceCharge)) throw new Error("the bases are not the net with a part of the charge");
          if (sum(taxes.map((row) => row.tax)) !== BigInt(tax)) throw new Error("the rows' tax is not the tax");
          // As far as the bill's own row is, and a unit for each part of it that is rounded: every share's, and base and tax of the document.
          const rounded = Number(unitOf(place.policies.rounding)) * (Object.keys(now().shares).length + 2);
          taxes.forEach((row, i) => {
            if (offRate(row) > offRate(bill.taxes[i] ?? row) + rounded) throw new Error(`${row.tax} on ${row.base} is not ${row.rate} of it`);
          });
          for (const row of taxes) for (const amount of [row.base, row.tax]) if (BigInt(amount) < 0n || BigInt(amount) % unit !== 0n) throw new Error(`${amount} of ${row.code} is below zero or no multiple of ${unit}`);
        }
        if (documents.length === 0) continue;
        const back = (i: number, of: "base" | "tax") => sum(documents.map(({ taxes }) => taxes[i]?.[of] ?? "0")).toString();
        expect(bill.taxes.map((row, i) => ({ ...row, base: back(i, "base"), tax: back(i, "tax") }))).toEqual(bill.taxes);
      }
    }),
    { numRuns: runs(2_000) },
  );
  expect(refunds).toBeGreaterThan(2_000);
}, 300_000);

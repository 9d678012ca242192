import fc from "fast-check";
import { expect, test } from "vitest";
import { refundable, refundableTip } from "#shared/domain/payment/refundable.ts";
import { DRAWER } from "#shared/domain/testing/place.ts";
import { HOUSE, MAI, move, POLICIES, Story } from "./testing-story.ts";
import { booksOf } from "./testing.ts";

function missing(payment: string): never {
  throw new Error(`no ${payment}`);
}

test("whatever happens at a table, the books agree with checks, drawer, payments and house account (property)", () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(fc.nat(POLICIES.length - 1), fc.array(move, { minLength: 3, maxLength: 25 }), (policies, moves) => {
      const story = new Story(policies);
      for (const one of moves) story.play(one);
      story.settle();
      const { w } = story;
      for (const { event } of w.written) seen.set(event.type, (seen.get(event.type) ?? 0) + 1);
      if (w.all("check").some(({ receipt }) => receipt?.totals.rounding !== undefined)) seen.set("a rounding line", (seen.get("a rounding line") ?? 0) + 1);
      const books = booksOf(story.w);
      const of = (what: string) => books.get(what) ?? 0n;
      const unit = BigInt(POLICIES[policies]?.rounding.unit ?? 1);
      expect([...books].filter(([, amount]) => amount % unit !== 0n)).toEqual([]);
      for (const check of w.all("check")) {
        if (check.status === "closed") expect([check.id, of(`1100 ${check.id}`), of(`2020 ${check.id}`)]).toEqual([check.id, 0n, 0n]);
        else expect([check.id, of(`1100 ${check.id}`), of(`2020 ${check.id}`)]).toEqual([check.id, 0n, -check.tenders.reduce((sum, { amount }) => sum + BigInt(amount.amount), 0n)]);
      }
      expect(of(`1010 ${DRAWER}`)).toBe(BigInt(w.get("drawer", DRAWER)?.expected.amount ?? "0"));
      expect(of(`1150 ${HOUSE}`)).toBe(BigInt(w.get("house-account", HOUSE)?.balance.amount ?? "0"));
      const closed = w.all("check").flatMap(({ status, receipt }) => (status === "closed" && receipt ? [receipt.totals] : []));
      expect(-of("4000") - of("4100") - of("4110")).toBe(closed.reduce((sum, { net }) => sum + BigInt(net), 0n));
      expect(-of("4050")).toBe(closed.reduce((sum, { serviceCharge }) => sum + BigInt(serviceCharge), 0n));
      // Every tip is a person's or the pool's, and what is owed is what was given less what was given back and what was paid out, also when that was more.
      const paidOut = BigInt(w.get("drawer", DRAWER)?.tipsPaid.amount.amount ?? "0");
      const tips = w.all("payment").reduce((sum, payment) => (payment.status === "captured" ? sum + refundableTip(payment) : sum), 0n);
      expect(-of("2200")).toBe(tips - paidOut);
      expect(of(`2200 ${story.pool ? "pool" : MAI}`)).toBe(paidOut - tips);
      story.giveBack();
      const after = booksOf(story.w);
      if (w.written.some(({ event }) => event.type === "payment.house-account.paidOut")) seen.set("an account's credit paid out", 1);
      expect(after.get(`1010 ${DRAWER}`) ?? 0n).toBe(BigInt(w.get("drawer", DRAWER)?.expected.amount ?? "0"));
      expect(after.get(`1150 ${HOUSE}`) ?? 0n).toBe(BigInt(w.get("house-account", HOUSE)?.balance.amount ?? "0"));
      const returned = w.all("check").filter(({ status, tenders }) => status === "closed" && tenders.every(({ amount }) => amount.amount !== "0"));
      for (const check of returned) {
        const left = check.tenders.reduce((sum, { payment }) => sum + refundable(w.get("payment", payment) ?? missing(payment)), 0n);
        expect([check.id, left]).toEqual([check.id, 0n]);
      }
      // What was sold came back at its own rates, rounding and all: no tax is owed, and returns are what was sold.
      expect([after.get("2100") ?? 0n, after.get("2350") ?? 0n]).toEqual([0n, 0n]);
      expect(after.get("4190") ?? 0n).toBe(-(after.get("4000") ?? 0n) - (after.get("4100") ?? 0n) - (after.get("4110") ?? 0n) - (after.get("4050") ?? 0n));
    }),
    { numRuns: 300 },
  );
  // The stories told what they were made for.
  for (const type of ["sale.check.merged", "sale.check.rolledBack", "sale.check.closed", "payment.attempt.reversed", "payment.attempt.tipAdjusted", "payment.refund.success", "payment.voucher.used", "payment.house-account.paid", "an account's credit paid out", "a rounding line"]) {
    expect([type, (seen.get(type) ?? 0) > 0]).toEqual([type, true]);
  }
}, 120_000);

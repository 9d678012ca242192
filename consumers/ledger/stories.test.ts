import fc from "fast-check";
import { expect, test } from "vitest";
import { checkTotals } from "#shared/domain/check/totals.ts";
import { id, WAITER, type World } from "#shared/domain/testing/given.ts";
import { add, burgerItem, DRAWER, eur, latteItem, openDrawer, phoItem, seated, tiramisuItem } from "#shared/domain/testing/place.ts";
import { refundable, refundableTip } from "#shared/domain/payment/refundable.ts";
import { booksOf } from "./testing.ts";

/** What is possible at a table, played by the real deciders and posted by the real postings. */
const MANAGER = { ...WAITER, capabilities: [...WAITER.capabilities, "approve.adjustments", "approve.payments", "approve.cash", "manage.view"] } as const;
const MAI = id("staff", 1);
const HOUSE = id("houseAccount", 1);

const POLICIES = [
  { taxes: [{ code: "food", name: "VAT 7 %", rate: "0.07", inclusive: true }, { code: "drink", name: "VAT 19 %", rate: "0.19", inclusive: true }], serviceCharge: null, rounding: { mode: "half-up" as const, level: "check" as const }, cashStep: 5 },
  {
    taxes: [{ code: "food", name: "Sales tax", rate: "0.0875", inclusive: false }, { code: "drink", name: "Liquor tax", rate: "0.1", inclusive: false }],
    serviceCharge: { rate: "0.05", taxCode: "food", removable: true, beneficiary: "house" as const, serviceTypes: ["dine_in" as const] },
    rounding: { mode: "half-even" as const, level: "line" as const },
    cashStep: 10,
  },
  {
    taxes: [{ code: "food", name: "Tax", rate: "0.0835", inclusive: false }, { code: "drink", name: "Tax", rate: "0.0165", inclusive: false }],
    serviceCharge: { rate: "0.1", taxCode: "drink", removable: true, beneficiary: "staff" as const, serviceTypes: ["dine_in" as const] },
    rounding: { mode: "half-up" as const, level: "check" as const },
    cashStep: 1,
    taxOnSplit: "own-receipt" as const,
    tips: { suggestions: [], afterAuthorisation: false, recipient: "pool" as const },
  },
  {
    taxes: [{ code: "food", name: "Tax", rate: "0.0835", inclusive: false }, { code: "drink", name: "Tax", rate: "0.19", inclusive: true }],
    serviceCharge: { rate: "0.125", taxCode: "drink", removable: true, beneficiary: "staff" as const, serviceTypes: ["dine_in" as const] },
    rounding: { mode: "half-up" as const, level: "check" as const, unit: 5 },
    cashStep: 10,
  },
];

type Move = { readonly what: string; readonly a: number; readonly b: number; readonly c: number };

class Story {
  readonly w: World;
  readonly pool: boolean;
  #made = 100;
  #operations: { operation: string; check: string }[] = [];

  constructor(policies: number) {
    this.w = seated(POLICIES[policies % POLICIES.length]);
    this.pool = policies % POLICIES.length === 2;
    openDrawer(this.w);
    this.w.happened("staff", MAI, [{ type: "identity.staff.created", data: { name: "Mai", color: "#112233", work: [] } }]);
    this.w.does("payment.openHouseAccount", { account: HOUSE, name: "Firm", limit: null }, MANAGER);
    add(this.w, phoItem(1, { seat: 1 }), burgerItem(2, { seat: 2 }), latteItem(3, { quantity: "3" }), tiramisuItem(4, { seat: 1 }));
    this.w.does("order.send", { order: id("order", 1), items: [1, 2, 3, 4].map((n) => id("item", n)) });
  }

  #next(): number {
    return ++this.#made;
  }

  #pick<T>(list: readonly T[], n: number): T | undefined {
    return list[n % Math.max(1, list.length)];
  }

  #open() {
    return this.w.all("check").filter(({ status }) => status !== "closed" && status !== "voided");
  }

  /** What is refused is no part of the story. */
  play({ what, a, b, c }: Move): void {
    const { w } = this;
    const open = this.#open();
    const check = this.#pick(open, a);
    const due = check === undefined ? 0n : BigInt(checkTotals(check).due);
    const some = Number(due > 0n ? (due * BigInt(1 + (b % 4))) / 4n : 0n);
    const payment = id("payment", this.#next());
    const operation = id("operation", this.#next());
    const paid = w.all("payment").filter(({ status }) => status === "captured");
    const shares = Object.values(check?.shares ?? {});
    const share = this.#pick(shares, b);
    switch (what) {
      case "cash":
        if (check) w.attempt("payment.takeCash", { payment, check: check.id, drawer: DRAWER, ...(b % 4 === 3 ? {} : { amount: eur(Math.max(1, some)) }), tendered: eur(100_000), tip: eur(c % 300) }, MANAGER);
        return;
      case "card":
        if (check) w.attempt("payment.takeCard", { payment, check: check.id, amount: eur(Math.max(1, some)), slip: "1", tip: eur(c % 300) }, MANAGER);
        return;
      case "house":
        if (check) w.attempt("payment.takeHouseAccount", { payment, check: check.id, amount: eur(Math.max(1, some)), account: HOUSE }, MANAGER);
        return;
      case "voucher":
        if (check) w.attempt("payment.takeVoucher", { payment, check: check.id, issuer: "Edenred", code: String(this.#next()), value: eur(500 + c) }, MANAGER);
        return;
      case "void": {
        const one = this.#pick(paid, a);
        if (one) w.attempt("payment.void", { payment: one.id, reason: "wrong", drawer: DRAWER }, MANAGER);
        return;
      }
      case "correct": {
        const one = this.#pick(paid, a);
        if (one) w.attempt("payment.correctTender", { payment: one.id, replacement: payment, method: b % 2 === 0 ? { method: "cash" } : { method: "card-manual", slip: "2" }, reason: "wrong", drawer: DRAWER }, MANAGER);
        return;
      }
      case "tip": {
        const one = this.#pick(paid, a);
        if (one) w.attempt("payment.adjustTip", { payment: one.id, tip: eur(c), drawer: DRAWER }, MANAGER);
        return;
      }
      case "split": {
        if (!check || !share) return;
        const into = id("check", this.#next());
        const fraction = b % 3 === 0 ? { fraction: { numerator: 1, denominator: 2 + (c % 3) } } : {};
        if (w.attempt("check.split", { operation, check: check.id, into: [{ check: into, lines: [{ share: share.share, ...fraction }] }] }, MANAGER).ok) this.#operations.push({ operation, check: check.id });
        return;
      }
      case "merge": {
        const source = this.#pick(open.filter((one) => one.id !== check?.id), b);
        if (check && source && w.attempt("check.merge", { operation, target: check.id, sources: [source.id] }, MANAGER).ok) this.#operations.push({ operation, check: check.id });
        return;
      }
      case "undo": {
        const done = this.#pick(this.#operations, a);
        if (done) w.attempt("check.undo", done, MANAGER);
        return;
      }
      case "adjust":
        if (check && share) {
          const of = c % 2 === 0 ? { rate: "0.1" } : { amount: eur(1 + (c % 90)) };
          w.attempt("check.adjust", { check: check.id, adjustment: id("adjustment", this.#next()), kind: (["discount", "comp", "staff-meal"] as const)[b % 3] ?? "discount", lines: c % 3 === 0 ? [] : [share.share], reason: "x", ...of }, MANAGER);
        }
        return;
      case "close":
        if (check) w.attempt("check.close", { check: check.id }, MANAGER);
        return;
      case "refund": {
        const closed = this.#pick(w.all("check").filter(({ status }) => status === "closed"), a);
        if (!closed) return;
        const sold = this.#pick(Object.keys(closed.shares), c);
        const wanted = b % 3 === 0 && sold !== undefined ? { kind: "items" as const, items: [{ share: sold }] } : b % 2 === 0 ? { kind: "all" as const, tips: c % 2 === 0 } : { kind: "amount" as const, amount: eur(1 + (c % 900)) };
        w.attempt("payment.refund", { refund: id("refund", this.#next()), check: closed.id, what: wanted, reason: "cold", drawer: DRAWER }, MANAGER);
        return;
      }
      case "house-paid":
        w.attempt("payment.payHouseAccount", { account: HOUSE, payment, amount: eur(c % 2 === 0 ? Math.max(1, Number(w.get("house-account", HOUSE)?.balance.amount)) : 1 + c), method: { method: "cash", drawer: DRAWER } }, MANAGER);
        return;
      case "house-out": {
        const balance = Number(w.get("house-account", HOUSE)?.balance.amount);
        if (balance < 0) w.attempt("payment.payOutHouseAccount", { account: HOUSE, payment, amount: eur(c % 2 === 0 ? -balance : 1 + (c % -balance)), method: { method: "cash", drawer: DRAWER } }, MANAGER);
        return;
      }
      case "drop":
        w.attempt("drawer.drop", { drawer: DRAWER, movement: id("movement", this.#next()), amount: eur(1 + c), reason: "x" }, MANAGER);
        return;
      case "pay-out":
        w.attempt("drawer.payOut", { drawer: DRAWER, movement: id("movement", this.#next()), amount: eur(1 + c), for: "expense", reason: "x" }, MANAGER);
        return;
      case "pay-tips":
        w.attempt("drawer.payTips", { drawer: DRAWER, movement: id("movement", this.#next()), amount: eur(1 + c), to: MAI, ...(this.pool ? { pool: true } : {}) }, MANAGER);
    }
  }

  /** At the evening's end whoever still owes pays. */
  settle(): void {
    for (const check of this.#open()) {
      if (BigInt(checkTotals(check).due) > 0n) this.play({ what: "cash", a: this.#open().indexOf(check), b: 3, c: 0 });
    }
    for (const check of this.#open()) this.w.attempt("check.close", { check: check.id }, MANAGER);
  }

  /** And at last everybody gets everything back, tips too. */
  giveBack(): void {
    for (const check of this.w.all("check")) {
      if (check.status !== "closed") continue;
      this.w.attempt("payment.refund", { refund: id("refund", this.#next()), check: check.id, what: { kind: "all", tips: true }, reason: "all of it", drawer: DRAWER }, MANAGER);
    }
    this.play({ what: "house-out", a: 0, b: 0, c: 0 });
  }
}

function missing(payment: string): never {
  throw new Error(`no ${payment}`);
}

const MOVES = ["cash", "card", "house", "voucher", "void", "correct", "tip", "split", "merge", "undo", "adjust", "close", "refund", "house-paid", "house-out", "drop", "pay-out", "pay-tips"];
const move = fc.record({ what: fc.constantFrom(...MOVES), a: fc.nat(50), b: fc.nat(50), c: fc.nat(600) });

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

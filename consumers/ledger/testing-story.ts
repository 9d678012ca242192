import fc from "fast-check";
import { checkTotals } from "#shared/domain/check/totals.ts";
import { reported, TERMINAL } from "#shared/domain/payment/testing.ts";
import { applyRefundReport } from "#shared/domain/payment/pay-out.ts";
import { id, WAITER, type World } from "#shared/domain/testing/given.ts";
import { add, burgerItem, DRAWER, eur, latteItem, openDrawer, phoItem, seated, tiramisuItem } from "#shared/domain/testing/place.ts";

/** What is possible at a table, played by the real deciders and posted by the real postings. */
const MANAGER = { ...WAITER, capabilities: [...WAITER.capabilities, "approve.adjustments", "approve.payments", "approve.cash", "manage.view", "manage.settings"] } as const;
export const MAI = id("staff", 1);
export const HOUSE = id("houseAccount", 1);

export const POLICIES = [
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

export type Move = { readonly what: string; readonly a: number; readonly b: number; readonly c: number };

export class Story {
  readonly w: World;
  readonly pool: boolean;
  #made = 100;
  #operations: { operation: string; check: string }[] = [];

  constructor(policies: number) {
    this.w = seated(POLICIES[policies % POLICIES.length]);
    this.pool = policies % POLICIES.length === 2;
    openDrawer(this.w);
    this.w.does("commerce.connectProvider", TERMINAL, MANAGER);
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

  #atProvider() {
    return this.w.all("payment").filter(({ request, attempt }) => request !== null && attempt !== null);
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
      case "terminal": {
        // It says yes at once; or too late, when the bill may be paid already; or another amount.
        if (!check || !w.attempt("payment.startAttempt", { payment, check: check.id, provider: TERMINAL.provider, amount: eur(Math.max(1, some)), tip: eur(c % 300) }, MANAGER).ok) return;
        if (b % 3 === 1) {
          reported(w, payment, { said: "expired", from: "hub" });
          w.attempt("payment.takeCash", { payment: id("payment", this.#next()), check: check.id, drawer: DRAWER, tendered: eur(100_000), tip: eur(0) }, MANAGER);
        }
        reported(w, payment, { said: "captured" });
        if (b % 3 === 2) reported(w, payment, { said: "captured", from: "provider", currency: "EUR", amount: BigInt(Math.max(1, some) + (c % 5) - 2), tip: BigInt(c % 300) });
        return;
      }
      case "reversed": {
        const one = this.#pick(this.#atProvider(), a);
        if (one) reported(w, one.id, { said: "reversed", from: "provider" });
        return;
      }
      case "found": {
        const one = this.#pick(this.#atProvider(), a);
        if (!one) return;
        reported(w, one.id, { said: "captured", from: "provider" });
        w.attempt("payment.resolveContradiction", { payment: one.id, outcome: b % 3 === 0 ? "not-captured" : "captured", reason: "asked" }, MANAGER);
        return;
      }
      case "apply": {
        const one = this.#pick(paid, a);
        if (one) w.attempt("payment.applyOverpayment", { payment: one.id }, MANAGER);
        return;
      }
      case "overpaid-back": {
        const one = this.#pick(paid, a);
        if (one) w.attempt("payment.refundOverpayment", { refund: id("refund", this.#next()), payment: one.id, by: b % 2 === 0 ? "cash" : "same", drawer: DRAWER, reason: "too much" }, MANAGER);
        return;
      }
      case "payment-back": {
        const one = this.#pick(this.#atProvider(), a);
        if (one) w.attempt("payment.refundPayment", { refund: id("refund", this.#next()), payment: one.id, reason: "wrong" }, MANAGER);
        return;
      }
      case "payout": {
        // The terminal's word on what it is to give back: no, then in cash, then yes after all; who has it twice brings it back or keeps it.
        const refund = this.#pick(w.all("refund").filter(({ payouts }) => payouts.some(({ provider }) => provider !== undefined)), a);
        const asked = refund?.payouts.find(({ provider }) => provider !== undefined);
        if (!refund || !asked) return;
        const said = (what: "failed" | "success") => {
          const now = w.get("refund", refund.id);
          for (const change of now ? applyRefundReport(now, asked.payment, { said: what }) : []) w.happened(change.kind, change.stream, change.events);
        };
        said(b % 2 === 0 ? "success" : "failed");
        if (b % 4 === 3) w.attempt("payment.cancelRefund", { refund: refund.id }, MANAGER);
        if (b % 4 === 1) w.attempt("payment.retryRefund", { refund: refund.id, payment: asked.payment, by: "cash", drawer: DRAWER }, MANAGER);
        if (b % 2 === 1 && c % 2 === 0) said("success");
        if (c % 3 !== 0) w.attempt("payment.resolvePaidTwice", { refund: refund.id, payment: asked.payment, outcome: c % 3 === 1 ? "returned" : "written-off", drawer: DRAWER }, MANAGER);
        return;
      }
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

export const MOVES = ["cash", "card", "house", "voucher", "void", "correct", "tip", "split", "merge", "undo", "adjust", "close", "refund", "house-paid", "house-out", "drop", "pay-out", "pay-tips"];
export const move = fc.record({ what: fc.constantFrom(...MOVES), a: fc.nat(50), b: fc.nat(50), c: fc.nat(600) });


/** And what a terminal has to say, in and out of turn. */
export const TROUBLED = [...MOVES, "terminal", "terminal", "terminal", "reversed", "found", "apply", "overpaid-back", "payment-back", "payout", "payout"];

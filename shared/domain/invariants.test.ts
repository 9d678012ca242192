import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Policies } from "#shared/events/commerce.ts";
import { addFractions, equalFractions, fraction, type Fraction } from "#shared/money/fraction.ts";
import { compareQuantities } from "#shared/money/quantity.ts";
import { checkTotals } from "./check/totals.ts";
import { COOK, id, OPERATOR, type World } from "./testing/given.ts";
import { burgerItem, DRAWER, eur, latteItem, MERCHANT, openDrawer, ORDER, PARTY, phoItem, POLICIES, PRODUCTS, seated, tiramisuItem } from "./testing/place.ts";
import { makeTickets } from "./ticket/make-tickets.ts";
import { preparingStations } from "./ticket/route.ts";

const EXCLUSIVE: Policies = {
  taxes: [
    { code: "food", name: "Sales tax", rate: "0.0875", inclusive: false },
    { code: "drink", name: "VAT", rate: "0.19", inclusive: true },
  ],
  serviceCharge: { rate: "0.125", taxCode: "drink", removable: true, beneficiary: "staff", serviceTypes: ["dine_in"] },
  rounding: { mode: "half-even", level: "line" },
  cashStep: 10,
};

type Step = (w: World) => void;
const nth = fc.integer({ min: 1, max: 8 });
const quantity = fc.constantFrom("1", "2", "3", "7", "12");
const make = [phoItem, burgerItem, latteItem, tiramisuItem];

const newItem = fc.record({ n: nth, kind: fc.nat(3), quantity, seat: fc.option(fc.integer({ min: 1, max: 4 })), small: fc.boolean() }).map(({ n, kind, quantity: q, seat, small }) =>
  (make[kind] ?? phoItem)(n, { quantity: q, seat, ...(kind === 2 && small ? { variant: "small" } : {}) }),
);
const checkOf = (w: World) => w.all("check").at(-1)?.id ?? id("check", 1);
const orderOf = (w: World) => w.get("party", PARTY)?.order ?? ORDER;
let payments = 0;

/** One of the order's items, most often one that is there. */
function pick(w: World, n: number): string {
  const items = Object.keys(w.get("order", orderOf(w))?.items ?? {});
  return items[n % (items.length + 1)] ?? id("item", n);
}

/** All of it sent, paid and closed: what comes after is the party's next order. */
function finish(w: World): void {
  const order = orderOf(w);
  const items = Object.keys(w.get("order", order)?.items ?? {});
  if (items.length > 0) w.attempt("order.send", { order, items });
  w.attempt("payment.takeCard", { payment: id("payment", ++payments), check: checkOf(w), slip: "1" });
  w.attempt("check.close", { check: checkOf(w) });
}

/** What people and cooks do, in any order, most of it at the wrong moment: refusals are expected, throwing is not. */
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: newItem.map((item): Step => (w) => void w.attempt("order.addItems", { order: orderOf(w), party: PARTY, items: [item] })) },
  { weight: 2, arbitrary: newItem.map((item): Step => (w) => void w.attempt("order.changeItem", { order: orderOf(w), item })) },
  { weight: 1, arbitrary: nth.map((n): Step => (w) => void w.attempt("order.removeItem", { order: orderOf(w), item: pick(w, n) })) },
  {
    weight: 5,
    arbitrary: fc.record({ items: fc.array(nth, { minLength: 1, maxLength: 5 }), hold: fc.subarray([1, 2]) }).map(({ items, hold }): Step => (w) => {
      const known = w.get("order", orderOf(w))?.items ?? {};
      const named = items.map((n) => id("item", n)).filter((item) => known[item]);
      if (named.length > 0) w.attempt("order.send", { order: orderOf(w), items: named, hold });
    }),
  },
  { weight: 2, arbitrary: fc.constantFrom(1, 2).map((course): Step => (w) => void w.attempt("order.fireCourse", { order: orderOf(w), course })) },
  {
    weight: 3,
    arbitrary: fc.record({ n: nth, quantity: fc.option(quantity, { nil: undefined }) }).map(({ n, quantity: q }): Step => (w) => {
      w.attempt("order.voidItem", { order: orderOf(w), item: pick(w, n), newItem: id("item", 1000 + w.log.length), reason: "x", ...(q ? { quantity: q } : {}) });
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ cash: fc.boolean(), amount: fc.option(fc.integer({ min: 1, max: 3000 }), { nil: undefined }), tip: fc.constantFrom(0, 100) }).map(({ cash, amount, tip }): Step => (w) => {
      const common = { payment: id("payment", ++payments), check: checkOf(w), tip: eur(tip), ...(amount ? { amount: eur(amount) } : {}) };
      if (cash) w.attempt("payment.takeCash", { ...common, drawer: DRAWER, tendered: eur(5000) });
      else w.attempt("payment.takeCard", { ...common, slip: "1" });
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>((w) => void w.attempt("check.present", { check: checkOf(w) })) },
  { weight: 2, arbitrary: fc.constant<Step>((w) => void w.attempt("check.close", { check: checkOf(w) })) },
  { weight: 1, arbitrary: fc.constant<Step>(finish) },
  { weight: 1, arbitrary: fc.constant<Step>((w) => void w.attempt("party.clear", { party: PARTY })) },
  { weight: 1, arbitrary: fc.constantFrom("0", "3", "10", null).map((remaining): Step => (w) => void w.attempt("stock.setCountdown", { product: PRODUCTS.pho, remaining }, OPERATOR)) },
  {
    weight: 2,
    arbitrary: fc.record({ t: fc.nat(5), n: nth, what: fc.constantFrom("ticket.startItem", "ticket.bumpItem", "ticket.acknowledgeItem") }).map(({ t, n, what }): Step => (w) => {
      const tickets = w.all("ticket");
      const ticket = tickets[t % Math.max(tickets.length, 1)];
      const items = Object.keys(ticket?.items ?? {});
      if (ticket) w.attempt(what, { ticket: ticket.id, item: items[n % items.length] ?? id("item", n) }, COOK);
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ t: fc.nat(5), what: fc.constantFrom("ticket.bump", "ticket.recall") }).map(({ t, what }): Step => (w) => {
      const tickets = w.all("ticket");
      const ticket = tickets[t % Math.max(tickets.length, 1)];
      if (ticket) w.attempt(what, { ticket: ticket.id }, COOK);
    }),
  },
);

/** The kitchen follows after every step, as its consumer does. */
function follow(w: World, from: number): void {
  for (const event of w.log.slice(from)) {
    if (event.type !== "sale.order.sent" && event.type !== "sale.order.courseFired" && event.type !== "sale.order.itemVoided") continue;
    const merchant = w.get("merchant", MERCHANT);
    if (!merchant) throw new Error("no merchant");
    let made = w.all("ticket").length;
    const order = orderOf(w);
    const own = w.all("ticket").filter((ticket) => ticket.order === order);
    const changes = makeTickets(event, order, merchant, own, { newTicketId: () => id("ticket", ++made), nextNumber: () => made + 1 });
    for (const { stream, events } of changes) w.happened("ticket", stream, events);
  }
}

function sharesSumToOne(w: World): void {
  const sums = new Map<string, Fraction>();
  for (const check of w.all("check")) {
    for (const { order, item, numerator, denominator } of Object.values(check.shares)) {
      const key = `${order} ${item}`;
      sums.set(key, addFractions(sums.get(key) ?? fraction(0n), fraction(BigInt(numerator), BigInt(denominator))));
    }
  }
  const items = w.all("order").flatMap((order) => Object.values(order.items).map((item) => ({ ...item, key: `${order.id} ${item.item}` })));
  for (const item of items) {
    const sum = sums.get(item.key) ?? fraction(0n);
    expect(equalFractions(sum, fraction(item.status === "voided" ? 0n : 1n)), `shares of ${item.item} (${item.status})`).toBe(true);
  }
  expect(sums.size).toBe(items.filter((item) => item.status !== "voided").length);
}

function moneyAddsUp(w: World): void {
  for (const check of w.all("check")) {
    const t = checkTotals(check);
    const n = (text: string) => BigInt(text);
    expect(n(t.net) + n(t.serviceCharge) + n(t.tax)).toBe(n(t.total));
    expect(t.taxes.reduce((sum, row) => sum + n(row.tax), 0n)).toBe(n(t.tax));
    expect(n(t.total) - n(t.paid)).toBe(n(t.due));
    expect(n(t.due) >= 0n).toBe(true);
    if (check.status === "paid" || check.status === "closed") expect(t.due).toBe("0");
    if (check.status === "closed") expect(check.receipt?.totals).toEqual(t);
  }
  const cashIn = w.all("check").flatMap((check) => check.tenders).filter((tender) => tender.method === "cash");
  const expected = cashIn.reduce((sum, tender) => sum + BigInt(tender.amount.amount) + BigInt(tender.roundingDifference.amount) + BigInt(tender.tip.amount), 10_000n);
  expect(w.get("drawer", DRAWER)?.expected.amount).toBe(expected.toString());
  for (const tender of cashIn) expect(BigInt(tender.change?.amount ?? "-1") >= 0n).toBe(true);
}

function kitchenIsTrue(w: World): void {
  const fired = w.written.flatMap(({ stream, event }) => {
    if (event.type !== "sale.order.sent" && event.type !== "sale.order.courseFired") return [];
    return event.data.items.filter((item) => item.fired).map((item) => `${stream} ${item.item}`);
  });
  expect(new Set(fired).size, "failure 7: no item is fired twice").toBe(fired.length);
  const merchant = w.get("merchant", MERCHANT);
  for (const order of w.all("order")) {
    for (const item of Object.values(order.items)) {
      const own = w.all("ticket").filter((ticket) => ticket.order === order.id);
      const lines = own.flatMap((ticket) => (ticket.items[item.item] ? [{ ticket, line: ticket.items[item.item] }] : []));
      const stations = merchant ? preparingStations(item, merchant).map((s) => s.station) : [];
      if (item.status === "entered" || item.splitFrom) expect(lines).toEqual([]);
      else expect(lines.map(({ ticket }) => ticket.station).sort()).toEqual([...stations].sort());
      if (item.status === "fired") {
        for (const { ticket, line } of lines) {
          expect(ticket.status).not.toBe("held");
          expect(line?.quantity).toBe(item.quantity);
        }
      }
      if (item.status === "voided" && !item.splitFrom) for (const { line } of lines) expect(line?.status).toBe("voided");
    }
  }
  for (const ticket of w.all("ticket")) expect(Object.keys(ticket.items).length, "failure 12: no empty ticket").toBeGreaterThan(0);
}

function stockIsTrue(w: World): void {
  const [countdown] = w.all("countdown");
  const left = w.remaining(PRODUCTS.pho);
  expect(countdown?.remaining ?? null).toBe(left);
  if (left !== null) expect(compareQuantities(left, "0")).toBeGreaterThanOrEqual(0);
}

function livesEndTogether(w: World): void {
  const numbers = w.log.flatMap((event) => (event.type === "sale.series.advanced" ? [event.data.number] : []));
  expect(numbers, "DOM-18: gapless").toEqual(numbers.map((_, i) => i + 1));
  expect(w.all("check").filter((check) => check.number !== null)).toHaveLength(numbers.length);
  for (const order of w.all("order")) {
    // One at a time: a second is opened only when a held course has outlived the first (DOM-10).
    const checks = w.all("check").filter((check) => check.order === order.id);
    expect(checks.some(({ id }) => id === order.defaultCheck)).toBe(true);
    expect(checks.filter(({ id, status }) => id !== order.defaultCheck && status !== "closed")).toEqual([]);
    if (!order.completed) continue;
    const check = w.get("check", order.defaultCheck);
    expect(["closed", "voided"]).toContain(check?.status);
    expect(Object.values(order.items).some((item) => item.status === "entered")).toBe(false);
  }
  expect(w.all("order").filter((order) => !order.completed).length, "failure 2: one open order for a party").toBeLessThanOrEqual(1);
  const party = w.get("party", PARTY);
  expect(w.all("table").filter((table) => table.parties.includes(PARTY))).toHaveLength(party?.cleared ? 0 : 1);
}

describe("whatever people do, in whatever order", () => {
  test.each([
    ["prices with the tax inside, rounded over the check", POLICIES],
    ["taxes on top and inside, a taxed service charge, rounded per line", EXCLUSIVE],
  ])("the rules hold: %s", (_, policies) => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 60, size: "max" }), (steps) => {
        const w = seated(policies);
        openDrawer(w);
        for (const act of steps) {
          const from = w.log.length;
          act(w);
          follow(w, from);
          sharesSumToOne(w);
        }
        moneyAddsUp(w);
        kitchenIsTrue(w);
        stockIsTrue(w);
        livesEndTogether(w);
      }),
      { numRuns: 50 },
    );
  }, 60_000);
});

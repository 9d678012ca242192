import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Sent } from "../device.ts";
import { historyOf, type History } from "./history.ts";

const eur = (amount: string) => ({ amount, currency: "EUR" });
const TAX = { code: "food", name: "VAT", rate: "0.1", inclusive: true };
const PLACE = { name: "Trattoria", currency: "EUR", displayDigits: 2, zone: "Europe/Rome", cutOver: "04:00", locale: "en-GB", address: [] };
const POLICIES = { taxes: [TAX], serviceCharge: { rate: "0.1", taxCode: "food", removable: true, beneficiary: "house", serviceTypes: ["dine_in"] }, rounding: { mode: "half-up", level: "check" }, cashStep: 5 };
const NAMES = { button: "Burger", kitchen: "Burger", receipt: "Burger" };
const TOPPINGS = { group: "toppings", name: "Toppings", min: 0, max: 8, includedFree: 0, options: [{ option: "bacon", name: "Bacon", kitchen: "bacon", price: eur("200"), prefixes: ["extra"], default: false }] };
const PRODUCT = { names: NAMES, category: "cat_1", number: 50, price: eur("1490"), variants: [{ variant: "double", name: "Double", price: eur("1490"), stockFactor: "1.5" }], modifierGroups: [TOPPINGS], taxCode: "food", course: 2, recipe: [{ ingredient: "ing_1", quantity: "180" }], active: true };
const CHOSEN = { group: "toppings", option: "bacon", prefix: "extra", placement: "whole", quantity: 1 };
const SAID = { quantity: "2", seat: null, notes: "Rare", allergy: ["Nuts"] };
const ITEM = {
  ...SAID, item: "itm_1", product: "prd_1", category: "cat_1", names: NAMES, variant: { variant: "double", name: "Double", stockFactor: "1.5" }, course: 2,
  modifiers: [{ ...CHOSEN, name: "Bacon", kitchen: "bacon", price: eur("200") }], unitPrice: eur("1490"), tax: TAX, serviceType: "dine_in", portions: "3", recipe: [{ ingredient: "ing_1", quantity: "270" }],
};
const OTHER = { ...ITEM, item: "itm_2" };
const sent = (item: object) => ({ ...item, fired: false, mark: "NEW" });
const cooked = (item: string) => ({ ...SAID, item, name: "Burger", variant: "Double", modifiers: ["EXTRA bacon"] });
const share = (n: number) => ({ share: `shr_${n}`, order: "ord_1", item: `itm_${n}`, numerator: 1, denominator: 1, name: "Burger Double", quantity: "2", unitPrice: eur("1690"), modifiers: [], tax: TAX, seat: null });
/** Two burgers, twice: 67.60, a tenth for the house, the tax of both inside; 10 % are taken off. */
const TOTALS = {
  currency: "EUR", subtotal: "3380", adjustments: [{ kind: "discount", amount: "338", net: "307" }], net: "2766", serviceCharge: "307", tax: "307", total: "3380", paid: "3380", due: "0",
  taxes: [{ code: "food", name: "VAT", rate: "0.1", inclusive: true, base: "3073", tax: "307" }],
};
const CASH = { payment: "pay_1", method: "cash", amount: eur("3380"), tip: eur("0"), tendered: eur("4000"), change: eur("620"), slip: null, roundingDifference: eur("0") };
const RECEIPT = { lines: [{ name: "Burger Double", quantity: "2", amount: eur("3380"), modifiers: ["Bacon"] }], totals: TOTALS, tenders: [CASH] };
const TICKET = { number: 1, station: "sta_1", course: 2, held: true, items: [cooked("itm_1"), cooked("itm_2")] };
const PAYOUT = { payment: "pay_1", method: "cash", by: "cash", amount: eur("100"), tip: eur("0"), rounding: eur("0") };
const REFUND = { check: "chk_1", kind: "amount", reason: "Cold", net: "82", serviceCharge: "9", tax: "9", taxes: [{ ...TAX, base: "91", tax: "9" }], total: "100", tip: "0", overpaid: "0", payouts: [PAYOUT] };

type Made = { readonly type: string; readonly subject: string; readonly data: object; readonly command: string; readonly cause?: string };
/** Two courses' worth at one table: entered, sent, one of both voided, fired, cooked, discounted, paid in cash, closed, and 1.00 given back. */
const EVENTS: readonly Made[] = [
  { type: "commerce.merchant.created", subject: "mer_1", data: PLACE, command: "seed" },
  { type: "commerce.policies.changed", subject: "mer_1", data: POLICIES, command: "seed" },
  { type: "catalog.product.created", subject: "prd_1", data: PRODUCT, command: "seed" },
  { type: "sale.order.created", subject: "ord_1", data: { serviceType: "dine_in" }, command: "add" },
  { type: "sale.order.itemsAdded", subject: "ord_1", data: { items: [ITEM, OTHER] }, command: "add" },
  { type: "sale.check.created", subject: "chk_1", data: { order: "ord_1", serviceType: "dine_in", policies: POLICIES }, command: "add" },
  { type: "sale.check.updated", subject: "chk_1", data: { added: [share(1), share(2)], changed: [], removed: [] }, command: "add" },
  { type: "sale.order.sent", subject: "ord_1", data: { items: [sent(ITEM), sent(OTHER)] }, command: "send" },
  { type: "sale.kitchen-ticket.created", subject: "tkt_1", data: TICKET, command: "kitchen", cause: "sale.order.sent" },
  { type: "sale.order.itemVoided", subject: "ord_1", data: { item: "itm_2", voided: OTHER, remaining: null, reason: "Sent back" }, command: "void" },
  { type: "sale.check.updated", subject: "chk_1", data: { added: [], changed: [], removed: ["shr_2"] }, command: "void" },
  { type: "sale.order.courseFired", subject: "ord_1", data: { course: 2, items: [{ ...sent(ITEM), fired: true }] }, command: "fire" },
  { type: "sale.kitchen-ticket.completed", subject: "tkt_1", data: {}, command: "bump" },
  { type: "sale.check.updated", subject: "chk_1", data: { added: [], changed: [], removed: [], adjustments: [{ adjustment: "adj_1", kind: "discount", scope: "check", rate: "0.1", amount: null, reason: "Regular" }] }, command: "adjust" },
  { type: "payment.transaction.created", subject: "pay_1", data: { check: "chk_1", drawer: "drw_1", tender: CASH }, command: "cash" },
  { type: "payment.attempt.success", subject: "pay_1", data: { check: "chk_1", drawer: "drw_1", tender: CASH }, command: "cash" },
  { type: "cash.drawer.cashTaken", subject: "drw_1", data: { payment: "pay_1", amount: eur("3380"), tip: eur("0") }, command: "cash" },
  { type: "sale.check.closed", subject: "chk_1", data: { number: "000001", order: "ord_1", totals: TOTALS, tenders: [CASH], receipt: RECEIPT }, command: "close" },
  { type: "payment.refund.created", subject: "rfd_1", data: REFUND, command: "refund" },
  { type: "payment.refund.success", subject: "rfd_1", data: { check: "chk_1", payout: PAYOUT }, command: "refund" },
];

/** One minute after the other, in the evening. */
const timeOf = (n: number) => new Date(Date.parse("2026-11-20T20:00:00.000Z") + n * 60_000).toISOString();

/** `harm`: the text that stands in the event of this type (the n-th) for another; no text leaves the event out. */
export type Harm = { readonly type: string; readonly nth?: number; readonly from?: string; readonly to?: string };

/** The log of a visit that checks have nothing to say of, for tests to do harm to. */
export function madeVisit(harm?: Harm): History {
  let met = 0;
  const events = EVENTS.flatMap((made, i) => {
    const { type, subject, data, command, cause } = made;
    const { cause: _, ...known } = { ...made, cause };
    const event = {
      ...known, data, id: `evt_${i}`, subject, merchantid: "mer_1", commandid: command, position: String(i + 1), streamversion: i + 1, time: timeOf(i), occurredat: timeOf(i), businessdate: "2026-11-20",
      ...(cause === undefined ? {} : { causationid: `evt_${EVENTS.findIndex((one) => one.type === cause)}` }),
    };
    if (harm?.type !== type || met++ !== (harm.nth ?? 0)) return [event];
    const text = JSON.stringify(event);
    if (harm.from === undefined) return [];
    if (!text.includes(harm.from)) throw new Error(`${type} says nothing of ${harm.from}`);
    return [JSON.parse(text.replace(harm.from, harm.to ?? "")) as typeof event];
  });
  return historyOf(events.map((event) => ({ shard: 1, position: BigInt(event.position), commandId: event.commandid, text: "", event: event as unknown as EventEnvelope })));
}

const tap = (commandId: string, type: Sent["type"], input: object): Sent => ({ commandId, type, input, answer: { ok: true, result: {}, at: { shard: 1, from: "1", to: "1" } }, tappedAt: 0, answeredAt: Date.parse("2026-11-20T21:00:00.000Z") });
const tapped = (item: string) => ({ ...SAID, item, product: "prd_1", variant: "double", modifiers: [CHOSEN], parts: [] });

/** What was tapped for it, and answered with a yes. */
export const TAPS: readonly Sent[] = [
  tap("add", "order.addItems", { order: "ord_1", items: [tapped("itm_1"), tapped("itm_2")] }),
  tap("send", "order.send", { order: "ord_1", items: ["itm_1", "itm_2"], hold: [2] }),
  tap("void", "order.voidItem", { order: "ord_1", item: "itm_2", newItem: "itm_3", reason: "Sent back" }),
  tap("fire", "order.fireCourse", { order: "ord_1", course: 2 }),
  tap("bump", "ticket.bump", { ticket: "tkt_1" }),
  tap("adjust", "check.adjust", { check: "chk_1", adjustment: "adj_1", kind: "discount", rate: "0.1", reason: "Regular" }),
  tap("cash", "payment.takeCash", { payment: "pay_1", check: "chk_1", drawer: "drw_1", tendered: eur("4000") }),
  tap("close", "check.close", { check: "chk_1" }),
  tap("refund", "payment.refund", { refund: "rfd_1", check: "chk_1", what: { kind: "amount", amount: eur("100") }, reason: "Cold" }),
];

import { expect, test } from "vitest";
import { checkBilled } from "./billed.ts";
import { businessDate, checkDates } from "./dates.ts";
import { checkEnds } from "./ends.ts";
import { checkFigures, type Figures } from "./figures.ts";
import type { Finding, History } from "./history.ts";
import { checkMade } from "./made.ts";
import { madeVisit, TAPS, type Harm } from "./made-visit.ts";
import { expectedPostings } from "./money.ts";
import { checkSlipLines } from "./slip-lines.ts";
import { checkTold } from "./told.ts";
import { checkTotals } from "./totals.ts";

const merchant = "mer_1";
const date = "2026-11-20";
const FIGURES: Figures = {
  tenders: [{ merchant, date, method: "cash", payments: "1", amount: "3380", rounding: "0", tips: "0" }],
  refunds: [{ merchant, date, method: "cash", refunds: "1", amount: "100", rounding: "0" }],
  taxes: [{ merchant, date, returned: "false", code: "food", rate: "0.1", base: "3073", tax: "307" }, { merchant, date, returned: "true", code: "food", rate: "0.10", base: "91", tax: "9" }],
  days: [{ merchant, date, net: "2766", charge: "307", tax: "307", off: "307", returned: "91", returned_tax: "9" }],
  journals: [{ journal_id: "chk_1/sale", event_id: "evt_17", date }],
  entries: [{ account: "2100", check: "chk_1", amount: "-307" }, { account: "4050", check: "chk_1", amount: "-307" }, { account: "4100", check: "chk_1", amount: "307" }],
};

const cell = (...texts: readonly string[]) => ({ kind: "columns", cells: texts.map((text) => ({ text })) });
const burger = [cell("2x", "Burger, Double"), ...["EXTRA bacon", "! Rare"].map((text) => ({ kind: "text", text, indent: 6 })), { kind: "text", text: " ALLERGY: Nuts " }];
const TICKET = [cell("Grill", "20:01"), ...burger, ...burger, cell("Grill 1", "slip 1")];
const RECEIPT = [cell("2x", "Burger Double", "33.80"), { kind: "text", text: "Bacon", indent: 5 }, cell("Subtotal", "33.80"), cell("TOTAL EUR", "33.80"), cell("Cash", "33.80"), cell("  Given", "40.00"), cell("  Change", "6.20")];

type Slips = Parameters<typeof checkSlipLines>[1];
const slips = (ticket: readonly object[] = TICKET, receipt: readonly object[] = RECEIPT) =>
  [{ id: "prt_1", kind: "ticket", source_event: "evt_8", reprint_of: null, slip: { lines: ticket } }, { id: "prt_2", kind: "receipt", source_event: "evt_17", reprint_of: null, slip: { lines: receipt } }] as unknown as Slips;

const devices = [{ sent: TAPS }];
const CHECKS = {
  billed: checkBilled,
  dates: checkDates,
  ends: (history) => checkEnds(history, devices),
  figures: (history) => checkFigures(history, FIGURES),
  made: checkMade,
  slips: (history) => checkSlipLines(history, slips()),
  told: (history) => checkTold(history, devices),
  totals: checkTotals,
} as const satisfies Readonly<Record<string, (history: History) => readonly Finding[]>>;

test.each(Object.entries(CHECKS))("a visit at which nothing went wrong leaves %s nothing to say", (_, check) => {
  expect(check(madeVisit())).toEqual([]);
});

const HARMS: readonly (readonly [what: string, check: keyof typeof CHECKS, harm: Harm, finding: RegExp])[] = [
  ["an item that is on no bill", "billed", { type: "sale.check.updated", nth: 1, from: '"shr_2"', to: '"shr_2","shr_1"' }, /^item itm_1 \(Burger\) is ordered and on no bill/],
  ["a void that stays on the bill", "billed", { type: "sale.check.updated", nth: 1 }, /^item itm_2 \(Burger Double\) is billed, and is not ordered or is void/],
  ["a share of twice its price", "billed", { type: "sale.check.updated", from: '"1690"', to: '"3380"' }, /^item itm_1 .* is billed for 6760, and is 2 at 1690/],
  ["a share of fewer", "billed", { type: "sale.check.updated", from: '"quantity":"2"', to: '"quantity":"1"' }, /^item itm_1 .* is billed as 1 at 1690 taxed 0.1, and was ordered as 2/],
  ["half an item", "billed", { type: "sale.check.updated", from: '"denominator":1', to: '"denominator":2' }, /^item itm_1 .* is billed 1\/2 times/],
  ["a receipt that reads otherwise", "billed", { type: "sale.check.closed", from: '"name":"Burger Double"', to: '"name":"Steak"' }, /^line of sale.check.closed evt_17: 2x Burger Double 3380 is there 0 times/],
  ["another tax", "totals", { type: "sale.check.closed", from: '"tax":"307"', to: '"tax":"306"' }, /^the bill of ord_1: its tax is 306, not 307/],
  ["a bill that is too low", "totals", { type: "sale.check.closed", from: '"total":"3380"', to: '"total":"3370"' }, /^the bill of ord_1: its total is 3370, not 3380/],
  ["more off than was given", "totals", { type: "sale.check.closed", from: '"amount":"338"', to: '"amount":"438"' }, /^the bill of ord_1: what was taken off it is 438, not 338/],
  ["a ticket of fewer", "made", { type: "sale.kitchen-ticket.created", from: '"quantity":"2"', to: '"quantity":"1"' }, /^ticket tkt_1: quantity of itm_1 is "1", not "2"/],
  ["a ticket without what was chosen", "made", { type: "sale.kitchen-ticket.created", from: '["EXTRA bacon"]', to: "[]" }, /^ticket tkt_1: modifiers of itm_1 is \[\], not/],
  ["something else sent than entered", "made", { type: "sale.order.sent", from: '"notes":"Rare"', to: '"notes":null' }, /^sale.order.sent evt_7: notes of itm_1 is null, not "Rare"/],
  ["fewer than were tapped", "told", { type: "sale.order.itemsAdded", from: '"quantity":"2"', to: '"quantity":"1"' }, /^order.addItems add: quantity of item itm_1 is "1", not "2"/],
  ["a price that is not the menu's", "told", { type: "sale.order.itemsAdded", from: '"unitPrice":{"amount":"1490"', to: '"unitPrice":{"amount":"1390"' }, /^order.addItems add: unitPrice of item itm_1/],
  ["a variant without its recipe", "told", { type: "sale.order.itemsAdded", from: '"recipe":[{"ingredient":"ing_1","quantity":"270"}]', to: '"recipe":[]' }, /^order.addItems add: recipe of item itm_1/],
  ["what was to be held and was fired", "told", { type: "sale.order.sent", from: '"fired":false', to: '"fired":true' }, /^order.send send: item itm_1 was fired, and was to be held/],
  ["a course that is left", "told", { type: "sale.order.courseFired", from: '"item":"itm_1"', to: '"item":"itm_9"' }, /^order.fireCourse fire: items that it fired are itm_9, not itm_1/],
  ["another void than was tapped", "told", { type: "sale.order.itemVoided", from: '"item":"itm_2"', to: '"item":"itm_1"' }, /^order.voidItem void: item of what was voided is "itm_1", not "itm_2"/],
  ["too much change", "told", { type: "payment.transaction.created", from: '"change":{"amount":"620"', to: '"change":{"amount":"720"' }, /^payment.takeCash cash: amount of its change is "720", not "620"/],
  ["another sum in the drawer", "told", { type: "cash.drawer.cashTaken", from: '"3380"', to: '"3280"' }, /^payment.takeCash cash: amount of what came into the drawer/],
  ["half a refund", "told", { type: "payment.refund.created", from: '"total":"100"', to: '"total":"50"' }, /^payment.refund refund: total of refund rfd_1 is "50", not "100"/],
  ["a bump that did nothing", "ends", { type: "sale.kitchen-ticket.completed" }, /^ticket.bump bump was answered with a yes, and tkt_1 has no sale.kitchen-ticket.completed/],
  ["a course that was not fired", "ends", { type: "sale.order.courseFired" }, /^order.fireCourse fire was answered with a yes, and ord_1 has no sale.order.courseFired/],
  ["tomorrow's date", "dates", { type: "sale.check.closed", from: '"businessdate":"2026-11-20"', to: '"businessdate":"2026-11-21"' }, /^sale.check.closed evt_17 is dated 2026-11-21, not 2026-11-20/],
  ["another method's money", "figures", { type: "payment.attempt.success", from: '"method":"cash"', to: '"method":"qr"' }, /^day of a method: mer_1 2026-11-20 qr: 1 for 3380/],
  ["a refund that is not in the day", "figures", { type: "payment.refund.success" }, /^day of refunds: mer_1 2026-11-20 cash: 1 for 100, .* is there 1 times, not 0/],
  ["another tax than was sold", "figures", { type: "sale.check.closed", from: '"tax":"307"', to: '"tax":"208"' }, /^account of a sale: 2100 of chk_1: -208 is there 0 times/],
  ["an item that is not on the slip", "slips", { type: "sale.kitchen-ticket.created", from: '"items":[{', to: '"items":[{"item":"itm_9","name":"Salad","quantity":"1","variant":null,"seat":null,"modifiers":[],"notes":null,"allergy":[]},{' }, /^line of slip prt_1 \(ticket\): 1x \| Salad is there 0 times/],
];

test.each(HARMS)("the checker reports %s", (_, check, harm, finding) => {
  expect(CHECKS[check](madeVisit(harm))).toContainEqual(expect.stringMatching(finding));
});

test("the checker reports a slip that says one of two equal lines, or another change", () => {
  expect(checkSlipLines(madeVisit(), slips(TICKET.filter((_, i) => i < 1 || i > 4)))).toContainEqual(expect.stringMatching(/^line of slip prt_1 \(ticket\): 2x \| Burger, Double \| EXTRA bacon \| ! Rare \| ALLERGY: Nuts is there 1 times, not 2/));
  expect(checkSlipLines(madeVisit(), slips(TICKET, RECEIPT.slice(0, -1)))).toEqual(["line of slip prt_2 (receipt): Change | 6.20 is there 0 times, not 1"]);
});

test("the checker reports a yes for which nothing was written, but of what was so already", () => {
  const nothing = (type: string) => [{ sent: TAPS.map((tap) => (tap.type === type && tap.answer?.ok === true ? { ...tap, answer: { ...tap.answer, at: null } } : tap)) }];
  expect(checkEnds(madeVisit(), nothing("order.fireCourse"))).toEqual(["order.fireCourse fire was answered with a yes, and wrote nothing"]);
  expect(checkEnds(madeVisit(), nothing("ticket.bump"))).toEqual([]);
  const early = [{ sent: TAPS.map((tap) => (tap.type === "ticket.bump" ? { ...tap, answeredAt: Date.parse("2026-11-20T20:00:00.000Z") } : tap)) }];
  expect(checkEnds(madeVisit(), early)).toHaveLength(1);
});

test("the checker reports figures of another day, method or account", () => {
  const found = (changes: Partial<Figures>) => checkFigures(madeVisit(), { ...FIGURES, ...changes });
  expect(found({ journals: FIGURES.journals.map((journal) => ({ ...journal, date: "2026-11-19" })) })).toEqual(["journal chk_1/sale is dated 2026-11-19, its event 2026-11-20"]);
  expect(found({ refunds: FIGURES.refunds.map((row) => ({ ...row, refunds: "0", amount: "0" })) })).toHaveLength(2);
  expect(found({ entries: FIGURES.entries.map((entry) => (entry.account === "2100" ? { ...entry, account: "4050" } : entry)) })).toContainEqual("account of a sale: 2100 of chk_1: -307 is there 0 times, not 1");
  expect(found({ days: [] })).toHaveLength(1);
  expect(found({ taxes: [] })).toHaveLength(2);
});

test("what was said to have gone back and had not is taken out of its day's figures", () => {
  const payout = { payment: "pay_1", by: "same", method: "card-terminal", ...Object.fromEntries(Object.entries({ amount: "300", tip: "20", rounding: "0" }).map(([what, amount]) => [what, { amount, currency: "EUR" }])) };
  const told = [{ type: "payment.refund.success", data: { payout } }, { type: "payment.refund.contradictionResolved", data: { payout, outcome: "not-paid" } }, { type: "payment.refund.contradictionResolved", data: { payout, outcome: "paid" } }];
  const history = { all: [], of: (...types: readonly string[]) => told.filter(({ type }) => types.includes(type)).map((event) => ({ ...event, merchantid: merchant, businessdate: date })) } as unknown as History;
  const empty = Object.fromEntries(Object.keys(FIGURES).map((table) => [table, []])) as unknown as Figures;
  const row = { merchant, date, method: "card-terminal", refunds: "1", amount: "0", rounding: "0" };
  expect(checkFigures(history, { ...empty, refunds: [row] })).toEqual([]);
  expect(checkFigures(history, { ...empty, refunds: [{ ...row, amount: "320" }] })).toHaveLength(2);
});

test("a payout that was found not to be paid, and was paid then, has a journal for each", () => {
  const payout = { payment: "pay_1" };
  const told = [
    { id: "evt_1", type: "payment.refund.success", data: { payout } },
    { id: "evt_2", type: "payment.refund.contradictionResolved", data: { payout, outcome: "not-paid" } },
    { id: "evt_3", type: "payment.refund.success", data: { payout, round: 1 } },
    { id: "evt_4", type: "payment.refund.contradictionResolved", data: { payout, outcome: "not-paid", round: 1 } },
    { id: "evt_5", type: "payment.refund.contradictionResolved", data: { payout, outcome: "paid", round: 1 } },
  ];
  const history = { of: (...types: readonly string[]) => told.filter(({ type }) => types.includes(type)) } as unknown as History;
  expect([...expectedPostings(history)].sort()).toEqual(["evt_1 as paid-pay_1", "evt_2 as not-paid-pay_1", "evt_3 as paid-pay_1-1", "evt_4 as not-paid-pay_1-1"]);
});

test("a day begins at the cut-over of its place's own clock", () => {
  expect(businessDate("2026-11-21T02:59:59.000Z", "Europe/Rome", "04:00")).toBe("2026-11-20");
  expect(businessDate("2026-11-21T03:00:00.000Z", "Europe/Rome", "04:00")).toBe("2026-11-21");
  expect(businessDate("2026-11-21T07:30:00.000Z", "America/New_York", "03:00")).toBe("2026-11-20");
});

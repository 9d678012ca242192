import { describe, expect, test } from "vitest";
import type { Ticket } from "#shared/events/sale-ticket.ts";
import type { SlipLine } from "../escpos/slip.ts";
import { ticketModel } from "./from-events.ts";
import { kitchenSlip, withBanner, type KitchenSlipModel } from "./kitchen-slip.ts";
import { moneyText, percentText } from "./money-text.ts";

const MODEL: KitchenSlipModel = {
  banners: [],
  label: "T5",
  ticketNumber: 47,
  stationName: "Grill",
  stationNumber: 17,
  slipNumber: 23,
  time: "19:20",
  server: "Ana",
  serviceType: "dine_in",
  promisedAt: null,
  customer: null,
  course: 2,
  items: [{ quantity: "1", name: "Burger", variant: "medium", seat: 1, modifiers: ["NO onions"], notes: "cut in half", allergy: ["nuts"] }],
  void: null,
};

function texts(lines: readonly SlipLine[]): string[] {
  return lines.flatMap((line) => (line.kind === "text" ? [line.text] : line.kind === "columns" ? [line.cells.map((cell) => cell.text).join("|")] : []));
}

describe("kitchen slips", () => {
  test("say what, for whom, where and when, in that order of size", () => {
    expect(texts(kitchenSlip(MODEL).lines)).toEqual(["T5", "#47", "Grill|19:20", "Ana|Course 2", "1x|Burger, medium|S1", "NO onions", "! cut in half", " ALLERGY: nuts ", "Grill 17|slip 23"]);
  });
  test("an allergy is inverted, a banner too", () => {
    const { lines } = kitchenSlip({ ...MODEL, banners: [{ kind: "ADD" }] });
    expect(lines.filter((line) => line.kind === "text" && line.invert).map((line) => (line.kind === "text" ? line.text : ""))).toEqual([" ADD ", " ALLERGY: nuts "]);
  });
  test("a pickup says who, for when, and that it leaves the house", () => {
    expect(texts(kitchenSlip({ ...MODEL, serviceType: "takeaway", customer: "Mike", promisedAt: "19:50" }).lines)).toEqual(expect.arrayContaining(["TAKEAWAY", "Mike", "for 19:50"]));
  });
  test.each([
    [{ kind: "VOID" }, " VOID "],
    [{ kind: "TEST" }, " TEST "],
    [{ kind: "REPRINT", mayBeDuplicate: true }, " REPRINT - may be a duplicate "],
    [{ kind: "REPRINT", mayBeDuplicate: false }, " REPRINT "],
    [{ kind: "BACKUP", for: "Grill" }, " BACKUP FOR Grill "],
  ] as const)("%o stands on top", (banner, text) => {
    expect(texts(withBanner(kitchenSlip(MODEL), banner).lines)[0]).toBe(text);
  });
  test("failures-elsewhere 12: a slip without an item is never made", () => {
    expect(() => kitchenSlip({ ...MODEL, items: [] })).toThrow("without an item");
  });
});

describe("a table that is a number", () => {
  const ticket: Ticket = {
    number: 47, station: "sta_1", stationName: "Grill", stationNumber: 17, order: "ord_1", label: "5", serviceType: "dine_in", promisedAt: null, customer: null, server: "Ana", course: 1, held: false, mark: "NEW",
    items: [{ item: "itm_1", name: "Burger", variant: null, quantity: "1", seat: null, modifiers: [], notes: null, allergy: [] }],
  };
  const label = (more: Partial<Ticket>) => ticketModel({ ...ticket, ...more }, 1, "2026-11-20T18:00:00.000Z", { zone: "Europe/Rome", locale: "en" }).label;

  test("is called a table on paper, and a number that is called out is not", () => {
    expect([label({}), label({ label: "10+11" }), label({ label: "Tab Mike" }), label({ label: "47", serviceType: "takeaway" })]).toEqual(["Table 5", "Table 10+11", "Tab Mike", "47"]);
  });
});

describe("amounts", () => {
  test.each([
    ["1150", "EUR", 2, "en", "11.50"],
    ["-5", "EUR", 2, "en", "-0.05"],
    ["65000", "VND", 0, "vi", "65.000"],
    ["123456789", "EUR", 2, "de", "1.234.567,89"],
    ["123456789", "EUR", 2, "fr", "1 234 567,89"],
    ["-5", "SEK", 2, "sv", "-0,05"],
    ["1500", "KWD", 3, "en", "1.500"],
    ["199950", "COP", 0, "en", "2,000"],
    ["99999999999999999", "EUR", 2, "en", "999,999,999,999,999.99"],
  ] as const)("%s minor units of %s with %i digits in %s: %s", (amount, currency, digits, locale, text) => {
    expect(moneyText({ amount, currency }, digits, locale)).toBe(text);
  });
  test.each([["0.08", "8"], ["0.0875", "8.75"], ["0", "0"], ["0.1", "10"], ["0.055", "5.5"]])("a rate of %s is %s%%", (rate, percent) => {
    expect(percentText(rate)).toBe(percent);
  });
});

import { z } from "zod";
import { productKind } from "./catalog-menu.ts";
import { policies } from "./commerce.ts";
import { event, type EventOf } from "./define.ts";
import { id, money, person, quantity, seat, text } from "./primitives.ts";
import { taxRate } from "./commerce.ts";

/** DOM-10: an exact part of an order's item, with what the bill needs of it. */
export const share = z.object({
  share: id("share"),
  order: id("order"),
  item: id("item"),
  /** numerator / denominator of the item; an item's shares sum to 1. */
  numerator: z.number().int().min(1),
  denominator: z.number().int().min(1),
  name: text(80),
  /** The item's whole quantity and price of one, modifiers included. */
  quantity,
  unitPrice: money,
  modifiers: z.array(z.object({ name: text(60), price: money })).max(60),
  tax: taxRate,
  seat,
  /** A gift card sold: no revenue, tax, discount or service charge (DOM-8). */
  kind: productKind.optional(),
  /** Shares of one combo move together (DOM-6). */
  combo: z.object({ combo: id("item"), name: text(40) }).optional(),
});
export const checkTotals = z.object({
  currency: z.string(),
  /** List price of the goods, tax taken out where it was inside. */
  net: z.string(),
  serviceCharge: z.string(),
  taxes: z.array(z.object({ code: z.string(), name: z.string(), rate: z.string(), inclusive: z.boolean(), base: z.string(), tax: z.string() })),
  tax: z.string(),
  /** Gift cards sold: a liability, in the total and in nothing else. Absent: none. */
  storedValue: z.string().optional(),
  /** net + serviceCharge + tax + storedValue. */
  total: z.string(),
  paid: z.string(),
  due: z.string(),
});
export const paymentMethod = z.enum(["cash", "card-manual", "card-terminal", "qr", "voucher", "gift-card", "house-account"]);
export const tender = z.object({
  payment: id("payment"),
  method: paymentMethod,
  amount: money,
  tip: money,
  tendered: money.nullable(),
  change: money.nullable(),
  /** What cash rounding added to (positive) or took from what was due. */
  roundingDifference: money,
  /** The number on the terminal's slip. */
  slip: z.string().nullable(),
  /** Of `card-terminal` and `qr`: whom the merchant has connected. */
  provider: z.string().optional(),
  /** The part of the check that it pays; absent: the check as a whole. */
  part: z.string().max(40).optional(),
  /** What names it to people: the voucher's code, the gift card, the house account's name, the provider's number. */
  reference: z.string().max(80).optional(),
  /** The stream behind it, when there is one: house account, gift card. */
  account: z.string().max(60).optional(),
  /** Whose tip it is; absent: that of the check's waiter (DOM-14). */
  tipFor: person.optional(),
});
export const receipt = z.object({
  number: z.string(),
  merchant: z.object({ name: text(60), address: z.array(z.string()) }),
  label: text(30),
  server: z.string(),
  openedAt: z.string(),
  lines: z.array(z.object({ name: z.string(), quantity: z.string(), amount: money, modifiers: z.array(z.string()) })),
  totals: checkTotals,
  tenders: z.array(tender),
  displayDigits: z.number().int(),
  copy: z.number().int().min(0),
});

export const saleCheckEvents = [
  event("sale.check.created", 1, z.object({ order: id("order"), party: id("party").nullable(), label: text(30), serviceType: z.enum(["dine_in", "takeaway", "delivery"]), currency: z.string(), policies, server: person, origin: z.enum(["order", "split"]) })),
  event("sale.check.updated", 1, z.object({ added: z.array(share).max(200), changed: z.array(share).max(200), removed: z.array(id("share")).max(200) })),
  event("sale.check.presented", 1, z.object({ number: z.number().int(), totals: checkTotals, receipt })),
  event("sale.check.paymentApplied", 1, z.object({ tender, by: person })),
  /** What is due has reached zero. */
  event("sale.check.paid", 1, z.object({ totals: checkTotals, tenders: z.array(tender) })),
  event("sale.check.closed", 1, z.object({ number: z.string(), order: id("order"), totals: checkTotals, tenders: z.array(tender), receipt, by: person })),
  event("sale.check.receiptRequested", 1, z.object({ receipt, by: person })),
  /** Nothing was ever owed on it, or all of it was voided. */
  event("sale.check.voided", 1, z.object({ reason: text(80) })),
  /** Gapless receipt numbers: one stream per merchant and series (DOM-18). */
  event("sale.series.advanced", 1, z.object({ series: z.string(), number: z.number().int().min(1), check: id("check") })),
] as const;
export type SaleCheckEvent = EventOf<typeof saleCheckEvents>;
export type Share = z.infer<typeof share>;
export type CheckTotals = z.infer<typeof checkTotals>;
export type PaymentMethod = z.infer<typeof paymentMethod>;
export type Tender = z.infer<typeof tender>;
export type Receipt = z.infer<typeof receipt>;

import { z } from "zod";
import { productKind } from "./catalog-menu.ts";
import { policies } from "./commerce.ts";
import { event, type EventOf } from "./define.ts";
import { id, money, person, quantity, seat, text } from "./primitives.ts";
import { taxRate } from "./commerce.ts";

const minor = z.string().regex(/^-?(0|[1-9]\d{0,17})$/);
export const adjustmentKind = z.enum(["discount", "comp", "staff-meal"]);
/** What an adjustment takes off one share, in minor units. `rate` of what was left before it; null: an amount, which never grows. */
export const cut = z.object({ adjustment: id("adjustment"), kind: adjustmentKind, rate: z.string().nullable(), amount: minor });
/** DOM-12: the service charge that a line bears wherever it lies. `removed`: a person took it off, and can put it back. */
export const lineCharge = z.object({ rate: z.string(), removable: z.boolean(), afterDiscount: z.boolean(), tax: taxRate.nullable(), removed: z.literal(true).optional() });
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
  /** What this part bears of the line's listed price, minor units: parts sum to the line. Absent: the whole line, or its fraction rounded. */
  amount: minor.optional(),
  /** Discounts and the like, in the order they were given. Absent: none. */
  cuts: z.array(cut).max(20).optional(),
  /** The check whose taxes and charges it is rounded with: the one it was entered on. Absent: the family of the check it stands on. */
  root: id("check").optional(),
  /** Of what came from a check with another service charge: that one, null for none. Absent: the charge of the check it stands on. */
  charge: lineCharge.nullable().optional(),
});
/** Given to a whole check: a rate covers later items too, an amount does not (DOM-8). */
export const adjustment = z.object({
  adjustment: id("adjustment"),
  kind: adjustmentKind,
  scope: z.enum(["check", "lines"]),
  rate: z.string().nullable(),
  amount: money.nullable(),
  reason: text(80),
  by: person,
  approvedBy: person,
});
/** The service charge that this check bears in place of its policy's; null: it was removed, or its party is too small. */
export const checkCharge = z.object({ rate: z.string(), removable: z.boolean() });
/** DOM-11: what a check was given of charge and taxes that are rounded over its family, per `root`. Minor units. */
export const allotted = z
  .array(
    z.object({
      root: id("check"),
      /** As listed: with its tax inside when that is inclusive. */
      charge: minor,
      /** Of the charge, inside it. */
      chargeTax: minor,
      /** Which charges that is, when one of them is not the check's own. */
      charges: z.array(lineCharge.pick({ rate: true, afterDiscount: true, tax: true }).extend({ charge: minor, chargeTax: minor })).max(60).optional(),
      taxes: z.array(z.object({ code: z.string(), name: z.string(), rate: z.string(), inclusive: z.boolean(), tax: minor })).max(60),
    }),
  )
  .max(60);
/** Equally and by amount: payment parts of one check (DOM-10). `equal` parts share what the fixed ones leave. */
export const checkPart = z.object({
  part: id("part"),
  name: text(30),
  /** Fixed; null: an equal part of the rest. */
  amount: money.nullable(),
});
export const operationKind = z.enum(["split", "share", "merge", "move", "parts", "order-merge", "order-split", "join", "hand-over"]);
/** `charge`: the service charge that the part bears there; absent when all parts of its item bear the same. */
const placed = z.object({ check: id("check"), share: id("share"), item: id("item"), numerator: z.number().int().min(1), denominator: z.number().int().min(1), amount: minor.optional(), cuts: z.array(cut).max(20).optional(), root: id("check"), charge: lineCharge.nullable().optional() });
/** What a piece of surgery did, kept on each check it touched, so that it can be undone exactly. */
export const operation = z.object({
  operation: id("operation"),
  kind: operationKind,
  by: person,
  checks: z.array(id("check")).max(60),
  created: z.array(id("check")).max(60),
  /** What went whole, the item's only part that moved: from one check to another. */
  moves: z.array(z.object({ item: id("item"), from: id("check"), to: id("check"), share: id("share"), numerator: z.number().int().min(1), denominator: z.number().int().min(1) })).max(4000),
  /** The items' shares wherever they were, before and after, of the other items: while they are as `after`, undoing is putting `before` back. */
  before: z.array(placed).max(4000),
  after: z.array(placed).max(4000),
  /** DOM-11: what the checks concerned were given before and after. */
  allotted: z.array(z.object({ check: id("check"), before: allotted, after: allotted })).max(60).optional(),
  /** Payments that went from one check to another with a merge. */
  payments: z.array(id("payment")).max(200),
  /** Orders whose new items went to the merged check. */
  orders: z.array(id("order")).max(60).optional(),
  /** The names of a check that was moved. */
  header: z.object({ label: text(30), party: id("party").nullable(), server: person }).optional(),
  /** The payment parts that the check had before it was divided otherwise. */
  parts: z.array(checkPart).max(60).optional(),
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
  /** List price of all lines, before adjustments, as the menu shows it. */
  subtotal: z.string().optional(),
  /** What was taken off, per kind: `amount` as listed, `net` without the tax inside. 4000 list net = net + the sum of these nets. Absent: nothing. */
  adjustments: z.array(z.object({ kind: adjustmentKind, amount: z.string(), net: z.string() })).optional(),
  /** A fraction of one; absent: no charge. */
  serviceChargeRate: z.string().optional(),
  /** `taxOnSplit: own-receipt`: what this receipt's own rounding differs from its part of the family's. Absent: nothing. */
  rounding: z.string().optional(),
  /** net + serviceCharge + tax + storedValue + rounding. */
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
  /** Whose tip it is (DOM-14): who was named, else the waiter whose check it was then. */
  tipFor: person.optional(),
  /** It goes into the pool: the policy says so and nobody was named. */
  tipPool: z.literal(true).optional(),
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
  /** Payment parts, as they were; a tender names the part that it paid. Absent: the check is one. */
  parts: z.array(z.object({ part: id("part"), name: text(30), amount: money, paid: money })).max(60).optional(),
  displayDigits: z.number().int(),
  copy: z.number().int().min(0),
});

/** What changed on one check. Undefined fields stay as they are. */
const shareChanges = { added: z.array(share).max(1000), changed: z.array(share).max(1000), removed: z.array(id("share")).max(1000) };
const delta = {
  ...shareChanges,
  /** Null: it stands alone again and rounds for itself. */
  allotted: allotted.nullable().optional(),
  /** The check that names the members of the family; `members` on that check only. */
  family: id("check").nullable().optional(),
  members: z.array(id("check")).max(60).optional(),
  adjustments: z.array(adjustment).max(50).optional(),
  /** Undefined: as before. Null: none is charged. `policy`: what the policy says. */
  charge: z.union([checkCharge, z.null(), z.literal("policy")]).optional(),
  parts: z.array(checkPart).max(60).optional(),
  /** Seats whose new items come here (DOM-10). */
  seats: z.array(z.number().int().min(1).max(20)).max(20).optional(),
  header: z.object({ label: text(30), party: id("party").nullable(), server: person, order: id("order") }).optional(),
};

export const saleCheckEvents = [
  event(
    "sale.check.created",
    1,
    z.object({
      order: id("order"), party: id("party").nullable(), label: text(30), serviceType: z.enum(["dine_in", "takeaway", "delivery"]), currency: z.string(), policies, server: person,
      origin: z.enum(["order", "split", "merge"]),
      /** Of a split: the family it is born into. */
      family: id("check").optional(),
      charge: checkCharge.nullable().optional(),
    }),
  ),
  /** `operation`: the surgery that this is a part of; kept, so that it can be undone. `why`: for the timeline. */
  event(
    "sale.check.updated",
    1,
    z.object({
      ...delta,
      why: z.enum(["split", "share", "move", "adjust", "adjustment-removed", "charge-removed", "charge-restored", "parts", "covers", "order-merge", "order-split", "family", "hand-over", "void"]).optional(),
      operation: operation.optional(),
      by: person.optional(),
      reason: text(80).optional(),
    }),
  ),
  /** On the source, which is over (`from` is itself, its shares and tenders leave), and on the target (`into` is itself). `tenders`: the money that went along. */
  event("sale.check.merged", 1, z.object({ ...delta, operation, from: id("check"), into: id("check"), tenders: z.array(tender), outdated: z.boolean().optional(), by: person })),
  /** Undoes the operation named, on each check that it touched. A merged source is open again; a check that a split made and that is empty now is void. `tenders`: money that goes back along. */
  event("sale.check.rolledBack", 1, z.object({ ...delta, operation: id("operation"), kind: operationKind, from: id("check").optional(), into: id("check").optional(), tenders: z.array(tender), reopened: z.boolean(), emptied: z.boolean(), by: person })),
  event("sale.check.presented", 1, z.object({ number: z.number().int(), totals: checkTotals, receipt })),
  event("sale.check.paymentApplied", 1, z.object({ tender, by: person })),
  /** What is due has reached zero. */
  event("sale.check.paid", 1, z.object({ totals: checkTotals, tenders: z.array(tender) })),
  event("sale.check.closed", 1, z.object({ number: z.string(), order: id("order"), totals: checkTotals, tenders: z.array(tender), receipt, by: person })),
  event("sale.check.receiptRequested", 1, z.object({ receipt, by: person })),
  /** Nothing was ever owed on it, or all of it was voided. */
  event("sale.check.voided", 1, z.object({ reason: text(80) })),
  /** With the order: what it and its parts were called. */
  event("sale.check.guestErased", 1, z.object({ reason: text(200), by: person })),
  /** Gapless receipt numbers: one stream per merchant and series (DOM-18). */
  event("sale.series.advanced", 1, z.object({ series: z.string(), number: z.number().int().min(1), check: id("check") })),
] as const;
export type SaleCheckEvent = EventOf<typeof saleCheckEvents>;
export type Share = z.infer<typeof share>;
export type LineCharge = z.infer<typeof lineCharge>;
export type Cut = z.infer<typeof cut>;
export type Adjustment = z.infer<typeof adjustment>;
export type AdjustmentKind = z.infer<typeof adjustmentKind>;
export type Allotted = z.infer<typeof allotted>;
export type CheckPart = z.infer<typeof checkPart>;
export type CheckCharge = z.infer<typeof checkCharge>;
export type Operation = z.infer<typeof operation>;
export type OperationKind = z.infer<typeof operationKind>;
export type CheckTotals = z.infer<typeof checkTotals>;
export type PaymentMethod = z.infer<typeof paymentMethod>;
export type Tender = z.infer<typeof tender>;
export type Receipt = z.infer<typeof receipt>;

import { z } from "zod";
import { event, type EventOf } from "./define.ts";
import { businessDate, id, listPrice, localTime, person, rate, serviceType, text } from "./primitives.ts";

export const taxRate = z.object({ code: z.string().regex(/^[a-z0-9-]{1,20}$/), name: text(30), rate, inclusive: z.boolean() });
/** A larger party pays another rate. DOM-12: the party's covers count, never a split check's. */
export const chargeBySize = z.object({ minCovers: z.number().int().min(2).max(99), rate, removable: z.boolean() });
export const serviceCharge = z.object({
  /** "0": only larger parties pay. */
  rate,
  taxCode: z.string().nullable(),
  removable: z.boolean(),
  beneficiary: z.enum(["house", "staff"]),
  serviceTypes: z.array(serviceType),
  /** The rule with the most covers that the party reaches replaces rate and removable. */
  bySize: z.array(chargeBySize).max(5).optional(),
  /** What it is a part of. Absent: before discounts. */
  base: z.enum(["before-discount", "after-discount"]).optional(),
});
/** Absent: no suggestions, before the card is charged, the waiter's. */
export const tips = z.object({
  /** Rates that the screen and the slip offer. */
  suggestions: z.array(rate).max(5),
  /** The slip has a line for the tip: a card is authorised, adjusted, then captured. */
  afterAuthorisation: z.boolean(),
  recipient: z.enum(["server", "pool"]),
});
export const rounding = z.object({
  mode: z.enum(["half-up", "half-even", "down"]),
  level: z.enum(["line", "check"]),
  /** The smallest amount that is charged, in minor units: 100 for whole rupiah. Absent on a check: 1; in a place's policies: what its screens show. */
  unit: z.number().int().min(1).max(100_000).optional(),
});
/** Several entries may share a code: the first one whose `serviceTypes` (absent: all) has the item's taxes it, so that a meal taken away is taxed otherwise. */
export const policyTax = taxRate.extend({ serviceTypes: z.array(serviceType).min(1).max(3).optional() });
/** What a place decides about money. The check freezes it when it opens (DOM-9). */
export const policies = z.object({
  taxes: z.array(policyTax).min(1).max(20),
  serviceCharge: serviceCharge.nullable(),
  rounding,
  /** Smallest cash amount in minor units: 1 for none, 5 for 0.05. */
  cashStep: z.number().int().min(1).max(100_000),
  tips: tips.optional(),
  /** DOM-11. Absent: family. */
  taxOnSplit: z.enum(["family", "own-receipt"]).optional(),
});

/** ISO: 1 is Monday. */
const weekday = z.number().int().min(1).max(7);
/**
 * A happy hour. It begins on the named days at `from` in the merchant's zone and ends at `to`, the next day when that is earlier; an item keeps
 * the price it was entered at (DOM-9). Prices of modifiers stay.
 */
export const priceRule = z.object({
  rule: z.string().regex(/^[a-z0-9-]{1,40}$/),
  name: text(40),
  days: z.array(weekday).min(1).max(7),
  from: localTime,
  to: localTime,
  /** A product that is named, or whose category is. */
  products: z.array(id("product")).max(200),
  categories: z.array(id("category")).max(50),
  serviceTypes: z.array(serviceType).min(1).max(3).optional(),
  change: z.discriminatedUnion("kind", [z.object({ kind: z.literal("percent-off"), rate }), z.object({ kind: z.literal("amount-off"), amount: listPrice }), z.object({ kind: z.literal("price"), price: listPrice })]),
});

export const station = z.object({ station: id("station"), name: text(30), kind: z.enum(["prep", "pass"]) });
export const printer = z.object({
  printer: id("printer"),
  name: text(30),
  host: z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/),
  port: z.number().int().min(1).max(65_535),
  profile: z.string().regex(/^[a-z0-9-]{1,40}$/),
  /** Kitchen tickets of these stations. */
  stations: z.array(id("station")).max(20),
  receipts: z.boolean(),
});
/** The first rule whose given fields all match an item names its stations; a product before its category before all. */
export const routeRule = z.object({
  product: id("product").optional(),
  category: id("category").optional(),
  serviceType: serviceType.optional(),
  stations: z.array(id("station")).max(5),
});
/** A place whose zone nobody knows could not tell any command's business date (DOM-17). */
function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

export const merchantProfile = z.object({
  name: text(60),
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** Decimals on the screen; the stored exponent is ISO's. */
  displayDigits: z.number().int().min(0).max(3),
  zone: z.string().regex(/^[A-Za-z_+-]+(\/[A-Za-z0-9_+-]+)*$/).refine(isZone, { error: "must be an IANA time zone" }),
  cutOver: localTime,
  locale: z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/),
  address: z.array(text(60)).max(4),
});

export const commerceEvents = [
  event("commerce.organizer.created", 1, z.object({ name: text(60) })),
  event("commerce.merchant.created", 1, merchantProfile),
  /** The merchant is set up: accounts, stock and numbering begin. */
  event("commerce.initialized", 1, z.object({ merchant: id("merchant"), currency: z.string() })),
  event("commerce.policies.changed", 1, policies),
  /** All of it but the currency, which what was sold is in. */
  event("commerce.profile.changed", 1, merchantProfile.omit({ currency: true })),
  /** All rules; the first that fits an item prices it. */
  event("commerce.price-rules.changed", 1, z.object({ rules: z.array(priceRule).max(50) })),
  event("commerce.station.added", 1, station),
  event("commerce.printer.added", 1, printer),
  event("commerce.routes.changed", 1, z.object({ rules: z.array(routeRule).max(200) })),
  /** DOM-16: the manager has ended the business day `date`, and all before it since `from`. Money that comes later joins the next day. */
  event("commerce.day.closed", 1, z.object({ date: businessDate, from: businessDate.nullable(), number: z.number().int().min(1), report: id("report"), by: person })),
  event("commerce.table.added", 1, z.object({ name: text(10), zone: text(30), seats: z.number().int().min(1).max(50), x: z.number().int().min(0).max(99), y: z.number().int().min(0).max(99), shape: z.enum(["round", "square", "long"]) })),
] as const;
export type CommerceEvent = EventOf<typeof commerceEvents>;
export type Policies = z.infer<typeof policies>;
export type PriceRule = z.infer<typeof priceRule>;
export type ServiceCharge = z.infer<typeof serviceCharge>;
export type Tips = z.infer<typeof tips>;
export type Station = z.infer<typeof station>;
export type PrinterSettings = z.infer<typeof printer>;
export type RouteRule = z.infer<typeof routeRule>;
export type TaxRate = z.infer<typeof taxRate>;
export type MerchantProfile = z.infer<typeof merchantProfile>;

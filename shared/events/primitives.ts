import { z } from "zod";
import { idPattern, ULID_PATTERN, type IdKind } from "#shared/ids.ts";

/** Zod pieces that events and commands share. Doors refuse control characters, NUL and lone surrogates (LOG-3). */
export const id = (kind: IdKind) => z.string().regex(idPattern(kind), { error: `must be an id of a ${kind}` });
export const commandId = z.string().regex(ULID_PATTERN, { error: "must be a ULID" });

function isCleanText(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x0a) continue;
    if (unit < 0x20 || (unit >= 0x7f && unit <= 0x9f)) return false;
    if (unit >= 0xd800 && unit <= 0xdbff) {
      const next = text.charCodeAt(i + 1);
      if (!(next >= 0xdc00 && next <= 0xdfff)) return false;
      i++;
    } else if (unit >= 0xdc00 && unit <= 0xdfff) return false;
  }
  return true;
}

/** One to `max` characters, no control characters except a line feed. */
export const text = (max: number) =>
  z.string().trim().min(1).max(max).refine(isCleanText, { error: "must not hold control characters or broken Unicode" });

/** Minor units as a decimal integer string with an ISO 4217 code: `{ amount: "450", currency: "EUR" }`. */
export const money = z.object({
  amount: z.string().regex(/^-?(0|[1-9]\d{0,17})$/, { error: "must be a whole number of minor units" }),
  currency: z.string().regex(/^[A-Z]{3}$/),
});
export const moneyNotNegative = money.refine((m) => !m.amount.startsWith("-"), { error: "must not be negative" });
/** Bounded, so that a quantity of it with sixty modifiers is still an amount. */
export const listPrice = moneyNotNegative.refine((m) => m.amount.length <= 10, { error: "must have at most 10 digits" });
export const moneyPositive = money.refine((m) => !m.amount.startsWith("-") && m.amount !== "0", { error: "must be more than zero" });
/** What a person enters at a till. Bounded, so that a drawer's sum of it is still an amount. */
export const enteredMoney = moneyNotNegative.refine((m) => m.amount.length <= 10, { error: "must have at most 10 digits" });
export const enteredMoneyPositive = moneyPositive.refine((m) => m.amount.length <= 10, { error: "must have at most 10 digits" });

/** A positive decimal with up to three places, at most 9999: `"2"`, `"0.5"`. */
export const quantity = z
  .string()
  .regex(/^(0|[1-9]\d{0,3})(\.\d{1,3})?$/, { error: "must be a positive decimal of at most 9999, with up to 3 places" })
  .refine((q) => Number(q) > 0, { error: "must be more than zero" });
/** How often a dish is ordered or voided: products are sold by the piece, so a thousandth of one is none. */
export const wholeQuantity = z.string().regex(/^[1-9]\d{0,3}$/, { error: "must be a whole number from 1 to 9999" });
/** What quantities multiplied come to: portions, a recipe's share. */
export const portions = z.string().regex(/^(0|[1-9]\d{0,11})(\.\d{1,3})?$/, { error: "must be a positive decimal with up to 3 places" }).refine((q) => Number(q) > 0, { error: "must be more than zero" });
/** Zero or more, whole: a countdown or an ingredient's count. */
export const count = z.string().regex(/^(0|[1-9]\d{0,6})(\.\d{1,3})?$/, { error: "must be zero or more, with up to 3 places" });

/** What came, by an ingredient's unit: more than zero, as far as it can be counted. */
export const delivered = count.refine((q) => Number(q) > 0, { error: "must be more than zero" });
/** ISO 8601 has a year 0000; the calendar of the books, and their database, begins with the year 1. */
const isInTheCalendar = (date: string) => !date.startsWith("0000");
const YEAR_ONE = { error: "must not be before the year 0001" };
export const instant = z.iso.datetime({ precision: 3 }).refine(isInTheCalendar, YEAR_ONE);
export const businessDate = z.iso.date().refine(isInTheCalendar, YEAR_ONE);
export const localTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: "must be a time of day, HH:MM" });
/** A fraction of one as a decimal string, below 1: `"0.0875"`. */
export const rate = z.string().regex(/^0(\.\d{1,6})?$/, { error: "must be a fraction of one, such as 0.0875" });

export const serviceType = z.enum(["dine_in", "takeaway", "delivery"]);
export type ServiceType = z.infer<typeof serviceType>;
/** 1 to 20, or null for what the whole party shares (DOM-2). */
export const seat = z.number().int().min(1).max(20).nullable();
export const course = z.number().int().min(1).max(9);
export const person = z.object({ staff: id("staff"), name: text(60) });

export type Money = z.infer<typeof money>;

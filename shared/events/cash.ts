import { z } from "zod";
import { event, type EventOf } from "./define.ts";
import { businessDate, id, instant, money, person, text } from "./primitives.ts";

/** Coins and notes as they were counted: so many pieces of a value in minor units. */
export const denominations = z.array(z.object({ value: z.string().regex(/^[1-9]\d{0,9}$/), pieces: z.number().int().min(0).max(100_000) })).max(30);

/** What moved cash beside sales: what came from (went to) whom is the ledger's other side. */
export const payInFrom = z.enum(["safe", "returned-expense"]);
export const payOutFor = z.enum(["expense", "supplier", "returned-to-safe"]);
export const movementKind = z.enum(["pay-in", "pay-out", "drop", "tips-paid", "account-paid-out"]);
/** `movement` of an account that was paid out is the payment. It has no reason but itself, and names the account by its id alone: whose it was can be erased. */
export const drawerMovement = z.object({ movement: z.union([id("movement"), id("payment")]), kind: movementKind, amount: money, reason: text(80).nullable(), account: id("houseAccount").optional(), at: instant, by: person });
const counted = z.object({ count: z.number().int().min(0), amount: money });

/** One paper of one drawer: X at any time, Z when it closes. Stored whole, never computed again (DOM-16). */
export const drawerReport = z.object({
  scope: z.literal("drawer"),
  kind: z.enum(["x", "z"]),
  /** Gapless per kind and scope at a merchant, from 1. */
  number: z.number().int().min(1),
  merchant: z.object({ name: text(60), address: z.array(z.string()) }),
  currency: z.string(),
  displayDigits: z.number().int(),
  businessDate,
  at: instant,
  by: person,
  drawer: id("drawer"),
  name: z.string(),
  openedAt: z.string(),
  openedBy: person,
  float: money,
  /** Cash of guests, rounded, with tips. */
  taken: counted,
  /** Of `taken`. */
  tips: money,
  /** Cash given back: refunds and payments that were reversed. */
  returned: counted,
  /** Of `returned`. A paper from before has none: there `tips` is less what went back. */
  returnedTips: money.optional(),
  paidIn: counted,
  paidOut: counted,
  tipsPaid: counted,
  /** What house accounts had too much. */
  accountsPaidOut: counted,
  dropped: counted,
  /** float + taken - returned + paid in - paid out - tips paid - accounts paid out - dropped. */
  expected: money,
  /** Z only. */
  count: z.object({ counted: money, difference: money, denominations, note: text(200).nullable() }).nullable(),
  movements: z.array(drawerMovement).max(500),
});

const taxSum = z.object({ code: z.string(), name: z.string(), rate: z.string(), inclusive: z.boolean(), base: money, tax: money });
const sums = z.object({ count: z.number().int().min(0), amount: money });

/** The business day's paper. X so far; Z of all days since the last Z, up to the one that was closed (DOM-16, DOM-17). */
export const dayReport = z.object({
  scope: z.literal("day"),
  kind: z.enum(["x", "z"]),
  number: z.number().int().min(1),
  merchant: z.object({ name: text(60), address: z.array(z.string()) }),
  currency: z.string(),
  displayDigits: z.number().int(),
  from: businessDate,
  to: businessDate,
  at: instant,
  by: person,
  sales: z.object({
    checks: z.number().int().min(0),
    net: money,
    discounts: money,
    comps: money,
    serviceCharge: money,
    tax: money,
    /** Gift cards sold. */
    storedValue: money,
    /** Of receipts that round for themselves (DOM-11). This and what is optional below is absent on papers that were made before it was told. */
    rounding: money.optional(),
    total: money,
    /** Numbers of the first and the last receipt; null on a day without any. */
    firstReceipt: z.string().nullable(),
    lastReceipt: z.string().nullable(),
  }),
  /** Net and tax per rate, by the business date of the sale. */
  taxes: z.array(taxSum),
  /**
   * Refunds that were approved: they are in neither `sales` nor `taxes`. `net` with the service charge, which may have no tax, so it need not be the sum of the bases.
   * `storedValue`: gift cards that were sold and went back; `rounding` of their receipts; `overpaid`: what never paid for anything; `prepaid`: payments of checks that are open;
   * `pending`: what is approved and not given back yet, below zero when it was approved before; `givenUp`: what guests had twice and kept.
   */
  returns: z.object({
    net: money,
    tax: money,
    storedValue: money.optional(),
    tips: money.optional(),
    rounding: money.optional(),
    overpaid: money.optional(),
    prepaid: money.optional(),
    pending: money.optional(),
    givenUp: money.optional(),
    taxes: z.array(taxSum),
  }),
  /** `overpaid`: what the checks could not take, owed to the guests; `forfeited`: rests of vouchers that are kept. */
  tenders: z.array(z.object({ method: z.string(), payments: z.number().int().min(0), amount: money, rounding: money, tips: money, overpaid: money.optional(), forfeited: money.optional() })),
  /** All that was taken, by tender. */
  taken: money.optional(),
  /** Of `taken`: what more (less) pays for checks that are open than when the days began. */
  prepaid: money.optional(),
  /** What providers took back, or never had, of closed checks: the house bears it. */
  lost: money.optional(),
  /** `amount` as it was given back, tips and `rounding` of coins in it. */
  refunds: z.array(z.object({ method: z.string(), count: z.number().int().min(0), amount: money, rounding: money.optional() })),
  /** All that was given back, by tender. */
  refunded: money.optional(),
  reversals: sums,
  /** House accounts that were paid, and what they had too much and was paid out: coins, so rounded. `rounding`: what that brought in. */
  accounts: z.array(z.object({ method: z.string(), paid: sums, paidOut: sums, rounding: money.optional() })),
  drawers: z.array(z.object({ drawer: id("drawer"), name: z.string(), number: z.number().int().nullable(), expected: money, counted: money, difference: money })),
  /** Not closed when the paper was made. */
  openDrawers: z.array(z.object({ drawer: id("drawer"), name: z.string() })),
  /** Checks of this day or of an earlier one that go on: DOM-17 carries them over, flagged. */
  openChecks: z.array(z.object({ check: id("check"), label: z.string(), openedOn: businessDate })).max(500),
  /** All that was ever sold, tax included, with this day: it only grows. */
  grandTotal: money,
});
export const cashReport = z.discriminatedUnion("scope", [drawerReport, dayReport]);

/** DOM-16: one session of one drawer. Every amount is positive; the type says which way it went. */
export const cashEvents = [
  event("cash.drawer.opened", 1, z.object({ name: z.string(), float: money, by: person })),
  /** `amount` is what stayed in the drawer: covered + rounding + tip. `tip` is a part of it. */
  event("cash.drawer.cashTaken", 1, z.object({ payment: id("payment"), amount: money, tip: money.optional() })),
  /** `tip` is a part of `amount`. `document` names the refund; null for a payment that was reversed (wrong tender). */
  event("cash.drawer.cashReturned", 1, z.object({ payment: id("payment"), amount: money, tip: money.optional(), document: z.string().max(60).nullable() })),
  event("cash.drawer.paidIn", 1, z.object({ movement: id("movement"), amount: money, from: payInFrom, reason: text(80), by: person })),
  event("cash.drawer.paidOut", 1, z.object({ movement: id("movement"), amount: money, for: payOutFor, reason: text(80), approval: id("approval").nullable(), by: person })),
  /** Tips that staff are owed, paid out of the drawer. */
  event("cash.drawer.tipsPaid", 1, z.object({ movement: id("movement"), amount: money, to: person, pool: z.literal(true).optional(), by: person })),
  /** What a house account had too much; `payment` as the account has it. */
  event("cash.drawer.accountPaidOut", 1, z.object({ payment: id("payment"), account: id("houseAccount"), amount: money, by: person })),
  /** Carried to the safe; `bag` is the number of its seal. */
  event("cash.drawer.dropped", 1, z.object({ movement: id("movement"), amount: money, reason: text(80), bag: text(30).nullable(), by: person })),
  event("cash.drawer.closed", 1, z.object({ counted: money, expected: money, difference: money, by: person, report: id("report").optional(), number: z.number().int().min(1).optional() })),
  /** On the movement's own stream: it is made once, in whichever drawer. */
  event("cash.movement.made", 1, z.object({ drawer: id("drawer") })),
  /** The till's own stream, one per name: what makes two openings of one till meet. */
  event("cash.till.occupied", 1, z.object({ drawer: id("drawer"), name: z.string() })),
  event("cash.till.released", 1, z.object({ drawer: id("drawer") })),
  /** One stream a report. A day's is asked for first and made by the consumer that adds up the day, at exactly this place of the log. */
  event("cash.report.requested", 1, z.object({ kind: z.enum(["x", "z"]), number: z.number().int().min(1), from: businessDate.nullable(), to: businessDate, merchant: z.object({ name: text(60), address: z.array(z.string()) }), currency: z.string(), displayDigits: z.number().int(), by: person })),
  event("cash.report.made", 1, z.object({ report: cashReport })),
  /** `copy` from 1; the first print comes with `made`. */
  event("cash.report.printRequested", 1, z.object({ report: cashReport, copy: z.number().int().min(1), by: person })),
  /** A guest was erased by whose name these checks stood among the open ones. */
  event("cash.report.guestErased", 1, z.object({ checks: z.array(id("check")).max(500) })),
  /** Gapless numbers of reports: one stream per merchant, scope and kind (`drawer-x`, `drawer-z`, `day-x`, `day-z`). */
  event("cash.series.advanced", 1, z.object({ series: z.string(), number: z.number().int().min(1), report: id("report") })),
] as const;
export type CashEvent = EventOf<typeof cashEvents>;
export type DrawerReport = z.infer<typeof drawerReport>;
export type DayReport = z.infer<typeof dayReport>;
export type CashReport = z.infer<typeof cashReport>;
export type DrawerMovement = z.infer<typeof drawerMovement>;
export type Denominations = z.infer<typeof denominations>;

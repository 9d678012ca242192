import { z } from "zod";
import { denominations, payInFrom, payOutFor } from "#shared/events/cash.ts";
import { businessDate, enteredMoney, enteredMoneyPositive, id, text } from "#shared/events/primitives.ts";

/** `drawer.open` -> `{}`. Refuses: drawer-open (a session of that name is open), not-in-units { field, unit } (of a coin that does not exist; so do all that follow). */
export const openDrawer = z.object({ drawer: id("drawer"), name: text(30), float: enteredMoney });
/**
 * `drawer.close` -> `{ expected, difference, report, number }`: the blind count; what was expected is told only after it. Writes and prints the Z.
 * Refuses: drawer-closed { drawer, name }, count-does-not-add-up { sum } when `denominations` make another sum than `counted`.
 */
export const closeDrawer = z.object({ drawer: id("drawer"), counted: enteredMoney, denominations: denominations.optional(), note: text(200).nullable().optional() });
/** `drawer.payIn` -> `{ expected? }`, which only `approve.cash` is told while the drawer is open. Refuses: unknown-drawer, drawer-closed, wrong-currency, movement-exists, too-many-movements. The same for the next three. */
export const payIn = z.object({ drawer: id("drawer"), movement: id("movement"), amount: enteredMoneyPositive, from: payInFrom, reason: text(80) });
/** `drawer.payOut` -> `{ expected? }`. Needs an approval of `drawer.payOut` (DOM-20). Refuses also: not-enough-cash { expected? }. */
export const payOut = z.object({ drawer: id("drawer"), movement: id("movement"), amount: enteredMoneyPositive, for: payOutFor, reason: text(80), approval: id("approval").nullable().default(null) });
/** `drawer.payTips` -> `{ expected? }`: tips owed to a member of the staff, of their own or (`pool`) their part of the pool. Refuses also: not-enough-cash, unknown-staff, approval-required (`pay-out` on the drawer, the person as line, the amount). */
export const payTips = z.object({ drawer: id("drawer"), movement: id("movement"), amount: enteredMoneyPositive, to: id("staff"), pool: z.boolean().optional(), approval: id("approval").nullable().default(null) });
/** `drawer.drop` -> `{ expected? }`: to the safe. Refuses also, but only to `approve.cash`: not-enough-cash { expected }. */
export const drop = z.object({ drawer: id("drawer"), movement: id("movement"), amount: enteredMoneyPositive, reason: text(80), bag: text(30).nullable().default(null) });
/** `drawer.report` -> `{ report, number }`: the X of an open drawer, stored and printed. Refuses: drawer-closed. */
export const reportDrawer = z.object({ drawer: id("drawer") });
/** `day.report` -> `{ report, number }`: the X of the business day so far. The paper follows as `cash.report.made`. */
export const reportDay = z.object({});
/**
 * `day.close` -> `{ report, number, through }`: ends the business day `date` and all before it that were left open; money that comes later joins the next one.
 * The Z follows as `cash.report.made`. Refuses: day-closed { through }, day-not-begun { date: the open day }.
 */
export const closeDay = z.object({ date: businessDate });
/** `cash.printReport` -> `{ copy }`: a stored report again, marked as a copy. Refuses: unknown-report. */
export const printReport = z.object({ report: id("report") });

import { z } from "zod";
import { enteredMoney, enteredMoneyPositive, id, text } from "#shared/events/primitives.ts";

/** `check.present` -> `{ totals }`: the numbered pre-bill. */
export const presentCheck = z.object({ check: id("check") });
/**
 * `payment.takeCash` -> `{ tender, due }`. `amount` is what of the due it covers (all of it when absent), `tendered` what was handed over; change is computed,
 * cash is rounded to the merchant's step only when it clears the check. Refuses: drawer-closed, tendered-too-little { needed }, amount-over-due { due }, check-closed, nothing-due.
 */
export const takeCash = z.object({ payment: id("payment"), check: id("check"), drawer: id("drawer"), amount: enteredMoneyPositive.optional(), tendered: enteredMoneyPositive, tip: enteredMoney.optional() });
/** `payment.takeCard` -> `{ tender, due }`: a card taken by hand on a terminal that is not connected. */
export const takeCard = z.object({ payment: id("payment"), check: id("check"), amount: enteredMoneyPositive.optional(), tip: enteredMoney.optional(), slip: text(30) });
/** `check.close` -> `{ number }`. Refuses: not-paid { due }, unsent-items { items }. Completes the order when it was its last open check. */
export const closeCheck = z.object({ check: id("check") });
/** `check.printReceipt` -> `{ copy }`: of a closed check; a second one is marked as a copy. */
export const printReceipt = z.object({ check: id("check") });

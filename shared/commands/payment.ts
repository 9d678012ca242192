import { z } from "zod";
import { captureMode, paymentProvider, providerName, webhookType } from "#shared/events/payment.ts";
import { enteredMoney, enteredMoneyPositive, id, person, quantity, text } from "#shared/events/primitives.ts";
import { approvalId } from "./approval.ts";

/** Absent: the check as a whole. */
const part = z.string().min(1).max(40).optional();
/** Whose the tip is; the check's waiter when absent. Refuses: unknown-staff { staff } (nobody who works here). */
const tipFor = person.optional();
const common = { payment: id("payment"), check: id("check"), part, amount: enteredMoneyPositive.optional(), tip: enteredMoney.optional(), tipFor };

/**
 * `payment.takeCash` -> `{ tender, due }`. `amount` is what of the due it covers (all that is free when absent), `tendered` what was handed over; change is computed,
 * cash is rounded to the merchant's step only when it clears the check. Refuses as every taking of a payment: drawer-closed, tendered-too-little { needed },
 * amount-over-due { due }, check-closed, nothing-due, part-paid { part } (nothing is due on this part, since somebody has paid it), unknown-part, wrong-currency,
 * attempt-open { payment, method, amount, by } (an open attempt, of this part or of another, has locked what is due),
 * attempt-unknown { payment } (so it has, and nobody knows its result), not-in-units { field, unit } (what was named is no multiple of the smallest amount that is charged, CHK-3b).
 */
export const takeCash = z.object({ ...common, drawer: id("drawer"), tendered: enteredMoneyPositive });
/** `payment.takeCard` -> `{ tender, due }`: a card taken by hand on a terminal that is not connected. */
export const takeCard = z.object({ ...common, slip: text(30) });
/** `payment.takeVoucher` -> `{ tender, due, forfeited }`: no change is given on it. Refuses also: voucher-used { check }. */
export const takeVoucher = z.object({ ...common, issuer: text(40), code: text(40), value: enteredMoneyPositive });
/** `payment.takeGiftCard` -> `{ tender, due }`. Refuses also: unknown-gift-card, gift-card-balance { left }. */
export const takeGiftCard = z.object({ ...common, card: id("giftCard") });
/** `payment.takeHouseAccount` -> `{ tender, due }`. Refuses also: unknown-account, account-closed, account-blocked, over-limit { free }. */
export const takeHouseAccount = z.object({ ...common, account: id("houseAccount") });

/**
 * `payment.startAttempt` -> `{ attempt, amount }`: asks a connected terminal or QR provider; what comes of it arrives as events. One at a time for a check's part.
 * `capture: "later"` only holds the money (`amount` may then exceed what is due). Refuses also: unknown-provider { provider }.
 */
export const startAttempt = z.object({ ...common, provider: providerName, capture: captureMode.default("now") });
/** `payment.cancelAttempt` -> `{}`: asks the provider to stop, or gives an authorisation back. Refuses: unknown-payment, not-open { status }. */
export const cancelAttempt = z.object({ payment: id("payment") });
/** `payment.increment` -> `{}`: holds `amount` in all. Refuses: not-authorized { status }, request-open { request }, amount-below-held { held }, not-in-units. */
export const increment = z.object({ payment: id("payment"), amount: enteredMoneyPositive });
/** `payment.capture` -> `{ amount, tip }`: takes what is held; what is due and free of it when no amount is named. Refuses: not-authorized, request-open, over-authorized { held }, amount-over-due, nothing-due, part-paid, attempt-open, attempt-unknown, not-in-units. */
export const capture = z.object({ payment: id("payment"), amount: enteredMoneyPositive.optional(), tip: enteredMoney.optional() });
/**
 * `payment.adjustTip` -> `{ tip }`: on an authorisation (the provider is told), or on a card, voucher or cash payment by hand until it is settled, also after the check closed.
 * A cash tip needs the `drawer` it goes into, or comes out of: that of the payment while it is open. Refuses: not-adjustable { status }, drawer-closed, request-open, not-in-units,
 * drawer-of-payment { drawer, name }, not-enough-cash, approval-required (`pay-out` on the payment, `tip-lowered`, what comes out of which drawer).
 */
export const adjustTip = z.object({ payment: id("payment"), tip: enteredMoney, drawer: id("drawer").optional(), approval: approvalId });
/** `payment.askProvider` -> `{}`: "ask the terminal". Refuses: not-at-provider, nothing-to-ask { status }. */
export const askProvider = z.object({ payment: id("payment") });
/** `payment.resolveUnknown` -> `{ due }`: "manager decides". Refuses: not-unknown { status }, approval-required (`resolve-unknown` on the payment, its amount, the outcome). */
export const resolveUnknown = z.object({ payment: id("payment"), outcome: z.enum(["captured", "not-captured"]), reason: text(80), approval: approvalId });

/**
 * `payment.void` -> `{ due, pending }`: the wrong tender, until the check is closed or the provider has settled it; `pending`: the provider is asked first. Cash comes
 * out of `drawer`. Refuses: not-captured { status }, payment-settled, payment-refunded, check-closed, drawer-closed, approval-required (`wrong-tender` on the payment, its amount and drawer, and for `payment.correctTender` the tender that comes instead).
 */
export const voidPayment = z.object({ payment: id("payment"), reason: text(80), drawer: id("drawer").optional(), approval: approvalId });
/**
 * `payment.correctTender` -> `{ tender, attempt }`: voids a payment by hand and takes another of the same amount in one step, also on a closed check. `drawer` when either of them is
 * cash. `provider`: the payment is taken back and a terminal or QR provider asked for the same amount (`attempt`, null when it is taken already), all or nothing; what the provider then says no to is
 * due again, so not on a closed check. Refuses as `payment.void` but for check-closed, and: not-by-hand { method }, same-method, unknown-provider { provider }, attempt-open, attempt-unknown, gift-card-balance { left }.
 */
export const correctTender = z.object({
  payment: id("payment"),
  replacement: id("payment"),
  method: z.discriminatedUnion("method", [z.object({ method: z.literal("cash") }), z.object({ method: z.literal("card-manual"), slip: text(30) }), z.object({ method: z.literal("house-account"), account: id("houseAccount") }), z.object({ method: z.literal("gift-card"), card: id("giftCard") }), z.object({ method: z.literal("provider"), provider: providerName })]),
  reason: text(80),
  drawer: id("drawer").optional(),
  approval: approvalId,
});

/**
 * `payment.refund` -> `{ number, total, tip }`: of a closed check: all that is left of it, items (a whole line, or a quantity of it), or an amount (at the check's mix of rates).
 * Items come with their part of the service charge. A gift card that was sold goes back by its line or with all, whole, unless somebody has spent of it.
 * `tips`: with all that is left of them, and also when they are all that is left.
 * Without `payouts` it goes back the way the money came, the last payment first; `by: "cash"` gives cash for a card. Cash comes out of `drawer`, which is open today.
 * Refuses: check-not-closed, nothing-to-refund, over-refundable { refundable }, item-refunded { share, left }, gift-card-spent { card, left }, payouts-mismatch { total }, over-captured { payment, refundable },
 * too-many-payouts { most }, drawer-required, drawer-closed, refund-exists, not-in-units { field, unit }, approval-required (`refund` on the check: its items, total with tip, every payout with its drawer, the reason).
 */
export const refund = z.object({
  refund: id("refund"),
  check: id("check"),
  what: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("all"), tips: z.boolean().default(false) }),
    z.object({ kind: z.literal("items"), items: z.array(z.object({ share: id("share"), quantity: quantity.optional() })).min(1).max(200) }),
    z.object({ kind: z.literal("amount"), amount: enteredMoneyPositive }),
  ]),
  /** Without `payouts`: the way each payment came, or all of it in coins. */
  by: z.enum(["same", "cash"]).default("same"),
  payouts: z.array(z.object({ payment: id("payment"), amount: enteredMoneyPositive, by: z.enum(["same", "cash"]).default("same") })).min(1).max(20).optional(),
  drawer: id("drawer").optional(),
  reason: text(80),
  approval: approvalId,
});
/** `payment.reckonRefund` -> `{ amount, payouts }`: what `payment.refund` would give back now (`amount` with its tip), and what leaves by which way, told before anybody says yes. Writes nothing. Refuses as `payment.refund`, but whether a drawer has so much is not asked before somebody has agreed. */
export const reckonRefund = refund.pick({ check: true, what: true, by: true, payouts: true, drawer: true });
/** `payment.refundOverpayment` -> `{ number, amount }`: what a provider took beyond what was owed. Refuses: nothing-overpaid, refund-exists, drawer-closed, approval-required (`refund` on the payment). */
export const refundOverpayment = z.object({ refund: id("refund"), payment: id("payment"), by: z.enum(["same", "cash"]).default("same"), drawer: id("drawer").optional(), reason: text(80), approval: approvalId });
/**
 * `payment.retryRefund` -> `{}`: a payout that failed, again or in cash. Refuses: unknown-refund, payout-not-failed { status }, drawer-required, drawer-closed,
 * approval-required (`refund` on the payment, this refund and payout, when it goes another way than was approved).
 */
export const retryRefund = z.object({ refund: id("refund"), payment: id("payment"), by: z.enum(["same", "cash"]), drawer: id("drawer").optional(), approval: approvalId });
/**
 * `payment.resolvePayout` -> `{}`: "manager decides" what became of a payout that nobody knows of, or that one had said was paid and the provider says was not. `paid`: as if the provider had said so, or it stands.
 * `not-paid`: it failed, and goes again or another way; what had counted as paid is taken out of the books.
 * Refuses: unknown-refund, unknown-payout { payment }, payout-not-unknown { status }, approval-required (`resolve-unknown` on the payment, this refund, the payout's amount with its tip, the outcome and the reason).
 */
export const resolvePayout = z.object({ refund: id("refund"), payment: id("payment"), outcome: z.enum(["paid", "not-paid"]), reason: text(80), approval: approvalId });
/** `payment.cancelRefund` -> `{}`: when every payout of it failed. Refuses: unknown-refund, refund-paid, refund-not-cancellable (of a payment on an open check: pay it out another way). */
export const cancelRefund = z.object({ refund: id("refund") });

/**
 * `payment.refundPayment` -> `{ number, amount }`: a provider's payment on a check that is still open goes back whole, tip too, also when it is settled; what it paid is due again.
 * Refuses: unknown-payment, not-at-provider, not-captured, payment-refunded, request-open, check-closed (refund the check then), refund-exists, drawer-required, drawer-closed, approval-required (`refund` on the payment).
 */
export const refundPayment = z.object({ refund: id("refund"), payment: id("payment"), by: z.enum(["same", "cash"]).default("same"), drawer: id("drawer").optional(), reason: text(80), approval: approvalId });
/** `payment.applyOverpayment` -> `{ due, left }`: what came too much pays its check, as far as something is due and free on it. Refuses: nothing-overpaid, check-closed, nothing-due, attempt-open, attempt-unknown. */
export const applyOverpayment = z.object({ payment: id("payment") });
/**
 * `payment.resolveContradiction` -> `{}`: the provider says something else than our books, or took something back: people say how it is. `captured`: the guest was charged, what is booked stays, or is booked now.
 * `not-captured`: the guest was not; it is due again, or, on a closed check, given up. Refuses: not-contradicted { status }, payment-settled, payment-refunded, approval-required (`resolve-unknown` on the payment).
 */
export const resolveContradiction = z.object({ payment: id("payment"), outcome: z.enum(["captured", "not-captured"]), reason: text(80), approval: approvalId });
/**
 * `payment.resolvePaidTwice` -> `{}`: a refund that the guest has twice: the second one came back into the drawer, or is given up. Refuses: unknown-refund, not-paid-twice, drawer-required, drawer-closed,
 * approval-required (`refund` on the payment, to give it up).
 */
export const resolvePaidTwice = z.object({ refund: id("refund"), payment: id("payment"), outcome: z.enum(["returned", "written-off"]), drawer: id("drawer").optional(), approval: approvalId });

/** `payment.openHouseAccount` -> `{}`; `limit` null: none. Refuses: account-exists, wrong-currency, not-in-units. */
export const openHouseAccount = z.object({ account: id("houseAccount"), name: text(60), limit: enteredMoney.nullable() });
/** `payment.changeHouseAccount` -> `{}`: what is not named stays. `limit` null: none. `blocked`: nothing more is charged. Refuses: unknown-account, account-closed, wrong-currency, not-in-units. */
export const changeHouseAccount = z.object({ account: id("houseAccount"), name: text(60).optional(), limit: enteredMoney.nullable().optional(), blocked: z.boolean().optional() });
/**
 * `payment.payHouseAccount` -> `{ balance, cash }`: the guest pays what was charged. `drawer` for cash, `slip` for a card by hand. Cash that pays all of it is rounded to the
 * merchant's step: `cash` is what goes into the drawer (null for a card). Refuses: unknown-account, payment-exists, amount-over-balance { balance }, not-in-units, drawer-closed.
 */
export const payHouseAccount = z.object({
  account: id("houseAccount"),
  payment: id("payment"),
  amount: enteredMoneyPositive,
  method: z.discriminatedUnion("method", [z.object({ method: z.literal("cash"), drawer: id("drawer") }), z.object({ method: z.literal("card-manual"), slip: text(30) })]),
});
/**
 * `payment.payOutHouseAccount` -> `{ balance, cash }`: the guest gets back what the account has too much (refunds of what was paid already), also after it was closed. Cash that pays out all
 * of it is rounded to the merchant's step. Refuses: unknown-account, payment-exists, amount-over-credit { credit }, not-in-units, drawer-closed, not-enough-cash { expected? } (as `drawer.payOut` tells),
 * approval-required (`pay-out` on the account, `account-credit`, how and out of which drawer).
 */
export const payOutHouseAccount = payHouseAccount.extend({ approval: approvalId });
/** `payment.eraseHouseAccount` -> `{}`: of a closed account, whose it was. Refuses: unknown-account, account-open, account-not-settled { balance }, nothing-to-erase. */
export const eraseHouseAccount = z.object({ account: id("houseAccount"), reason: text(200) });
/** `payment.closeHouseAccount` -> `{}`. Refuses: account-not-settled { balance }. */
export const closeHouseAccount = z.object({ account: id("houseAccount") });

/** `commerce.connectProvider` -> `{}`: a terminal or QR provider that the installation knows the address of. Refuses: provider-exists. */
export const connectProvider = paymentProvider;
/** `commerce.disconnectProvider` -> `{}`: nothing new is asked of it. Refuses: unknown-provider. */
export const disconnectProvider = z.object({ provider: providerName });

/** `payment.receiveWebhook`: the webhooks' door runs it; it is nobody's procedure. */
export const receiveWebhook = z.object({
  stream: z.string().regex(/^whk_[0-7][0-9A-HJKMNP-TV-Z]{25}$/),
  provider: providerName,
  webhook: z.string().min(1).max(200),
  webhookType,
  payment: id("payment"),
  attempt: id("attempt"),
  body: z.string().max(65_536),
  bodyHash: z.string().regex(/^[0-9a-f]{64}$/),
});

import { z } from "zod";
import { taxRate } from "./commerce.ts";
import { event, type EventOf } from "./define.ts";
import { id, instant, money, moneyPositive, person, quantity, text } from "./primitives.ts";
import { paymentMethod, tender } from "./sale-check.ts";

/** The name of a connected provider: a word of its webhooks' address. */
export const providerName = z.string().regex(/^[a-z][a-z0-9-]{0,29}$/, { error: "must be a provider's name, such as terminal-1" });
export const providerKind = z.enum(["terminal", "qr"]);
/** `now`: a sale. `later`: an authorisation (a tab), captured with its tip when the guests leave. */
export const captureMode = z.enum(["now", "later"]);
const attempt = id("attempt");
/** How often it was found before, after it had been taken back. */
const round = z.number().int().positive();
/** What we asked of a provider that may be answered with no. */
export const providerRequestKind = z.enum(["start", "capture", "increment", "tip", "cancel", "reverse", "refund", "ask"]);

/**
 * DOM-14, on the payment's stream (`pay_…`): created -> sent -> (authorized -> incremented | tip-adjusted ->) captured -> settled, or failed, expired,
 * cancelled, reversed, unknown. What is taken by hand is captured in the decision that makes it.
 */
export const paymentEvents = [
  event("payment.transaction.created", 1, z.object({ check: id("check"), order: id("order"), drawer: id("drawer").nullable(), tender, checkClosed: z.boolean(), by: person })),
  /** With `request`: a provider is to be asked; a worker does it after this is in the log. */
  event(
    "payment.attempt.created",
    1,
    z.object({ attempt, amount: money, request: z.object({ provider: providerName, kind: providerKind, tip: money, capture: captureMode, expiresAt: instant }).optional() }),
  ),
  /** The provider has it, and asks the guest. `qr`: what the guest is to scan, to be shown as a code. */
  event("payment.attempt.sent", 1, z.object({ attempt, provider: providerName, reference: z.string().max(80).nullable(), qr: z.string().max(500).optional() })),
  /** The guest's money is held, none is taken: no posting. */
  event("payment.attempt.authorized", 1, z.object({ attempt, amount: money, tip: money, reference: z.string().max(80).nullable() })),
  event("payment.attempt.incrementRequested", 1, z.object({ attempt, amount: money, by: person })),
  /** `amount`: what is held now. */
  event("payment.attempt.incremented", 1, z.object({ attempt, amount: money })),
  event("payment.attempt.tipRequested", 1, z.object({ attempt, tip: money, by: person })),
  /** `captured`: the tip of money that is taken already, so books and drawer move by `to - from`; else it is captured later. */
  event("payment.attempt.tipAdjusted", 1, z.object({ attempt, check: id("check"), drawer: id("drawer").nullable(), tender, from: money, to: money, captured: z.boolean(), by: person.nullable() })),
  event("payment.attempt.captureRequested", 1, z.object({ attempt, amount: money, tip: money, by: person })),
  event("payment.attempt.cancelRequested", 1, z.object({ attempt, by: person.nullable() })),
  event("payment.attempt.reverseRequested", 1, z.object({ attempt, reason: text(80), by: person })),
  /** A provider's no to one of these; the payment stays what it was. */
  event("payment.attempt.requestRefused", 1, z.object({ attempt, request: providerRequestKind, reason: z.string().max(80) })),
  /** "Ask the terminal": the provider is asked what became of it. */
  event("payment.attempt.asked", 1, z.object({ attempt, by: person.nullable() })),
  /**
   * Captured: the money is taken. `tender` is what of it pays the check; `overpaid` is what was taken beyond what the check could take (it was paid or
   * closed meanwhile), owed back to the guest. `late`: it came after the attempt had ended for us. `decidedBy`: a manager said so, not the provider.
   */
  event(
    "payment.attempt.success",
    1,
    z.object({ attempt, check: id("check"), drawer: id("drawer").nullable(), tender, checkClosed: z.boolean().optional(), overpaid: money.optional(), late: z.boolean().optional(), decidedBy: person.optional() }),
  ),
  event("payment.attempt.failed", 1, z.object({ attempt, reason: z.string().max(80), decidedBy: person.optional() })),
  event("payment.attempt.expired", 1, z.object({ attempt, by: z.enum(["provider", "hub"]) })),
  event("payment.attempt.cancelled", 1, z.object({ attempt, by: z.enum(["provider", "hub"]) })),
  /** Taken and given back before it was settled: as if it never was. `checkClosed`: its tender was replaced on a closed check. */
  event("payment.attempt.reversed", 1, z.object({ attempt, check: id("check"), drawer: id("drawer").nullable(), tender, checkClosed: z.boolean(), overpaid: money.optional(), reason: z.string().max(80), by: person.nullable(), round: round.optional() })),
  /** Nobody knows whether the guest was charged. Blocks a new charge until the provider answers or a manager decides. */
  event("payment.attempt.unknown", 1, z.object({ attempt, reason: z.string().max(80) })),
  /** The provider said something else after it had ended; it is asked what is true. */
  event("payment.attempt.contradicted", 1, z.object({ attempt, ended: z.string().max(20), reported: z.string().max(20) })),
  /** What the provider said against us is settled: it was asked and agrees now (`by` null), or somebody decided. */
  event("payment.attempt.contradictionResolved", 1, z.object({ attempt, outcome: z.enum(["captured", "not-captured"]), reason: z.string().max(80), by: person.nullable() })),
  /**
   * The provider was asked, and took another amount than it had told: `to` instead of `from`, tips included. More is owed back to the guest; of less, `toGuest` (below
   * zero) is what was thought to be owed back, and `missing` what will never come.
   */
  event("payment.attempt.amountCorrected", 1, z.object({ attempt, check: id("check"), tender, from: money, to: money, toGuest: money, missing: money })),
  /** It never came, or the provider took it back, when its check was closed already: the sale stands, the house bears it. */
  event("payment.attempt.writtenOff", 1, z.object({ attempt, check: id("check"), tender, overpaid: money.optional(), reason: z.string().max(80), by: person.nullable(), round: round.optional() })),
  /** It was reversed or written off, and somebody found that the money is with us all the same. `writtenOff`: it pays its closed check again; else all of it is owed to the guest. */
  event("payment.attempt.recovered", 1, z.object({ attempt, check: id("check"), tender, overpaid: money.optional(), writtenOff: z.boolean(), reason: z.string().max(80), by: person, round })),
  /** What was paid too much pays the check after all. `tender` is what pays it now. */
  event("payment.transaction.overpaymentApplied", 1, z.object({ check: id("check"), tender, amount: moneyPositive, by: person })),
  /** Paid out to the merchant: gross = net + fee. `method` of its tender: card and QR clear on accounts of their own. */
  event("payment.transaction.settled", 1, z.object({ attempt, provider: providerName, method: paymentMethod.optional(), gross: money, fee: money, net: money })),
  /** Its check was merged or split: it pays another one now. `amount`: what of it was prepaid there and is prepaid here (tip and rounding stay where they were posted). */
  event("payment.transaction.moved", 1, z.object({ from: id("check"), to: id("check"), amount: money.optional() })),
  /** A refund holds so much of what was captured: the sum never exceeds it, also with two at once. */
  event("payment.transaction.refundReserved", 1, z.object({ refund: id("refund"), amount: money, tip: money, overpayment: z.boolean() })),
  event("payment.transaction.refundReleased", 1, z.object({ refund: id("refund") })),
  /** The order is paid in full. */
  event("payment.order.success", 1, z.object({ order: id("order"), check: id("check") })),
] as const;
export type PaymentEvent = EventOf<typeof paymentEvents>;

/** `amount`: all that goes back for it, its part of the charge and added tax in it. `listed`: of that, what the line reads on the bill; absent of gift cards and on documents from before. */
export const refundLine = z.object({ share: id("share"), item: id("item"), name: text(80), quantity, amount: money, listed: money.optional() });
/** By whom and how a refund goes back. `same`: the way the money came. `rounding`: what the coins that exist add (positive) or take. */
export const payout = z.object({
  payment: id("payment"),
  attempt,
  method: paymentMethod,
  by: z.enum(["same", "cash"]),
  provider: providerName.optional(),
  account: z.string().max(60).optional(),
  drawer: id("drawer").nullable(),
  amount: money,
  tip: money,
  rounding: money,
  /** Whose tip it was; absent: nobody's in particular. */
  tipFor: person.optional(),
  /** It was the pool's. */
  tipPool: z.literal(true).optional(),
});
export const refundTax = taxRate.extend({ base: z.string(), tax: z.string() });
/** The document: numbered without gaps, at the rates of the check, on its own business date. net + serviceCharge + tax + rounding + cards = total; payouts sum to total + tip + overpaid + prepaid. */
export const refundDocument = z.object({
  number: z.string(),
  check: id("check"),
  order: id("order"),
  /** Of the receipt that it refers to; null while its check is open (an overpayment, a payment). */
  checkNumber: z.string().nullable(),
  /** Where its bill was served. Absent: at no table, by a name that may be a guest's, or the document is from before. */
  table: text(30).optional(),
  /** Of `overpayment` and `payment`: the provider's number of the payment that goes back. Absent: it has none, or the document is from before. */
  reference: z.string().max(80).optional(),
  kind: z.enum(["all", "items", "amount", "overpayment", "payment"]),
  reason: text(80),
  lines: z.array(refundLine).max(200),
  currency: z.string(),
  net: z.string(),
  serviceCharge: z.string(),
  taxes: z.array(refundTax),
  tax: z.string(),
  /** Of a receipt that rounds for itself (DOM-11). Absent: nothing. */
  rounding: z.string().optional(),
  /** Gift cards that the check sold and that go back with their money. */
  cards: z.array(z.object({ card: id("giftCard"), amount: moneyPositive })).max(60).optional(),
  total: z.string(),
  tip: z.string(),
  /** Money that never paid for anything: no sale, no tax. */
  overpaid: z.string(),
  /** Of `payment`: what it had prepaid on a check that is open. Absent: nothing. */
  prepaid: z.string().optional(),
  payouts: z.array(payout).min(1).max(20),
  by: person,
  approvedBy: person,
});
/** Of us, as the provider was given it with the call. */
export const requestKey = z.string().max(80);

/** DOM-14, on the refund's stream (`rfd_…`): created, then each payout succeeds or fails. */
export const refundEvents = [
  event("payment.refund.created", 1, refundDocument),
  event("payment.refund.sent", 1, z.object({ payment: id("payment"), provider: providerName })),
  /**
   * `request`: the one that the provider paid it for (PAY-17c), or of which it had said that it moved in another currency when a manager said that it was paid. `decidedBy`, `reason`: a manager said so and why, not the provider (PAY-17f). `round`: how often it was
   * found not to be paid before; absent: never.
   */
  event(
    "payment.refund.success",
    1,
    z.object({ check: id("check"), payout, request: requestKey.optional(), decidedBy: person.optional(), reason: z.string().max(80).optional(), round: z.number().int().positive().optional() }),
  ),
  /**
   * The provider's no, or a manager's (`decidedBy`), or no answer yet (`unknown`): what is owed to the guest stays owed, no balance moves. `moved`: the provider says that it has paid
   * it, in another currency than it was asked for.
   */
  event(
    "payment.refund.failed",
    1,
    z.object({ payment: id("payment"), reason: z.string().max(80), unknown: z.boolean(), decidedBy: person.optional(), moved: z.object({ currency: z.string(), request: requestKey.optional() }).optional() }),
  ),
  /** A manager said that it was paid, and the provider says something else (`reported`): nothing moves until people have said how it is. */
  event("payment.refund.contradicted", 1, z.object({ payment: id("payment"), reported: z.string().max(80) })),
  /**
   * `paid`: it stands. `not-paid`: what its success posted is reversed, and the payout has failed, unless the provider paid it late. `by` null: the provider itself says that it has paid, for `request`;
   * with `not-paid`, for the one that was told of as paid late.
   * `round`: how often it was found not to be paid before; absent: never.
   */
  event(
    "payment.refund.contradictionResolved",
    1,
    z.object({ check: id("check"), payout, outcome: z.enum(["paid", "not-paid"]), reason: z.string().max(80), by: person.nullable(), request: requestKey.optional(), round: z.number().int().positive().optional() }),
  ),
  /** A failed payout goes another way, or the same way again. `approvedBy`: who answers for the other way. */
  event("payment.refund.rerouted", 1, z.object({ payment: id("payment"), payout, by: person, approvedBy: person.optional() })),
  /** A provider paid it out after all, when it had gone another way, was taken back, or was paid for another try: the guest has it twice. What is done about it people decide. */
  event("payment.refund.paidLate", 1, z.object({ check: id("check"), payout, request: requestKey.optional() })),
  /** What the guest has twice came back as cash, or is given up. */
  event("payment.refund.paidLateResolved", 1, z.object({ check: id("check"), payout, outcome: z.enum(["returned", "written-off"]), drawer: id("drawer").nullable(), by: person, approvedBy: person })),
  /** Taken back before any of it was paid out. */
  event("payment.refund.cancelled", 1, z.object({ document: refundDocument, by: person })),
] as const;
export type RefundEvent = EventOf<typeof refundEvents>;

/** A guest's or firm's account at the house (`hac_…`): charged at the table, paid later. */
export const houseAccountEvents = [
  event("payment.house-account.opened", 1, z.object({ name: text(60), limit: money.nullable(), currency: z.string(), by: person.nullable() })),
  /** `blocked`: nothing more is charged to it until a manager says so; what is owed is paid all the same. */
  event("payment.house-account.changed", 1, z.object({ name: text(60), limit: money.nullable(), blocked: z.boolean(), by: person })),
  event("payment.house-account.charged", 1, z.object({ payment: id("payment"), check: id("check"), amount: money })),
  /** A charge was voided or refunded. */
  event("payment.house-account.credited", 1, z.object({ payment: id("payment"), amount: money })),
  /** `amount` is off what is owed, `left` is still owed; `rounding` is what the coins are more (or less) than the amount, when cash pays all. */
  event("payment.house-account.paid", 1, z.object({ name: text(60), payment: id("payment"), method: z.enum(["cash", "card-manual"]), drawer: id("drawer").nullable(), amount: money, rounding: money, left: money, slip: z.string().max(30).nullable(), by: person })),
  /** The guest gets back what the account has too much: `amount` of it, `left` of it stays; `rounding` is what the coins are more (or less) than the amount, when cash pays out all. */
  event("payment.house-account.paidOut", 1, z.object({ name: text(60), payment: id("payment"), method: z.enum(["cash", "card-manual"]), drawer: id("drawer").nullable(), amount: money, rounding: money, left: money, slip: z.string().max(30).nullable(), by: person, approvedBy: person })),
  event("payment.house-account.closed", 1, z.object({ by: person })),
  /** Of an account that is closed: whose it was is taken out of everything that was written of it. */
  event("payment.house-account.guestErased", 1, z.object({ reason: text(200), by: person })),
  /** On a stream of the payment's own: what pays an account, or is paid out of it, is taken once, whatever was asked for twice. */
  event("payment.account-payment.taken", 1, z.object({ account: id("houseAccount") })),
] as const;
/** One stream per merchant, issuer and code: a voucher is taken once. `forfeited`: of its face value, what the check did not need. */
export const voucherEvents = [
  event("payment.voucher.used", 1, z.object({ payment: id("payment"), check: id("check"), issuer: text(40), code: text(40), value: money, amount: money, forfeited: money })),
  event("payment.voucher.released", 1, z.object({ payment: id("payment") })),
] as const;

/** What a provider's webhook may say (header `X-Webhook-Event-Type`). */
export const webhookType = z.enum([
  "mq-pay:attempt.success",
  "mq-pay:attempt.failed",
  "mq-pay:attempt.expired",
  "mq-pay:attempt.cancelled",
  "mq-pay:transaction.settled",
  "mq-pay:transaction.cancelled",
  "mq-pay:refund.success",
  "mq-pay:refund.failed",
]);
/** One stream per provider's webhook id, so that a replay finds it there. `body` is what was signed, byte for byte. */
export const webhookEvents = [
  event("payment.webhook.received", 1, z.object({ provider: providerName, webhook: z.string().max(200), webhookType, payment: id("payment"), attempt, body: z.string().max(65_536), bodyHash: z.string() })),
] as const;

/** What payments write on a check's stream, beside `paymentApplied` and `paid`. Folded in shared/domain/check/evolve-payments.ts. */
export const checkPaymentEvents = [
  /** An attempt at a provider is open: it locks `amount` of what is due (none while it only holds), and its part. The same payment again changes it. */
  event("sale.check.attemptOpened", 1, z.object({ payment: id("payment"), attempt, part: z.string().max(40).nullable(), method: paymentMethod, provider: providerName, amount: money, tip: money, holds: z.boolean(), by: person })),
  /** It is not known whether the guest was charged: the lock stays. */
  event("sale.check.attemptUnknown", 1, z.object({ payment: id("payment"), attempt })),
  event("sale.check.attemptEnded", 1, z.object({ payment: id("payment"), attempt, outcome: z.enum(["captured", "failed", "expired", "cancelled"]) })),
  event("sale.check.paymentReversed", 1, z.object({ tender, reason: z.string().max(80), by: person.nullable() })),
  event("sale.check.tipAdjusted", 1, z.object({ tender })),
  /** The provider took what the check could not take: a refund is offered. */
  event("sale.check.overpaid", 1, z.object({ payment: id("payment"), amount: money })),
  /** What was paid too much pays this check: its tender as it is now. */
  event("sale.check.overpaymentApplied", 1, z.object({ tender, amount: moneyPositive, by: person })),
  event("sale.check.refunded", 1, z.object({ refund: id("refund"), document: refundDocument })),
  /** A payout of it that failed goes another way: what goes back of the check in coins is rounded as one sum. */
  event("sale.check.refundRerouted", 1, z.object({ refund: id("refund"), payout })),
  event("sale.check.refundCancelled", 1, z.object({ refund: id("refund") })),
] as const;

/** On the merchant's stream: whom it is connected to. Addresses and secrets are the installation's, never the log's. */
export const paymentProvider = z.object({ provider: providerName, kind: providerKind, name: text(40) });
export const providerEvents = [event("commerce.provider.connected", 1, paymentProvider), event("commerce.provider.disconnected", 1, z.object({ provider: providerName }))] as const;

export type Payout = z.infer<typeof payout>;
export type RefundDocument = z.infer<typeof refundDocument>;
export type RefundLine = z.infer<typeof refundLine>;
export type ProviderRequestKind = z.infer<typeof providerRequestKind>;
export type WebhookType = z.infer<typeof webhookType>;
export type PaymentProvider = z.infer<typeof paymentProvider>;
export type ProviderKind = z.infer<typeof providerKind>;

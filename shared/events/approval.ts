import { z } from "zod";
import { event, type EventOf } from "./define.ts";
import { payOutFor } from "./cash.ts";
import { id, instant, moneyNotNegative, person, quantity, text } from "./primitives.ts";
import { paymentMethod } from "./sale-check.ts";

/**
 * DOM-20: what a person may be allowed to do once, by somebody who may do it always.
 * `void-made`: something that was made or stands on a presented bill.
 */
export const approvalAction = z.enum([
  "discount",
  "comp",
  "staff-meal",
  "void-made",
  "remove-service-charge",
  "refund",
  "wrong-tender",
  "resolve-unknown",
  "pay-out",
]);

/** Which of several things that could be done to one target for one amount. */
export const approvalPurpose = z.enum([
  ...["all", "items", "amount", "overpayment", "payment", "another-way", "written-off"],
  ...["taken-back", "paid-otherwise"],
  ...["captured", "not-captured"],
  ...["payout-paid", "payout-not-paid"],
  ...payOutFor.options,
  ...["tips", "tips-of-pool", "tip-lowered", "account-credit"],
] as const);
/** Money that goes back: of which payment, how, and out of which drawer. `amount` is all that leaves, coins rounded; `tip` is a part of it. */
export const approvedPayout = z.object({ payment: id("payment"), method: paymentMethod, amount: moneyNotNegative, tip: moneyNotNegative, drawer: id("drawer").nullable() });
/** What of a bill goes back. */
export const approvedItem = z.object({ share: id("share"), name: text(80), quantity, amount: moneyNotNegative });

/** What exactly: the command that uses the approval must name the same, to the last field. */
export const approvalSubject = z.object({
  /** The check, order, payment, drawer or house account that it is done to. */
  target: z.string().regex(/^(chk|ord|pay|drw|hac)_[0-7][0-9A-HJKMNP-TV-Z]{25}$/, { error: "must be the id of a check, an order, a payment, a drawer or a house account" }),
  /** Lines of it (items, shares); none: all of it. The order does not matter. */
  lines: z.array(z.string().regex(/^[a-z]{2,4}_[0-7][0-9A-HJKMNP-TV-Z]{25}$/, { error: "must be the id of a line" })).max(200).default([]),
  /** How much of the line. */
  quantity: quantity.nullable().default(null),
  /** What it costs the house, or what is paid back or out. Null when it follows from the rate. */
  amount: moneyNotNegative.nullable().default(null),
  /** A fraction of one, up to "1" (all of it). */
  rate: z.string().regex(/^(0(\.\d{1,6})?|1)$/, { error: "must be a fraction of one, such as 0.15" }).nullable().default(null),
  /** What the rate, or the service charge, came to when it was asked: so much may be given away, or less, never more. Not in the hash. */
  upTo: moneyNotNegative.optional(),
  reason: text(80).nullable().default(null),
  purpose: approvalPurpose.nullable().default(null),
  /** Of a refund: what goes back, and every way that money goes. The order does not matter. */
  items: z.array(approvedItem).max(200).default([]),
  payouts: z.array(approvedPayout).max(20).default([]),
  /** The refund whose payout it is about: it goes another way, is given up, or is said to be paid or not. */
  refund: id("refund").nullable().default(null),
  /** What a payment is replaced by; `reference` is the slip's number or the house account. */
  tender: z.object({ method: paymentMethod, reference: z.string().max(60).nullable() }).nullable().default(null),
  /** Where coins come out of, or go into. */
  drawer: id("drawer").nullable().default(null),
  /** Who is paid. */
  person: person.nullable().default(null),
});

export const approvalEvents = [
  /** `label`: what people call the thing ("Table 5", "Till 1"). After `expiresAt` nobody can say yes any more. */
  event(
    "approval.requested",
    1,
    z.object({ action: approvalAction, subject: approvalSubject, hash: z.string().regex(/^[0-9a-f]{64}$/), label: z.string(), by: person, device: id("device").nullable(), expiresAt: instant }),
  ),
  /** `inPlace`: by PIN over the asker's screen. It is good for one use until `expiresAt`. */
  event("approval.granted", 1, z.object({ by: person, inPlace: z.boolean(), expiresAt: instant })),
  /** Said no, or took back a yes that nobody had used yet. */
  event("approval.denied", 1, z.object({ by: person, reason: text(80).nullable() })),
  /** The asker does not need it any more. */
  event("approval.withdrawn", 1, z.object({ by: person })),
  /** Written together with what was done, in the same command. */
  event("approval.used", 1, z.object({ by: person })),
  /** The guest of what it is about was erased: what that was called goes. */
  event("approval.guestErased", 1, z.object({})),
] as const;
export type ApprovalEvent = EventOf<typeof approvalEvents>;
export type ApprovalAction = z.infer<typeof approvalAction>;
export type ApprovalPurpose = z.infer<typeof approvalPurpose>;
export type ApprovedPayout = z.infer<typeof approvedPayout>;
export type ApprovalSubject = z.infer<typeof approvalSubject>;
/** Fields with a default may be left out. */
export type ApprovalSubjectInput = z.input<typeof approvalSubject>;

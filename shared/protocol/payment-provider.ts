import { z } from "zod";
import type { AttemptReport } from "#shared/domain/payment/apply-report.ts";
import type { RefundReport } from "#shared/domain/payment/pay-out.ts";
import { webhookType, type WebhookType } from "#shared/events/payment.ts";
import { id } from "#shared/events/primitives.ts";
import { storable } from "#shared/storable.ts";

/** How we and payment providers speak: what they tell by webhook, and what they answer. Amounts are minor units as text; `amount` is without the tip. */
/** Bounded, so that a sum of them is still an amount. */
const minor = z.string().regex(/^(0|[1-9]\d{0,11})$/);
/** A terminal pads its fields with NUL, and cuts a text in the middle of a character: that must not keep out what it says of money. */
const said = (most: number) => z.string().max(most).transform(storable);
const facts = {
  amount: minor.optional(),
  tip: minor.optional(),
  fee: minor.optional(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  reference: said(80).optional(),
  reason: said(80).optional(),
};

/** An attempt as the provider has it. */
export const attemptView = z.object({
  attempt: id("attempt"),
  state: z.enum(["pending", "authorized", "captured", "settled", "failed", "expired", "cancelled", "reversed"]),
  /** Of a QR provider: what the guest scans; as much as a code on screen and slip holds. */
  qr: said(331).optional(),
  ...facts,
});
export type AttemptView = z.infer<typeof attemptView>;

/** `request`: the key of the call that asked for it. */
export const refundView = z.object({ request: said(80).optional(), refund: id("refund"), attempt: id("attempt"), state: z.enum(["pending", "succeeded", "failed"]), ...facts });
export type RefundView = z.infer<typeof refundView>;

/** `stage` of a success: an authorisation holds the money, a capture takes it. `request`: of a refund, the key of the call that asked for it. */
export const webhookBody = z.object({
  type: webhookType,
  timestamp: z.string(),
  data: z.object({ attempt: id("attempt"), refund: id("refund").optional(), request: said(80).optional(), stage: z.enum(["authorized", "captured"]).optional(), ...facts }),
});
export type WebhookBody = z.infer<typeof webhookBody>;

type Facts = { readonly currency: string; readonly amount?: string | undefined; readonly tip?: string | undefined; readonly fee?: string | undefined; readonly reference?: string | undefined; readonly reason?: string | undefined };

function factsOf({ currency, amount, tip, fee, reference, reason }: Facts) {
  return {
    currency,
    ...(amount === undefined ? {} : { amount: BigInt(amount) }),
    ...(tip === undefined ? {} : { tip: BigInt(tip) }),
    ...(fee === undefined ? {} : { fee: BigInt(fee) }),
    ...(reference === undefined ? {} : { reference }),
    ...(reason === undefined ? {} : { reason }),
  };
}

export function reportOfView(view: AttemptView): AttemptReport {
  return { said: view.state, from: "provider", ...factsOf(view), ...(view.qr === undefined ? {} : { qr: view.qr }) };
}

const SAID: Readonly<Partial<Record<WebhookType, AttemptReport["said"]>>> = {
  "mq-pay:attempt.success": "captured",
  "mq-pay:attempt.failed": "failed",
  "mq-pay:attempt.expired": "expired",
  "mq-pay:attempt.cancelled": "cancelled",
  "mq-pay:transaction.settled": "settled",
  "mq-pay:transaction.cancelled": "reversed",
};

/** What a webhook says of its attempt; undefined when it speaks of a refund. */
export function reportOfWebhook({ type, data }: WebhookBody): AttemptReport | undefined {
  const said = SAID[type];
  if (said === undefined) return undefined;
  return { said: said === "captured" && data.stage === "authorized" ? "authorized" : said, from: "webhook", ...factsOf(data) };
}

export function refundReportOfWebhook({ type, data }: WebhookBody): RefundReport | undefined {
  const about = { currency: data.currency, ...(data.request === undefined ? {} : { request: data.request }) };
  if (type === "mq-pay:refund.success") return { said: "success", ...about };
  return type === "mq-pay:refund.failed" ? { said: "failed", ...about, ...(data.reason === undefined ? {} : { reason: data.reason }) } : undefined;
}

export function refundReportOfView(view: RefundView): RefundReport {
  const { currency } = view;
  if (view.state === "pending") return { said: "sent", currency };
  return view.state === "succeeded" ? { said: "success", currency } : { said: "failed", currency, ...(view.reason === undefined ? {} : { reason: view.reason }) };
}

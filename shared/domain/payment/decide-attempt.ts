import type { z } from "zod";
import { askProvider, cancelAttempt, capture, increment, startAttempt } from "#shared/commands/payment.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { PaymentProvider } from "#shared/events/payment.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { Tender } from "#shared/events/sale-check.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { unitOf } from "#shared/money/rounding.ts";
import { unitRefusal } from "../charged-amounts.ts";
import { attemptOn, openAttempts } from "../check/evolve-payments.ts";
import type { CheckState } from "../check/state.ts";
import type { Ref } from "../aggregate.ts";
import type { Change, Context, Decision, Reader, Refusal } from "../command.ts";
import { change, command, NO_CHANGE, personOf, ref, refuse, STAFF_REQUIRED, type Nothing } from "../deciding.ts";
import type { Person } from "../floor/state.ts";
import { isOpen } from "./machine.ts";
import { checkFor, dueOn, freeOf, lockedBy, namedRefusal, nothingDue, payable, recipientRefs, tenderOf, tippingKnown } from "./payable.ts";
import type { AttemptRequest, PaymentState } from "./state.ts";

/** How long a guest may take with card or telephone before we give up. */
const EXPIRES_AFTER_MS = { terminal: 3 * 60_000, qr: 5 * 60_000 } as const;
const settle = { version: 1, capability: "check.settle", owner: "merchant" } as const;
type Started = { readonly attempt: string; readonly amount: Money };

/** An authorisation may hold more than is due yet; a sale may not. */
function amountToAsk(input: z.output<typeof startAttempt>, reader: Reader): { readonly amount: bigint; readonly tip: bigint } | Refusal {
  if (input.capture === "now") return payable(input, reader);
  const check = checkFor(input, reader);
  if ("refused" in check) return check;
  const due = dueOn(check, input.part ?? null);
  if (due === undefined) return refuse("unknown-part", { part: input.part });
  const odd = namedRefusal(input, check, due);
  if (odd) return odd;
  const amount = input.amount ? minorUnits(input.amount) : due;
  return amount > 0n ? { amount, tip: input.tip ? minorUnits(input.tip) : 0n } : nothingDue(check, input.part ?? null);
}

/** The terminal, or what shows the code, that this place has under the name. */
export function connected(provider: string, reader: Reader, context: Context): PaymentProvider | Refusal {
  return reader.get("merchant", context.merchant)?.providers?.find((one) => one.provider === provider) ?? refuse("unknown-provider", { provider });
}

export function methodOf({ kind }: PaymentProvider): "card-terminal" | "qr" {
  return kind === "terminal" ? "card-terminal" : "qr";
}

type Asking = { readonly check: CheckState; readonly provider: PaymentProvider; readonly tender: Tender; readonly capture: AttemptRequest["capture"]; readonly by: Person };

/** What asking a provider writes on the check and on the payment's own stream. */
export function asked({ check, provider, tender, capture, by }: Asking, context: Context): { readonly attempt: string; readonly onCheck: DomainEvent; readonly ofPayment: Change } {
  const attempt = context.newId("attempt");
  const expiresAt = new Date(Date.parse(context.now) + EXPIRES_AFTER_MS[provider.kind]).toISOString();
  const request: AttemptRequest = { provider: provider.provider, kind: provider.kind, tip: tender.tip, capture, expiresAt };
  const opened = { payment: tender.payment, attempt, part: tender.part ?? null, method: tender.method, provider: provider.provider, amount: tender.amount, tip: tender.tip, holds: capture === "later", by };
  return {
    attempt,
    onCheck: { type: "sale.check.attemptOpened", data: opened },
    ofPayment: change("payment", tender.payment, [
      { type: "payment.transaction.created", data: { check: check.id, order: check.order, drawer: null, tender, checkClosed: false, by } },
      { type: "payment.attempt.created", data: { attempt, amount: tender.amount, request } },
    ]),
  };
}

function decideStart(input: z.output<typeof startAttempt>, reader: Reader, context: Context): Decision<Started> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const provider = connected(input.provider, reader, context);
  if ("refused" in provider) return provider;
  const known = checkFor(input, reader);
  if ("refused" in known) return known;
  const blocking = attemptOn(known, input.part ?? null);
  if (blocking) return lockedBy(blocking);
  const wanted = amountToAsk(input, reader);
  if ("refused" in wanted) return wanted;
  const tender = tenderOf(input, known, wanted.amount, wanted.tip, { method: methodOf(provider), provider: provider.provider });
  const { attempt, onCheck, ofPayment } = asked({ check: known, provider, tender, capture: input.capture, by }, context);
  return { changes: [change("check", known.id, [onCheck]), ofPayment], result: { attempt, amount: tender.amount } };
}

export const startAttemptCommand = command({
  ...settle,
  type: "payment.startAttempt",
  schema: startAttempt,
  reads: (input, _, context) => [...recipientRefs(input), ref("check", input.check), ref("payment", input.payment), ref("merchant", context.merchant)],
  decide: tippingKnown(decideStart),
});

export type AtProvider = PaymentState & { readonly attempt: string; readonly request: AttemptRequest };

/** A payment that a provider was asked for, and the person who asks now. */
export function atProvider(payment: string, reader: Reader, context: Context): { readonly found: AtProvider; readonly by: Person } | Refusal {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const state = reader.get("payment", payment);
  if (!state) return refuse("unknown-payment", { payment });
  const { attempt, request } = state;
  if (attempt === null || request === null) return refuse("not-at-provider", { method: state.tender.method });
  return { found: { ...state, attempt, request }, by };
}

/** One thing at a time is asked of a provider. */
export function pendingRefusal(payment: PaymentState): Refusal | null {
  return payment.pending === null ? null : refuse("request-open", { request: payment.pending.request });
}

export const cancelAttemptCommand = command({
  ...settle,
  type: "payment.cancelAttempt",
  schema: cancelAttempt,
  reads: (input) => [ref("payment", input.payment)],
  decide: ({ payment }, reader, context): Decision<Nothing> => {
    const at = atProvider(payment, reader, context);
    if ("refused" in at) return at;
    const { found, by } = at;
    if (!isOpen(found.status)) return refuse("not-open", { status: found.status });
    if (found.pending?.request === "cancel") return NO_CHANGE;
    return pendingRefusal(found) ?? { changes: [change("payment", payment, [{ type: "payment.attempt.cancelRequested", data: { attempt: found.attempt, by } }])], result: {} };
  },
});

/** "Ask the terminal": as often as people like, it changes nothing by itself. */
export const askProviderCommand = command({
  ...settle,
  type: "payment.askProvider",
  schema: askProvider,
  reads: (input) => [ref("payment", input.payment)],
  decide: ({ payment }, reader, context): Decision<Nothing> => {
    const at = atProvider(payment, reader, context);
    if ("refused" in at) return at;
    const { found, by } = at;
    if (found.contradicted === undefined && (found.status === "settled" || found.status === "reversed")) return refuse("nothing-to-ask", { status: found.status });
    return { changes: [change("payment", payment, [{ type: "payment.attempt.asked", data: { attempt: found.attempt, by } }])], result: {} };
  },
});

function authorized(payment: string, reader: Reader, context: Context): { readonly found: AtProvider; readonly held: Money; readonly by: Person } | Refusal {
  const at = atProvider(payment, reader, context);
  if ("refused" in at) return at;
  const { found, by } = at;
  if (found.status !== "authorized" || found.held === null) return refuse("not-authorized", { status: found.status });
  return pendingRefusal(found) ?? { found, held: found.held, by };
}

/** For `reads` of what is done with money that is held: the check that it is for. */
function heldRefs({ payment }: { readonly payment: string }, reader: Reader): readonly Ref[] {
  const check = reader.get("payment", payment)?.check;
  return [ref("payment", payment), ...(check === undefined ? [] : [ref("check", check)])];
}

function heldFor({ id, check: stream }: PaymentState, reader: Reader): CheckState {
  const check = reader.get("check", stream);
  if (!check) throw new Error(`payment ${id} without its check`);
  return check;
}

export const incrementCommand = command({
  ...settle,
  type: "payment.increment",
  schema: increment,
  reads: heldRefs,
  decide: ({ payment, amount }, reader, context): Decision<Nothing> => {
    const open = authorized(payment, reader, context);
    if ("refused" in open) return open;
    const { found, held, by } = open;
    if (amount.currency !== held.currency) return refuse("wrong-currency", { currency: held.currency });
    if (minorUnits(amount) <= minorUnits(held)) return refuse("amount-below-held", { held });
    const odd = unitRefusal({ amount }, unitOf(heldFor(found, reader).policies.rounding));
    if (odd) return odd;
    return { changes: [change("payment", payment, [{ type: "payment.attempt.incrementRequested", data: { attempt: found.attempt, amount, by } }])], result: {} };
  },
});

type Capturing = { readonly amount: Money; readonly tip: Money };

/** From here on the amount is being taken, so it locks what is due. */
function decideCapture(input: z.output<typeof capture>, reader: Reader, context: Context): Decision<Capturing> {
  const open = authorized(input.payment, reader, context);
  if ("refused" in open) return open;
  const { found, held, by } = open;
  const check = heldFor(found, reader);
  const { currency } = held;
  if ([input.amount, input.tip].some((money) => money && money.currency !== currency)) return refuse("wrong-currency", { currency });
  const part = found.tender.part ?? null;
  const due = dueOn(check, part) ?? 0n;
  if (due <= 0n) return nothingDue(check, part);
  // What is only held, like this payment until now, keeps no amount from it.
  const taking = { ...check, attempts: openAttempts(check).filter(({ holds }) => !holds) };
  const { free, blocking } = freeOf(taking, part, due);
  const most = free < minorUnits(held) ? free : minorUnits(held);
  const amount = input.amount ? minorUnits(input.amount) : most;
  if (blocking && (free <= 0n || amount > free)) return lockedBy(blocking);
  if (free <= 0n) return refuse("nothing-due", { check: check.id });
  if (amount > free) return refuse("amount-over-due", { due: moneyOf(free, currency) });
  if (amount > minorUnits(held)) return refuse("over-authorized", { held });
  const odd = namedRefusal(input, check, most);
  if (odd) return odd;
  const result = { amount: moneyOf(amount, currency), tip: input.tip ?? found.tender.tip };
  const { attempt, tender, request } = found;
  const locks: DomainEvent = {
    type: "sale.check.attemptOpened",
    data: { payment: found.id, attempt, part, method: tender.method, provider: request.provider, ...result, holds: false, by },
  };
  return { changes: [change("check", check.id, [locks]), change("payment", found.id, [{ type: "payment.attempt.captureRequested", data: { attempt, ...result, by } }])], result };
}

export const captureCommand = command({
  ...settle,
  type: "payment.capture",
  schema: capture,
  reads: heldRefs,
  decide: decideCapture,
});


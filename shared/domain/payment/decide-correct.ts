import type { z } from "zod";
import { correctTender } from "#shared/commands/payment.ts";
import type { ApprovalSubjectInput } from "#shared/events/approval.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { roundToStep } from "#shared/money/rounding.ts";
import type { Tender } from "#shared/events/sale-check.ts";
import { attemptOn } from "../check/evolve-payments.ts";
import type { CheckState } from "../check/state.ts";
import { checkTotals } from "../check/totals.ts";
import type { Change, Context, Decision, Reader, Refusal } from "../command.ts";
import { change, command, ref, refuse } from "../deciding.ts";
import { redeemGiftCard } from "../gift-card/gift-card.ts";
import { asked, connected, methodOf } from "./decide-attempt.ts";
import { paymentRefs, undo, voidable, type Voidable } from "./decide-void.ts";
import { accountReference, chargeAccount } from "./house-account.ts";
import { openDrawer } from "./open-drawer.ts";
import { dueOn, lockedBy, taken, takesMoney, tenderOf } from "./payable.ts";

type Input = z.output<typeof correctTender>;
type ByHand = Exclude<Input["method"], { method: "provider" }>;
type Corrected = { readonly tender: Tender; readonly attempt: string | null };
/** What comes instead: an event for the check's stream, whatever else moves, and the answer. */
type Next = { readonly onCheck: readonly DomainEvent[]; readonly ofPayment: Change; readonly changes: readonly Change[]; readonly result: Corrected };

/** The same amount and tip by another way: the check stays as paid as it was, also when it is closed. */
function byHand(input: Input, method: ByHand, { payment, check, by }: Voidable, reader: Reader): { readonly tender: Tender; readonly drawer: string | null; readonly changes: readonly Change[] } | Refusal {
  const { tender: old } = payment;
  const amount = minorUnits(old.amount);
  const tip = minorUnits(old.tip);
  const common = { payment: input.replacement, check: check.id, part: old.part, tipFor: old.tipFor, tipPool: old.tipPool };
  switch (method.method) {
    case "card-manual":
      return { tender: tenderOf(common, check, amount, tip, { method: "card-manual", slip: method.slip }), drawer: null, changes: [] };
    case "house-account": {
      const { account } = method;
      const charged = chargeAccount(account, { payment: input.replacement, check: check.id, amount: moneyOf(amount + tip, check.currency) }, reader);
      if ("refused" in charged) return charged;
      return { tender: tenderOf(common, check, amount, tip, { method: "house-account", account, reference: accountReference(account) }), drawer: null, changes: [charged] };
    }
    case "gift-card": {
      const { card } = method;
      const redeemed = redeemGiftCard({ card, amount: amount + tip, currency: check.currency, payment: input.replacement, check: check.id, by }, reader);
      if ("refused" in redeemed) return redeemed;
      return { tender: tenderOf(common, check, amount, tip, { method: "gift-card", account: card, reference: card.slice(-6) }), drawer: null, changes: [redeemed] };
    }
    case "cash": {
      const drawer = openDrawer(input.drawer, reader);
      if ("refused" in drawer) return drawer;
      const cleared = checkTotals(check).due === "0";
      const cash = cleared ? roundToStep(amount, BigInt(check.policies.cashStep)) : amount;
      const tender = tenderOf(common, check, amount, tip, { method: "cash", tendered: moneyOf(cash + tip, check.currency), change: moneyOf(0n, check.currency), rounding: cash - amount });
      const inDrawer: DomainEvent = { type: "cash.drawer.cashTaken", data: { payment: input.replacement, amount: moneyOf(cash + tip, check.currency), tip: tender.tip } };
      return { tender, drawer: drawer.id, changes: [change("drawer", drawer.id, [inDrawer])] };
    }
  }
}

/** Another account, and another gift card, are another way. */
function isSameWay(old: Tender, method: ByHand): boolean {
  if (old.method !== method.method) return false;
  switch (method.method) {
    case "house-account":
      return old.account === method.account;
    case "gift-card":
      return old.account === method.card;
    default:
      return true;
  }
}

/** Taken at once. */
function replaced(input: Input, method: ByHand, found: Voidable, without: CheckState, reader: Reader, context: Context): Next | Refusal {
  if (isSameWay(found.payment.tender, method)) return refuse("same-method", { method: method.method });
  const next = byHand(input, method, found, reader);
  if ("refused" in next) return next;
  const { changes } = taken({ ...without, status: without.status === "paid" ? "open" : without.status }, next.tender, next.drawer, found.by, context);
  const [onCheck, ofPayment] = changes;
  return { onCheck: onCheck.events, ofPayment, changes: next.changes, result: { tender: next.tender, attempt: null } };
}

/** Asked for in the decision that takes the other back: whatever the provider answers, nobody has paid twice, and a no makes it due again. */
function askedInstead(input: Input, provider: string, { payment, by }: Voidable, without: CheckState, reader: Reader, context: Context): Next | Refusal {
  const known = connected(provider, reader, context);
  if ("refused" in known) return known;
  if (!takesMoney(without)) return refuse("check-closed", { check: without.id });
  const { tender: old } = payment;
  // The check may have been arranged anew since.
  const part = old.part !== undefined && dueOn(without, old.part) !== undefined ? old.part : undefined;
  const blocking = attemptOn(without, part ?? null);
  if (blocking) return lockedBy(blocking);
  const common = { payment: input.replacement, check: without.id, part, tipFor: old.tipFor, tipPool: old.tipPool };
  const tender = tenderOf(common, without, minorUnits(old.amount), minorUnits(old.tip), { method: methodOf(known), provider: known.provider });
  const { attempt, onCheck, ofPayment } = asked({ check: without, provider: known, tender, capture: "now", by }, context);
  return { onCheck: [onCheck], ofPayment, changes: [], result: { tender, attempt } };
}

/** What an approver says yes to. */
function approvedTender({ method }: Input, reader: Reader, context: Context): ApprovalSubjectInput["tender"] | Refusal {
  switch (method.method) {
    case "cash":
      return { method: "cash", reference: null };
    case "card-manual":
      return { method: "card-manual", reference: method.slip };
    case "house-account":
      return { method: "house-account", reference: method.account };
    case "gift-card":
      return { method: "gift-card", reference: method.card };
    case "provider": {
      const known = connected(method.provider, reader, context);
      return "refused" in known ? known : { method: methodOf(known), reference: known.provider };
    }
  }
}

function decide(input: Input, reader: Reader, context: Context): Decision<Corrected> {
  const tender = approvedTender(input, reader, context);
  if (tender && "refused" in tender) return tender;
  const found = voidable(input, { purpose: "paid-otherwise", tender }, reader, context);
  if ("refused" in found) return found;
  const { payment, check, approved } = found;
  if (reader.get("payment", input.replacement)) return refuse("payment-exists", { payment: input.replacement });
  if (payment.request !== null) return refuse("not-by-hand", { method: payment.tender.method });
  if (check.status === "voided") return refuse("check-closed", { check: check.id });
  const undone = undo(found, input.reason, input.drawer, reader, context);
  if ("refused" in undone) return undone;
  const without = { ...check, tenders: check.tenders.filter((one) => one.payment !== payment.id) };
  const next = input.method.method === "provider" ? askedInstead(input, input.method.provider, found, without, reader, context) : replaced(input, input.method, found, without, reader, context);
  if ("refused" in next) return next;
  return { changes: [change("check", check.id, [undone.onCheck, ...next.onCheck]), next.ofPayment, ...undone.changes, ...next.changes, ...approved], result: next.result };
}

export const correctTenderCommand = command({
  type: "payment.correctTender",
  version: 1,
  capability: "check.settle",
  owner: "merchant",
  schema: correctTender,
  reads: (input, reader, context) => [
    ...paymentRefs(input, reader),
    ref("payment", input.replacement),
    ...(input.method.method === "house-account" ? [ref("house-account", input.method.account)] : []),
    ...(input.method.method === "gift-card" ? [ref("gift-card", input.method.card)] : []),
    ...(input.method.method === "provider" ? [ref("merchant", context.merchant)] : []),
  ],
  decide,
});

import { cutText } from "#shared/cut-text.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { ProviderRequestKind } from "#shared/events/payment.ts";
import type { Tender } from "#shared/events/sale-check.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { lockedAmount, openAttempts } from "../check/evolve-payments.ts";
import type { CheckState } from "../check/state.ts";
import type { Change } from "../command.ts";
import { change } from "../deciding.ts";
import type { Person } from "../floor/state.ts";
import { after, isTaken } from "./machine.ts";
import { applyTender, dueOn, takesMoney } from "./payable.ts";
import { overpaymentLeft } from "./refundable.ts";
import type { AttemptRequest, PaymentState } from "./state.ts";

/** What is known of an attempt, from whomever. Amounts are minor units in the payment's currency; `amount` is without the tip. */
export type AttemptReport = {
  readonly said: "pending" | "authorized" | "captured" | "failed" | "expired" | "cancelled" | "reversed" | "settled" | "incremented" | "tip-adjusted" | "refused" | "lost" | "not-found";
  /** A webhook may be old; who was asked tells what is true now. */
  readonly from: "webhook" | "provider" | "manager" | "hub";
  /** As the provider states it; absent when it is not the provider that speaks. */
  readonly currency?: string;
  readonly amount?: bigint;
  readonly tip?: bigint;
  readonly fee?: bigint;
  readonly reference?: string;
  readonly qr?: string;
  readonly reason?: string;
  /** Of `refused`: what of ours. */
  readonly request?: ProviderRequestKind;
  readonly decidedBy?: Person;
};
type Known = { readonly payment: PaymentState & { readonly attempt: string; readonly request: AttemptRequest }; readonly check: CheckState; readonly report: AttemptReport };

/** What a report changes; nothing when it was known, or comes after what it tells of (DOM-14: terminal states absorb). */
export function applyReport(payment: PaymentState, check: CheckState, report: AttemptReport): readonly Change[] {
  const { attempt, request } = payment;
  if (attempt === null || request === null) return [];
  const known: Known = { payment: { ...payment, attempt, request }, check, report };
  if (report.currency !== undefined && report.currency !== payment.tender.amount.currency) return inAnotherCurrency(known, report.currency);
  const other = anotherAmount(known);
  if (other) return other;
  if (agrees(known)) return resolvedByProvider(known);
  switch (report.said) {
    case "pending":
      return pending(known);
    case "authorized":
      return authorized(known);
    case "captured":
      return captured(known);
    case "failed":
    case "expired":
    case "cancelled":
      return ended(known, report.said);
    case "not-found":
      return ended(known, "failed");
    case "reversed":
      return reversed(known);
    case "settled":
      return settled(known);
    case "incremented":
      return incremented(known);
    case "tip-adjusted":
      return tipAdjusted(known);
    case "refused":
      return refused(known);
    case "lost":
      return lost(known);
  }
}

function written({ payment, check }: Known, own: readonly DomainEvent[], onCheck: readonly DomainEvent[] = []): readonly Change[] {
  return [...(onCheck.length === 0 ? [] : [change("check", check.id, onCheck)]), change("payment", payment.id, own)];
}

function standing({ payment, check }: Known) {
  return openAttempts(check).find((attempt) => attempt.payment === payment.id);
}

/** The lock as it is to be now. */
function locking(known: Known, holds: boolean, amount: bigint, tip: bigint): DomainEvent[] {
  const { payment } = known;
  const { attempt, request, tender } = payment;
  const { currency } = tender.amount;
  const before = standing(known);
  if (!before) return [];
  return [
    {
      type: "sale.check.attemptOpened",
      data: { payment: payment.id, attempt, part: tender.part ?? null, method: tender.method, provider: request.provider, amount: moneyOf(amount, currency), tip: moneyOf(tip, currency), holds, by: before.by },
    },
  ];
}

function pending(known: Known): readonly Change[] {
  const { payment, report } = known;
  if (after(payment.status, "send") === null) return [];
  const sent: DomainEvent = { type: "payment.attempt.sent", data: { attempt: payment.attempt, provider: payment.request.provider, reference: report.reference ?? null, ...(report.qr === undefined ? {} : { qr: report.qr }) } };
  const before = standing(known);
  return written(known, [sent], before?.unknown ? locking(known, before.holds, BigInt(before.amount.amount), BigInt(before.tip.amount)) : []);
}

function authorized(known: Known): readonly Change[] {
  const { payment, report } = known;
  const { tender } = payment;
  if (after(payment.status, "authorize") === null) return [];
  const amount = report.amount ?? BigInt(tender.amount.amount);
  const tip = report.tip ?? BigInt(tender.tip.amount);
  const { currency } = tender.amount;
  const held: DomainEvent = { type: "payment.attempt.authorized", data: { attempt: payment.attempt, amount: moneyOf(amount, currency), tip: moneyOf(tip, currency), reference: report.reference ?? null } };
  // Of a sale the capture follows by itself, so its lock stays.
  return written(known, [held], locking(known, payment.request.capture === "later", amount, tip));
}

/** Once and for good. What the check cannot take any more is recorded as overpaid, with a refund offered; it is never lost and never applied twice. */
function captured(known: Known): readonly Change[] {
  const { payment, report } = known;
  if (payment.status === "reversed") return backAgain(known, "captured");
  if (after(payment.status, "capture") === null) return [];
  if (wasOver(payment) && payment.endedBy === "provider" && report.from === "webhook") {
    // It said two things: whoever is asked now tells which is true.
    return contradicted(known, "captured");
  }
  return success(known, wasOver(payment));
}

/** Once for each thing that is said: the provider is asked, and may say it again. */
function contradicted(known: Known, reported: string): readonly Change[] {
  const { attempt, status, contradicted: before } = known.payment;
  if (before === reported && known.report.from !== "webhook") return [];
  return written(known, [{ type: "payment.attempt.contradicted", data: { attempt, ended: status, reported } }]);
}

/** Taken back, and there after all: nobody books that but people, who are told once. */
function backAgain(known: Known, reported: string): readonly Change[] {
  return known.payment.contradicted === undefined ? contradicted(known, reported) : [];
}

/** Nothing of it can be booked: what is open is not known any more, so that people look; what had ended stays as it was, and says so. */
function inAnotherCurrency(known: Known, currency: string): readonly Change[] {
  const reason = `wrong-currency ${currency}`;
  const { status, reason: before } = known.payment;
  if (status === "unknown" && before === reason) return [];
  if (after(status, "lose") === null) return contradicted(known, reason);
  return nobodyKnows(known, reason);
}

/** All that was taken of the guest, as we know it. */
function takenInAll({ tender, overpaid }: PaymentState): bigint {
  return minorUnits(tender.amount) + minorUnits(tender.tip) + (overpaid === null ? 0n : minorUnits(overpaid));
}

/**
 * It said an amount before, and says another one now, tip and all. A webhook may be old, so the provider is asked first; what it says then is booked: more is owed back to
 * the guest, what is less is missing. Undefined when it is the same, or is not said.
 */
function anotherAmount({ payment, check, report }: Known): readonly Change[] | undefined {
  const { amount, tip, said, from } = report;
  if ((said !== "captured" && said !== "settled") || payment.status !== "captured" || amount === undefined || tip === undefined || payment.missing !== undefined) return undefined;
  const [had, has] = [takenInAll(payment), amount + tip];
  if (had === has) return undefined;
  const known = { payment, check, report };
  if (from !== "provider") return payment.contradicted === undefined ? contradicted(known, `amount ${has}`) : [];
  const { tender, attempt } = payment;
  const { currency } = tender.amount;
  const owed = overpaymentLeft(payment);
  const toGuest = has > had ? has - had : -(owed < had - has ? owed : had - has);
  const missing = has > had ? 0n : had - has + toGuest;
  const corrected: DomainEvent = {
    type: "payment.attempt.amountCorrected",
    data: { attempt, check: check.id, tender, from: moneyOf(had, currency), to: moneyOf(has, currency), toGuest: moneyOf(toGuest, currency), missing: moneyOf(missing, currency) },
  };
  const onCheck: DomainEvent[] = toGuest > 0n ? [{ type: "sale.check.overpaid", data: { payment: payment.id, amount: moneyOf(toGuest, currency) } }] : [];
  const rest = said === "settled" ? [(report.fee ?? 0n) > has ? feeAboveGross(known, report.fee ?? 0n) : settlement(known, has)] : [];
  return written(known, [corrected, ...rest], onCheck);
}

/** It was asked after it had said something else, and says now what we have. */
function agrees({ payment, report: { said, from } }: Known): boolean {
  if (payment.contradicted === undefined || from !== "provider") return false;
  if (payment.status === "reversed" && said === "reversed") return true;
  return (payment.status === "captured" && said === "captured") || ((wasOver(payment) || payment.status === "reversed") && (said === "failed" || said === "expired" || said === "cancelled" || said === "not-found"));
}

function resolvedByProvider(known: Known): readonly Change[] {
  const { payment } = known;
  const outcome = payment.status === "captured" ? "captured" : "not-captured";
  return written(known, [{ type: "payment.attempt.contradictionResolved", data: { attempt: payment.attempt, outcome, reason: "asked", by: null } }]);
}

function settlement({ payment, report }: Known, gross: bigint): DomainEvent {
  const { currency } = payment.tender.amount;
  const fee = report.fee ?? 0n;
  return {
    type: "payment.transaction.settled",
    data: { attempt: payment.attempt, provider: payment.request.provider, method: payment.tender.method, gross: moneyOf(gross, currency), fee: moneyOf(fee, currency), net: moneyOf(gross - fee, currency) },
  };
}

/** No provider keeps more than it took: nothing of it is booked before somebody looked. */
function feeAboveGross({ payment }: Known, fee: bigint): DomainEvent {
  return { type: "payment.attempt.contradicted", data: { attempt: payment.attempt, ended: "captured", reported: `fee ${fee}`.slice(0, 20) } };
}

function wasOver({ status }: PaymentState): boolean {
  return status === "failed" || status === "expired" || status === "cancelled";
}

function success(known: Known, late: boolean): readonly Change[] {
  const { payment, check, report } = known;
  const { currency } = payment.tender.amount;
  const amount = report.amount ?? BigInt(payment.tender.amount.amount);
  const tip = report.tip ?? BigInt(payment.tender.tip.amount);
  const room = roomFor(known);
  const applies = amount < room ? amount : room;
  const over = applies > 0n ? amount - applies : amount + tip;
  const { reference } = report;
  const tender: Tender = { ...payment.tender, amount: moneyOf(applies, currency), tip: moneyOf(applies > 0n ? tip : 0n, currency), ...(reference === undefined ? {} : { reference }) };
  const overpaid = moneyOf(over, currency);
  const onCheck: DomainEvent[] = standing(known) ? [{ type: "sale.check.attemptEnded", data: { payment: payment.id, attempt: payment.attempt, outcome: "captured" } }] : [];
  const applied = applies > 0n ? applyTender(check, tender, payment.by) : undefined;
  if (applied) onCheck.push(...applied.events);
  if (over > 0n) onCheck.push({ type: "sale.check.overpaid", data: { payment: payment.id, amount: overpaid } });
  const own: DomainEvent[] = [
    {
      type: "payment.attempt.success",
      data: {
        attempt: payment.attempt,
        check: check.id,
        drawer: null,
        tender,
        ...(check.status === "closed" ? { checkClosed: true } : {}),
        ...(over > 0n ? { overpaid } : {}),
        ...(late ? { late } : {}),
        ...(report.decidedBy ? { decidedBy: report.decidedBy } : {}),
      },
    },
  ];
  if (applied?.cleared) own.push({ type: "payment.order.success", data: { order: check.order, check: check.id } });
  return written(known, own, onCheck);
}

/** What the check (and the part) can still take, beside what other attempts have locked. */
function roomFor({ payment, check }: Known): bigint {
  if (!takesMoney(check)) return 0n;
  const others = { ...check, attempts: openAttempts(check).filter((attempt) => attempt.payment !== payment.id) };
  const part = payment.tender.part ?? null;
  const whole = (dueOn(check, null) ?? 0n) - lockedAmount(others);
  // A part that is no more: its payment pays the check.
  const own = part === null ? whole : (dueOn(check, part) ?? whole + lockedAmount(others, part)) - lockedAmount(others, part);
  const room = own < whole ? own : whole;
  return room > 0n ? room : 0n;
}

function ended(known: Known, how: "failed" | "expired" | "cancelled"): readonly Change[] {
  const { payment, report } = known;
  const { attempt } = payment;
  if (after(payment.status, how === "failed" ? "fail" : how === "expired" ? "expire" : "cancel") === null) {
    // A manager said that the money was taken, the provider says that it was not: both stand in the log, and it is asked.
    const told = report.from === "provider" || report.from === "webhook";
    return payment.status === "captured" && payment.decided === true && told ? contradicted(known, how) : [];
  }
  const by = report.from === "hub" ? "hub" : "provider";
  const own: DomainEvent =
    how === "failed"
      ? { type: "payment.attempt.failed", data: { attempt, reason: cutText(report.reason ?? report.said, 80), ...(report.decidedBy ? { decidedBy: report.decidedBy } : {}) } }
      : { type: how === "expired" ? "payment.attempt.expired" : "payment.attempt.cancelled", data: { attempt, by } };
  return written(known, [own], standing(known) ? [{ type: "sale.check.attemptEnded", data: { payment: payment.id, attempt, outcome: how } }] : []);
}

/** Given back by the provider: asked for by us, or by itself. An authorisation that is given back is cancelled. */
function reversed(known: Known): readonly Change[] {
  const { payment, check, report } = known;
  if (payment.status !== "captured") return isTaken(payment.status) ? [] : ended(known, "cancelled");
  const { tender, pending: asked } = payment;
  const reason = asked?.request === "reverse" ? (asked.reason ?? "voided") : (report.reason ?? "provider");
  const by = asked?.by ?? null;
  const own: DomainEvent = {
    type: "payment.attempt.reversed",
    data: { attempt: payment.attempt, check: check.id, drawer: null, tender, checkClosed: check.status === "closed", ...(payment.overpaid ? { overpaid: payment.overpaid } : {}), reason, by, ...roundOf(payment) },
  };
  const onCheck = check.tenders.some((one) => one.payment === payment.id);
  // Nobody here asked for it, and the guest's bill is closed: the sale stands, and people are told that its money is gone.
  if (check.status === "closed" && asked?.request !== "reverse") return writtenOff(payment, check, reason, null);
  return written(known, [own], onCheck ? [{ type: "sale.check.paymentReversed", data: { tender, reason, by } }] : []);
}

/** Which journal it takes back: after it was recovered, no longer the tender's. */
export function roundOf({ recovered }: PaymentState): { readonly round?: number } {
  return recovered === undefined ? {} : { round: recovered };
}

/** The money that was taken back is with us. Written off: its closed check is paid by it again. Else the check was owed it again since, so all of it is owed to the guest. */
export function recover(payment: PaymentState & { readonly attempt: string }, check: CheckState, reason: string, by: Person): readonly Change[] {
  const { attempt, writtenOff: borne } = payment;
  const nothing = moneyOf(0n, check.currency);
  const tender = borne ? payment.tender : { ...payment.tender, amount: nothing, tip: nothing };
  const overpaid = borne ? payment.overpaid : moneyOf(takenInAll(payment), check.currency);
  const own: DomainEvent = { type: "payment.attempt.recovered", data: { attempt, check: check.id, tender, ...(overpaid ? { overpaid } : {}), writtenOff: borne === true, reason, by, round: (payment.recovered ?? 0) + 1 } };
  const onCheck: DomainEvent[] = borne ? (tender.amount.amount === "0" ? [] : [...applyTender(check, tender, by).events]) : [{ type: "sale.check.overpaid", data: { payment: payment.id, amount: moneyOf(takenInAll(payment), check.currency) } }];
  return [...(onCheck.length === 0 ? [] : [change("check", check.id, onCheck)]), change("payment", payment.id, [own])];
}

/** A payment whose money is not with us, on a check that is closed. */
export function writtenOff(payment: PaymentState & { readonly attempt: string }, check: CheckState, reason: string, by: Person | null): readonly Change[] {
  const { tender, overpaid, attempt } = payment;
  const own: DomainEvent = { type: "payment.attempt.writtenOff", data: { attempt, check: check.id, tender, ...(overpaid ? { overpaid } : {}), reason, by, ...roundOf(payment) } };
  const onCheck = check.tenders.some((one) => one.payment === payment.id);
  return [...(onCheck ? [change("check", check.id, [{ type: "sale.check.paymentReversed", data: { tender, reason, by } }])] : []), change("payment", payment.id, [own])];
}

/** Settled means captured, even when that has not reached us yet: then it is taken first. */
function settled(known: Known): readonly Change[] {
  const { payment, report } = known;
  if (payment.status === "settled") return [];
  if (payment.status === "reversed") return backAgain(known, "settled");
  const before = payment.status === "captured" ? [] : success(known, wasOver(payment));
  const missing = payment.missing === undefined ? 0n : minorUnits(payment.missing);
  const gross = payment.status === "captured" ? takenInAll(payment) - missing : (report.amount ?? BigInt(payment.tender.amount.amount)) + (report.tip ?? BigInt(payment.tender.tip.amount));
  const fee = report.fee ?? 0n;
  // Once: it is asked, and may say it again.
  if (fee > gross && payment.contradicted !== undefined && before.length === 0) return [];
  const events = fee > gross ? [feeAboveGross(known, fee)] : [...confirmed(known), settlement(known, gross)];
  const own = before.flatMap((one) => (one.kind === "payment" ? one.events : []));
  return [...before.filter(({ kind }) => kind !== "payment"), change("payment", payment.id, [...own, ...events])];
}

/** Its money came, by a settlement that can be right: what was said against it is over. What was said of how much, or in what, only when the settlement says it. */
function confirmed({ payment, report }: Known): readonly DomainEvent[] {
  const { contradicted: said, status, attempt } = payment;
  if (said === undefined || status !== "captured") return [];
  const isWhole = report.amount !== undefined && report.tip !== undefined && report.currency !== undefined;
  if (/^(amount|wrong-currency) /.test(said) && !isWhole) return [];
  return [{ type: "payment.attempt.contradictionResolved", data: { attempt, outcome: "captured", reason: "settled", by: null } }];
}

function incremented(known: Known): readonly Change[] {
  const { payment, report } = known;
  const amount = report.amount ?? BigInt(payment.pending?.amount?.amount ?? "0");
  if (payment.status !== "authorized" || amount <= BigInt(payment.held?.amount ?? "0")) return [];
  return written(known, [{ type: "payment.attempt.incremented", data: { attempt: payment.attempt, amount: moneyOf(amount, payment.tender.amount.currency) } }]);
}

function tipAdjusted(known: Known): readonly Change[] {
  const { payment, check, report } = known;
  const { tender } = payment;
  const to = moneyOf(report.tip ?? BigInt(payment.pending?.tip?.amount ?? "0"), tender.tip.currency);
  if (payment.status !== "authorized" || (payment.pending?.request !== "tip" && to.amount === tender.tip.amount)) return [];
  const by = payment.pending?.by ?? null;
  return written(known, [{ type: "payment.attempt.tipAdjusted", data: { attempt: payment.attempt, check: check.id, drawer: null, tender: { ...tender, tip: to }, from: tender.tip, to, captured: false, by } }]);
}

/** The provider's no to something of ours: the payment stays what it was, and a capture that will not come locks nothing. */
function refused(known: Known): readonly Change[] {
  const { payment, report } = known;
  const { request } = report;
  if (request === undefined || payment.pending?.request !== request) return [];
  const own: DomainEvent = { type: "payment.attempt.requestRefused", data: { attempt: payment.attempt, request, reason: cutText(report.reason ?? "refused", 80) } };
  const unlocks = request === "capture" && payment.status === "authorized" ? locking(known, true, BigInt(payment.held?.amount ?? "0"), BigInt(payment.tender.tip.amount)) : [];
  return written(known, [own], unlocks);
}

function lost(known: Known): readonly Change[] {
  const { payment, report } = known;
  // An authorisation that nothing was asked of is as it was, whether it can be reached or not.
  if (after(payment.status, "lose") === null || (payment.status === "authorized" && payment.pending?.request !== "capture")) return [];
  return nobodyKnows(known, cutText(report.reason ?? "no-answer", 80));
}

function nobodyKnows(known: Known, reason: string): readonly Change[] {
  const { payment } = known;
  const own: DomainEvent = { type: "payment.attempt.unknown", data: { attempt: payment.attempt, reason } };
  return written(known, [own], standing(known) ? [{ type: "sale.check.attemptUnknown", data: { payment: payment.id, attempt: payment.attempt } }] : []);
}

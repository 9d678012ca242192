import { cutText } from "#shared/cut-text.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { Payout, RefundDocument } from "#shared/events/payment.ts";
import type { Change, Context, Reader, Refusal } from "../command.ts";
import { change } from "../deciding.ts";
import { plainPayout } from "./evolve-documents.ts";
import { giveBack } from "./give-back.ts";
import type { PayoutState, RefundState } from "./state.ts";

/** What is paid out by hand is done with this decision; a provider is asked afterwards and answers when it does. `before`: what of it was tried before. */
export function payOut(
  refund: string,
  document: Pick<RefundDocument, "check" | "by">,
  payout: Payout,
  reader: Reader,
  context: Context,
  before: Pick<PayoutState, "notPaid"> = {},
): { readonly own: readonly DomainEvent[]; readonly changes: readonly Change[] } | Refusal {
  if (payout.provider !== undefined) return { own: [], changes: [] };
  const tip = BigInt(payout.tip.amount);
  const amount = BigInt(payout.amount.amount) + BigInt(payout.rounding.amount) + tip;
  const back = giveBack(
    { method: payout.method, payment: payout.payment, account: payout.account, drawer: payout.drawer ?? undefined, amount, tip, currency: payout.amount.currency, document: refund, by: document.by },
    reader,
    context,
  );
  if ("refused" in back) return back;
  return { own: [{ type: "payment.refund.success", data: { check: document.check, payout, ...roundOfPayout(before) } }], changes: back.changes };
}

/**
 * What a provider says of a refund. Amounts are ours: it refunds what was asked, or nothing. `request`: which try of ours it is about, when it names one;
 * `earlier`: another than the payout's present one.
 */
export type RefundReport = { readonly said: "sent" | "success" | "failed" | "lost"; readonly currency?: string; readonly reason?: string; readonly request?: string; readonly earlier?: boolean };

/** As far as anybody knows: what names no request may be about any. */
const sameRequest = (a: string | undefined, b: string | undefined): boolean => a === undefined || b === undefined || a === b;
/** Counts what had counted as paid before and was not; nothing where it never did. */
export const roundOfPayout = ({ notPaid }: Pick<PayoutState, "notPaid">) => (notPaid === undefined ? {} : { round: notPaid });
const otherCurrency = (payout: Payout, { currency }: RefundReport): string | undefined => (currency === undefined || currency === payout.amount.currency ? undefined : currency);
const WRONG_CURRENCY = "wrong-currency";
const inWords = (currency: string): string => `${WRONG_CURRENCY} ${currency}`;
/** What moved in the currency for which nobody knows what became of the payout, the last one last. */
const movedNow = ({ moved = [] }: RefundState, { payment, status, reason }: PayoutState) => moved.filter((one) => status === "unknown" && one.payment === payment && inWords(one.currency) === reason);

/**
 * Nothing when it was known: a payout that succeeded stays so, and one that failed may still succeed. Of an earlier try only money counts: its no is not
 * the present one's. A second success is money that the guest has twice. What a manager decided stands until the provider tells of money; its no to what a manager said
 * was paid is told to people.
 */
export function applyRefundReport(refund: RefundState, payment: string, report: RefundReport): readonly Change[] {
  const state = refund.payouts.find((payout) => payout.payment === payment);
  if (!state) return [];
  if (report.said === "success" && cameBack(refund, payment, report.request)) return [];
  const payout = plainPayout(state);
  const elsewhere = refund.rerouted?.find((one) => one.payment === payment) ?? (refund.cancelled ? payout : undefined);
  if (elsewhere?.provider !== undefined) return late(refund, elsewhere, report);
  if (state.provider === undefined || refund.cancelled) return [];
  if (state.status === "success") return state.decided === undefined ? afterSuccess(refund, state, report) : afterManagersWord(refund, state, report);
  if (report.earlier === true && report.said !== "success") return [];
  return otherCurrency(payout, report) === undefined ? open(refund, state, report) : inOtherCurrency(refund, state, report);
}

const written = (refund: RefundState, ...events: readonly DomainEvent[]): readonly Change[] => [change("refund", refund.id, events)];
const named = ({ request }: Pick<RefundReport, "request">) => (request === undefined ? {} : { request });

const isLate = ({ paidLate = [] }: RefundState, payment: string, request: string | undefined): boolean => paidLate.some((one) => one.payment === payment && sameRequest(one.request, request));
/** What was paid late by that very try, and is with the house again or was given up, pays nothing any more, however often it is told. */
const cameBack = ({ paidLate = [] }: RefundState, payment: string, request: string | undefined): boolean => request !== undefined && paidLate.some((one) => one.payment === payment && one.resolved === true && one.request === request);
const isPaidLate = (refund: RefundState, payout: Payout, of: Pick<RefundReport, "request">): DomainEvent => ({ type: "payment.refund.paidLate", data: { check: refund.document.check, payout, ...named(of) } });

const besides = (refund: RefundState, payout: Payout, others: readonly Pick<RefundReport, "request">[]) => others.filter(({ request }) => !isLate(refund, payout.payment, request)).map((one) => isPaidLate(refund, payout, one));

/** What a manager's word that it was paid is of: the try of which the provider said last that it moved in another currency, or the present one. What others moved in it is with the guest too. */
export function wordOfPaid(refund: RefundState, state: PayoutState): { readonly of: Pick<RefundReport, "request">; readonly beside: readonly DomainEvent[] } {
  const moved = movedNow(refund, state);
  const of = named(moved.at(-1) ?? {});
  return { of, beside: besides(refund, plainPayout(state), moved.filter(({ request }) => !sameRequest(request, of.request))) };
}

/** The guest has it already, by another way or for another try. */
function late(refund: RefundState, payout: Payout, report: RefundReport): readonly Change[] {
  return report.said !== "success" || isLate(refund, payout.payment, report.request) ? [] : written(refund, isPaidLate(refund, payout, report));
}

function afterSuccess(refund: RefundState, state: PayoutState, report: RefundReport): readonly Change[] {
  return sameRequest(state.paidBy, report.request) ? [] : late(refund, plainPayout(state), report);
}

/** What a manager said was paid is the present try, whose key nobody named, or the one that had moved in another currency. */
function afterManagersWord(refund: RefundState, state: PayoutState, report: RefundReport): readonly Change[] {
  const { payment, contradicted, decided, paidBy } = state;
  const payout = plainPayout(state);
  const { said, earlier, reason, request } = report;
  const isThatTry = paidBy === undefined ? earlier !== true : sameRequest(paidBy, request);
  const currency = otherCurrency(payout, report);
  const moved = said === "success" && currency !== undefined;
  // What contradicts the word by moving in another currency is with the guest, beside what another try paid.
  const isNo = contradicted !== undefined && !contradicted.startsWith(WRONG_CURRENCY);
  if (said === "success" && !moved && contradicted !== undefined && (isNo || isThatTry)) return paidAgainstNo(refund, state, report);
  if (!isThatTry) return late(refund, payout, report);
  const reported = said === "failed" ? cutText(reason ?? "refused", 80) : moved ? inWords(currency) : undefined;
  // Money that moved is told after a no too.
  const known = reported === undefined || (contradicted !== undefined && !(moved && isNo)) || decided?.stands === true || (moved && decided?.over === reported);
  return known ? [] : written(refund, { type: "payment.refund.contradicted", data: { payment, reported } });
}

/**
 * Not that try but this one, or that one after all: it was paid once, and the books have it once. What was told of as paid late before pays it instead of that one; what of
 * that has come back, or was given up, pays nothing any more: people say how it is.
 */
function paidAgainstNo(refund: RefundState, state: PayoutState, report: RefundReport): readonly Change[] {
  const before = refund.paidLate?.filter((one) => one.payment === state.payment && sameRequest(one.request, report.request)) ?? [];
  const late = before.find(({ resolved }) => resolved !== true);
  if (before.length > 0 && late === undefined) return [];
  const outcome = late === undefined ? ("paid" as const) : ("not-paid" as const);
  const data = { check: refund.document.check, payout: plainPayout(state), outcome, reason: "asked", by: null, ...named(late ?? report), ...roundOfPayout(state) };
  return written(refund, { type: "payment.refund.contradictionResolved", data });
}

/** Nothing is booked. Money that moved is told once for each try and currency, whatever was told and decided before. */
function inOtherCurrency(refund: RefundState, state: PayoutState, report: RefundReport): readonly Change[] {
  const { payment, status, reason, decided } = state;
  const { currency = "", said } = report;
  const wrong = inWords(currency);
  const moved = said === "success" ? { moved: { currency, ...named(report) } } : {};
  const told = refund.moved?.some((one) => one.payment === payment && one.currency === currency && sameRequest(one.request, report.request)) ?? false;
  const known = told || (said !== "success" && (status === "unknown" ? reason : decided?.over) === wrong);
  return known ? [] : written(refund, { type: "payment.refund.failed", data: { payment, reason: wrong, unknown: true, ...moved } });
}

/** What another try moved in another currency stays told: this one's no is none to that, and its success comes on top. */
function open(refund: RefundState, state: PayoutState, report: RefundReport): readonly Change[] {
  const { payment, status, provider } = state;
  const failed = (reason: string, unknown: boolean) => written(refund, { type: "payment.refund.failed", data: { payment, reason: cutText(report.reason ?? reason, 80), unknown } });
  const others = movedNow(refund, state).filter(({ request }) => !sameRequest(request, report.request));
  switch (report.said) {
    case "sent":
      return status === "pending" && provider !== undefined ? written(refund, { type: "payment.refund.sent", data: { payment, provider } }) : [];
    case "success": {
      const payout = plainPayout(state);
      return written(refund, { type: "payment.refund.success", data: { check: refund.document.check, payout, ...named(report), ...roundOfPayout(state) } }, ...besides(refund, payout, others));
    }
    case "failed":
      return status === "failed" || others.length > 0 ? [] : failed("refused", false);
    case "lost":
      return status === "pending" || status === "sent" ? failed("no-answer", true) : [];
  }
}

import type { AttemptReport } from "#shared/domain/payment/apply-report.ts";
import type { RefundReport } from "#shared/domain/payment/pay-out.ts";
import { isOpen } from "#shared/domain/payment/machine.ts";
import type { PaymentState } from "#shared/domain/payment/state.ts";
import { reportOfView, type AttemptView } from "#shared/protocol/payment-provider.ts";
import type { Answer, PaymentProviderPort } from "./provider-port.ts";
import type { ClaimedRequest } from "./requests.ts";

/** What is to be written of it, and in how many milliseconds the row is to be tried again; null: never. */
export type Outcome = { readonly outcome: string; readonly reports: readonly AttemptReport[]; readonly refund?: RefundReport; readonly againInMs: number | null };

const MOST_TRIES = 4;
/** Calls of one claim: a refund is asked after and asked for, an attempt is asked after and stopped. */
const MOST_CALLS = 2;
const BESIDE_CALLS_MS = 10_000;

/** How long a row is nobody else's, in ms: longer than all its calls together, each of which takes `timeoutMs` at most. */
export function leaseMsFor(timeoutMs: number): number {
  return MOST_CALLS * timeoutMs + BESIDE_CALLS_MS;
}

/** Asking goes on as long as nobody knows. */
const MOST_BETWEEN_MS = 60_000;
export const LOST_AFTER_TRIES = 3;

/** 1, 2, 4, 8, … s. */
export function backOff(tries: number, baseMs: number, mostMs = MOST_BETWEEN_MS): number {
  return Math.min(mostMs, baseMs * 2 ** Math.min(tries - 1, 16));
}

/** Nothing of this row can have reached the provider. */
const NEVER_SENT = "not-sent";
export const isNo = <View>(answer: Answer<View>): answer is Extract<Answer<View>, { readonly refused: string } | { readonly notFound: true }> => "refused" in answer || "notFound" in answer;
export const mayHaveBeenHeard = ({ outcome }: ClaimedRequest): boolean => outcome !== null && outcome !== NEVER_SENT;

/** A no to a later try is none to an earlier one, which may have been heard and done. */
function believed<View>(request: ClaimedRequest, answer: Answer<View>): Answer<View> {
  return isNo(answer) && mayHaveBeenHeard(request) ? { unreachable: reasonOf(answer), sent: true } : answer;
}

export const reasonOf = <View>(no: Answer<View>): string => ("refused" in no ? no.refused : "unreachable" in no ? no.unreachable : "not-found");
/** How a try without an answer stands on its row: what may have been heard once stays so. */
export const unanswered = (request: ClaimedRequest, { sent }: { readonly sent: boolean }): string => (sent || mayHaveBeenHeard(request) ? "no-answer" : NEVER_SENT);

export const nothing = (outcome: string): Outcome => ({ outcome, reports: [], againInMs: null });

type Situation = {
  readonly request: ClaimedRequest;
  readonly payment: PaymentState;
  readonly provider: PaymentProviderPort;
  readonly baseMs: number;
  /** The guest's time is over. */
  readonly expired: boolean;
  /** The row that was to do what is pending is not done with it. */
  isQueued(kind: ClaimedRequest["kind"]): Promise<boolean>;
};

/** Asks the provider for what the row says, if it is still wanted. Nothing here writes. */
export async function carryOut(situation: Situation): Promise<Outcome> {
  const { request, payment, provider } = situation;
  switch (request.kind) {
    case "start":
      if (payment.status !== "created") return nothing("not-wanted");
      // What may have been heard is for the cancelling to stop.
      if (payment.pending?.request === "cancel" && mayHaveBeenHeard(request)) return nothing("stopped");
      if (payment.pending?.request === "cancel") return { outcome: "never-sent", reports: [{ said: "cancelled", from: "hub" }], againInMs: null };
      return begun(situation, believed(request, await provider.start(request.attempt_id, request.body, request.id)));
    case "ask":
      return asked(situation);
    case "capture":
      return wanted(situation, () => provider.capture(request.attempt_id, request.body, request.id));
    case "increment":
      return wanted(situation, () => provider.increment(request.attempt_id, request.body, request.id));
    case "tip":
      return wanted(situation, () => provider.adjustTip(request.attempt_id, request.body, request.id));
    case "cancel":
      return wanted(situation, () => provider.cancel(request.attempt_id, request.id));
    case "reverse":
      return wanted(situation, () => provider.reverse(request.attempt_id, request.id));
    case "refund":
      throw new Error("a refund is carried out by carryOutRefund");
  }
}

/** The first word to the provider. What never left us has failed; what may have been heard is unknown. */
function begun({ request, baseMs }: Situation, answer: Answer<AttemptView>): Outcome {
  if ("answered" in answer) return { outcome: answer.answered.state, reports: [reportOfView(answer.answered)], againInMs: null };
  if ("refused" in answer) return { outcome: "refused", reports: [{ said: "failed", from: "provider", reason: answer.refused }], againInMs: null };
  if ("notFound" in answer) return { outcome: "refused", reports: [{ said: "failed", from: "provider", reason: "unknown-terminal" }], againInMs: null };
  const outcome = unanswered(request, answer);
  if (request.tries < MOST_TRIES) return { outcome, reports: [], againInMs: backOff(request.tries, baseMs / 2) };
  return { outcome, reports: [outcome !== NEVER_SENT ? { said: "lost", from: "hub", reason: answer.unreachable } : { said: "failed", from: "provider", reason: "unreachable" }], againInMs: null };
}

/** Something that is pending at a payment: done, refused, or not known, which asking will find out. */
async function wanted({ request, payment, baseMs }: Situation, call: () => Promise<Answer<AttemptView>>): Promise<Outcome> {
  const { kind } = request;
  if (payment.pending?.request !== kind) return nothing("not-wanted");
  const heard = await call();
  if (kind === "cancel" && "notFound" in heard) return nothingToCancel(request, baseMs);
  const answer = believed(request, heard);
  if ("answered" in answer) return { outcome: answer.answered.state, reports: done(kind, answer.answered), againInMs: null };
  if ("refused" in answer) return { outcome: "refused", reports: [{ said: "refused", request: kind, from: "provider", reason: answer.refused }], againInMs: null };
  if ("notFound" in answer) return { outcome: "not-found", reports: [{ said: "refused", request: kind, from: "provider", reason: "not-found" }], againInMs: null };
  const outcome = unanswered(request, answer);
  if (request.tries < MOST_TRIES) return { outcome, reports: [], againInMs: backOff(request.tries, baseMs / 2) };
  return { outcome, reports: kind === "capture" ? [{ said: "lost", from: "hub", reason: answer.unreachable }] : [], againInMs: null };
}

/** The start of it may still be on its way: it is told again to stop before it counts as over, and whoever is charged after all is so after our own end (PAY-9). */
function nothingToCancel({ tries }: ClaimedRequest, baseMs: number): Outcome {
  if (tries < MOST_TRIES) return { outcome: "not-found", reports: [], againInMs: backOff(tries, baseMs / 2) };
  return { outcome: "not-found", reports: [{ said: "cancelled", from: "hub" }], againInMs: null };
}

function done(kind: ClaimedRequest["kind"], view: AttemptView): readonly AttemptReport[] {
  const report = reportOfView(view);
  if (view.state !== "authorized") return [report];
  if (kind === "increment") return [{ ...report, said: "incremented" }];
  return kind === "tip" ? [{ ...report, said: "tip-adjusted" }] : [report];
}

/** Reconciliation: what is true is what the provider says now. */
async function asked(situation: Situation): Promise<Outcome> {
  const { request, payment, provider, baseMs, expired, isQueued } = situation;
  const going = isOpen(payment.status) || payment.pending !== null;
  // Once more for what people want to know; then only while something is open.
  if (!going && request.tries > 1) return nothing("over");
  const answer = await provider.ask(request.attempt_id);
  const again = backOff(request.tries, baseMs);
  if ("answered" in answer) {
    const view = answer.answered;
    if (view.state === "pending") return expired ? stop(situation) : { outcome: "pending", reports: payment.pending === null ? [reportOfView(view)] : await undone(payment, isQueued, [reportOfView(view)]), againInMs: going ? again : null };
    const reports = view.state === "authorized" ? await stillHeld(payment, view, isQueued) : await final(payment, view, isQueued);
    const waits = view.state === "authorized" && !(payment.request?.capture === "later" && payment.pending === null);
    return { outcome: view.state, reports, againInMs: waits ? again : null };
  }
  if ("notFound" in answer) {
    if (payment.status === "created" && (await isQueued("start"))) return { outcome: "not-found", reports: [], againInMs: again };
    return { outcome: "not-found", reports: [{ said: "not-found", from: "provider" }], againInMs: null };
  }
  if ("refused" in answer) return { outcome: "refused", reports: [], againInMs: going ? again : null };
  // Not there: perhaps for a moment, so it is called unknown only after a few tries.
  const lost = (payment.status === "created" || payment.status === "sent") && (request.tries >= LOST_AFTER_TRIES || expired);
  return { outcome: "unreachable", reports: lost ? [{ said: "lost", from: "hub", reason: answer.unreachable }] : [], againInMs: going ? again : null };
}

/** The guest has not paid in time. Whoever pays at the last moment is told to us later, and is accepted then. */
async function stop({ request, provider, baseMs }: Situation): Promise<Outcome> {
  const answer = await provider.cancel(request.attempt_id, `${request.id}-expire`);
  if ("unreachable" in answer) return { outcome: "unreachable", reports: [{ said: "lost", from: "hub", reason: answer.unreachable }], againInMs: backOff(request.tries, baseMs) };
  if ("answered" in answer && answer.answered.state !== "cancelled" && answer.answered.state !== "pending") return { outcome: answer.answered.state, reports: [reportOfView(answer.answered)], againInMs: null };
  return { outcome: "expired", reports: [{ said: "expired", from: "hub" }], againInMs: null };
}

/** What was asked for and is not in what the provider says now did not happen. */
async function undone(payment: PaymentState, isQueued: Situation["isQueued"], reports: readonly AttemptReport[]): Promise<readonly AttemptReport[]> {
  const { pending } = payment;
  if (pending === null || (await isQueued(pending.request))) return reports;
  return [...reports, { said: "refused", request: pending.request, from: "provider", reason: "not-done" }];
}

async function stillHeld(payment: PaymentState, view: AttemptView, isQueued: Situation["isQueued"]): Promise<readonly AttemptReport[]> {
  const report = reportOfView(view);
  const { pending } = payment;
  if (pending?.request === "increment" && view.amount !== undefined && view.amount === pending.amount?.amount) return [{ ...report, said: "incremented" }];
  if (pending?.request === "tip" && view.tip !== undefined && view.tip === pending.tip?.amount) return [{ ...report, said: "tip-adjusted" }];
  return undone(payment, isQueued, [report]);
}

async function final(payment: PaymentState, view: AttemptView, isQueued: Situation["isQueued"]): Promise<readonly AttemptReport[]> {
  const report = reportOfView(view);
  return payment.pending?.request === "reverse" && (view.state === "captured" || view.state === "settled") ? undone(payment, isQueued, [report]) : [report];
}

import type { RefundReport } from "#shared/domain/payment/pay-out.ts";
import type { RefundState } from "#shared/domain/payment/state.ts";
import { refundReportOfView, type RefundView } from "#shared/protocol/payment-provider.ts";
import { backOff, isNo, LOST_AFTER_TRIES, mayHaveBeenHeard, nothing, reasonOf, unanswered, type Outcome } from "./carry-out.ts";
import type { Answer, PaymentProviderPort } from "./provider-port.ts";
import { NOT_WANTED, refundRequestId, type ClaimedRequest } from "./requests.ts";

/** Providers remember a key for a day or so, and would pay again afterwards: half of that. */
const ASKED_FOR_MS = 12 * 3_600_000;
/** What is under way for so long is told to people, whatever the provider is doing. */
const TOLD_AFTER_MS = 120_000;
/** Of what counts as over for us, and may have been heard: how seldom, and how long, it is asked after. */
const AFTER_END = { mostBetweenMs: 600_000, forMs: 7 * 86_400_000 };
/** The provider has heard of no such refund; a call may still be on its way. */
const NOT_KNOWN = "not-known";
/** As the provider called it. */
const UNDER_WAY = "pending";
/** The payout has failed, or was paid otherwise: only news of money would matter. */
const OVER = "over";

export type LookAgain = () => Promise<{ readonly refund: RefundState | undefined; readonly paidUnnamed: boolean }>;

type Row = {
  readonly request: ClaimedRequest;
  /** It is the payout's present try, and nobody knows what became of it. */
  readonly wanted: boolean;
  readonly baseMs: number;
};

/**
 * One try of a payout, under its key: asked for as long as it cannot have been heard, asked after from then on. It is asked for once more only when the
 * provider has heard of no such key, and still remembers those that it has heard; never when its row had ended before (`askAgain`), nor while money of the payout was told of that names no try. At most `MOST_CALLS` calls. Nothing here writes.
 * `lookAgain`: what is known of both by now; what the provider took its time over may have changed them.
 */
export async function carryOutRefund(request: ClaimedRequest, refund: RefundState, provider: PaymentProviderPort, baseMs: number, lookAgain: LookAgain): Promise<Outcome> {
  const situation = situationOf(request, refund);
  if (situation === NOT_WANTED) return nothing(situation);
  const row = { request, baseMs, wanted: situation === "wanted" };
  if (isForgotten(row)) return nothing(OVER);

  const askFor = () => provider.refund(refund.id, request.attempt_id, request.body, request.id);
  if (!hasEnded(request) && !mayHaveBeenHeard(request) && !request.paid_unnamed) {
    const first = await askFor();
    return isNo(first) ? { outcome: "refused", reports: [], refund: { said: "failed", reason: reasonOf(first) }, againInMs: null } : heard(row, refund, first);
  }
  const known = await provider.askRefund(request.id);
  if (!("notFound" in known)) return heard(row, refund, known);
  // It was over, and nothing of it may be on its way any more.
  if (hasEnded(request)) return nothing(OVER);
  // It may have forgotten the key of what it has under way: it would pay again, and a no would let people do so.
  if (isUnderWay(row)) return { outcome: UNDER_WAY, reports: [], refund: { said: "lost", reason: reasonOf(known) }, againInMs: againIn(row) };
  const mayAsk = row.wanted && !request.paid_unnamed && request.age_ms < ASKED_FOR_MS;
  // News came while the provider took its time: the next claim goes by them.
  if (mayAsk && !isAskedFor(request, await lookAgain())) return { outcome: request.outcome ?? "no-answer", reports: [], againInMs: 0 };
  const again = mayAsk ? await askFor() : known;
  return isNo(again) ? notKnown(row, reasonOf(again)) : heard(row, refund, again);
}

/** A row whose provider is not among those that the installation knows: it waits for that, and people are told that it does. */
export function refundNotConfigured(request: ClaimedRequest, refund: RefundState, baseMs: number): Outcome {
  const situation = situationOf(request, refund);
  const row = { request, baseMs, wanted: situation === "wanted" };
  if (situation === NOT_WANTED || isLongOver(row)) return nothing(situation === NOT_WANTED ? situation : OVER);
  return unheard(row, { unreachable: "not-configured", sent: false });
}

function situationOf(request: ClaimedRequest, refund: RefundState): "wanted" | "asked-after" | typeof NOT_WANTED {
  const payout = refund.payouts.find(({ payment }) => payment === request.payment_id);
  if (!payout || payout.paidBy === request.id) return NOT_WANTED;
  if (hasEnded(request)) return "asked-after";
  // What has gone another way since has no present try at a provider.
  const present = payout.asked !== undefined && refundRequestId(payout.asked, payout.payment) === request.id;
  if (present && !refund.cancelled && payout.status !== "success" && payout.status !== "failed") return "wanted";
  return mayHaveBeenHeard(request) ? "asked-after" : NOT_WANTED;
}

function isAskedFor(request: ClaimedRequest, { refund, paidUnnamed }: Awaited<ReturnType<LookAgain>>): boolean {
  return !paidUnnamed && refund !== undefined && situationOf(request, refund) === "wanted";
}

function heard(row: Row, refund: RefundState, answer: Answer<RefundView>): Outcome {
  if (!("answered" in answer)) return unheard(row, { unreachable: reasonOf(answer), sent: !("unreachable" in answer) || answer.sent });
  const view = answer.answered;
  if (view.refund !== refund.id) return unheard(row, { unreachable: "another-refund", sent: true });
  const report = refundReportOfView(view);
  // What it says of another try is that one's, and of this one it has said nothing.
  if (view.request !== undefined && view.request !== row.request.id) {
    const other = unheard(row, { unreachable: "another-try", sent: true });
    return report.said === "success" ? { ...other, refund: { ...report, request: view.request } } : other;
  }
  if (report.said !== "sent") return { outcome: view.state, reports: [], refund: report, againInMs: null };
  return { outcome: view.state, reports: [], refund: isLong(row) ? { ...report, said: "lost", reason: "pending" } : report, againInMs: againIn(row) };
}

/** Twice, seconds apart, is a no: a call may be on its way the first time. It may be wrong all the same, so it is asked after all the longer. */
function notKnown(row: Row, reason: string): Outcome {
  const { request, wanted } = row;
  // No failure: when the last one ends like this, the money is booked without a name. While another waits, nobody knows, and people can say.
  if (request.paid_unnamed && (request.outcome === NOT_KNOWN || request.outcome === OVER)) return { ...nothing(OVER), ...(wanted ? { refund: { said: "lost", reason } } : {}) };
  if (!wanted) return { outcome: OVER, reports: [], againInMs: againIn(row) };
  if (request.outcome === NOT_KNOWN) return { outcome: OVER, reports: [], refund: { said: "failed", reason }, againInMs: againIn(row) };
  return { outcome: NOT_KNOWN, reports: [], ...lost(row, reason), againInMs: againIn(row) };
}

function unheard(row: Row, answer: { readonly unreachable: string; readonly sent: boolean }): Outcome {
  const before = row.wanted ? unanswered(row.request, answer) : OVER;
  return { outcome: row.request.outcome === UNDER_WAY ? UNDER_WAY : before, reports: [], ...lost(row, answer.unreachable), againInMs: againIn(row) };
}

const hasEnded = ({ anew_ms }: ClaimedRequest): boolean => anew_ms !== null;
const isLongOver = ({ request, wanted }: Row): boolean => !wanted && (request.anew_ms ?? request.age_ms) > AFTER_END.forMs;
/** What the provider last called pending it may pay on any day. */
const isForgotten = (row: Row): boolean => isLongOver(row) && row.request.outcome !== UNDER_WAY;
const isUnderWay = ({ request, wanted }: Row): boolean => wanted && request.outcome === UNDER_WAY;
const isLong = ({ request }: Row): boolean => request.age_ms >= TOLD_AFTER_MS;

function lost(row: Row, reason: string): { readonly refund?: RefundReport } {
  return row.wanted && (row.request.tries >= LOST_AFTER_TRIES || isLong(row)) ? { refund: { said: "lost", reason } } : {};
}

const againIn = ({ request, wanted, baseMs }: Row): number => (wanted ? backOff(request.tries, baseMs) : backOff(request.tries, baseMs, AFTER_END.mostBetweenMs));

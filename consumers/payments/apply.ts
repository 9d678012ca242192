import { createHash } from "node:crypto";
import { draftChanges } from "#hub/log/drafts.ts";
import { derivedUlid } from "#hub/log/derived-ulid.ts";
import type { AppendCommand } from "#hub/log/types.ts";
import { businessDateOf, openBusinessDate } from "#shared/domain/business-date.ts";
import type { Change } from "#shared/domain/command.ts";
import { applyRefundReport, type RefundReport } from "#shared/domain/payment/pay-out.ts";
import { applyReport, type AttemptReport } from "#shared/domain/payment/apply-report.ts";
import { prefixed } from "#shared/ids.ts";
import { refundRequestId } from "./requests.ts";
import type { PaymentStates } from "./states.ts";

/** Whence a report comes: the ids of what it writes follow from it, so that a second delivery is a repeat (LOG-4). */
export type Source = {
  readonly commandId: string;
  readonly organizer: string;
  readonly merchant: string;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly traceparent?: string;
  readonly now: string;
};

/** What an attempt's report writes; nothing when it was known. */
export async function attemptCommand(states: PaymentStates, payment: string, report: AttemptReport, source: Source): Promise<AppendCommand[]> {
  await states.load([{ stream: payment, kind: "payment" }, { stream: source.merchant, kind: "merchant" }]);
  const state = states.get("payment", payment);
  if (!state) return [];
  await states.load([{ stream: state.check, kind: "check" }]);
  let check = states.get("check", state.check);
  // A check that was merged away has left its debts, and its money, to another.
  for (let hops = 0; check?.mergedInto && hops < 20; hops++) {
    await states.load([{ stream: check.mergedInto, kind: "check" }]);
    check = states.get("check", check.mergedInto);
  }
  if (!check) throw new Error(`payment ${payment} without its check`);
  return command(states, applyReport(state, check, report), source);
}

export async function refundCommand(states: PaymentStates, refund: string, payment: string, report: RefundReport, source: Source): Promise<AppendCommand[]> {
  await states.load([{ stream: refund, kind: "refund" }, { stream: source.merchant, kind: "merchant" }]);
  const state = states.get("refund", refund);
  if (!state) return [];
  const asked = state.payouts.find((payout) => payout.payment === payment)?.asked;
  const earlier = asked !== undefined && report.request !== undefined && report.request !== refundRequestId(asked, payment);
  return command(states, applyRefundReport(state, payment, { ...report, earlier }), source);
}

function command(states: PaymentStates, changes: readonly Change[], source: Source): AppendCommand[] {
  if (changes.length === 0) return [];
  const merchant = states.get("merchant", source.merchant);
  if (!merchant) throw new Error(`merchant ${source.merchant} has no state`);
  const { commandId, organizer, correlationId, causationId, traceparent, now } = source;
  // The day that it is dated on must not be closed meanwhile.
  const dayIsOpen: Change = { kind: "merchant", stream: source.merchant, events: [] };
  let made = 0;
  const drafted = draftChanges([...changes, dayIsOpen], ({ stream }) => states.known(stream), {
    organizer,
    merchant: source.merchant,
    now,
    occurredAt: now,
    // DOM-17: money counts on the day that is open when it reaches us.
    businessDate: openBusinessDate(businessDateOf(now, merchant.zone, merchant.cutOver), merchant.closedThrough ?? null),
    commandId,
    correlationId,
    actor: "consumer:payments",
    source: "/consumers/payments",
    newEventId: () => prefixed("event", derivedUlid(commandId, `event ${made++}`)),
  });
  states.apply(drafted);
  return [
    {
      commandId,
      hash: createHash("sha256").update(commandId).digest("hex"),
      organizerId: organizer,
      merchantId: source.merchant,
      actor: "consumer:payments",
      source: "/consumers/payments",
      correlationId,
      ...(causationId === undefined ? {} : { causationId }),
      ...(traceparent === undefined ? {} : { traceparent }),
      changes: drafted.map(({ change }) => change),
      counts: [],
      answer: "{}",
    },
  ];
}

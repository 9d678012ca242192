import type { Actor } from "../command.ts";
import { id, WAITER, type World } from "../testing/given.ts";
import { add, burgerItem, openDrawer, phoItem, seated, send } from "../testing/place.ts";
import type { Policies } from "#shared/events/commerce.ts";
import { applyReport, type AttemptReport } from "./apply-report.ts";
import { applyRefundReport, type RefundReport } from "./pay-out.ts";
import type { PaymentState, RefundState } from "./state.ts";
import type { CheckState } from "../check/state.ts";

export const MANAGER: Actor = { ...WAITER, staff: id("staff", 2), name: "Otto", capabilities: [...WAITER.capabilities, "approve.payments", "manage.settings"] };
export const TERMINAL = { provider: "terminal-1", kind: "terminal", name: "Terminal" } as const;
export const QR = { provider: "qr-1", kind: "qr", name: "QR" } as const;

/** Phở 12.50 and a burger 14.90, sent: 27.40 due, a drawer open, a terminal and a QR provider connected. */
export function dining(policies?: Policies): { readonly w: World; readonly check: string } {
  const w = seated(policies);
  openDrawer(w);
  w.does("commerce.connectProvider", TERMINAL, MANAGER);
  w.does("commerce.connectProvider", QR, MANAGER);
  const { check } = add(w, phoItem(1), burgerItem(2));
  send(w, 1, 2);
  return { w, check };
}

export function paymentOf(w: World, payment: string): PaymentState {
  const state = w.get("payment", payment);
  if (!state) throw new Error(`no payment ${payment}`);
  return state;
}

export function checkOf(w: World, check: string): CheckState {
  const state = w.get("check", check);
  if (!state) throw new Error(`no check ${check}`);
  return state;
}

/** What the consumer does with a provider's word: the events that followed. */
export function reported(w: World, payment: string, report: Partial<AttemptReport> & Pick<AttemptReport, "said">): readonly string[] {
  const state = paymentOf(w, payment);
  const before = w.log.length;
  for (const change of applyReport(state, checkOf(w, state.check), { from: "webhook", ...report })) w.happened(change.kind, change.stream, change.events);
  return w.log.slice(before).map(({ type }) => type);
}

export function refundOf(w: World, refund: string): RefundState {
  const state = w.get("refund", refund);
  if (!state) throw new Error(`no refund ${refund}`);
  return state;
}

/** What a provider says of a refund's payout, as the consumer of payments hears it; answers what is written of it. */
export function refundReported(w: World, refund: string, payment: string, report: RefundReport): readonly string[] {
  const changes = applyRefundReport(refundOf(w, refund), payment, report);
  for (const change of changes) w.happened(change.kind, change.stream, change.events);
  return changes.flatMap(({ events }) => events.map(({ type }) => type));
}

import type { CashReport, DrawerMovement } from "#shared/events/cash.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Money } from "#shared/events/primitives.ts";
import { minorUnits, moneyOf } from "#shared/money/money.ts";
import { erasedLabel } from "../erased.ts";
import { existing, unexpectedEvent } from "../fold.ts";
import type { CashReportState, DrawerState, MovementState, Sum, TillState } from "./state.ts";

function plus(a: Money, b: Money, sign = 1n): Money {
  if (a.currency !== b.currency) throw new RangeError(`${b.currency} among ${a.currency}`);
  return moneyOf(minorUnits(a) + sign * minorUnits(b), a.currency);
}

function more(sum: Sum, amount: Money): Sum {
  return { count: sum.count + 1, amount: plus(sum.amount, amount) };
}

function moved(drawer: DrawerState, event: EventEnvelope, kind: DrawerMovement["kind"], { movement, amount, reason, account, by }: Omit<DrawerMovement, "kind" | "at">): readonly DrawerMovement[] {
  return [...drawer.movements, { movement, kind, amount, reason, ...(account === undefined ? {} : { account }), at: event.occurredat, by }];
}

/** Expected cash follows from this session alone; never from the previous close. */
export function evolveDrawer(state: DrawerState | undefined, event: EventEnvelope): DrawerState {
  if (event.type === "cash.drawer.opened") {
    const { name, float, by } = event.data;
    const zero = moneyOf(0n, float.currency);
    const none: Sum = { count: 0, amount: zero };
    return {
      id: event.subject,
      name,
      float,
      expected: float,
      openedAt: event.occurredat,
      openedBy: by,
      taken: none,
      tips: zero,
      returned: none,
      returnedTips: zero,
      paidIn: none,
      paidOut: none,
      tipsPaid: none,
      accountsPaidOut: none,
      dropped: none,
      movements: [],
      closed: null,
    };
  }
  if (!event.type.startsWith("cash.drawer.")) throw unexpectedEvent("drawer", event);
  const drawer = existing("drawer", state, event);
  switch (event.type) {
    case "cash.drawer.cashTaken": {
      const { amount, tip } = event.data;
      return { ...drawer, expected: plus(drawer.expected, amount), taken: more(drawer.taken, amount), tips: tip ? plus(drawer.tips, tip) : drawer.tips };
    }
    case "cash.drawer.cashReturned": {
      const { amount, tip } = event.data;
      return { ...drawer, expected: plus(drawer.expected, amount, -1n), returned: more(drawer.returned, amount), returnedTips: tip ? plus(drawer.returnedTips, tip) : drawer.returnedTips };
    }
    case "cash.drawer.paidIn":
      return { ...drawer, expected: plus(drawer.expected, event.data.amount), paidIn: more(drawer.paidIn, event.data.amount), movements: moved(drawer, event, "pay-in", event.data) };
    case "cash.drawer.paidOut":
      return { ...drawer, expected: plus(drawer.expected, event.data.amount, -1n), paidOut: more(drawer.paidOut, event.data.amount), movements: moved(drawer, event, "pay-out", event.data) };
    case "cash.drawer.tipsPaid": {
      const { amount, to } = event.data;
      return { ...drawer, expected: plus(drawer.expected, amount, -1n), tipsPaid: more(drawer.tipsPaid, amount), movements: moved(drawer, event, "tips-paid", { ...event.data, reason: to.name }) };
    }
    case "cash.drawer.accountPaidOut": {
      const { payment, account, amount, by } = event.data;
      return { ...drawer, expected: plus(drawer.expected, amount, -1n), accountsPaidOut: more(drawer.accountsPaidOut, amount), movements: moved(drawer, event, "account-paid-out", { movement: payment, amount, reason: null, account, by }) };
    }
    case "cash.drawer.dropped":
      return { ...drawer, expected: plus(drawer.expected, event.data.amount, -1n), dropped: more(drawer.dropped, event.data.amount), movements: moved(drawer, event, "drop", event.data) };
    case "cash.drawer.closed": {
      const { counted, difference } = event.data;
      return { ...drawer, closed: { counted, difference, at: event.occurredat } };
    }
    default:
      throw unexpectedEvent("drawer", event);
  }
}

export function evolveMovement(_: MovementState | undefined, event: EventEnvelope): MovementState {
  if (event.type !== "cash.movement.made") throw unexpectedEvent("movement", event);
  return { drawer: event.data.drawer };
}

export function evolveTill(state: TillState | undefined, event: EventEnvelope): TillState {
  switch (event.type) {
    case "cash.till.occupied":
      return { name: event.data.name, drawer: event.data.drawer };
    case "cash.till.released":
      return { ...existing("till", state, event), drawer: null };
    default:
      throw unexpectedEvent("till", event);
  }
}

/** Checks that a day carries over are named on its paper. */
function withoutGuest(report: CashReport, checks: ReadonlySet<string>): CashReport {
  if (report.scope !== "day") return report;
  return { ...report, openChecks: report.openChecks.map((open) => (checks.has(open.check) ? { ...open, label: erasedLabel(open.label) } : open)) };
}

export function evolveCashReport(state: CashReportState | undefined, event: EventEnvelope): CashReportState {
  switch (event.type) {
    case "cash.report.requested":
      return { id: event.subject, report: null, copies: 0 };
    case "cash.report.made":
      return { id: event.subject, report: event.data.report, copies: 0 };
    case "cash.report.printRequested":
      return { ...existing("cash-report", state, event), copies: event.data.copy };
    case "cash.report.guestErased": {
      const { report, ...rest } = existing("cash-report", state, event);
      return { ...rest, report: report && withoutGuest(report, new Set(event.data.checks)) };
    }
    default:
      throw unexpectedEvent("cash-report", event);
  }
}

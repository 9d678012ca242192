import type { CashReport, DrawerReport } from "#shared/events/cash.ts";
import type { Money } from "#shared/events/primitives.ts";
import { moneyOf } from "#shared/money/money.ts";
import type { Actor, Context } from "../command.ts";
import type { DrawerState } from "./state.ts";

/** What an answer says of what should be in a drawer. */
export type Told = { readonly expected?: Money };
/** What should be in it, and what guests brought and got: with what the counter did there, the same sum again. */
type Hidden = "expected" | "taken" | "tips" | "returned" | "returnedTips";
export type BlindReport = Omit<DrawerReport, Hidden> & Partial<Pick<DrawerReport, Hidden>>;

/** CSH-4: who answers for cash is told of an open drawer; whoever counts it is not. */
export function seesExpected(capabilities: readonly string[]): boolean {
  return capabilities.includes("approve.cash");
}

export function toldOf({ expected }: Pick<DrawerState, "expected">, { actor }: Pick<Context, "actor">): Told {
  return seesExpected(actor.capabilities) ? { expected } : {};
}

/** A day's paper that was made while drawers were open says almost what was in them: it is for those who may make one. */
export function isOfOpenDrawers(report: CashReport): boolean {
  return report.scope === "day" && (report.kind === "x" || report.openDrawers.length > 0);
}

export function mayRead(report: CashReport, capabilities: Actor["capabilities"]): boolean {
  return !isOfOpenDrawers(report) || capabilities.includes("manage.view");
}

export function blindReport(report: DrawerReport): BlindReport {
  const { expected: _e, taken: _t, tips: _p, returned: _r, returnedTips: _b, ...blind } = report;
  return blind;
}

/** As a tablet keeps it on which somebody counts blind: nothing was taken yet, as far as that one says. */
export function blindDrawer(drawer: DrawerState): DrawerState {
  if (drawer.closed) return drawer;
  const zero = moneyOf(0n, drawer.float.currency);
  const none = { count: 0, amount: zero };
  return { ...drawer, expected: zero, taken: none, tips: zero, returned: none, returnedTips: zero };
}

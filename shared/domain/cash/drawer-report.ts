import type { DrawerReport } from "#shared/events/cash.ts";
import type { Context } from "../command.ts";
import type { Person } from "../floor/state.ts";
import type { MerchantState } from "../merchant/state.ts";
import type { DrawerState } from "./state.ts";

type Made = { readonly kind: "x" | "z"; readonly number: number; readonly by: Person; readonly count: DrawerReport["count"] };

/** Everything that the paper says, so that it is never computed again. */
export function drawerReportOf(drawer: DrawerState, merchant: MerchantState, { kind, number, by, count }: Made, context: Context): DrawerReport {
  const { name, openedAt, openedBy, float, taken, tips, returned, returnedTips, paidIn, paidOut, tipsPaid, accountsPaidOut, dropped, expected, movements } = drawer;
  return {
    scope: "drawer",
    kind,
    number,
    merchant: { name: merchant.name, address: [...merchant.address] },
    currency: merchant.currency,
    displayDigits: merchant.displayDigits,
    businessDate: context.businessDate,
    at: context.now,
    by,
    drawer: drawer.id,
    name,
    openedAt,
    openedBy,
    float,
    taken,
    tips,
    returned,
    returnedTips,
    paidIn,
    paidOut,
    tipsPaid,
    accountsPaidOut,
    dropped,
    expected,
    count,
    movements: [...movements],
  };
}

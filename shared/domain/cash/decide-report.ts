import { printReport, reportDrawer } from "#shared/commands/cash.ts";
import type { Decision } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED } from "../deciding.ts";
import { mayRead } from "./blind.ts";
import { drawerReportOf } from "./drawer-report.ts";
import { nextReport, reportSeriesRef } from "./report-numbers.ts";

export type Numbered = { readonly report: string; readonly number: number };

/** X: how the drawer stands; nothing of it changes. */
export const reportDrawerCommand = command({
  type: "drawer.report",
  version: 1,
  capability: "drawer.operate",
  owner: "merchant",
  schema: reportDrawer,
  reads: (input, _, context) => [ref("drawer", input.drawer), ref("merchant", context.merchant), reportSeriesRef(context, "drawer-x")],
  decide: (input, reader, context): Decision<Numbered> => {
    const by = personOf(context);
    if (!by) return STAFF_REQUIRED;
    const drawer = reader.get("drawer", input.drawer);
    if (!drawer) return refuse("unknown-drawer", { drawer: input.drawer });
    if (drawer.closed) return refuse("drawer-closed", { drawer: drawer.id, name: drawer.name });
    const merchant = reader.get("merchant", context.merchant);
    if (!merchant) return refuse("merchant-not-ready");
    const { number, report, advance } = nextReport("drawer-x", reader, context);
    const document = drawerReportOf(drawer, merchant, { kind: "x", number, by, count: null }, context);
    return { changes: [advance, change("cash-report", report, [{ type: "cash.report.made", data: { report: document } }])], result: { report, number } };
  },
});

/** The stored report as it is; every print after the first says that it is a copy. */
export const printReportCommand = command({
  type: "cash.printReport",
  version: 1,
  capability: "drawer.operate",
  alsoAllowed: ["manage.view"],
  owner: "merchant",
  schema: printReport,
  reads: (input) => [ref("cash-report", input.report)],
  decide: (input, reader, context): Decision<{ copy: number }> => {
    const by = personOf(context);
    if (!by) return STAFF_REQUIRED;
    const stored = reader.get("cash-report", input.report);
    if (!stored?.report || !mayRead(stored.report, context.actor.capabilities)) return refuse("unknown-report", { report: input.report });
    const copy = stored.copies + 1;
    return { changes: [change("cash-report", stored.id, [{ type: "cash.report.printRequested", data: { report: stored.report, copy, by } }])], result: { copy } };
  },
});

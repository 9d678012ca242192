import { setTenant } from "#hub/db/client.ts";
import type { Capability } from "#shared/events/identity.ts";
import { blindReport, mayRead, seesExpected, type BlindReport } from "#shared/domain/cash/blind.ts";
import type { CashReport, DayReport } from "#shared/events/cash.ts";
import type { Hub } from "./hub.ts";

type Tenant = { readonly organizerId: string; readonly merchantId: string };

/** The stored X and Z of business dates that these may read, newest first. */
export async function papers(hub: Hub, tenant: Tenant, { from, to }: { readonly from: string; readonly to: string }, capabilities: readonly Capability[]) {
  type Row = { report: string; scope: "drawer" | "day"; kind: "x" | "z"; number: number; business_date: string; made_at: Date; name: string | null; by: string; of_open_drawers: boolean };
  const rows = await hub.sql.begin("read only", async (tx) => {
    await setTenant(tx, tenant);
    return tx<Row[]>`
      select report_id as report, scope, kind, number, business_date::text as business_date, made_at, report->>'name' as name, report->'by'->>'name' as by,
        scope = 'day' and (kind = 'x' or jsonb_array_length(report->'openDrawers') > 0) as of_open_drawers from cash_reports
      where merchant_id = ${tenant.merchantId} and business_date between ${from} and ${to} order by made_at desc, report_id desc limit 200`;
  });
  const seen = rows.filter((row) => !row.of_open_drawers || capabilities.includes("manage.view"));
  return seen.map(({ report, scope, kind, number, business_date, made_at, name, by }) => ({ report, scope, kind, number, businessDate: business_date, at: made_at.toISOString(), name, by }));
}

/** CSH-4: what should be in the drawer, and what makes it up, is on its Z, and on an X for those who answer for cash. */
export type SeenPaper = DayReport | BlindReport;

/** Undefined for who may not read it. */
export function seenBy(report: CashReport, capabilities: readonly Capability[]): SeenPaper | undefined {
  if (!mayRead(report, capabilities)) return undefined;
  return report.scope === "day" || report.kind === "z" || seesExpected(capabilities) ? report : blindReport(report);
}

export async function paper(hub: Hub, tenant: Tenant, report: string): Promise<CashReport | undefined> {
  const [row] = await hub.sql.begin("read only", async (tx) => {
    await setTenant(tx, tenant);
    return tx<{ report: CashReport }[]>`select report from cash_reports where merchant_id = ${tenant.merchantId} and report_id = ${report}`;
  });
  return row?.report;
}

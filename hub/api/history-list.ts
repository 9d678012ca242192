import { inTenant } from "#hub/db/client.ts";
import type { CheckState } from "#shared/domain/check/state.ts";
import type { Hub } from "./hub.ts";

type Tenant = { readonly organizerId: string; readonly merchantId: string };
export type ListedCheck = Pick<CheckState, "label" | "status" | "number" | "openedAt" | "server" | "serviceType"> & { readonly check: string; readonly version: number };
type Row = { stream: string; version: number; head: CheckState };

const PAGE = 60;
/** What is older is found by its receipt's number. */
const DAYS = 100;

/** Checks of this place, the latest first: by receipt number, by name, or all. `before`: the last of the page before. */
export async function listChecks(hub: Pick<Hub, "sql">, tenant: Tenant, { search, before }: { readonly search: string; readonly before: string | null }) {
  const like = `%${search.replaceAll(/[\\%_]/g, (wild) => `\\${wild}`)}%`;
  const rows = await inTenant(hub.sql, tenant, (tx) => tx<Row[]>`
    select stream, version::int as version, head from aggregates
    where merchant_id = ${tenant.merchantId} and kind = 'check' and stream < ${before ?? "chk_~"} and stream >= 'chk_' || ulid_floor(now() - make_interval(days => ${DAYS}))
      and (${search} = '' or head->>'number' ilike ${like} or head->>'label' ilike ${like})
    order by stream desc limit ${PAGE + 1}`);
  const checks = rows.slice(0, PAGE).map(({ stream, version, head }): ListedCheck => {
    const { label, status, number, openedAt, server, serviceType } = head;
    return { check: stream, version, label, status, number, openedAt, server, serviceType };
  });
  return { checks, next: rows.length > PAGE ? (checks.at(-1)?.check ?? null) : null };
}

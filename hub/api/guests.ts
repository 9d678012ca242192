import { inTenant } from "#hub/db/client.ts";
import { ERASED } from "#shared/domain/erased.ts";
import type { ErasureProgress } from "#shared/protocol/erasure.ts";
import type { Hub } from "./hub.ts";

type Tenant = { readonly organizerId: string; readonly merchantId: string };
type OnDatabase = Pick<Hub, "sql">;

/** Something that carries a guest's name. `open`: not finished, so not erased yet. */
export type NamedGuest = {
  readonly kind: "order" | "house-account";
  readonly subject: string;
  /** What a tab is called, or whose account it is. */
  readonly name: string;
  readonly customer: string | null;
  /** So many items have one. */
  readonly notes: number;
  readonly allergies: number;
  readonly openedAt: string | null;
  readonly open: boolean;
};

export type ListedErasure = ErasureProgress & {
  readonly erasure: string;
  readonly subject: string;
  readonly reason: string;
  readonly by: string;
  readonly askedAt: Date;
  readonly doneAt: Date | null;
};

const MOST = 40;
/** An order's id begins with its time: what is older is found by its id alone. */
const DAYS = 400;

/** Orders and accounts that a name stands on, the latest first; `search`: a part of it, or the whole id of an order or account. */
export async function namedGuests(hub: OnDatabase, tenant: Tenant, search: string): Promise<readonly NamedGuest[]> {
  const like = `%${search.replaceAll(/[\\%_]/g, (wild) => `\\${wild}`)}%`;
  const notes = (sql: Parameters<Parameters<typeof inTenant>[2]>[0]) => sql`(select count(*)::int from aggregate_parts p where p.stream = a.stream and p.doc->>'notes' is not null)`;
  const allergies = (sql: Parameters<Parameters<typeof inTenant>[2]>[0]) => sql`(select count(*)::int from aggregate_parts p where p.stream = a.stream and json_array_length(p.doc->'allergy') > 0)`;
  return inTenant(hub.sql, tenant, async (tx) => {
    const orders = await tx<NamedGuest[]>`
      select 'order' as kind, a.stream as subject, a.head->>'label' as name, a.head->>'customer' as customer, ${notes(tx)} as notes, ${allergies(tx)} as allergies,
        a.head->>'openedAt' as "openedAt", not (a.head->>'completed')::boolean as open
      from aggregates a where a.merchant_id = ${tenant.merchantId} and a.kind = 'order' and (a.stream = ${search}
        or (a.stream >= 'ord_' || ulid_floor(now() - make_interval(days => ${DAYS})) and a.stream < 'ord_~' and a.head->>'label' <> ${ERASED}
          and (a.head->>'customer' ilike ${like} or (a.head->>'party' is null and a.head->>'label' ilike ${like})
            or exists (select from aggregate_parts p where p.stream = a.stream and (p.doc->>'notes' ilike ${like}
              or exists (select from json_array_elements_text(p.doc->'allergy') as said (allergy) where allergy ilike ${like}))))))
      order by a.stream desc limit ${MOST}`;
    const accounts = await tx<NamedGuest[]>`
      select 'house-account' as kind, a.stream as subject, a.head->>'name' as name, null as customer, 0 as notes, 0 as allergies, null as "openedAt", not (a.head->>'closed')::boolean as open
      from aggregates a where a.merchant_id = ${tenant.merchantId} and a.kind = 'house-account' and (a.stream = ${search} or (a.head->>'name' ilike ${like} and a.head->>'name' <> ${ERASED}))
      order by a.stream desc limit ${MOST}`;
    return [...accounts, ...orders];
  });
}

export async function erasures(hub: OnDatabase, tenant: Tenant): Promise<readonly ListedErasure[]> {
  return inTenant(hub.sql, tenant, (tx) => tx<ListedErasure[]>`
    select id as erasure, subject, reason, asked_by as by, asked_at as "askedAt", state, waits_for as "waitsFor", events, streams, slips, files, coalesce(left_in_redis, 0) as left, coalesce(again_in_redis, 0) as again, done_at as "doneAt"
    from erasures where merchant_id = ${tenant.merchantId} order by asked_at desc, id desc limit ${MOST}`);
}

import { inTenant } from "#hub/db/client.ts";
import type { AggregateKind } from "#shared/domain/aggregate.ts";
import { ID_PREFIXES } from "#shared/ids.ts";
import type { Hub } from "./hub.ts";

type Tenant = { readonly organizerId: string; readonly merchantId: string };

/** Something of the place, or of its organizer, that has a trail: as people call it. */
export type NamedEntity = {
  readonly kind: AggregateKind;
  readonly stream: string;
  readonly name: string | null;
  /** A receipt's or a menu's. */
  readonly number: string | null;
  readonly openedAt: string | null;
};

/** What people know by a name, in the order in which it is shown: first what there are few of. */
const LASTING = { table: "table", staff: "staff", product: "product", category: "category", ingredient: "ingredient", "house-account": "houseAccount", device: "device", merchant: "merchant", organizer: "organizer" } as const;
/** There are ever more of these: only so many days are looked at. */
const PASSING = { drawer: "drawer", check: "check", order: "order", refund: "refund" } as const;
const DAYS = 100;
const MOST_OF_A_KIND = 10;

/** `search`: a part of a name, of what a bill is called, of a receipt's number, or a whole id. What a guest is called is not looked at: that is who may erase guests' (`guest.named`). */
export async function namedEntities(hub: Pick<Hub, "sql">, tenant: Tenant, search: string): Promise<readonly NamedEntity[]> {
  const like = `%${search.replaceAll(/[\\%_]/g, (wild) => `\\${wild}`)}%`;
  const kinds = Object.entries({ ...LASTING, ...PASSING });
  const prefixes = kinds.map(([, id]) => `${ID_PREFIXES[id]}_`);
  const isPassing = kinds.map(([kind]) => kind in PASSING);
  return inTenant(hub.sql, tenant, (tx) => tx<NamedEntity[]>`
    with kinds as (
      select kind, place, case when passing then prefix || ulid_floor(now() - make_interval(days => ${DAYS})) else prefix end as first, prefix || '~' as last
      from unnest(${kinds.map(([kind]) => kind)}::text[], ${prefixes}::text[], ${isPassing.map(String)}::text[]::boolean[]) with ordinality as k (kind, prefix, passing, place)
    ), found as (
      select a.kind, a.stream, k.place, coalesce(a.head->>'name', a.head->>'label', a.head->'names'->>'button', a.head->'document'->>'label') as name,
        case a.kind when 'order' then null else coalesce(a.head->>'number', a.head->'document'->>'number') end as number, a.head->>'openedAt' as "openedAt"
      from kinds k join aggregates a on a.stream >= k.first collate "C" and a.stream < k.last collate "C" and a.kind = k.kind
      where a.merchant_id = ${tenant.merchantId} or (a.merchant_id is null and a.organizer_id = ${tenant.organizerId})
    ), ranked as (
      select *, row_number() over (partition by kind order by stream desc) as nth from found where name ilike ${like} or number ilike ${like}
    )
    select kind, stream, name, number, "openedAt" from (
      select kind, stream, name, number, "openedAt", place, nth from ranked where nth <= ${MOST_OF_A_KIND}
      union all
      select kind, stream, null, null, null, 0, 0 from aggregates where stream = ${search} and not exists (select from ranked r where r.stream = ${search})
    ) all_found order by place, nth`);
}

import { inTenant, type TransactionSql } from "#hub/db/client.ts";
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

/** Of a row of aggregates, as people know it. */
export function calledAs(tx: TransactionSql) {
  return tx`coalesce(head->>'name', head->>'label', head->'names'->>'button', head->'document'->>'label') as name, coalesce(head->>'number', head->'document'->>'number') as number`;
}

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
      select k.kind, k.place, a.* from kinds k cross join lateral (
        select stream, head->>'openedAt' as "openedAt", name, number
        from aggregates, lateral (select ${calledAs(tx)}) as called
        where stream >= k.first collate "C" and stream < k.last collate "C" and kind = k.kind
          and (merchant_id = ${tenant.merchantId} or (merchant_id is null and organizer_id = ${tenant.organizerId})) and (name ilike ${like} or number ilike ${like})
        order by stream desc limit ${MOST_OF_A_KIND}
      ) a
    )
    select kind, stream, name, number, "openedAt" from (
      select * from found
      union all
      select kind, 0, stream, null, null, null from aggregates where stream = ${search} and not exists (select from found f where f.stream = ${search})
    ) all_found order by place, stream desc`);
}

import { inTenant, type Sql } from "#hub/db/client.ts";
import { heads, readMerchant, readOrganizer } from "#hub/log/read.ts";
import type { EventIndex } from "./types.ts";

/** Reads under row-level security: even a mistake here could not hand out another tenant's events. */
export function createEventIndex(sql: Sql): EventIndex {
  return {
    async head(shard) {
      return (await heads(sql))[shard] ?? 0n;
    },
    read(owner, shard, after, limit) {
      return inTenant(sql, owner, (tx) =>
        owner.merchantId === undefined
          ? readOrganizer(tx, owner.organizerId, shard, after, limit)
          : readMerchant(tx, owner.merchantId, shard, after, limit),
      );
    },
  };
}

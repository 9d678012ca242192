import { inTenant, type Sql, type TransactionSql } from "#hub/db/client.ts";
import { silent } from "#hub/log/failures.ts";
import { inTodaysFold } from "#hub/log/fold-stream.ts";
import { loadStates } from "#hub/log/load.ts";
import type { LoadedState } from "#hub/log/types.ts";
import { within } from "#hub/log/waiting.ts";
import type { AggregateKind, Ref } from "#shared/domain/aggregate.ts";
import type { Load } from "./hot-states.ts";
import { aggregateOf, isCommutative } from "#hub/log/states.ts";

/** A connection that has fallen silent must not hold the turns of those who wait for its answer. */
const ANSWER_MS = 5_000;

/** LOG-5, LOG-8: states under row-level security, in one round trip; in a transaction of the tenant where more has to be read for them. */
export function createLoad(sql: Sql): Load {
  const load: Load = async (tenant, refs) => {
    const loaded = await loadStates(sql, refs, tenant);
    return loaded.every(isWhole) ? loaded : inTenant(sql, tenant, (tx) => loadRefs(tx, refs));
  };
  return (tenant, refs) => within(ANSWER_MS, load(tenant, refs), () => silent("a load"));
}

function isWhole({ kind, version, evolveVersion }: LoadedState): boolean {
  return version === 0 || (!isCommutative(kind as AggregateKind) && evolveVersion === aggregateOf(kind as AggregateKind).evolveVersion);
}

export async function loadRefs(tx: TransactionSql, refs: readonly Ref[]): Promise<readonly LoadedState[]> {
  return refs.length === 0 ? [] : refreshed(tx, await loadStates(tx, refs));
}

/** Stored states as decisions and screens see them: counts put in, older folds folded again. */
export async function refreshed(tx: TransactionSql, loaded: readonly LoadedState[]): Promise<readonly LoadedState[]> {
  const counted = loaded.filter(({ kind, version }) => version > 0 && isCommutative(kind as AggregateKind));
  const remaining = await remainingOf(tx, counted.map(({ stream }) => productOf(stream)));
  return Promise.all(
    loaded.map((state) => {
      const product = productOf(state.stream);
      if (state.version === 0) return state;
      if (isCommutative(state.kind as AggregateKind)) return { ...state, head: { product, remaining: remaining.get(product) ?? null } };
      return inTodaysFold(tx, state);
    }),
  );
}

/** DOM-19: what is left of counted products; a product that is not counted is absent or null. */
async function remainingOf(tx: TransactionSql, products: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
  if (products.length === 0) return new Map();
  const rows = await tx<{ product: string; remaining: string | null }[]>`select product, trim_scale(remaining)::text as remaining from countdowns where product = any(${[...products]})`;
  return new Map(rows.map(({ product, remaining }) => [product, remaining]));
}

/** The other way round than countdownStream of shared/domain/streams.ts. */
export function productOf(countdownStream: string): string {
  return `prd_${countdownStream.slice(countdownStream.indexOf("_") + 1)}`;
}

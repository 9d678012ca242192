import type { Tenant } from "#hub/db/client.ts";
import type { LoadedState } from "./types.ts";

export type StateCache = {
  /** Nothing for a tenant that did not put it there: the cache must not be a way round row-level security. */
  get(tenant: Tenant, stream: string): LoadedState | undefined;
  put(tenant: Tenant, state: LoadedState): void;
  /** After a conflict or an unknown outcome. */
  drop(stream: string): void;
  readonly size: number;
};

/**
 * LOG-5: states of hot aggregates, the least recently used given up first. An entry may be behind the log at any time:
 * the append's expected version finds that out, and the caller drops it and loads.
 */
export function createStateCache(options: { readonly parts?: number } = {}): StateCache {
  const most = options.parts ?? 200_000;
  const entries = new Map<string, { readonly owner: string; readonly state: LoadedState; readonly weight: number }>();
  let weight = 0;

  return {
    get(tenant, stream) {
      const entry = entries.get(stream);
      if (entry === undefined || entry.owner !== ownerKey(tenant)) return undefined;
      entries.delete(stream);
      entries.set(stream, entry);
      return entry.state;
    },
    put(tenant, state) {
      remove(state.stream);
      const entry = { owner: ownerKey(tenant), state, weight: 1 + state.parts.size };
      entries.set(state.stream, entry);
      weight += entry.weight;
      for (const stream of entries.keys()) {
        if (weight <= most) break;
        remove(stream);
      }
    },
    drop: remove,
    get size() {
      return entries.size;
    },
  };

  function remove(stream: string): void {
    const entry = entries.get(stream);
    if (entry === undefined) return;
    entries.delete(stream);
    weight -= entry.weight;
  }
}

function ownerKey(tenant: Tenant): string {
  return `${tenant.organizerId} ${tenant.merchantId ?? ""}`;
}

import type { AggregateKind, Ref } from "#shared/domain/aggregate.ts";
import type { LoadedState } from "#hub/log/types.ts";
import type { Tenant } from "#hub/db/client.ts";
import { isCommutative, ownedByOrganizer, stateFrom, type Known } from "#hub/log/states.ts";

export type Load = (tenant: Tenant, refs: readonly Ref[]) => Promise<readonly LoadedState[]>;
export type Read = Known & { readonly cached: boolean };
export type HotStates = ReturnType<typeof createHotStates>;

type Entry = Known & { readonly kind: AggregateKind; readonly at: number; /** To the end of the line of those that are dropped. */ movedAt: number };
type Waiting = { readonly refs: Map<string, Ref>; readonly done: Promise<ReadonlyMap<string, Known>> };

/** A load that overtakes the notice of a change leaves a stale entry behind; it lives no longer than this. */
const MAX_AGE_MS = 15_000;
/** Near enough to "least recently used": what every command reads is not moved by each. */
const MOVE_AGAIN_MS = 1_000;
const MISSING: Known = { version: 0, state: undefined };

/**
 * LOG-5: the states that commands decide on, by stream, least recently used ones dropped. A stale one does no harm
 * to its own stream (the expected version refuses it); `noticed` drops what others have changed since.
 * Entries are kept by owner, so that no tenant finds another's state under an id that it guessed.
 */
export function createHotStates(load: Load, now: () => number, capacity = 20_000) {
  const entries = new Map<string, Entry>();
  const waiting = new Map<string, Waiting>();

  function hit(tenant: Tenant, ref: Ref): Entry | undefined {
    const key = keyOf(tenant, ref);
    const entry = entries.get(key);
    const at = now();
    if (entry === undefined || entry.kind !== ref.kind || at - entry.at > MAX_AGE_MS) return undefined;
    if (at - entry.movedAt > MOVE_AGAIN_MS) {
      entry.movedAt = at;
      entries.delete(key);
      entries.set(key, entry);
    }
    return entry;
  }

  function put(tenant: Tenant, ref: Ref, known: Known): void {
    const key = keyOf(tenant, ref);
    const older = entries.get(key);
    if (older !== undefined && older.version > known.version) return;
    entries.delete(key);
    const at = now();
    entries.set(key, { ...known, kind: ref.kind, at, movedAt: at });
    // From the front of the line: those that are too old to be used by anybody, and one more where there is no room.
    for (const [oldest, { movedAt }] of entries) {
      if (entries.size <= capacity && at - movedAt <= MAX_AGE_MS) break;
      entries.delete(oldest);
    }
  }

  /** Misses of commands that ask in the same turn are loaded together, one read per tenant. */
  function loadTogether(tenant: Tenant, refs: readonly Ref[]): Promise<ReadonlyMap<string, Known>> {
    const key = `${tenant.organizerId} ${tenant.merchantId ?? ""}`;
    let joined = waiting.get(key);
    if (joined === undefined) {
      const asked = new Map<string, Ref>();
      const done = new Promise<void>((resolve) => setImmediate(resolve)).then(async () => {
        waiting.delete(key);
        const loaded = await load(tenant, [...asked.values()]);
        return new Map(loaded.map((state) => [state.stream, knownOf(asked.get(state.stream), state)]));
      });
      joined = { refs: asked, done };
      waiting.set(key, joined);
    }
    for (const ref of refs) joined.refs.set(ref.stream, ref);
    return joined.done;
  }

  return {
    /** Streams in `fresh` are not taken from memory. */
    async read(tenant: Tenant, refs: readonly Ref[], fresh: ReadonlySet<string>): Promise<ReadonlyMap<string, Read>> {
      const found = new Map<string, Read>();
      const missing: Ref[] = [];
      for (const ref of refs) {
        const entry = fresh.has(ref.stream) ? undefined : hit(tenant, ref);
        if (entry === undefined) missing.push(ref);
        else found.set(ref.stream, { ...entry, cached: true });
      }
      if (missing.length === 0) return found;
      const loaded = await loadTogether(tenant, missing);
      for (const ref of missing) {
        const known = loaded.get(ref.stream) ?? MISSING;
        found.set(ref.stream, { ...known, cached: false });
        // That a product is not counted is asked at every tap; other missing streams are about to be made.
        if (known.version > 0 || isCommutative(ref.kind)) put(tenant, ref, known);
      }
      return found;
    },

    put,

    evict(tenant: Tenant, streams: Iterable<string>): void {
      for (const stream of streams) {
        entries.delete(`${tenant.merchantId} ${stream}`);
        entries.delete(`${tenant.organizerId} ${stream}`);
      }
    },

    /** Another hub or a consumer has appended: what is older than that is dropped. */
    noticed(owner: string, stream: string, version: number): void {
      const key = `${owner} ${stream}`;
      const entry = entries.get(key);
      if (entry !== undefined && entry.version < version) entries.delete(key);
    },

    clear: () => entries.clear(),

    /** How many are kept. */
    size: () => entries.size,
  };
}

function knownOf(ref: Ref | undefined, state: LoadedState): Known {
  return ref === undefined ? MISSING : stateFrom(ref.kind, state);
}

function keyOf(tenant: Tenant, ref: Ref): string {
  return `${ownedByOrganizer(ref.kind) ? tenant.organizerId : tenant.merchantId} ${ref.stream}`;
}

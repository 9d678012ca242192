import type { AggregateKind, Ref } from "#shared/domain/aggregate.ts";
import type { LoadedState } from "#hub/log/types.ts";
import type { Tenant } from "#hub/db/client.ts";
import { isCommutative, ownedByOrganizer, stateFrom, type Known } from "#hub/log/states.ts";
import { createStateLine, type LineBounds, type StateLine } from "./state-line.ts";

export type Load = (tenant: Tenant, refs: readonly Ref[]) => Promise<readonly LoadedState[]>;
export type Read = Known & { readonly cached: boolean };
export type HotStates = ReturnType<typeof createHotStates>;

type Entry = Known & { readonly kind: AggregateKind };
type Waiting = { readonly refs: Map<string, Ref>; readonly done: Promise<ReadonlyMap<string, Known>> };
/** A state that is being loaded, so often, and the latest version that was noticed meanwhile: what is loaded may be from before. */
type Loading = { loads: number; noticed: number };

/** What people work on. Weight: how many. */
const BRIEF = { maxAgeMs: 15_000, maxWeight: 20_000 };
/** The place and its menu, which every tap reads and people change now and then. Weight: bytes, roughly. */
const LASTING = { maxAgeMs: 120_000, maxWeight: 48_000_000 };
const LASTING_KINDS: ReadonlySet<AggregateKind> = new Set(["merchant", "category", "product", "ingredient", "countdown"]);
const MISSING: Known = { version: 0, state: undefined };

/**
 * LOG-5: the states that commands decide on, by stream, least recently used ones dropped. A stale one does no harm
 * to its own stream (the expected version refuses it); `noticed` drops what others have changed since.
 * Entries are kept by owner, so that no tenant finds another's state under an id that it guessed.
 */
export function createHotStates(load: Load, now: () => number, bounds: { readonly brief: LineBounds; readonly lasting: LineBounds } = { brief: BRIEF, lasting: LASTING }) {
  const brief = createStateLine<Entry>(bounds.brief, now);
  const lasting = createStateLine<Entry>(bounds.lasting, now);
  const waiting = new Map<string, Waiting>();
  const loading = new Map<string, Loading>();
  /** Counts how often all was forgotten, so that a load which began before brings nothing back. */
  let generation = 0;

  function lineOf(kind: AggregateKind): StateLine<Entry> {
    return LASTING_KINDS.has(kind) ? lasting : brief;
  }

  function hit(tenant: Tenant, ref: Ref): Entry | undefined {
    const entry = lineOf(ref.kind).get(keyOf(tenant, ref));
    return entry?.kind === ref.kind ? entry : undefined;
  }

  function keep(tenant: Tenant, ref: Ref, known: Known): void {
    const [key, line] = [keyOf(tenant, ref), lineOf(ref.kind)];
    const older = line.peek(key);
    if (older !== undefined && older.version > known.version) return;
    line.put(key, { ...known, kind: ref.kind }, line === lasting ? roughBytes(known.state) : 1);
  }

  function drop(key: string): void {
    brief.drop(key);
    lasting.drop(key);
  }

  function began(keys: readonly string[]): void {
    for (const key of keys) {
      const under = loading.get(key);
      if (under === undefined) loading.set(key, { loads: 1, noticed: 0 });
      else under.loads++;
    }
  }

  function ended(keys: readonly string[]): void {
    for (const key of keys) {
      const under = loading.get(key);
      if (under !== undefined && --under.loads === 0) loading.delete(key);
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
      const keys = missing.map((ref) => keyOf(tenant, ref));
      const since = generation;
      began(keys);
      try {
        const loaded = await loadTogether(tenant, missing);
        for (const [i, ref] of missing.entries()) {
          const known = loaded.get(ref.stream) ?? MISSING;
          found.set(ref.stream, { ...known, cached: false });
          const isBehind = since !== generation || known.version < (loading.get(keys[i] ?? "")?.noticed ?? 0);
          // That a product is not counted is asked at every tap; other missing streams are about to be made.
          if (!isBehind && (known.version > 0 || isCommutative(ref.kind))) keep(tenant, ref, known);
        }
      } finally {
        ended(keys);
      }
      return found;
    },

    /** What this process has written. A later version may have been noticed before it, and what is kept for long must not be older: it is loaded when it is asked for. */
    put(tenant: Tenant, ref: Ref, known: Known): void {
      if (lineOf(ref.kind) === brief || isCommutative(ref.kind)) keep(tenant, ref, known);
      else drop(keyOf(tenant, ref));
    },

    evict(tenant: Tenant, streams: Iterable<string>): void {
      for (const stream of streams) {
        drop(`${tenant.merchantId} ${stream}`);
        drop(`${tenant.organizerId} ${stream}`);
      }
    },

    /** Another hub or a consumer has appended: what is older than that is dropped, and not kept when a load under way brings it. */
    noticed(owner: string, stream: string, version: number): void {
      const key = `${owner} ${stream}`;
      const under = loading.get(key);
      if (under !== undefined) under.noticed = Math.max(under.noticed, version);
      for (const line of [brief, lasting]) {
        const entry = line.peek(key);
        if (entry !== undefined && entry.version < version) line.drop(key);
      }
    },

    clear(): void {
      generation++;
      brief.clear();
      lasting.clear();
    },

    /** How many are kept. */
    size: () => brief.size() + lasting.size(),
  };
}

/** Of memory, give or take half of it. */
function roughBytes(value: unknown): number {
  if (typeof value === "string") return 24 + value.length;
  if (typeof value !== "object" || value === null) return 8;
  let bytes = 100;
  for (const inner of Object.values(value)) bytes += 8 + roughBytes(inner);
  return bytes;
}

function knownOf(ref: Ref | undefined, state: LoadedState): Known {
  return ref === undefined ? MISSING : stateFrom(ref.kind, state);
}

function keyOf(tenant: Tenant, ref: Ref): string {
  return `${ownedByOrganizer(ref.kind) ? tenant.organizerId : tenant.merchantId} ${ref.stream}`;
}

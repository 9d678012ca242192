import type { AggregateKind, Ref } from "#shared/domain/aggregate.ts";
import type { LoadedState } from "#hub/log/types.ts";
import type { Tenant } from "#hub/db/client.ts";
import { ownedByOrganizer, stateFrom, type Known } from "#hub/log/states.ts";

export type Load = (tenant: Tenant, refs: readonly Ref[]) => Promise<readonly LoadedState[]>;
export type Read = Known & { readonly cached: boolean };

type Entry = Known & { readonly kind: AggregateKind; readonly at: number };
type Waiting = { readonly refs: Map<string, Ref>; readonly done: Promise<ReadonlyMap<string, Known>> };

/** A load that overtakes the notice of a change leaves a stale entry behind; it lives no longer than this. */
const MAX_AGE_MS = 15_000;

/**
 * LOG-5: the states that commands decide on, by stream, least recently used ones dropped. A stale one does no harm
 * to its own stream (the expected version refuses it); `noticed` drops what others have changed since.
 * Entries are kept by owner, so that no tenant finds another's state under an id that it guessed.
 */
export class HotStates {
  #entries = new Map<string, Entry>();
  #waiting = new Map<string, Waiting>();
  #load: Load;
  #now: () => number;
  #capacity: number;

  constructor(load: Load, now: () => number, capacity = 20_000) {
    this.#load = load;
    this.#now = now;
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Misses of commands that ask in the same tick are loaded together, one read per tenant. */
  async read(tenant: Tenant, refs: readonly Ref[], fresh: ReadonlySet<string>): Promise<ReadonlyMap<string, Read>> {
    const found = new Map<string, Read>();
    const missing: Ref[] = [];
    for (const ref of refs) {
      const entry = fresh.has(ref.stream) ? undefined : this.#hit(tenant, ref);
      if (entry === undefined) missing.push(ref);
      else found.set(ref.stream, { ...entry, cached: true });
    }
    if (missing.length > 0) {
      const loaded = await this.#loadTogether(tenant, missing);
      for (const ref of missing) {
        const known = loaded.get(ref.stream) ?? { version: 0, state: undefined };
        found.set(ref.stream, { ...known, cached: false });
        if (known.version > 0) this.put(tenant, ref, known);
      }
    }
    return found;
  }

  put(tenant: Tenant, ref: Ref, known: Known): void {
    const key = keyOf(tenant, ref);
    const older = this.#entries.get(key);
    if (older !== undefined && older.version > known.version) return;
    this.#entries.delete(key);
    this.#entries.set(key, { ...known, kind: ref.kind, at: this.#now() });
    if (this.#entries.size <= this.#capacity) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      break;
    }
  }

  evict(tenant: Tenant, streams: Iterable<string>): void {
    for (const stream of streams) {
      this.#entries.delete(`${tenant.merchantId} ${stream}`);
      this.#entries.delete(`${tenant.organizerId} ${stream}`);
    }
  }

  /** Another hub or a consumer has appended: what is older than that is dropped. */
  noticed(owner: string, stream: string, version: number): void {
    const key = `${owner} ${stream}`;
    const entry = this.#entries.get(key);
    if (entry !== undefined && entry.version < version) this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  #hit(tenant: Tenant, ref: Ref): Entry | undefined {
    const key = keyOf(tenant, ref);
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.kind !== ref.kind || this.#now() - entry.at > MAX_AGE_MS) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  #loadTogether(tenant: Tenant, refs: readonly Ref[]): Promise<ReadonlyMap<string, Known>> {
    const key = `${tenant.organizerId} ${tenant.merchantId ?? ""}`;
    let waiting = this.#waiting.get(key);
    if (waiting === undefined) {
      const asked = new Map<string, Ref>();
      const done = new Promise<void>((resolve) => setImmediate(resolve)).then(async () => {
        this.#waiting.delete(key);
        const states = await this.#load(tenant, [...asked.values()]);
        return new Map(states.map((state) => [state.stream, known(asked.get(state.stream), state)]));
      });
      waiting = { refs: asked, done };
      this.#waiting.set(key, waiting);
    }
    for (const ref of refs) waiting.refs.set(ref.stream, ref);
    return waiting.done;
  }
}

function known(ref: Ref | undefined, state: LoadedState): Known {
  return ref === undefined ? { version: 0, state: undefined } : stateFrom(ref.kind, state);
}

function keyOf(tenant: Tenant, ref: Ref): string {
  return `${ownedByOrganizer(ref.kind) ? tenant.organizerId : tenant.merchantId} ${ref.stream}`;
}

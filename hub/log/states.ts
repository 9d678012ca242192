import type { Aggregate, AggregateKind, StateOf } from "#shared/domain/aggregate.ts";
import { AGGREGATES } from "#shared/domain/aggregates.ts";
import type { LoadedState, StoredState } from "./types.ts";

/** A state as a decision sees it; version 0 and no state when the stream does not exist. */
export type Known<K extends AggregateKind = AggregateKind> = {
  readonly version: number;
  readonly state: StateOf[K] | undefined;
  /** The stored state is of another fold than ours (LOG-5): whoever writes next writes all of it. */
  readonly stale?: boolean;
};

/** Streams of these kinds belong to the organizer as a whole, all others to a merchant. */
export function ownedByOrganizer(kind: AggregateKind): boolean {
  return kind === "organizer" || kind === "staff";
}

export function aggregateOf<K extends AggregateKind>(kind: K): Aggregate<K> {
  // One table for all kinds: the key says which member it is, which the index type cannot.
  return AGGREGATES[kind] as unknown as Aggregate<K>;
}

/** Head and parts put together again. */
export function stateFrom(kind: AggregateKind, loaded: LoadedState): Known {
  if (loaded.version === 0 || loaded.kind !== kind) return { version: 0, state: undefined };
  const { partsKey, evolveVersion } = aggregateOf(kind);
  const head = loaded.head as StateOf[AggregateKind];
  if (partsKey === null) return { version: loaded.version, state: head };
  const state = { ...head, [partsKey]: Object.fromEntries(loaded.parts) } as StateOf[AggregateKind];
  return { version: loaded.version, state, ...(loaded.evolveVersion === evolveVersion ? {} : { stale: true }) };
}

type Parts = Readonly<Record<string, unknown>>;

function partsOf(state: StateOf[AggregateKind], partsKey: string): Parts {
  return (state as unknown as Record<string, Parts>)[partsKey] as Parts;
}

/** LOG-5: the head, and those parts that are not the same object as before. */
export function storedState<K extends AggregateKind>(kind: K, before: StateOf[K] | undefined, after: StateOf[K]): StoredState {
  const { partsKey, evolveVersion, isActive } = aggregateOf(kind);
  const active = isActive(after);
  if (partsKey === null) return { head: after, parts: new Map(), evolveVersion, active };
  const now = partsOf(after, partsKey);
  const old = before === undefined ? {} : partsOf(before, partsKey);
  const parts = new Map<string, unknown>();
  // Of two hundred parts their list takes as long as all the rest.
  for (const key in now) if (old[key] !== now[key]) parts.set(key, now[key]);
  for (const key in old) if (!Object.hasOwn(now, key)) parts.set(key, null);
  // JSON leaves out what is undefined.
  return { head: { ...after, [partsKey]: undefined }, parts, evolveVersion, active };
}

/** Streams that take the next version whatever it is, and whose state is the count in the log (DOM-19). */
export function isCommutative(kind: AggregateKind): boolean {
  return kind === "countdown";
}

import type { Aggregate, AggregateKind, StateOf } from "#shared/domain/aggregate.ts";
import { sameJson } from "#shared/domain/same.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import { isUnreadable, type Unreadable } from "#shared/events/read.ts";
import type { Cursor } from "#shared/protocol/cursor.ts";
import { later, reached } from "#shared/protocol/cursor.ts";

export type Held = { readonly version: number; readonly state: unknown };
/** Copied on write: a map that is the same object holds the same. */
export type Kinds = Readonly<Partial<Record<AggregateKind, ReadonlyMap<string, Held>>>>;

/** What a screen knows of its place, and how far in the log that is (RT-2). */
export type World = { readonly cursor: Cursor; readonly kinds: Kinds };

export type Snapshot = {
  readonly epoch: string;
  readonly cursor: Cursor;
  readonly serverTime: string;
  readonly merchant: string;
  readonly aggregates: readonly { readonly kind: AggregateKind; readonly stream: string; readonly version: number; readonly state: unknown }[];
};

/** How events fold; the real one is shared/domain/aggregates.ts, over events as shared/events/read.ts brings them up to date. */
export type Folding = {
  upToDate(event: EventEnvelope): EventEnvelope | Unreadable;
  kindOf(type: string): AggregateKind | undefined;
  aggregate(kind: AggregateKind): Aggregate;
};

/** Of what is over (cleared, closed, completed) a screen keeps this many per kind, for recalls and receipts. */
const KEPT_WHEN_OVER = 200;

export function worldOf(snapshot: Snapshot): World {
  const kinds: Partial<Record<AggregateKind, Map<string, Held>>> = {};
  for (const { kind, stream, version, state } of snapshot.aggregates) {
    (kinds[kind] ??= new Map()).set(stream, { version, state });
  }
  return { cursor: snapshot.cursor, kinds };
}

export type FrameEvents = { readonly shard: number; readonly to: string; readonly events: readonly EventEnvelope[] };

/** `gap`: an event of a stream is missing, the world cannot be trusted: take a snapshot. `newer`: this app is too old for what came. */
export type Misfit = "gap" | "newer";

/** The frame's events as this app's folds know them: what an older hub wrote is brought up to date, nothing is guessed of what a newer one did. */
export function readFrame<Frame extends FrameEvents>(frame: Frame, folding: Folding): Frame | Misfit {
  const events: EventEnvelope[] = [];
  for (const event of frame.events) {
    const read = folding.upToDate(event);
    if (!isUnreadable(read)) events.push(read);
    else if (read.unreadable === "newer-version") return "newer";
    else if (read.unreadable === "invalid") return "gap";
    // Of a type that this app has never heard of it shows nothing; if it belonged to a stream that is shown, the stream's next event finds a gap.
  }
  return { ...frame, events };
}

export type Applied = { readonly world: World; readonly gap: boolean };

export function applyFrame(world: World, frame: FrameEvents, folding: Folding): Applied {
  const shard = String(frame.shard);
  const have = world.cursor.positions[shard];
  // RT-2: at or below the cursor is known already.
  if (have !== undefined && reached(frame.to, have)) return { world, gap: false };
  let kinds = world.kinds;
  for (const event of frame.events) {
    if (have !== undefined && reached(event.position, have)) continue;
    const folded = foldEvent(kinds, event, folding);
    if (folded === "gap") return { world, gap: true };
    kinds = folded;
  }
  const positions = { ...world.cursor.positions, [shard]: have === undefined ? frame.to : later(have, frame.to) };
  return { world: { cursor: { ...world.cursor, positions }, kinds }, gap: false };
}

function foldEvent(kinds: Kinds, event: EventEnvelope, folding: Folding): Kinds | "gap" {
  const kind = folding.kindOf(event.type);
  if (kind === undefined) return kinds;
  const held = kinds[kind]?.get(event.subject);
  if (held === undefined && event.streamversion > 1) return kinds; // It was over before the snapshot.
  const version = held?.version ?? 0;
  if (event.streamversion <= version) return kinds;
  if (event.streamversion > version + 1) return "gap";
  try {
    return withState(kinds, kind, event.subject, { version: event.streamversion, state: fold(folding, kind, held?.state, event) }, folding);
  } catch {
    return "gap"; // What is here and what came do not fit: what is here is wrong.
  }
}

/** What came to be as it was assumed is the very state that is shown already: nothing of it is drawn or worked out a second time. */
export function asShown(world: World, { events }: Pick<FrameEvents, "events">, shown: Kinds, folding: Folding): World {
  const kinds: Partial<Record<AggregateKind, Map<string, Held>>> = {};
  for (const { type, subject } of events) {
    const kind = folding.kindOf(type);
    if (kind === undefined) continue;
    const [now, before] = [world.kinds[kind]?.get(subject), shown[kind]?.get(subject)];
    if (!now || !before || now.state === before.state || now.version !== before.version || !sameJson(now.state, before.state)) continue;
    (kinds[kind] ??= new Map(world.kinds[kind])).set(subject, before);
  }
  return Object.keys(kinds).length === 0 ? world : { ...world, kinds: { ...world.kinds, ...kinds } };
}

/** The one place where a kind and its state's type are known to belong together. */
export function fold(folding: Folding, kind: AggregateKind, state: unknown, event: EventEnvelope): unknown {
  return folding.aggregate(kind).evolve(state as StateOf[AggregateKind] | undefined, event);
}

export function withState(kinds: Kinds, kind: AggregateKind, stream: string, held: Held, folding: Folding): Kinds {
  const next = new Map(kinds[kind]);
  next.set(stream, held);
  if (next.size > KEPT_WHEN_OVER) prune(next, folding.aggregate(kind));
  return { ...kinds, [kind]: next };
}

function prune(states: Map<string, Held>, aggregate: Aggregate): void {
  const over = [...states].filter(([, held]) => !aggregate.isActive(held.state as StateOf[AggregateKind]));
  for (const [stream] of over.slice(0, Math.max(0, over.length - KEPT_WHEN_OVER))) states.delete(stream);
}

export function stateOf<K extends AggregateKind>(kinds: Kinds, kind: K, stream: string): StateOf[K] | undefined {
  return kinds[kind]?.get(stream)?.state as StateOf[K] | undefined;
}

const EMPTY: ReadonlyMap<string, Held> = new Map();
const lists = new WeakMap<ReadonlyMap<string, Held>, readonly unknown[]>();

/** All states of a kind; the same array as long as nothing of that kind changed. */
export function statesOf<K extends AggregateKind>(kinds: Kinds, kind: K): readonly StateOf[K][] {
  const map = kinds[kind] ?? EMPTY;
  let list = lists.get(map);
  if (!list) {
    list = [...map.values()].map((held) => held.state);
    lists.set(map, list);
  }
  return list as readonly StateOf[K][];
}

import type { TransactionSql } from "#hub/db/client.ts";
import { currentEvent } from "#hub/log/fold-stream.ts";
import { NewerState } from "#hub/log/newer-state.ts";
import { aggregateOf, isCommutative, storedState } from "#hub/log/states.ts";
import type { AggregateKind, StateOf } from "#shared/domain/aggregate.ts";
import { AGGREGATES, aggregateForEvent } from "#shared/domain/aggregates.ts";
import { differing } from "#shared/domain/same.ts";
import type { EventType } from "#shared/events/catalog.ts";
import type { InSnapshot } from "./in-snapshot.ts";

export type Drift = { readonly stream: string; readonly what: string };
/** `passedOver`: written by an earlier fold than today's, so folded again before anybody decides on it (LOG-5). */
export type VerifiedStates = { readonly states: number; readonly passedOver: number; readonly drifts: readonly Drift[] };

type Stored = { stream: string; kind: AggregateKind; version: bigint; evolve_version: number; active: boolean; head: object | null; parts: Readonly<Record<string, unknown>>; /** Its events in the log. */ events: number } & Owned;
/** Whose it is stored as, and whose its first event is; `first` is null when it has none. */
type Owned = { owner: readonly (string | null)[]; first: readonly (string | null)[] | null; partsElsewhere: boolean };
type Folded = { version: number; state: StateOf[AggregateKind] | undefined; readable: boolean; /** Why its events make no state. */ broken?: string };

/** So many states are held at once, and so many of their events: memory does not grow with the log. */
const STATES = 200;
const EVENTS = 500;

/** Folds every stream of the log again and holds what is stored of it against that, page by page, with a role that reads every tenant. */
export async function verifyStates(inSnapshot: InSnapshot): Promise<VerifiedStates> {
  const drifts: Drift[] = [];
  let [states, passedOver, after] = [0, 0, ""];
  for (let more = true; more; ) {
    const from = after;
    const page = await inSnapshot((tx) => verifyPage(tx, from));
    drifts.push(...page.drifts);
    states += page.states;
    passedOver += page.passedOver;
    after = page.last ?? after;
    more = page.last !== undefined;
  }
  return { states, passedOver, drifts };
}

async function verifyPage(tx: TransactionSql, after: string): Promise<VerifiedStates & { readonly last: string | undefined }> {
  const stored = await tx<Stored[]>`
    select stream, kind, version, evolve_version, active, head,
      coalesce((select json_object_agg(p.part, p.doc) from aggregate_parts p where p.stream = a.stream), '{}'::json) as parts,
      (select count(*)::int from events where events.stream = a.stream) as events,
      array[a.organizer_id, a.merchant_id, a.owner_id] as owner, e.owner as first,
      exists (select from aggregate_parts p where p.stream = a.stream and (p.organizer_id, p.merchant_id) is distinct from (a.organizer_id, a.merchant_id)) as "partsElsewhere"
    from aggregates a
    left join lateral (select array[organizer_id, merchant_id, owner_id] as owner from events where events.stream = a.stream order by stream_version limit 1) e on true
    where stream > ${after} order by stream limit ${STATES}`;
  const last = stored.at(-1)?.stream;
  const moved = stored.flatMap((one) => movedOf(one).map((what) => ({ stream: one.stream, what })));
  // A count is the log's own row (DOM-19): what its events fold into is not stored, how many there are is.
  const own = stored.filter(({ kind }) => !isCommutative(kind));
  const known = own.filter(({ kind }) => Object.hasOwn(AGGREGATES, kind));
  const newer = known.filter(({ kind, evolve_version }) => evolve_version > aggregateOf(kind).evolveVersion);
  const ours = known.filter(({ kind, evolve_version }) => evolve_version === aggregateOf(kind).evolveVersion);
  const folded = await foldAll(tx, new Map(ours.map(({ stream, kind }) => [stream, kind])));
  const readable = ours.filter(({ stream }) => folded.get(stream)?.readable !== false);
  const drifts = readable.flatMap((one) => driftsOf(one, folded.get(one.stream)).map((what) => ({ stream: one.stream, what })));
  const unfolded = stored.filter((one) => !readable.includes(one) && Number(one.version) !== one.events).map(({ stream, version, events }) => ({ stream, what: miscounted(version, events) }));
  const ahead = newer.map(({ stream, kind, evolve_version }) => ({ stream, what: `is stored by fold ${evolve_version} of a newer version, and this one knows ${aggregateOf(kind).evolveVersion}: nothing can be said of it, and nobody can decide on it` }));
  const lost = (await withoutState(tx, after, last)).map((stream) => ({ stream, what: "has events, and no state" }));
  return { states: readable.length, passedOver: own.length - newer.length - readable.length, drifts: [...moved, ...drifts, ...unfolded, ...ahead, ...lost], last };
}

/** Row security goes by these columns: a state that was moved is another place's to see, and gone for its own. */
function movedOf({ owner, first, partsElsewhere }: Owned): readonly string[] {
  const whose = ([organizer, merchant]: readonly (string | null)[]) => merchant ?? organizer;
  return [
    ...(first === null || owner.every((id, i) => id === first[i]) ? [] : [`is stored as ${whose(owner)}'s, and is ${whose(first)}'s by its events`]),
    ...(partsElsewhere ? ["has parts that are stored as another's"] : []),
  ];
}

/** Streams of kinds that this release knows, up to the page's last or to the end. */
async function withoutState(tx: TransactionSql, after: string, last: string | undefined): Promise<readonly string[]> {
  const found = await tx<{ stream: string; type: EventType }[]>`
    select distinct on (stream) stream, type from events e
    where stream > ${after} and (${last ?? null}::text is null or stream <= ${last ?? null}) and not exists (select from aggregates a where a.stream = e.stream)
    order by stream`;
  return found.flatMap(({ stream, type }) => (aggregateForEvent(type) === undefined ? [] : [stream]));
}

/** Their events as they come, one stream after the other. */
async function foldAll(tx: TransactionSql, kinds: ReadonlyMap<string, AggregateKind>): Promise<ReadonlyMap<string, Folded>> {
  const folded = new Map<string, Folded>();
  const events = tx<{ stream: string; envelope: string }[]>`select stream, envelope from events where stream = any(${[...kinds.keys()]}) order by stream, stream_version`;
  await events.cursor(EVENTS, (rows) => {
    for (const { stream, envelope } of rows) {
      const kind = kinds.get(stream);
      const before = folded.get(stream) ?? { version: 0, state: undefined, readable: true };
      if (kind !== undefined) folded.set(stream, next(kind, stream, before, envelope));
    }
  });
  return folded;
}

function next(kind: AggregateKind, stream: string, before: Folded, envelope: string): Folded {
  const { version, state, readable, broken } = before;
  if (!readable || broken !== undefined) return { ...before, version: version + 1 };
  try {
    return { version: version + 1, state: aggregateOf(kind).evolve(state, currentEvent(stream, envelope)), readable };
  } catch (error) {
    if (error instanceof NewerState) return { version: version + 1, state, readable: false };
    // Somebody took an event out of its middle, or made one unreadable.
    return { version: version + 1, state, readable, broken: error instanceof Error ? error.message : String(error) };
  }
}

function miscounted(version: bigint, events: number): string {
  return `is stored at version ${version}, its log has ${events} events`;
}

function driftsOf({ kind, version, active, head, parts }: Stored, folded: Folded | undefined): readonly string[] {
  if (folded?.broken !== undefined) return [`cannot be folded from its events: ${folded.broken}`];
  if (folded?.state === undefined) return ["has a state, and no event in the log"];
  if (Number(version) !== folded.version) return [miscounted(version, folded.version)];
  const right = storedState(kind, undefined, folded.state);
  const keys = [...differing(head, right.head as object), ...differing(parts, Object.fromEntries(right.parts))];
  return [
    ...(keys.length === 0 ? [] : [`is not what its events fold into: ${keys.join(", ")}`]),
    ...(active === right.active ? [] : [`is stored as ${active ? "" : "not "}active, and is ${right.active ? "" : "not "}so by its events`]),
  ];
}

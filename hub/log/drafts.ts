import type { AggregateKind } from "#shared/domain/aggregate.ts";
import type { Change } from "#shared/domain/command.ts";
import { eventDefinition, type EventEnvelope } from "#shared/events/catalog.ts";
import type { DraftEvent, StreamChange } from "./types.ts";
import { faultOf } from "#shared/events/read.ts";
import { aggregateOf, isCommutative, storedState, type Known } from "./states.ts";

/** What is the same for every event of one command. */
export type Stamp = {
  readonly organizer: string;
  readonly merchant: string | null;
  readonly now: string;
  readonly occurredAt: string;
  readonly businessDate: string | undefined;
  readonly commandId: string;
  readonly correlationId: string;
  readonly actor: string;
  /** `/hub` or `/consumers/<group>`. */
  readonly source: string;
  newEventId(): string;
};

export type Drafted = { readonly change: StreamChange; readonly kind: AggregateKind; readonly after: Known | undefined };

/** Events get their ids and stamps, and each changed stream the state that follows from them. */
export function draftChanges(changes: readonly Change[], before: (change: Change) => Known, stamp: Stamp): readonly Drafted[] {
  return byStream(changes).map((change) => {
    const { version, state, stale } = before(change);
    const drafts = change.events.map((event): DraftEvent => {
      const definition = eventDefinition(event.type);
      if (definition === undefined) throw new Error(`${event.type} is not in the catalogue`);
      const fault = faultOf(definition, event.data);
      if (fault !== undefined) throw new Error(`an event that nobody could read: ${fault}`);
      return {
        id: stamp.newEventId(),
        type: event.type,
        data: event.data,
        dataversion: definition.version,
        occurredat: stamp.occurredAt,
        ...(stamp.businessDate === undefined ? {} : { businessdate: stamp.businessDate }),
      };
    });
    const { kind, stream } = change;
    if (drafts.length === 0) return { kind, after: undefined, change: { stream, kind, expected: version, events: [] } };
    if (isCommutative(kind)) return { kind, after: undefined, change: { stream, kind, expected: "any", events: drafts } };
    let after = state;
    for (const [i, draft] of drafts.entries()) after = aggregateOf(kind).evolve(after, envelopeOf(draft, stream, version + i + 1, stamp));
    if (after === undefined) throw new Error(`${kind} ${stream} has no state after ${drafts.length} events`);
    return {
      kind,
      after: { version: version + drafts.length, state: after },
      change: { stream, kind, expected: version, events: drafts, state: storedState(kind, stale === true ? undefined : state, after) },
    };
  });
}

/** The log takes one change per stream; a decision may name a stream more than once. */
function byStream(changes: readonly Change[]): readonly Change[] {
  const merged = new Map<string, Change>();
  for (const change of changes) {
    const earlier = merged.get(change.stream);
    merged.set(change.stream, earlier === undefined ? change : { ...earlier, events: [...earlier.events, ...change.events] });
  }
  return [...merged.values()];
}

/** As the log will write it, but for position and recorded time, which no state may hold. */
function envelopeOf(draft: DraftEvent, stream: string, version: number, stamp: Stamp): EventEnvelope {
  const envelope = {
    specversion: "1.0",
    source: stamp.source,
    time: stamp.now,
    datacontenttype: "application/json",
    subject: stream,
    organizerid: stamp.organizer,
    ...(stamp.merchant === null ? {} : { merchantid: stamp.merchant }),
    position: "0",
    streamversion: version,
    commandid: stamp.commandId,
    correlationid: stamp.correlationId,
    actor: stamp.actor,
    ...draft,
  };
  return envelope as EventEnvelope;
}

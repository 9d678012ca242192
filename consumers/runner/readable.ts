import type { ParsedEvent } from "#hub/log/types.ts";
import type { Envelope } from "#shared/events/envelope.ts";
import { isUnreadable, type Unreadable } from "#shared/events/read.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import { runnerError } from "./failures.ts";

export type ReadEvent = (envelope: Envelope) => EventEnvelope | Unreadable;

/** Several consumers of a process get the same envelope: it is read once. By its id it would be read as it was before a guest was erased. */
export function remembering(read: ReadEvent): ReadEvent {
  const known = new WeakMap<Envelope, EventEnvelope | Unreadable>();
  return (envelope) => {
    const found = known.get(envelope) ?? read(envelope);
    known.set(envelope, found);
    return found;
  };
}

/** As today's code knows them; what cannot be read is a failure of that event, and one of a newer version waits for an update. */
export function readable(events: readonly ParsedEvent[], read: ReadEvent): readonly ParsedEvent[] {
  return events.map((event) => {
    const envelope = read(event.envelope);
    if (!isUnreadable(envelope)) return envelope === event.envelope ? event : { ...event, envelope };
    throw runnerError(envelope.unreadable === "newer-version" ? "newer-version" : "unreadable", `${envelope.unreadable}: ${envelope.detail}`);
  });
}

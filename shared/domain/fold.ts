import type { EventEnvelope } from "#shared/events/catalog.ts";

/** A stream that holds what it cannot hold: a bug of the writer, never the guest's problem to be guessed around. */
export function unexpectedEvent(kind: string, event: EventEnvelope): Error {
  return new Error(`${event.type} does not belong on a ${kind} (${event.subject})`);
}

/** Every event but the first needs what the first one made. */
export function existing<State>(kind: string, state: State | undefined, event: EventEnvelope): State {
  if (state === undefined) throw new Error(`${event.type} on a ${kind} that does not exist (${event.subject})`);
  return state;
}

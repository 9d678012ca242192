import type { TransactionSql } from "#hub/db/client.ts";
import type { AggregateKind, StateOf } from "#shared/domain/aggregate.ts";
import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { Envelope } from "#shared/events/envelope.ts";
import { isFromNewer, isUnreadable, upToDate } from "#shared/events/read.ts";
import { loadStates, type StreamRef } from "./load.ts";
import { NewerState } from "./newer-state.ts";
import { readStream } from "./read.ts";
import { aggregateOf, storedState } from "./states.ts";
import type { LoadedState } from "./types.ts";

/** What a decision may be made on: states of older folds are folded again. Throws NewerState where this process is too old. */
export async function loadCurrent(tx: TransactionSql, refs: readonly StreamRef[]): Promise<readonly LoadedState[]> {
  return Promise.all((await loadStates(tx, refs)).map((state) => inTodaysFold(tx, state)));
}

/** LOG-5: a state of an older fold is folded again from its events; one of a newer fold must not be touched. */
export async function inTodaysFold(tx: TransactionSql, state: LoadedState): Promise<LoadedState> {
  if (state.version === 0) return state;
  const kind = state.kind as AggregateKind;
  const { evolveVersion } = aggregateOf(kind);
  if (state.evolveVersion === evolveVersion) return state;
  if (state.evolveVersion > evolveVersion) throw new NewerState(state.stream);
  const folded = await foldStream(tx, state.stream, kind);
  if (folded === undefined) return state;
  // The stored version stays: it tells that the rows are still of the older fold.
  const { head, parts } = storedState(kind, undefined, folded);
  return { ...state, head, parts };
}

/** What the events fold into today, whatever versions they were written in. */
async function foldStream(tx: TransactionSql, stream: string, kind: AggregateKind): Promise<StateOf[AggregateKind] | undefined> {
  const { evolve } = aggregateOf(kind);
  let state: StateOf[AggregateKind] | undefined;
  for (const { text } of await readStream(tx, stream)) state = evolve(state, currentEvent(stream, text));
  return state;
}

/** A stored event as today's folds know it; throws NewerState for one that only a newer process knows. */
export function currentEvent(stream: string, text: string): EventEnvelope {
  const event = upToDate(JSON.parse(text) as Envelope);
  if (!isUnreadable(event)) return event;
  throw isFromNewer(event) ? new NewerState(stream, event.detail) : new Error(`${stream} holds what cannot be read: ${event.detail}`);
}

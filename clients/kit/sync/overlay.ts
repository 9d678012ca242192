import type { AggregateKind, StateOf } from "#shared/domain/aggregate.ts";
import { isRefusal, type CommandDefinition, type Context, type Reader } from "#shared/domain/command.ts";
import { provisionalEnvelope } from "#shared/domain/provisional.ts";
import type { IdKind } from "#shared/ids.ts";
import { fold, stateOf, withState, type Folding, type Kinds } from "./world.ts";

/** A command that the hub has not confirmed yet, decided here again over whatever is confirmed. */
export type Assumed = {
  readonly commandId: string;
  readonly definition: CommandDefinition;
  /** Parsed by the definition's schema. */
  readonly input: unknown;
  readonly context: Omit<Context, "newId">;
  /** Ids that the decision asked for before, so that a second decision names the same things. */
  readonly ids: string[];
};

/** What the screen shows: the confirmed states with every assumed command on top, in order. A command that is refused here is left to the hub. */
export function project(confirmed: Kinds, assumed: readonly Assumed[], folding: Folding, newId: (kind: IdKind) => string): Kinds {
  let kinds = confirmed;
  for (const command of assumed) kinds = assume(kinds, command, folding, newId) ?? kinds;
  return kinds;
}

/** Undefined when the decision refuses or cannot be taken with what this screen knows. */
export function assume(kinds: Kinds, command: Assumed, folding: Folding, newId: (kind: IdKind) => string): Kinds | undefined {
  const reader: Reader = { get: <K extends AggregateKind>(kind: K, stream: string): StateOf[K] | undefined => stateOf(kinds, kind, stream) };
  let asked = 0;
  const context: Context = {
    ...command.context,
    newId(kind) {
      const id = command.ids[asked] ?? newId(kind);
      command.ids[asked] = id;
      asked += 1;
      return id;
    },
  };
  let decision;
  try {
    decision = command.definition.decide(command.input, reader, context);
  } catch {
    return undefined;
  }
  if (isRefusal(decision)) return undefined;
  let next = kinds;
  for (const change of decision.changes) {
    for (const event of change.events) {
      const held = next[change.kind]?.get(change.stream);
      const version = (held?.version ?? 0) + 1;
      const envelope = provisionalEnvelope(event, change.stream, version, context);
      next = withState(next, change.kind, change.stream, { version, state: fold(folding, change.kind, held?.state, envelope) }, folding);
    }
  }
  return next;
}

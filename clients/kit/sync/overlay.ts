import type { AggregateKind, StateOf } from "#shared/domain/aggregate.ts";
import { isRefusal, type CommandDefinition, type Context, type Reader } from "#shared/domain/command.ts";
import { idsOfCommand } from "#shared/domain/ids-of-command.ts";
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

/** What the screen shows: the confirmed states with every assumed command on top, in order. A command that cannot be assumed here is left to the hub, and disturbs no other. */
export function project(confirmed: Kinds, assumed: readonly Assumed[], folding: Folding, newId: (kind: IdKind) => string): Kinds {
  let kinds = confirmed;
  for (const command of assumed) kinds = assume(kinds, command, folding, newId) ?? kinds;
  return kinds;
}

/**
 * All of the command or nothing of it. Undefined when the decision refuses, or cannot be taken or folded with what this screen knows: of the
 * streams that a decision writes to, a screen may hold only some.
 */
export function assume(kinds: Kinds, command: Assumed, folding: Folding, newId: (kind: IdKind) => string): Kinds | undefined {
  try {
    return decided(kinds, command, folding, newId);
  } catch {
    return undefined;
  }
}

function decided(kinds: Kinds, command: Assumed, folding: Folding, newId: (kind: IdKind) => string): Kinds | undefined {
  const reader: Reader = { get: <K extends AggregateKind>(kind: K, stream: string): StateOf[K] | undefined => stateOf(kinds, kind, stream) };
  let asked = 0;
  const sameAsBefore = (kind: IdKind) => {
    const id = command.ids[asked] ?? newId(kind);
    command.ids[asked] = id;
    asked += 1;
    return id;
  };
  const context: Context = { ...command.context, newId: idsOfCommand(command.commandId, sameAsBefore) };
  const decision = command.definition.decide(command.input, reader, context);
  if (isRefusal(decision)) return undefined;
  let next = kinds;
  for (const { kind, stream, events } of decision.changes) {
    let held = next[kind]?.get(stream);
    for (const event of events) {
      const version = (held?.version ?? 0) + 1;
      held = { version, state: fold(folding, kind, held?.state, provisionalEnvelope(event, stream, version, context)) };
    }
    if (held && events.length > 0) next = withState(next, kind, stream, held, folding);
  }
  return next;
}

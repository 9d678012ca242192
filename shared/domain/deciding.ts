import type { z } from "zod";
import type { DomainEvent } from "#shared/events/catalog.ts";
import type { AggregateKind, Ref } from "./aggregate.ts";
import type { Change, CommandDefinition, Context, Refusal } from "./command.ts";
import type { Person } from "./floor/state.ts";

/** Keeps the types of one definition, for the map of all of them. */
export function command<Type extends string, Schema extends z.ZodType, Result>(
  definition: CommandDefinition<Type, Schema, Result>,
): CommandDefinition<Type, Schema, Result> {
  return definition;
}

export function ref<K extends AggregateKind>(kind: K, stream: string): Ref<K> {
  return { kind, stream };
}

export function change(kind: AggregateKind, stream: string, events: readonly DomainEvent[]): Change {
  return { kind, stream, events };
}

/** The stream must not have moved between reading and writing. */
export function guard(kind: AggregateKind, stream: string): Change {
  return { kind, stream, events: [] };
}

export type Nothing = Readonly<Record<string, never>>;
/** Already so: success, and nothing is written. */
export const NO_CHANGE = { changes: [], result: {} } as const satisfies { changes: readonly Change[]; result: Nothing };

export function refuse(code: string, fields: Readonly<Record<string, unknown>> = {}): Refusal {
  return { ...fields, refused: code };
}

/** Who is written beside what happened; null for a device that works by itself. */
export function personOf(context: Context): Person | null {
  const { staff, name } = context.actor;
  return staff === null ? null : { staff, name };
}

/** What sells is done by a person: a screen on its own cannot. */
export const STAFF_REQUIRED: Refusal = { refused: "staff-required" };

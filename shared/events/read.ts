import { isRight } from "./at-sight.ts";
import { eventDefinition, type EventEnvelope } from "./catalog.ts";
import type { EventDefinition } from "./define.ts";
import type { Envelope } from "./envelope.ts";

/** Why an event of the log cannot be read here. The first two pass when this process is updated; the third is a bug of its writer. */
export type Unreadable = { readonly unreadable: "unknown-type" | "newer-version" | "invalid"; readonly detail: string };

type DefinitionOf = (type: string) => EventDefinition | undefined;

/** An event as today's folds know it. One of today's version is handed on as it stands, unread: it was validated when it was written. */
export function upToDate(envelope: Envelope, definitionOf: DefinitionOf = eventDefinition): EventEnvelope | Unreadable {
  const definition = definitionOf(envelope.type);
  if (definition === undefined) return { unreadable: "unknown-type", detail: envelope.type };
  const { version, upcasters } = definition;
  if (envelope.dataversion === version) return envelope as EventEnvelope;
  if (envelope.dataversion > version) return { unreadable: "newer-version", detail: `${envelope.type} v${envelope.dataversion}, known up to v${version}` };
  let data = envelope.data;
  try {
    for (const upcast of upcasters.slice(envelope.dataversion - 1)) data = upcast(data);
  } catch (error) {
    return { unreadable: "invalid", detail: `${envelope.type} v${envelope.dataversion} cannot be brought up to date: ${String(error)}` };
  }
  return { ...envelope, data, dataversion: version } as EventEnvelope;
}

/** For those who act on what an event says: besides, all of it is what its schema says. */
export function readEvent(envelope: Envelope, definitionOf: DefinitionOf = eventDefinition): EventEnvelope | Unreadable {
  const event = upToDate(envelope, definitionOf);
  const definition = definitionOf(envelope.type);
  if (isUnreadable(event) || definition === undefined) return event;
  const wrong = faultOf(definition, event.data);
  // What a schema would trim or leave out stays as it was written: readers get the log's own data.
  return wrong === undefined ? event : { unreadable: "invalid", detail: wrong };
}

/** Written by a newer version of Comanda, as a rolling upgrade has it: nothing is wrong with it, and this process must not guess. */
export function isFromNewer({ unreadable }: Unreadable): boolean {
  return unreadable !== "invalid";
}

export function isUnreadable(read: EventEnvelope | Unreadable): read is Unreadable {
  return "unreadable" in read;
}

/** What is wrong with data of a type's own version; undefined when nothing is. */
export function faultOf({ type, schema }: EventDefinition, data: unknown): string | undefined {
  if (isRight(schema, data)) return undefined;
  const parsed = schema.safeParse(data);
  if (parsed.success) return undefined;
  const [issue] = parsed.error.issues;
  return `${type}: ${issue?.path.join(".") ?? ""} ${issue?.message ?? "is wrong"}`;
}

import { eventDefinition, type EventEnvelope } from "./catalog.ts";
import type { EventDefinition } from "./define.ts";
import type { Envelope } from "./envelope.ts";

/** Why an event of the log cannot be read here. The first two pass when this process is updated; the third is a bug of its writer. */
export type Unreadable = { readonly unreadable: "unknown-type" | "newer-version" | "invalid"; readonly detail: string };

/** An event as today's code knows it: older data is brought up to date, and all of it is what its schema says. */
export function readEvent(envelope: Envelope, definitionOf: (type: string) => EventDefinition | undefined = eventDefinition): EventEnvelope | Unreadable {
  const definition = definitionOf(envelope.type);
  if (definition === undefined) return { unreadable: "unknown-type", detail: envelope.type };
  const { version, upcasters } = definition;
  if (envelope.dataversion > version) return { unreadable: "newer-version", detail: `${envelope.type} v${envelope.dataversion}, known up to v${version}` };
  let data = envelope.data;
  try {
    for (const upcast of upcasters.slice(envelope.dataversion - 1)) data = upcast(data);
  } catch (error) {
    return { unreadable: "invalid", detail: `${envelope.type} v${envelope.dataversion} cannot be brought up to date: ${String(error)}` };
  }
  const wrong = faultOf(definition, data);
  if (wrong !== undefined) return { unreadable: "invalid", detail: wrong };
  // What a schema would trim or leave out stays as it was written: readers get the log's own data.
  return (data === envelope.data ? envelope : { ...envelope, data, dataversion: version }) as EventEnvelope;
}

export function isUnreadable(read: EventEnvelope | Unreadable): read is Unreadable {
  return "unreadable" in read;
}

/** What is wrong with data of a type's own version; undefined when nothing is. */
export function faultOf({ type, schema }: EventDefinition, data: unknown): string | undefined {
  const parsed = schema.safeParse(data);
  if (parsed.success) return undefined;
  const [issue] = parsed.error.issues;
  return `${type}: ${issue?.path.join(".") ?? ""} ${issue?.message ?? "is wrong"}`;
}

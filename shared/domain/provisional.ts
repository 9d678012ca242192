import type { DomainEvent, EventEnvelope } from "#shared/events/catalog.ts";
import { eventDefinition } from "#shared/events/catalog.ts";
import type { AggregateKind, Ref, StateOf } from "./aggregate.ts";
import { AGGREGATES } from "./aggregates.ts";
import type { Change, CommandDefinition, Context, Reader } from "./command.ts";

/** The envelope that an event would get: enough for `evolve`, before the log gave it a position. */
export function provisionalEnvelope(event: DomainEvent, stream: string, streamversion: number, context: Context): EventEnvelope {
  const { staff, device } = context.actor;
  const envelope = {
    specversion: "1.0",
    type: event.type,
    source: "/provisional",
    id: context.newId("event"),
    time: context.now,
    datacontenttype: "application/json",
    subject: stream,
    data: event.data,
    organizerid: context.organizer,
    merchantid: context.merchant,
    position: "0",
    streamversion,
    occurredat: context.now,
    businessdate: context.businessDate,
    commandid: "",
    correlationid: "",
    actor: staff ? `staff:${staff}` : device ? `device:${device}` : "system",
    dataversion: eventDefinition(event.type)?.version ?? 1,
  };
  // Each pair of type and data is one member of the union, which TypeScript cannot follow through a variable.
  return envelope as EventEnvelope;
}

/** Folds one change as the hub will, so that a tablet shows the outcome at once. `version`: of the stream before the change. */
export function foldChange<K extends AggregateKind>(kind: K, state: StateOf[K] | undefined, version: number, change: Change, context: Context): StateOf[K] | undefined {
  let next = state;
  change.events.forEach((event, i) => {
    next = AGGREGATES[kind].evolve(next, provisionalEnvelope(event, change.stream, version + 1 + i, context));
  });
  return next;
}

const MOST_ROUNDS = 10;

/** Every state that a command needs, in the order it asked: what it named first may name more. */
export function refsOf<Input>(definition: Pick<CommandDefinition, "reads" | "type">, input: Input, reader: Reader, context: Context): readonly Ref[] {
  const known = new Map<string, Ref>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = known.size;
    for (const ref of definition.reads(input, reader, context)) known.set(ref.stream, ref);
    if (known.size === before) return [...known.values()];
  }
  throw new Error(`${definition.type} keeps asking for more to read`);
}

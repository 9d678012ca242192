import type { TransactionSql } from "#hub/db/client.ts";
import { AGGREGATES, aggregateForEvent } from "#shared/domain/aggregates.ts";
import type { Aggregate, AggregateKind, StateOf } from "#shared/domain/aggregate.ts";
import type { EventEnvelope, EventType } from "#shared/events/catalog.ts";

/** What is wrong, in words that name the thing; a check that finds nothing answers none. */
export type Finding = string;

export type Recorded = { readonly shard: number; readonly position: bigint; readonly commandId: string; readonly text: string; readonly event: EventEnvelope };
export type Folded = { readonly kind: AggregateKind; readonly version: number; readonly state: StateOf[AggregateKind] };

/** The whole log, by shard and position, and what its streams fold into. */
export type History = {
  readonly all: readonly Recorded[];
  readonly states: ReadonlyMap<string, Folded>;
  /** Events that do not fit what came before them in their stream. */
  readonly misfits: readonly Finding[];
  of<Type extends EventType>(...types: readonly Type[]): readonly Extract<EventEnvelope, { type: Type }>[];
};

export async function readHistory(tx: TransactionSql): Promise<History> {
  const rows = await tx<{ shard: number; position: bigint; command_id: string; envelope: string }[]>`
    select shard, position, command_id, envelope from events order by shard, position`;
  return historyOf(rows.map(({ shard, position, command_id, envelope }) => ({ shard, position, commandId: command_id, text: envelope, event: JSON.parse(envelope) as EventEnvelope })));
}

/** Of a log that is read, by shard and position. */
export function historyOf(all: readonly Recorded[]): History {
  const byType = grouped(all, ({ event }) => event.type);
  return {
    all,
    ...fold(all),
    of: <Type extends EventType>(...types: readonly Type[]) =>
      types.flatMap((type) => byType.get(type) ?? []).map(({ event }) => event as Extract<EventEnvelope, { type: Type }>),
  };
}

function fold(all: readonly Recorded[]): Pick<History, "states" | "misfits"> {
  const states = new Map<string, Folded>();
  const misfits: Finding[] = [];
  for (const { event } of all) {
    const kind = aggregateForEvent(event.type);
    if (kind === undefined) continue;
    const aggregate = AGGREGATES[kind] as unknown as Aggregate;
    try {
      states.set(event.subject, { kind, version: event.streamversion, state: aggregate.evolve(states.get(event.subject)?.state, event) });
    } catch (error) {
      misfits.push(`${event.type} ${event.id} does not fit into its stream: ${String(error)}`);
    }
  }
  return { states, misfits };
}

/** As JSON has it: a field that is undefined is not there. */
export function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** Compares how often each thing is there with how often it should be. */
export function compareCounts(what: string, expected: Iterable<string>, actual: Iterable<string>): Finding[] {
  const wanted = countsOf(expected);
  const found = countsOf(actual);
  return [...new Set([...wanted.keys(), ...found.keys()])].flatMap((key) => {
    const [should, is] = [wanted.get(key) ?? 0, found.get(key) ?? 0];
    return should === is ? [] : [`${what}: ${key} is there ${is} times, not ${should}`];
  });
}

export function repeated(what: string, keys: Iterable<string>): Finding[] {
  return [...countsOf(keys)].flatMap(([key, count]) => (count > 1 ? [`${what}: ${key} is there ${count} times`] : []));
}

export function grouped<Thing, Key>(things: readonly Thing[], keyOf: (thing: Thing) => Key): Map<Key, Thing[]> {
  const groups = new Map<Key, Thing[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [thing]);
    else group.push(thing);
  }
  return groups;
}

function countsOf(keys: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

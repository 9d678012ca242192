import type { Logger } from "pino";
import type { ParsedEvent } from "#hub/log/types.ts";
import type { Envelope } from "#shared/events/envelope.ts";
import { isUnreadable } from "#shared/events/read.ts";
import { reasonOf } from "./failures.ts";
import type { ParkedLine } from "./parked-line.ts";
import type { ReadEvent } from "./readable.ts";
import type { ConsumerDefinition } from "./types.ts";

export type Keyed = { readonly event: ParsedEvent; readonly keys: readonly string[] };
export type KeysOf = (event: ParsedEvent) => string[];

/** So many texts are remembered: those that the groups of a process have before them at the same time. */
const REMEMBERED = 256;
const remembered = new Map<string, Envelope>();

/** Several consumers of a process get the same text: it is read once. */
function envelopeIn(text: string): Envelope {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const envelope = JSON.parse(text) as Envelope;
  if (remembered.size >= REMEMBERED) remembered.clear();
  remembered.set(text, envelope);
  return envelope;
}

/** The envelope is read when somebody asks for it. */
export function parseEvent(shard: number, position: bigint, text: string): ParsedEvent {
  let envelope: Envelope | undefined;
  return {
    shard,
    position,
    text,
    get envelope() {
      return (envelope ??= envelopeIn(text));
    },
    get commandId() {
      return this.envelope.commandid;
    },
  };
}

/** A `keys` that throws must not stop the shard: the handler will meet the same event and count it. */
export function keysOf(consumer: ConsumerDefinition, read: ReadEvent, logger: Logger): KeysOf {
  return (event) => {
    const envelope = consumer.policy.takesEverything === true ? undefined : read(event.envelope);
    // Its data may say nothing to us: it waits alone, and whoever goes by the place waits with it.
    if (envelope !== undefined && isUnreadable(envelope)) return [event.envelope.subject, event.envelope.merchantid ?? event.envelope.organizerid];
    try {
      return [...new Set(consumer.keys(envelope === undefined ? event : { ...event, envelope }))];
    } catch (error) {
      logger.error({ group: consumer.group, event: event.envelope.id, reason: reasonOf(error) }, "keys of an event cannot be told");
      return [event.envelope.subject];
    }
  };
}

/** RUN-4: whoever shares a key with a parked event waits behind it, and so does whoever shares a key with him. */
export function separate(wanted: readonly ParsedEvent[], parked: ParkedLine, keys: KeysOf): { free: readonly ParsedEvent[]; behind: readonly Keyed[] } {
  if (parked.size === 0) return { free: wanted, behind: [] };
  const free: ParsedEvent[] = [];
  const behind: Keyed[] = [];
  const held = new Set<string>();
  for (const event of wanted) {
    const own = keys(event);
    if (parked.blocks(own) || own.some((key) => held.has(key))) {
      behind.push({ event, keys: own });
      for (const key of own) held.add(key);
    } else free.push(event);
  }
  return { free, behind };
}

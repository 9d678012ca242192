import type { Envelope } from "#shared/events/envelope.ts";
import type { StoredEvent } from "./types.ts";

/** What the hub asks of every event that passes by: whose it is, what it is of, and when it was written. */
export type EventHead = Pick<Envelope, "type" | "subject" | "streamversion" | "time" | "organizerid" | "merchantid">;

const read = new WeakMap<StoredEvent, EventHead>();

/** Known without reading the text where the event was written by this process; read once where it came from elsewhere. */
export function headOf(event: StoredEvent): EventHead {
  const known = event.head ?? read.get(event);
  if (known !== undefined) return known;
  const head = JSON.parse(event.text) as Envelope;
  read.set(event, head);
  return head;
}

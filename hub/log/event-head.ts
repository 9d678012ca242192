import type { Envelope } from "#shared/events/envelope.ts";
import { streamVersionIn, subjectIn, tenantIn, timeIn, typeIn } from "./envelope-text.ts";
import type { StoredEvent } from "./types.ts";

/** What the hub asks of every event that passes by: whose it is, what it is of, and when it was written. */
export type EventHead = Pick<Envelope, "type" | "subject" | "streamversion" | "time" | "organizerid" | "merchantid">;

const read = new WeakMap<StoredEvent, EventHead>();

/** Known without its text where the event was written by this process; looked for in it once where it came from elsewhere. */
export function headOf(event: StoredEvent): EventHead {
  const known = event.head ?? read.get(event);
  if (known !== undefined) return known;
  const { text } = event;
  const head: EventHead = { type: typeIn(text), subject: subjectIn(text), streamversion: streamVersionIn(text), time: timeIn(text), ...tenantIn(text) };
  read.set(event, head);
  return head;
}

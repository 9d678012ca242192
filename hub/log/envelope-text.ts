import type { Envelope } from "#shared/events/envelope.ts";

/**
 * What an envelope's text says, found without reading all of it. The log writes position, time and type before the data, and
 * the owner after it (`spliceEnvelope`, `encodeEvent`); data may hold the same words, so what follows it is looked for from the end.
 */
export function typeIn(text: string): string {
  return valueAfter(text, '"type":"');
}

/** The stream that it was written to. */
export function subjectIn(text: string): string {
  return valueAfter(text, '"subject":"');
}

/** When it was recorded, ISO 8601 UTC. */
export function timeIn(text: string): string {
  return valueAfter(text, '"time":"');
}

const STREAM_VERSION = '"streamversion":';

/** The stream's version after it. */
export function streamVersionIn(text: string): number {
  const from = text.indexOf(STREAM_VERSION) + STREAM_VERSION.length;
  return Number(text.slice(from, text.indexOf(",", from)));
}

const OWNER = /"organizerid":"([^"]+)"(?:,"merchantid":"([^"]+)")?/;

/** The organizer that it belongs to, and its merchant unless it concerns none. */
export function tenantIn(text: string): Pick<Envelope, "organizerid" | "merchantid"> {
  const [, organizerid, merchantid] = OWNER.exec(text.slice(text.lastIndexOf('"organizerid":"'))) ?? [];
  if (organizerid === undefined) throw new Error("an event without an owner is in the log");
  return { organizerid, ...(merchantid === undefined ? {} : { merchantid }) };
}

/** Whose chain and streams it belongs to: the merchant's, or the organizer's where it concerns no merchant. */
export function ownerIn(text: string): string {
  const { organizerid, merchantid } = tenantIn(text);
  return merchantid ?? organizerid;
}

/** W3C; it is written after the data. */
export function traceparentIn(text: string): string | undefined {
  const key = '"traceparent":"';
  const at = text.lastIndexOf(key);
  if (at < 0) return undefined;
  const from = at + key.length;
  return text.slice(from, text.indexOf('"', from));
}

function valueAfter(text: string, key: string): string {
  const from = text.indexOf(key) + key.length;
  return text.slice(from, text.indexOf('"', from));
}

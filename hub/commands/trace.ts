import { randomUUID } from "node:crypto";

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** W3C Trace Context: the caller's if it is one, else the beginning of a new trace. */
export function traceparentFrom(given: string | undefined): string {
  if (given !== undefined && TRACEPARENT.test(given)) return given;
  // Node keeps randomness for UUIDs in store, which other random bytes ask the system for, at every command.
  return `00-${randomHex()}-${randomHex().slice(0, 16)}-01`;
}

function randomHex(): string {
  return randomUUID().replaceAll("-", "");
}

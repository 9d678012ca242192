import { monotonicFactory, ulid as ulidAt } from "ulidx";
import { prefixed, type IdKind } from "#shared/ids.ts";

const pool = new Uint8Array(1024);
let used = pool.length;

/** Of a browser's random numbers one costs as much as a thousand; an id takes sixteen. */
function random(): number {
  if (used === pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  const byte = pool[used] ?? 0;
  used += 1;
  return byte / 256;
}

const ulid = monotonicFactory(random);

/** Ids are made at the edge: here, in the tablet. */
export function newId(kind: IdKind): string {
  return prefixed(kind, ulid());
}

/** A bare ULID of the hub's time in milliseconds (LOG-4): by a wrong clock of the device the hub would take it for too old. */
export function newCommandId(now: number): string {
  return ulidAt(now, random);
}

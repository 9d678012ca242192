import { monotonicFactory, ulid as ulidAt } from "ulidx";
import { prefixed, type IdKind } from "#shared/ids.ts";

const ulid = monotonicFactory();

/** Ids are made at the edge: here, in the tablet. */
export function newId(kind: IdKind): string {
  return prefixed(kind, ulid());
}

/** A bare ULID of the hub's time in milliseconds (LOG-4): by a wrong clock of the device the hub would take it for too old. */
export function newCommandId(now: number): string {
  return ulidAt(now);
}

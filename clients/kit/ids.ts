import { monotonicFactory } from "ulidx";
import { prefixed, type IdKind } from "#shared/ids.ts";

const ulid = monotonicFactory();

/** Ids are made at the edge: here, in the tablet. */
export function newId(kind: IdKind): string {
  return prefixed(kind, ulid());
}

/** A bare ULID (LOG-4). */
export function newCommandId(): string {
  return ulid();
}

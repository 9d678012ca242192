import { z } from "zod";
import { ULID_PATTERN } from "#shared/ids.ts";

/** A place in one shard of the log (LOG-1); a string, since it outgrows what JSON numbers hold exactly. */
export const position = z.string().regex(/^(0|[1-9]\d{0,18})$/);

/** RT-2: how much of the log a screen knows. The epoch (LOG-7) tells positions of a restored log apart. */
export const cursor = z.strictObject({
  epoch: z.string().regex(ULID_PATTERN),
  positions: z.record(z.string().regex(/^(\d|1[0-5])$/), position),
});

export type Cursor = z.infer<typeof cursor>;

/** The later of two positions. */
export function later(a: string, b: string): string {
  return a.length === b.length ? (a > b ? a : b) : a.length > b.length ? a : b;
}

/** True when `a` is at or before `b`. */
export function reached(a: string, b: string): boolean {
  return later(a, b) === b;
}

import { createHash } from "node:crypto";
import { ULID_PATTERN } from "#shared/ids.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * A ULID that is the same for every delivery of one event (LOG-4): the time part is the source's, so that it falls
 * into the source's month; the rest is a hash of source and salt. `source` may carry a prefix (`evt_…`).
 */
export function derivedUlid(source: string, salt: string): string {
  const ulid = source.slice(source.indexOf("_") + 1);
  if (!ULID_PATTERN.test(ulid)) throw new Error(`not a ULID: ${source}`);
  const hash = createHash("sha256").update(`${ulid}\n${salt}`).digest();
  let derived = ulid.slice(0, 10);
  for (let i = 0; i < 16; i++) derived += ALPHABET[(hash[i] ?? 0) & 31];
  return derived;
}

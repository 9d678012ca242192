import { createHash, createHmac } from "node:crypto";
import { typeIn } from "./envelope-text.ts";

/** A guest's name, and what was noted for the guest, as it stands in the text of an envelope: quotes within a JSON text are escaped, so these can only be keys. */
const NAMES = [/("(?:customer|notes)":)("(?:[^"\\]|\\.)+")/g, /("data":\{"name":)("(?:[^"\\]|\\.)*")/g] as const;
/** Of these types the second pattern is a guest's name; elsewhere it is a dish or a table. */
const NAMED: ReadonlySet<string> = new Set(["payment.house-account.opened", "payment.house-account.changed", "payment.house-account.paid", "payment.house-account.paidOut"]);
const ERASED = /^"erased-[A-Za-z0-9_-]{22}"$/;

/** What stands for a name in the chain, and in the log once it was erased: short enough for every field, and nothing without the salt. */
function commitment(salt: Uint8Array, token: string): string {
  return `"erased-${createHmac("sha256", salt).update(token).digest("base64url").slice(0, 22)}"`;
}

/** None for most events: a look that finds no name costs as good as nothing. */
function patternsOf(text: string): readonly RegExp[] {
  if (NAMED.has(typeIn(text))) return NAMES;
  return text.includes('"customer":"') || text.includes('"notes":"') ? [NAMES[0]] : [];
}

/** Whether the chain needs a salt for the event's stream. */
export function holdsName(text: string): boolean {
  return patternsOf(text).some((pattern) => [...text.matchAll(pattern)].some(([, , token = ""]) => !ERASED.test(token)));
}

/** The text with every guest's name put out of sight, as it is hashed; a name that was erased is its own commitment already. */
export function withoutNames(text: string, salt: Uint8Array | undefined): string {
  let hidden = text;
  for (const pattern of patternsOf(text)) {
    hidden = hidden.replaceAll(pattern, (whole: string, key: string, token: string) => {
      if (ERASED.test(token)) return whole;
      if (salt === undefined) throw new Error("an event that names a guest has no salt");
      return `${key}${commitment(salt, token)}`;
    });
  }
  return hidden;
}

export const CHAIN_START = new Uint8Array(32);

/** What the chain holds of an event: its text as it was written, names hidden. */
export function eventDigest(text: string, salt: Uint8Array | undefined): Buffer {
  return createHash("sha256").update(withoutNames(text, salt)).digest();
}

export const DIGEST_BYTES = 32;
/** From the first place in the shard that a link holds to behind its last. */
export const LONGEST_LINK = 500;

/** One link: the hash before it, and the digests of the events that it chains, one after the other. */
export function linkHash(before: Uint8Array, digests: Uint8Array): Buffer {
  return createHash("sha256").update(before).update(digests).digest();
}

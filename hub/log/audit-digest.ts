import { createHash, createHmac } from "node:crypto";

/** A guest's name as it stands in the text of an envelope: quotes within a JSON text are escaped, so these can only be keys. */
const NAMES = [/("customer":)("(?:[^"\\]|\\.)*")/g, /("data":\{"name":)("(?:[^"\\]|\\.)*")/g] as const;
/** Of these types the second pattern is a guest's name; elsewhere it is a dish or a table. */
const NAMED = /"type":"payment\.house-account\.(?:opened|changed|paid)"/;
const ERASED = /^"erased-[A-Za-z0-9_-]{22}"$/;

/** What stands for a name in the chain, and in the log once it was erased: short enough for every field, and nothing without the salt. */
function commitment(salt: Uint8Array, token: string): string {
  return `"erased-${createHmac("sha256", salt).update(token).digest("base64url").slice(0, 22)}"`;
}

function patternsOf(text: string): readonly RegExp[] {
  return NAMED.test(text) ? NAMES : [NAMES[0]];
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

/** One link: the hash before it, and the event as it was written, names hidden. */
export function chainHash(before: Uint8Array, text: string, salt: Uint8Array | undefined): Buffer {
  const digest = createHash("sha256").update(withoutNames(text, salt)).digest();
  return createHash("sha256").update(before).update(digest).digest();
}

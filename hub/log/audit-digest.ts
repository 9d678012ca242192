import { createHash, createHmac } from "node:crypto";
import { mayNameGuest } from "#shared/domain/erased.ts";
import { subjectIn, typeIn } from "./envelope-text.ts";

/**
 * A guest's words as they stand in the text of an envelope: quotes within a JSON text are escaped, so these can only be keys. Captured are what stands
 * before the words, the words (of allergies an array, never empty), and the stream whose salt hides them where it is not the event's own.
 */
const WORDS = /("(?:customer|notes|allergy)":)("(?:[^"\\]|\\.)+"|(?<="allergy":)\["(?:[^"\\]|\\.)+"(?:,"(?:[^"\\]|\\.)+")*\])/g;
/** What a tab is called, and the parts of a bill. A check that a day's report carries over is named there with its own salt: a day has many guests. */
const CALLED =
  /("check":"(?<stream>chk_[0-9A-Z]{26})","label":|"(?:customer|notes|allergy|label|was)":|"part":"cpt_[0-9A-Z]{26}","name":)("(?:[^"\\]|\\.)+"|(?<="allergy":)\["(?:[^"\\]|\\.)+"(?:,"(?:[^"\\]|\\.)+")*\])/g;
/** Each text of an array. */
const TEXTS = /"(?:[^"\\]|\\.)+"/g;
const ACCOUNT = /("data":\{"name":)("(?:[^"\\]|\\.)*")/g;
/** Of these types `data.name` is a guest's; elsewhere it is a dish or a table. */
const OF_ACCOUNTS: ReadonlySet<string> = new Set(["payment.house-account.opened", "payment.house-account.changed", "payment.house-account.paid", "payment.house-account.paidOut"]);
const WITH_LABELS = ["sale.", "approval.", "cash.report.", "document.file."] as const;
const ERASED = /^"erased-[A-Za-z0-9_-]{22}"$/;

/** What stands for a name in the chain, and in the log once it was erased: short enough for every field, and nothing without the salt. */
function commitment(salt: Uint8Array, token: string): string {
  return `"erased-${createHmac("sha256", salt).update(token).digest("base64url").slice(0, 22)}"`;
}

/** None for most events: a look that finds no name costs as good as nothing. */
function patternOf(text: string): RegExp | undefined {
  const type = typeIn(text);
  if (OF_ACCOUNTS.has(type)) return ACCOUNT;
  if (WITH_LABELS.some((family) => type.startsWith(family)) && (text.includes('"label":"') || text.includes('"part":"cpt_') || text.includes('"was":"'))) return CALLED;
  return text.includes('"customer":"') || text.includes('"notes":"') || text.includes('"allergy":["') ? WORDS : undefined;
}

type Replace = (token: string, stream: string) => string;

/** A table's number stays as it is: nearly every label is one. */
function replaced(text: string, by: Replace): string {
  const pattern = patternOf(text);
  if (pattern === undefined) return text;
  return text.replaceAll(pattern, (whole: string, before: string, ...rest: readonly unknown[]) => {
    const { stream } = (rest.at(-1) ?? {}) as { readonly stream?: string };
    const said = whole.slice(before.length);
    return before + said.replaceAll(TEXTS, (token) => {
      if (ERASED.test(token) || (!mayNameGuest(JSON.parse(token) as string) && isLabel(before))) return token;
      return by(token, stream ?? subjectIn(text));
    });
  });
}

function isLabel(before: string): boolean {
  return before.endsWith('"label":') || before.endsWith('"was":');
}

/** What the event says of guests, as JSON, each with the stream whose salt hides it; none for most. */
export function namesIn(text: string): readonly { readonly token: string; readonly stream: string }[] {
  const names: { token: string; stream: string }[] = [];
  replaced(text, (token, stream) => {
    names.push({ token, stream });
    return token;
  });
  return names;
}

export function saltsOf(text: string): ReadonlySet<string> {
  return new Set(namesIn(text).map(({ stream }) => stream));
}

export type SaltOf = (stream: string) => Uint8Array | undefined;

/**
 * The text with every guest's name put out of sight, as it is hashed; a name that was erased is its own commitment already. `only`: those that are
 * hidden with the salts of these streams.
 */
export function withoutNames(text: string, saltOf: SaltOf, only: (stream: string) => boolean = () => true): string {
  return replaced(text, (token, stream) => {
    if (!only(stream)) return token;
    const salt = saltOf(stream);
    if (salt === undefined) throw new Error("an event that names a guest has no salt");
    return commitment(salt, token);
  });
}

export const CHAIN_START = new Uint8Array(32);

/** What the chain holds of an event: its text as it was written, names hidden. `salts`: those that it needs, for who has looked already. */
export function eventDigest(text: string, saltOf: SaltOf, salts = saltsOf(text)): Buffer {
  return createHash("sha256").update(salts.size === 0 ? text : withoutNames(text, saltOf)).digest();
}

export const DIGEST_BYTES = 32;
/** From the first place in the shard that a link holds to behind its last. */
export const LONGEST_LINK = 500;

/** One link: the hash before it, and the digests of the events that it chains, one after the other. */
export function linkHash(before: Uint8Array, digests: Uint8Array): Buffer {
  return createHash("sha256").update(before).update(digests).digest();
}

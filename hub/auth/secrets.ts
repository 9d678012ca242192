import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** One secret is given to an installation; each purpose gets a key of its own, so that none opens another's door. */
export function derivedKey(secret: string, purpose: string): Buffer {
  return createHmac("sha256", secret).update(`comanda/${purpose}`).digest();
}

/** 256 bits that cannot be guessed, with a prefix that says what it is when it turns up where it should not. */
export function newToken(prefix: "cdv" | "crt" | "cst"): string {
  return `${prefix}_${randomBytes(32).toString("base64url")}`;
}

/** The refresh token that follows on one: the same however often it is asked for, and nobody's to guess without the key. */
export function successorOf(token: string, key: Buffer): string {
  return `crt_${createHmac("sha256", key).update(token).digest("base64url")}`;
}

/** Tokens are kept as hashes; with 256 random bits behind them no salt is needed. */
export function tokenHash(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest());
}

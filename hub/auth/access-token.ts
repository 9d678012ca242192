import { errors, jwtVerify, SignJWT } from "jose";
import { derivedKey } from "./secrets.ts";

export const ACCESS_TOKEN_MS = 10 * 60_000;

const ALGORITHM = "HS256";
const TYPE = "at+jwt";
const ISSUER = "comanda";
const AUDIENCE = "comanda/api";
/** Verified tokens are remembered: a tablet sends the same one with every tap. */
const REMEMBERED = 5_000;

/** What a token says; everything else about the session is looked up, so that it can be ended. */
export type AccessClaims = { readonly session: string; readonly organizer: string; readonly merchant: string };

export type AccessTokens = {
  issue(claims: AccessClaims, now: number): Promise<{ token: string; expiresAt: string }>;
  verify(token: string, now: number): Promise<AccessClaims | { readonly refused: "session-expired" | "unknown-token" }>;
};

export function accessTokens(secret: string): AccessTokens {
  const key = derivedKey(secret, "access-token");
  const verified = new Map<string, { claims: AccessClaims; expires: number }>();

  return {
    async issue({ session, organizer, merchant }, now) {
      const expires = Math.floor((now + ACCESS_TOKEN_MS) / 1000);
      const token = await new SignJWT({ org: organizer, mer: merchant })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(session)
        .setIssuedAt(Math.floor(now / 1000))
        .setExpirationTime(expires)
        .sign(key);
      return { token, expiresAt: new Date(expires * 1000).toISOString() };
    },

    async verify(token, now) {
      const known = verified.get(token);
      if (known !== undefined) return now < known.expires ? known.claims : { refused: "session-expired" };
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [ALGORITHM],
          typ: TYPE,
          issuer: ISSUER,
          audience: AUDIENCE,
          requiredClaims: ["sub", "exp", "org", "mer"],
          currentDate: new Date(now),
        });
        const claims = { session: String(payload.sub), organizer: String(payload.org), merchant: String(payload.mer) };
        if (verified.size >= REMEMBERED) verified.clear();
        verified.set(token, { claims, expires: (payload.exp ?? 0) * 1000 });
        return claims;
      } catch (error) {
        return { refused: error instanceof errors.JWTExpired ? "session-expired" : "unknown-token" };
      }
    },
  };
}

import { createHmac, timingSafeEqual } from "node:crypto";

/** Standard Webhooks: HMAC-SHA256 over `id.timestamp.payload`, the payload as it came, byte for byte. */
export type SignedHeaders = { readonly id: string; readonly timestamp: string; readonly signature: string };
export type Verdict = { readonly ok: true } | { readonly refused: "webhook-unsigned" | "webhook-stale" | "webhook-bad-signature" };

const TOLERANCE_S = 5 * 60;

function keyOf(secret: string): Buffer {
  return secret.startsWith("whsec_") ? Buffer.from(secret.slice("whsec_".length), "base64") : Buffer.from(secret, "utf8");
}

function macOf(secret: string, id: string, timestamp: string, payload: Buffer): Buffer {
  return createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.`, "utf8").update(payload).digest();
}

export function sign(secret: string, id: string, timestampS: number, payload: Buffer): string {
  return `v1,${macOf(secret, id, String(timestampS), payload).toString("base64")}`;
}

/** A secret that is being changed leaves several valid for a while, and a sender that changes one signs with each: any pair that fits is enough. */
export function verify(secrets: readonly string[], { id, timestamp, signature }: SignedHeaders, payload: Buffer, nowMs: number): Verdict {
  if (id === "" || id.length > 200 || signature === "" || !/^\d{1,12}$/.test(timestamp)) return { refused: "webhook-unsigned" };
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > TOLERANCE_S) return { refused: "webhook-stale" };
  const given = signature.split(" ", 10).flatMap((one) => (one.startsWith("v1,") ? [Buffer.from(one.slice(3), "base64")] : []));
  let fits = false;
  // Every pair is compared, whichever fits: how long it takes tells nothing.
  for (const secret of secrets) {
    const mac = macOf(secret, id, timestamp, payload);
    for (const one of given) if (one.length === mac.length && timingSafeEqual(one, mac)) fits = true;
  }
  return fits ? { ok: true } : { refused: "webhook-bad-signature" };
}

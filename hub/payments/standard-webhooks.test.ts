import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sign, verify } from "./standard-webhooks.ts";

const SECRET = `whsec_${Buffer.from("a key of at least 24 bytes, please").toString("base64")}`;
const NOW = Date.parse("2026-11-21T12:00:00.000Z");
const S = NOW / 1000;
const payload = Buffer.from('{"type":"mq-pay:attempt.success","data":{"amount":"100"}}');
const headers = (more: object = {}) => ({ id: "msg_1", timestamp: String(S), signature: sign(SECRET, "msg_1", S, payload), ...more });

describe("Standard Webhooks", () => {
  test("the specification's example", () => {
    const body = Buffer.from('{"test": 2432232314}');
    const signature = sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body);
    expect(signature).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  });

  test("what was signed is let in, within five minutes of now on either side", () => {
    for (const shift of [0, -299_000, 299_000]) expect(verify([SECRET], headers(), payload, NOW + shift)).toEqual({ ok: true });
    for (const shift of [-301_000, 301_000]) expect(verify([SECRET], headers(), payload, NOW + shift)).toEqual({ refused: "webhook-stale" });
  });

  test("one changed byte, another id or another time has no effect", () => {
    fc.assert(
      fc.property(fc.nat(payload.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const changed = Buffer.from(payload);
        changed[at] = (changed[at] ?? 0) ^ by;
        expect(verify([SECRET], headers(), changed, NOW)).toEqual({ refused: "webhook-bad-signature" });
      }),
    );
    expect(verify([SECRET], headers({ id: "msg_2" }), payload, NOW)).toEqual({ refused: "webhook-bad-signature" });
    expect(verify([SECRET], headers({ timestamp: String(S + 1) }), payload, NOW)).toEqual({ refused: "webhook-bad-signature" });
  });

  test("an old secret goes on beside the new one, and a sender may sign with both", () => {
    expect(verify(["whsec_b3RoZXIgc2VjcmV0IG9mIDI0IGJ5dGVzIQ==", SECRET], headers(), payload, NOW)).toEqual({ ok: true });
    expect(verify([SECRET], headers({ signature: `v1a,zzz v1,AAAA ${headers().signature}` }), payload, NOW)).toEqual({ ok: true });
    expect(verify([], headers(), payload, NOW)).toEqual({ refused: "webhook-bad-signature" });
  });

  test.each([{ id: "" }, { signature: "" }, { timestamp: "" }, { timestamp: "soon" }, { timestamp: "-1" }])("unsigned: %o", (more) => {
    expect(verify([SECRET], headers(more), payload, NOW)).toEqual({ refused: "webhook-unsigned" });
  });
});

import type { QueueSeen } from "#hub/log/queue-seen.ts";
import { refusal } from "./refusals.ts";

export type PaceLimits = {
  /** Calls a second that are let in for as long as one likes; 0: no bound at all. */
  readonly perSecond: number;
  /** And so many at once after a rest. */
  readonly burst: number;
  readonly inFlight: number;
};

type Bucket = { tokens: number; at: number; inFlight: number };
type Caller = { readonly device: string | null; readonly merchant: string | null };

/** Of one who has as many calls under way as may be. */
const CROWDED_MS = 100;
/** Buckets of callers that have rested are forgotten when there are so many of them. */
const FORGET_FROM = 5_000;

export type Pace = ReturnType<typeof createPace>;

/**
 * How fast one device and one place may call this hub: a flood is slowed with a refusal that says when to come again, and
 * is not heard by anybody else. Counted in memory, so it costs a call two look-ups; each hub counts for itself.
 */
export function createPace(limits: { readonly device: PaceLimits; readonly merchant: PaceLimits }, now: () => number) {
  const devices = createBuckets("device-calls", limits.device, now);
  const merchants = createBuckets("merchant-calls", limits.merchant, now);

  return {
    /** Runs the call, or throws TOO_MANY_REQUESTS `slow-down` with `retryAfterMs` before anything of it is done. */
    async during<T>({ device, merchant }: Caller, call: () => Promise<T>): Promise<T> {
      // The device first: what it is refused is not taken from its place.
      const ofDevice = devices.enter(device);
      try {
        const ofMerchant = merchants.enter(merchant);
        try {
          return await call();
        } finally {
          merchants.leave(ofMerchant);
        }
      } finally {
        devices.leave(ofDevice);
      }
    },
    queues: (): readonly QueueSeen[] => [devices.seen(), merchants.seen()],
  };
}

function createBuckets(queue: "device-calls" | "merchant-calls", limits: PaceLimits, now: () => number) {
  const buckets = new Map<string, Bucket>();
  let full = 0;

  function bucketOf(caller: string, at: number): Bucket {
    const known = buckets.get(caller);
    if (known !== undefined) {
      known.tokens = Math.min(limits.burst, known.tokens + ((at - known.at) / 1_000) * limits.perSecond);
      known.at = at;
      return known;
    }
    if (buckets.size >= FORGET_FROM) forgetRested(at);
    const fresh = { tokens: limits.burst, at, inFlight: 0 };
    buckets.set(caller, fresh);
    return fresh;
  }

  function forgetRested(at: number): void {
    const rested = (limits.burst / limits.perSecond) * 1_000;
    for (const [caller, bucket] of buckets) if (bucket.inFlight === 0 && at - bucket.at > rested) buckets.delete(caller);
  }

  return {
    enter(caller: string | null): Bucket | undefined {
      if (caller === null || limits.perSecond === 0) return undefined;
      const bucket = bucketOf(caller, now());
      const waitMs = bucket.inFlight >= limits.inFlight ? CROWDED_MS : bucket.tokens < 1 ? Math.ceil(((1 - bucket.tokens) / limits.perSecond) * 1_000) : 0;
      if (waitMs > 0) {
        full++;
        throw refusal("TOO_MANY_REQUESTS", "slow-down", { retryAfterMs: waitMs, of: queue === "device-calls" ? "device" : "place" });
      }
      bucket.tokens--;
      bucket.inFlight++;
      return bucket;
    },
    leave(bucket: Bucket | undefined): void {
      if (bucket !== undefined) bucket.inFlight--;
    },
    seen(): QueueSeen {
      let length = 0;
      for (const { inFlight } of buckets.values()) length = Math.max(length, inFlight);
      return { queue, length, bound: limits.inFlight, full };
    },
  };
}

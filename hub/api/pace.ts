import type { QueueSeen } from "#hub/log/queue-seen.ts";
import { refusal } from "./refusals.ts";

export type PaceLimits = {
  /** Calls a second that are let in for as long as one likes; 0: no bound at all. */
  readonly perSecond: number;
  /** And so many at once after a rest. */
  readonly burst: number;
  readonly inFlight: number;
};

type Bucket = { tokens: number; at: number; inFlight: number; heavy: number };
type Caller = { readonly device: string | null; readonly merchant: string | null };
/** When to come again, and of whom there were too many calls. */
export type Slowed = { readonly retryAfterMs: number; readonly of: "device" | "place" };
/** `holdMs`: so long the refusal is kept from one who asks and asks without waiting for its time. */
export type SlowedAtDoor = Slowed & { readonly holdMs: number };
type Told = { readonly until: number; readonly queue: "device-calls" | "merchant-calls" };

/** Of one who has as many calls under way as may be. */
const CROWDED_MS = 100;
/** Of a device at a time, of calls that keep the thread far longer than a command does. */
const HEAVY_MOST = 2;
/** Tokens that were told to wait are forgotten from so many on. */
const TOLD_FROM = 5_000;
/** A token may be refused so often within a second before its refusals are held: a screen that asks for several things at once is none that floods. */
const AT_ONCE = 20;
const HOLD_MS = 1_000;
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
  const buckets = { "device-calls": devices, "merchant-calls": merchants };
  const perSecond = { "device-calls": limits.device.perSecond, "merchant-calls": limits.merchant.perSecond };
  const told = new Map<string, Told>();
  const refused = new Map<string, { since: number; times: number }>();

  function tell(bearer: string | undefined, queue: Told["queue"], { retryAfterMs, of, crowded }: Slowed & { readonly crowded: boolean }): never {
    // Until then its bucket stays empty whatever comes; of calls under way one may end sooner.
    if (bearer !== undefined && !crowded) {
      if (told.size >= TOLD_FROM) for (const [each, { until }] of told) if (until <= now()) told.delete(each);
      if (told.size < TOLD_FROM) told.set(bearer, { until: now() + retryAfterMs, queue });
    }
    throw refusal("TOO_MANY_REQUESTS", "slow-down", { retryAfterMs, of });
  }

  function holdMs(bearer: string): number {
    const known = refused.get(bearer);
    if (known === undefined || now() - known.since >= HOLD_MS) {
      if (refused.size >= TOLD_FROM) for (const [each, { since }] of refused) if (now() - since >= HOLD_MS) refused.delete(each);
      if (refused.size < TOLD_FROM) refused.set(bearer, { since: now(), times: 1 });
      return 0;
    }
    known.times++;
    return known.times > AT_ONCE ? HOLD_MS : 0;
  }

  function floods(bearer: string): boolean {
    const known = refused.get(bearer);
    return known !== undefined && known.times > AT_ONCE && now() - known.since < 2 * HOLD_MS;
  }

  return {
    /** Runs the call, or throws TOO_MANY_REQUESTS `slow-down` with `retryAfterMs` before anything of it is done. `bearer`: the token that it came with. */
    async during<T>({ device, merchant }: Caller, call: () => Promise<T>, bearer?: string): Promise<T> {
      // The device first: what it is refused is not taken from its place.
      const ofDevice = devices.enter(device);
      if (ofDevice !== undefined && "retryAfterMs" in ofDevice) return tell(bearer, "device-calls", ofDevice);
      try {
        const ofMerchant = merchants.enter(merchant);
        if (ofMerchant !== undefined && "retryAfterMs" in ofMerchant) return tell(bearer, "merchant-calls", ofMerchant);
        try {
          return await call();
        } finally {
          merchants.leave(ofMerchant);
        }
      } finally {
        devices.leave(ofDevice);
      }
    },
    /**
     * Within a call: what keeps the thread far longer than a command does. A device has two of them under way at most, and what they weigh, in calls, is
     * taken from what it may ask next: it waits for a second at most.
     */
    async heavy<T>(device: string | null, call: () => Promise<T>, weight: (result: T) => number): Promise<T> {
      const bucket = devices.enterHeavy(device);
      if (bucket !== undefined && "retryAfterMs" in bucket) return tell(undefined, "device-calls", bucket);
      try {
        const result = await call();
        devices.take(bucket, weight(result));
        return result;
      } finally {
        if (bucket !== undefined) bucket.heavy--;
      }
    },
    /**
     * For the door: who was told to wait and comes all the same is refused by the look of its token, before anything is read, parsed or verified. Undefined:
     * nobody has told it to.
     */
    slowed(bearer: string): SlowedAtDoor | undefined {
      const waits = told.get(bearer);
      if (waits === undefined) return undefined;
      const retryAfterMs = Math.ceil(waits.until - now());
      if (retryAfterMs <= 0) {
        // Of a flood one call is looked at whole, and not all that stand at the door when its time comes.
        if (floods(bearer)) told.set(bearer, { ...waits, until: now() + 1_000 / perSecond[waits.queue] });
        else told.delete(bearer);
        return undefined;
      }
      buckets[waits.queue].refuse();
      return { retryAfterMs, of: waits.queue === "device-calls" ? "device" : "place", holdMs: holdMs(bearer) };
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
    const fresh = { tokens: limits.burst, at, inFlight: 0, heavy: 0 };
    buckets.set(caller, fresh);
    return fresh;
  }

  function forgetRested(at: number): void {
    const rested = (limits.burst / limits.perSecond) * 1_000;
    for (const [caller, bucket] of buckets) if (bucket.inFlight === 0 && at - bucket.at > rested) buckets.delete(caller);
  }

  return {
    refuse(): void {
      full++;
    },
    enter(caller: string | null): Bucket | (Slowed & { readonly crowded: boolean }) | undefined {
      if (caller === null || limits.perSecond === 0) return undefined;
      const bucket = bucketOf(caller, now());
      const crowded = bucket.inFlight >= limits.inFlight;
      const waitMs = crowded ? CROWDED_MS : bucket.tokens < 1 ? Math.ceil(((1 - bucket.tokens) / limits.perSecond) * 1_000) : 0;
      if (waitMs > 0) {
        full++;
        return { retryAfterMs: waitMs, of: queue === "device-calls" ? "device" : "place", crowded };
      }
      bucket.tokens--;
      bucket.inFlight++;
      return bucket;
    },
    enterHeavy(caller: string | null): Bucket | (Slowed & { readonly crowded: boolean }) | undefined {
      if (caller === null || limits.perSecond === 0) return undefined;
      const bucket = bucketOf(caller, now());
      if (bucket.heavy >= HEAVY_MOST) {
        full++;
        return { retryAfterMs: CROWDED_MS, of: "device", crowded: true };
      }
      bucket.heavy++;
      return bucket;
    },
    take(bucket: Bucket | undefined, tokens: number): void {
      if (bucket !== undefined) bucket.tokens = Math.max(bucket.tokens - tokens, -limits.perSecond);
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

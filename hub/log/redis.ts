import { Redis, type RedisOptions } from "ioredis";

/** Replies in the shapes of RESP2, which ioredis gives unless told otherwise. */
type LegacyReplies = RedisOptions & { readonly replyMapping?: "legacy" };

/** A connection that fails at once while Redis is away, so that its user can turn to Postgres (RUN-1, LOG-6). */
export function connectRedis(url: string, options: LegacyReplies = {}): Redis {
  const merged: LegacyReplies = {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    connectTimeout: 2_000,
    retryStrategy: (attempt: number) => Math.min(1_000, 50 * 2 ** Math.min(attempt, 6)),
    // READONLY after a failover, LOADING after a restart: dial again and send the command again.
    reconnectOnError: (error) => (/^(READONLY|LOADING|UNBLOCKED)/.test(error.message) ? 2 : false),
    ...options,
  };
  const redis = new Redis(url, merged);
  // Without a listener ioredis prints every failed attempt; commands report their own errors.
  redis.on("error", () => {});
  return redis;
}

/** Redis is there and says no: OOM (no memory left), READONLY (not the master), MISCONF (cannot write its disk); undefined for any other failure. */
export function refusalOf(error: unknown): string | undefined {
  return error instanceof Error && error.name === "ReplyError" ? /^[A-Z]+/.exec(error.message)?.[0] : undefined;
}

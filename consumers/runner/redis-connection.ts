import { Redis } from "ioredis";
import { within } from "#hub/log/waiting.ts";

/** For the greeting, too: a server that takes the connection and says nothing would be waited for without end. */
const OPEN_MS = 3_000;

/**
 * One connection that is never mended: whoever holds it lets it go at the first doubt and opens another. A client that
 * reconnects by itself can park for ever, and may deliver the answer of an abandoned XREADGROUP to nobody.
 */
export async function openRedis(url: string, name: string): Promise<Redis> {
  const redis = new Redis(url, {
    protocol: 2,
    connectionName: name,
    lazyConnect: true,
    connectTimeout: 2_000,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    disableClientInfo: true,
  });
  // Every command's own promise tells of the failure; without a listener it would be printed as well.
  redis.on("error", () => {});
  try {
    await within(OPEN_MS, redis.connect());
    return redis;
  } catch (error) {
    redis.disconnect(false);
    throw error;
  }
}

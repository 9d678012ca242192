import type { Redis } from "ioredis";
import { connectToStream } from "#hub/log/redis.ts";
import { within } from "#hub/log/waiting.ts";

/** For the greeting, too: a server that takes the connection and says nothing would be waited for without end. */
const OPEN_MS = 3_000;

/**
 * One connection that is never mended: whoever holds it lets it go at the first doubt and opens another. A client that
 * reconnects by itself can park for ever, and may deliver the answer of an abandoned XREADGROUP to nobody.
 * In a cluster it goes to the node of the key.
 */
export async function openRedis(url: string, name: string, ofKey = ""): Promise<Redis> {
  const redis = await connectToStream(url, ofKey, {
    protocol: 2,
    connectionName: name,
    lazyConnect: true,
    retryStrategy: () => null,
    reconnectOnError: null,
    disableClientInfo: true,
  });
  try {
    await within(OPEN_MS, redis.connect());
    return redis;
  } catch (error) {
    redis.disconnect(false);
    throw error;
  }
}

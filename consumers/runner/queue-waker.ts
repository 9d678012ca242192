import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { connectRedis } from "#hub/log/redis.ts";

/** A prefix, since BullMQ refuses plain numbers and colons in ids. */
const JOB_ID = /^[a-z]{3}_[A-Za-z0-9_-]{1,60}$/;

type Bell = { readonly queue: Queue; readonly connection: Redis };

export type QueueWaker = {
  wake(queue: string, jobId: string): void;
  close(): Promise<void>;
};

/**
 * RUN-3: BullMQ only wakes the worker, so a job carries nothing, is kept nowhere and may be lost: the row in Postgres
 * decides, and a sweep finds what nobody was woken for.
 */
export function queueWaker(redisUrl: string, logger: Logger): QueueWaker {
  const bells = new Map<string, Bell>();

  function bellOf(name: string): Bell {
    const known = bells.get(name);
    if (known !== undefined) return known;
    // Ours, and not the queue's: a queue that is closed while it dials leaves nobody to hear of the connection's errors.
    const connection = connectRedis(redisUrl, { maxRetriesPerRequest: 1 });
    const queue = new Queue(name, { connection, defaultJobOptions: { removeOnComplete: true, removeOnFail: true } });
    queue.on("error", () => {});
    const bell = { queue, connection };
    bells.set(name, bell);
    return bell;
  }

  return {
    wake(name, jobId) {
      if (!JOB_ID.test(jobId)) throw new Error(`not a job id with a prefix: ${jobId}`);
      const bell = bellOf(name);
      bell.queue.add("wake", {}, { jobId }).catch((error: unknown) => {
        logger.debug({ queue: name, jobId, err: error }, "nobody was woken; the sweep will");
        // A queue whose first connection failed stays broken: the next call makes another.
        if (bells.get(name) !== bell) return;
        bells.delete(name);
        void close(bell);
      });
    },
    async close() {
      await Promise.all([...bells.values()].map(close));
    },
  };
}

async function close({ queue, connection }: Bell): Promise<void> {
  await queue.close().catch(() => {});
  connection.disconnect();
}

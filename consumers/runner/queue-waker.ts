import { Queue } from "bullmq";
import type { Logger } from "pino";

/** A prefix, since BullMQ refuses plain numbers and colons in ids. */
const JOB_ID = /^[a-z]{3}_[A-Za-z0-9_-]{1,60}$/;

export type QueueWaker = {
  wake(queue: string, jobId: string): void;
  close(): Promise<void>;
};

/**
 * RUN-3: BullMQ only wakes the worker, so a job carries nothing, is kept nowhere and may be lost: the row in Postgres
 * decides, and a sweep finds what nobody was woken for.
 */
export function queueWaker(redisUrl: string, logger: Logger): QueueWaker {
  const queues = new Map<string, Queue>();

  function queueOf(name: string): Queue {
    const known = queues.get(name);
    if (known !== undefined) return known;
    const queue = new Queue(name, {
      connection: { url: redisUrl, enableOfflineQueue: false, maxRetriesPerRequest: 1 },
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    });
    queue.on("error", () => {});
    queues.set(name, queue);
    return queue;
  }

  return {
    wake(name, jobId) {
      if (!JOB_ID.test(jobId)) throw new Error(`not a job id with a prefix: ${jobId}`);
      const queue = queueOf(name);
      queue.add("wake", {}, { jobId }).catch((error: unknown) => {
        logger.debug({ queue: name, jobId, err: error }, "nobody was woken; the sweep will");
        // A queue whose first connection failed stays broken: the next call makes another.
        if (queues.get(name) !== queue) return;
        queues.delete(name);
        void queue.close().catch(() => {});
      });
    },
    async close() {
      await Promise.allSettled([...queues.values()].map((queue) => queue.close()));
    },
  };
}

import { Queue } from "bullmq";
import type { Logger } from "pino";
import { connectAnyRedis, type AnyRedis } from "#hub/log/redis.ts";
import type { QueueSeen } from "#hub/log/queue-seen.ts";
import { within } from "#hub/log/waiting.ts";
import { queueKeys } from "./queue-keys.ts";
import { traceIn } from "./trace.ts";

/** A prefix, since BullMQ refuses plain numbers and colons in ids. */
const JOB_ID = /^[a-z]{3}_[A-Za-z0-9_-]{1,60}$/;

type Bell = { readonly queue: Queue; readonly connection: AnyRedis };

export type QueueWaker = {
  queue(): QueueSeen;
  wake(queue: string, jobId: string, traceparent?: string): void;
  /** Calls that Redis has not answered yet. */
  readonly waiting: number;
  close(): Promise<void>;
};

export type WakerLimits = {
  /** A bell without an answer for so long is replaced. */
  readonly answerMs: number;
  /** After a failure nobody is woken for so long: a Redis that refuses everything is not dialled for each event. */
  readonly restMs: number;
  /** Calls that may wait for an answer; past it nobody is woken. */
  readonly mostWaiting: number;
};

const LIMITS: WakerLimits = { answerMs: 3_000, restMs: 1_000, mostWaiting: 200 };
const CLOSE_MS = 1_000;

/**
 * RUN-3: BullMQ only wakes the worker, so a job carries nothing but the trace of its tap, is kept nowhere and may be lost: the row in Postgres
 * decides, and a sweep finds what nobody was woken for.
 */
export function queueWaker(redisUrl: string, logger: Logger, { answerMs, restMs, mostWaiting }: WakerLimits = LIMITS): QueueWaker {
  const bells = new Map<string, Bell>();
  const restsUntil = new Map<string, number>();
  let waiting = 0;
  let full = 0;

  function bellOf(name: string): Bell {
    const known = bells.get(name);
    if (known !== undefined) return known;
    // Ours, and not the queue's: a queue that is closed while it dials leaves nobody to hear of the connection's errors.
    const connection = connectAnyRedis(redisUrl, { maxRetriesPerRequest: 1 });
    const queue = new Queue(name, { connection, ...queueKeys(redisUrl), defaultJobOptions: { removeOnComplete: true, removeOnFail: true } });
    queue.on("error", () => {});
    const bell = { queue, connection };
    bells.set(name, bell);
    return bell;
  }

  async function ring(name: string, jobId: string, traceparent: string | undefined): Promise<void> {
    const bell = bellOf(name);
    waiting += 1;
    try {
      await within(answerMs, bell.queue.add("wake", traceparent === undefined ? {} : { traceparent }, { jobId }));
    } catch (error) {
      logger.debug({ queue: name, jobId, trace: traceIn(traceparent), err: error }, "nobody was woken; the sweep will");
      // A queue whose first connection failed stays broken, and one that says nothing may do so for ever: another is made.
      if (bells.get(name) !== bell) return;
      bells.delete(name);
      restsUntil.set(name, Date.now() + restMs);
      void close(bell);
    } finally {
      waiting -= 1;
    }
  }

  return {
    wake(name, jobId, traceparent) {
      if (!JOB_ID.test(jobId)) throw new Error(`not a job id with a prefix: ${jobId}`);
      if (waiting >= mostWaiting) {
        full += 1;
        return;
      }
      if (Date.now() < (restsUntil.get(name) ?? 0)) return;
      void ring(name, jobId, traceparent);
    },
    get waiting() {
      return waiting;
    },
    queue: () => ({ queue: "wakes", length: waiting, bound: mostWaiting, full }),
    async close() {
      await Promise.all([...bells.values()].map(close));
    },
  };
}

async function close({ queue, connection }: Bell): Promise<void> {
  await within(CLOSE_MS, queue.close()).catch(() => {});
  connection.disconnect();
}

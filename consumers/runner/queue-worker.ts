import { Worker, type Processor } from "bullmq";
import type { Cluster } from "ioredis";
import type { Logger } from "pino";
import { connectAnyRedis, type AnyRedis } from "#hub/log/redis.ts";
import { pause, within } from "#hub/log/waiting.ts";
import { queueKeys } from "./queue-keys.ts";
import { traceIn } from "./trace.ts";

export type QueueWorkerOptions = {
  readonly redisUrl: string;
  readonly queue: string;
  readonly work: Processor;
  readonly concurrency?: number;
  readonly logger: Logger;
  /** BullMQ asks for work at least so often. */
  readonly askEveryMs?: number;
  /** Without one good answer from Redis for so long it is taken for stuck. */
  readonly stuckMs?: number;
};

const ASK_EVERY_MS = 5_000;
const STUCK_MS = 20_000;
/** BullMQ's own is a quarter of a minute, in which nobody would be woken after an outage of a second. */
const RETRY_MS = 1_000;
const CLOSE_MS = 1_000;

/**
 * RUN-3: BullMQ's worker, which rings when there is a job. It has wedged after failures of Redis with all its connections
 * open, so what counts is that it gets on: it asks for work every few seconds, and one that gets no good answer any more is
 * replaced, whatever state its connections say they are in.
 */
export function queueWorker(options: QueueWorkerOptions): { stop(): Promise<void> } {
  const { queue, logger, stuckMs = STUCK_MS } = options;
  const between = pause();
  let stopped = false;

  const work: Processor = (job, token, signal) => {
    const { traceparent } = job.data as { readonly traceparent?: string };
    logger.debug({ queue, job: job.id, trace: traceIn(traceparent) }, "woken");
    return options.work(job, token, signal);
  };

  function begin() {
    const connection = connectAnyRedis(options.redisUrl, { maxRetriesPerRequest: null, enableOfflineQueue: true, autoResendUnfulfilledCommands: true });
    const answered = watchAnswers(connection);
    const worker = new Worker(queue, work, { connection, ...queueKeys(options.redisUrl), concurrency: options.concurrency ?? 1, drainDelay: (options.askEveryMs ?? ASK_EVERY_MS) / 1_000, runRetryDelay: RETRY_MS });
    worker.on("error", (error) => logger.debug({ queue, err: error }, "the queue is silent"));
    return {
      answered,
      async end() {
        await within(CLOSE_MS, worker.close(true)).catch(() => {});
        connection.disconnect();
      },
    };
  }

  async function run(): Promise<void> {
    while (!stopped) {
      const current = begin();
      while (!stopped && Date.now() - current.answered() < stuckMs) await between.wait(stuckMs / 4);
      if (!stopped) logger.info({ queue }, "the queue's worker gets no answer from Redis and is replaced; its sweep goes on");
      await current.end();
    }
  }

  const done = run();
  return {
    async stop() {
      stopped = true;
      between.rouse();
      await done;
    },
  };
}

/** When a command was last answered well; when it began, before the first. A refusal is no progress. */
function watchAnswers(redis: AnyRedis): () => number {
  let at = Date.now();
  // A cluster's takes a node besides.
  const send = redis.sendCommand.bind(redis) as Cluster["sendCommand"];
  redis.sendCommand = (...args: Parameters<Cluster["sendCommand"]>) => {
    args[0].promise.then(() => (at = Date.now()), () => {});
    return send(...args);
  };
  return () => at;
}

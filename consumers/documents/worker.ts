import { pino, type Logger } from "pino";
import { ulid } from "ulidx";
import type { Sql, TransactionSql } from "#hub/db/client.ts";
import { AppendRetry } from "#hub/log/append-in-transaction.ts";
import type { StoredEvent } from "#hub/log/types.ts";
import type { DomainEvent } from "#shared/events/catalog.ts";
import { jobIds } from "#consumers/runner/trace.ts";
import { queueWorker } from "#consumers/runner/queue-worker.ts";
import { documentOf } from "./content.ts";
import { DOCUMENTS_QUEUE } from "./jobs.ts";
import { claimJob, failJob, forgetOldFiles, keepFile, progressJob, type Job } from "./job-store.ts";
import { makeFile, TooManyRows } from "./make-file.ts";
import { MEDIA_TYPES } from "./model.ts";
import { tell, type DocumentLog } from "./news.ts";

export type DocumentWorkerOptions = {
  /** The consumers' role; two connections are enough. */
  readonly sql: Sql;
  readonly redisUrl: string;
  readonly log: DocumentLog;
  readonly logger?: Logger;
  /** How often Postgres is asked for what nobody was woken for. */
  readonly sweepMs?: number;
};

const FORGET_MS = 3_600_000;
const RETRY_MS = 50;
const MOST_RETRIES = 100;

/** Makes files one after the other. BullMQ only wakes it: the sweep finds every job without it (RUN-3). */
export function startDocumentWorker({ sql, redisUrl, log, logger = pino({ level: "silent" }), sweepMs = 2_000 }: DocumentWorkerOptions): { stop(): Promise<void> } {
  let stopping = false;
  let again = false;
  let running: Promise<void> | undefined;

  const work = async () => {
    while (again && !stopping) {
      again = false;
      for (let job = await claimJob(sql, ulid()); job !== undefined && !stopping; job = await claimJob(sql, ulid())) await make(sql, log, job, () => stopping, logger);
    }
  };
  const kick = () => {
    again = true;
    running ??= work().catch((error: unknown) => logger.warn({ err: error }, "files wait for Postgres")).finally(() => (running = undefined));
  };
  const bell = queueWorker({ redisUrl, queue: DOCUMENTS_QUEUE, logger, work: async () => kick() });
  const sweep = setInterval(kick, sweepMs);
  const forget = setInterval(() => void forgetOldFiles(sql).catch(() => undefined), FORGET_MS);
  kick();
  return {
    async stop() {
      stopping = true;
      clearInterval(sweep);
      clearInterval(forget);
      await bell.stop();
      await running;
    },
  };
}

/** A file that is given up half made is made again by whoever claims it next. */
async function make(sql: Sql, log: DocumentLog, job: Job, isStopping: () => boolean, logger: Logger): Promise<void> {
  try {
    const document = await documentOf(sql, job);
    const total = document.kind === "table" ? Math.max(1, document.total) : 1;
    let told = 0;
    const bytes = await makeFile(document, job.format, async (rows) => {
      const percent = Math.min(99, Math.floor((rows * 100) / total));
      if (isStopping() || !(await progressJob(sql, job, percent))) return false;
      if (percent < told + 10) return true;
      told = percent;
      await append(sql, log, async (tx) => tell(tx, log, job, { type: "document.file.progressed", data: { percent } }, `progress ${percent}`));
      return true;
    });
    if (bytes === undefined) return;
    const file = { name: `${document.name}.${job.format}`, mediaType: MEDIA_TYPES[job.format] };
    const completed: DomainEvent = { type: "document.file.completed", data: { ...file, bytes: bytes.byteLength, rows: document.kind === "table" ? document.total : 0 } };
    await append(sql, log, async (tx) => ((await keepFile(tx, job, { ...file, bytes })) ? tell(tx, log, job, completed, "completed") : []));
    logger.info({ document: job.document, ...jobIds(job.trace), bytes: bytes.byteLength }, "file made");
  } catch (error) {
    logger.error({ err: error, document: job.document, ...jobIds(job.trace) }, "a file could not be made");
    const tooMany = error instanceof TooManyRows;
    const failed: DomainEvent = { type: "document.file.failed", data: { reason: tooMany ? "too-many-rows" : "internal" } };
    await append(sql, log, async (tx) => ((await failJob(tx, job, tooMany)) ? tell(tx, log, job, failed, "failed") : []));
  }
}

/** The shard may be busy and the document's stream move: then all of it is done again. */
async function append(sql: Sql, log: DocumentLog, work: (tx: TransactionSql) => Promise<readonly StoredEvent[]>): Promise<void> {
  for (let tried = 0; ; tried++) {
    try {
      const events = await sql.begin(async (tx) => ({ of: await work(tx) }));
      if (events.of.length > 0) log.publish(events.of);
      return;
    } catch (error) {
      if (!(error instanceof AppendRetry) || tried >= MOST_RETRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

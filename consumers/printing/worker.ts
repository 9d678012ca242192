import { setTimeout as wait } from "node:timers/promises";
import { pino, type Logger } from "pino";
import type { Sql } from "#hub/db/client.ts";
import { purgeNowAndThen } from "#consumers/purging.ts";
import { ownerName } from "#consumers/runner/owner.ts";
import { queueWorker } from "#consumers/runner/queue-worker.ts";
import { PRINTING_QUEUE } from "./consumer.ts";
import { checkFonts } from "./escpos/check-fonts.ts";
import { startIdleChecks } from "./idle-check.ts";
import { jobStore, printersBeside, printersWithWork, purgeJobs, sweepJobs, type PrinterKey } from "./job-store.ts";
import { PrinterLane } from "./printer-lane.ts";
import { deliverReports, type PrintLog } from "./reports.ts";
import type { Timing } from "./transport/printer-connection.ts";

export type PrintWorkerOptions = {
  /** The consumers' role; three connections and one for each printer that is busy at a time are enough. */
  readonly sql: Sql;
  readonly redisUrl: string;
  readonly log: PrintLog;
  readonly processName: string;
  readonly logger?: Logger;
  readonly timing?: Partial<Timing>;
  /** A dead worker's jobs are given up after so long. */
  readonly leaseMs?: number;
  /** How often Postgres is asked for what nobody was woken for. */
  readonly sweepMs?: number;
  /** How often a printer is asked how it is while nothing is printed. */
  readonly idleCheckMs?: number;
};

export type PrintWorker = {
  /** Scripts that no installed font can draw; empty is well. */
  readonly missingScripts: Promise<readonly string[]>;
  /** Ends within 5 s; a job that a printer still holds then is unknown. */
  stop(): Promise<void>;
};

const STOP_GRACE_MS = 1_800;
/** News of slips wait so long for company: a ticket is several slips, each with news of its own, and an append costs the same for one as for all. */
const NEWS_WAIT_MS = 50;
/** Half of what people may wait for the news that a printer is off. */
const IDLE_CHECK_MS = 15_000;
/** Fonts do not come and go while a process runs. */
let fontsChecked: Promise<string[]> | undefined;

/** Prints what the consumer wrote down. Redis only wakes it: the sweep finds every job without it (RUN-3). */
export function startPrintWorker(options: PrintWorkerOptions): PrintWorker {
  const { sql, log } = options;
  const logger = options.logger ?? pino({ level: "silent" });
  const leaseMs = options.leaseMs ?? 10_000;
  const owner = ownerName(options.processName);
  const store = jobStore(sql, owner, leaseMs);
  const lanes = new Map<string, PrinterLane>();
  let stopping = false;

  const laneOf = (key: PrinterKey): PrinterLane => {
    const name = `${key.merchant_id} ${key.printer_id}`;
    let lane = lanes.get(name);
    if (!lane) lanes.set(name, (lane = new PrinterLane({ key, store, leaseMs, timing: options.timing ?? {}, logger, onChange: () => reports.kick() })));
    return lane;
  };
  const reports = coalesced(async () => {
    await wait(NEWS_WAIT_MS);
    while (!stopping && (await deliverReports(sql, log, logger)));
  }, (error) => logger.warn({ err: error }, "reports of printing wait for Postgres"));
  let tookPlace = false;
  const sweep = coalesced(async () => {
    if (!tookPlace) await store.takePlace();
    tookPlace = true;
    await sweepJobs(sql);
    for (const key of await printersWithWork(sql)) laneOf(key).kick();
    reports.kick();
  }, (error) => logger.warn({ err: error }, "printing cannot reach Postgres"));

  const bell = queueWorker({
    redisUrl: options.redisUrl,
    queue: PRINTING_QUEUE,
    logger,
    concurrency: 8,
    async work({ id }) {
      const keys = id === undefined ? [] : await printersBeside(sql, id);
      if (!stopping) for (const key of keys) laneOf(key).kick();
      reports.kick();
    },
  });
  const timer = setInterval(() => sweep.kick(), options.sweepMs ?? 1_000);
  sweep.kick();
  const idleChecks = startIdleChecks({ sql, owner, leaseMs, everyMs: options.idleCheckMs ?? IDLE_CHECK_MS, laneOf, logger });
  const purging = purgeNowAndThen("print jobs", (limit) => purgeJobs(sql, limit), logger);
  const missingScripts = (fontsChecked ??= checkFonts());
  void missingScripts.then((missing) => {
    if (missing.length > 0) logger.warn({ missing }, "no font draws these scripts: install fonts-noto-core and fonts-noto-cjk");
  });

  return {
    missingScripts,
    async stop() {
      clearInterval(timer);
      idleChecks.stop();
      purging.stop();
      await Promise.all([bell.stop(), ...[...lanes.values()].map((lane) => lane.stop(STOP_GRACE_MS))]);
      await reports.settled();
      stopping = true;
      await sweep.settled();
    },
  };
}

/** Runs once more when it was kicked meanwhile, never twice at a time. */
function coalesced(work: () => Promise<void>, complain: (error: unknown) => void) {
  let running: Promise<void> | undefined;
  let again = false;
  const run = async () => {
    while (again) {
      again = false;
      await work().catch(complain);
    }
    running = undefined;
  };
  return {
    kick() {
      again = true;
      running ??= run();
    },
    async settled() {
      await running;
    },
  };
}

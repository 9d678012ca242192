import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "pino";
import { jobIds } from "#consumers/runner/trace.ts";
import { buildSlip } from "./escpos/builder.ts";
import { profileOf } from "./escpos/profiles.ts";
import type { ClaimedJob, JobStore, PrinterKey, PrinterRow } from "./job-store.ts";
import type { Cause } from "./transport/causes.ts";
import { PrinterConnection, type SendOutcome, type Timing } from "./transport/printer-connection.ts";

export type LaneOptions = {
  readonly key: PrinterKey;
  readonly store: JobStore;
  readonly leaseMs: number;
  readonly timing: Partial<Timing>;
  readonly logger: Logger;
  /** A job or a printer changed its state: there is something to report. */
  onChange(): void;
};

const BACKOFF_MS = [500, 1_000, 2_000, 4_000, 5_000] as const;
const DATABASE_PAUSE_MS = 300;

/** One printer's work, one job at a time. A printer that is dead keeps only its own lane waiting. */
export class PrinterLane {
  readonly #options: LaneOptions;
  readonly #stop = new AbortController();
  #connection: { readonly to: string; readonly link: PrinterConnection } | undefined;
  #job: ClaimedJob | undefined;
  /** What people were told last of the printer, as far as this lane knows. */
  #told: Cause | null | undefined;
  #running: Promise<void> | undefined;
  #checking: Promise<void> | undefined;
  #again = false;
  #stopping = false;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  kick(): void {
    if (this.#stopping) return;
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Asks the printer how it is while nothing is printed, and tells what is new (PRN-27). `take` gets its lease. Never rejects. */
  async check(take: () => Promise<PrinterRow | undefined>): Promise<void> {
    if (this.#stopping || this.#running || this.#checking) return;
    this.#checking = this.#check(take).catch((error: unknown) => this.#options.logger.warn({ err: error, ...this.#options.key }, "the check of a printer waits for Postgres"));
    await this.#checking;
    this.#checking = undefined;
    this.#giveBack();
  }

  async #check(take: () => Promise<PrinterRow | undefined>): Promise<void> {
    const printer = await take();
    if (!printer) return;
    this.#told = printer.cause;
    this.#beat();
    const cause = await this.#connectionTo(printer).check();
    if (cause !== undefined && !this.#stopping) await this.#tellPrinter(cause);
  }

  /** Lets the job under way end, then gives it up as unknown and lets the printer go. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    const underWay = Promise.all([this.#running, this.#checking]);
    await Promise.race([underWay, wait(graceMs)]);
    this.#stop.abort();
    await Promise.race([underWay, wait(graceMs)]);
    clearInterval(this.#heartbeat);
    await this.#connection?.link.close();
    await this.#options.store.releasePrinter(this.#options.key).catch(() => undefined);
  }

  async #run(): Promise<void> {
    const { key, store, logger } = this.#options;
    while (this.#again && !this.#stopping) {
      this.#again = false;
      try {
        while (!this.#stopping) {
          this.#job = await store.claim(key);
          if (!this.#job) break;
          this.#told = this.#job.printer.cause;
          this.#beat();
          await this.#print(this.#job);
        }
      } catch (error) {
        logger.warn({ err: error, ...key }, "a printer's lane cannot reach Postgres");
        await wait(DATABASE_PAUSE_MS);
      } finally {
        this.#job = undefined;
      }
    }
  }

  async #print(job: ClaimedJob): Promise<void> {
    const { store, logger } = this.#options;
    const { printer } = job;
    let bytes: Uint8Array;
    try {
      bytes = await buildSlip(job.slip, profileOf(printer.profile));
    } catch (error) {
      logger.error({ err: error, job: job.id, ...jobIds(job) }, "a slip cannot be printed");
      await this.#keep(() => store.giveUp(job, "unprintable"));
      return;
    }
    const outcome = await this.#connectionTo(printer).send({
      bytes,
      processId: job.id.slice(-4),
      mayStart: () => store.start(job, bytes.length),
      signal: this.#stop.signal,
    });
    logger.info({ job: job.id, ...jobIds(job), printer: printer.name, ...outcome }, "print job");
    await this.#keep(() => this.#record(job, outcome));
    this.#options.onChange();
  }

  async #record(job: ClaimedJob, outcome: SendOutcome): Promise<void> {
    const { store } = this.#options;
    if (outcome.outcome !== "failed") {
      await store.finish(job, outcome);
      await this.#tellPrinter(outcome.outcome === "unknown" && outcome.cause !== "stopped" ? outcome.cause : null);
      return;
    }
    const { cause } = outcome;
    if (cause === "not-allowed" || cause === "stopped") return store.putBack(job, null, 0);
    await store.putBack(job, cause, BACKOFF_MS[Math.min(job.attempts, BACKOFF_MS.length) - 1] ?? 5_000);
    await this.#tellPrinter(cause);
  }

  async #tellPrinter(cause: Cause | null): Promise<void> {
    if (cause === this.#told) return;
    this.#told = undefined;
    await this.#options.store.setPrinter(this.#options.key, cause);
    this.#told = cause;
    this.#options.onChange();
  }

  /** What happened on paper is written down however long Postgres is away; a stop leaves it to the lease. */
  async #keep(write: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        this.#options.logger.warn({ err: error, ...this.#options.key }, "the outcome of a print job waits for Postgres");
        if (this.#stop.signal.aborted) return;
        await wait(DATABASE_PAUSE_MS);
      }
    }
  }

  #connectionTo(printer: PrinterRow): PrinterConnection {
    const { key, store, timing, logger } = this.#options;
    const to = `${printer.host}:${printer.port} ${printer.profile}`;
    if (this.#connection?.to === to) return this.#connection.link;
    void this.#connection?.link.close();
    const complain = (error: unknown) => logger.warn({ err: error, ...key }, "a printer's news waits for Postgres");
    const link = new PrinterConnection({
      host: printer.host,
      port: printer.port,
      status: profileOf(printer.profile).status,
      timing,
      onTrouble: (cause) => void this.#tellPrinter(cause).catch(complain),
      onLateConfirmation: (tail) => void store.confirmLate(key, tail).then(this.#options.onChange, complain),
    });
    this.#connection = { to, link };
    return link;
  }

  /** The printer stays ours while its connection is open, for it has only one. */
  #beat(): void {
    if (this.#heartbeat) return;
    const { key, store, leaseMs, logger } = this.#options;
    this.#heartbeat = setInterval(() => {
      this.#giveBack();
      if (this.#heartbeat) store.renew(key, this.#job).then((ours) => this.#letGo(ours)).catch((error: unknown) => logger.warn({ err: error, ...key }, "a printer's lease waits for Postgres"));
      // Not all printers of a place at one moment.
    }, leaseMs / (3 + Math.random()));
  }

  /** A printer has one connection, which is the new owner's. */
  #letGo(ours: boolean): void {
    if (!ours && this.#job === undefined) void this.#connection?.link.close();
  }

  /** When nothing needs it any more. Nothing is claimed while the lease goes, and what another worker could not claim meanwhile is claimed after it. */
  #giveBack(): void {
    if (!this.#heartbeat || this.#stopping || this.#running || this.#checking || (this.#connection?.link.state ?? "closed") !== "closed") return;
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
    const { key, store, logger } = this.#options;
    this.#again = true;
    this.#running = store
      .releasePrinter(key)
      .catch((error: unknown) => logger.warn({ err: error, ...key }, "a printer's lease waits for Postgres"))
      .then(() => this.#run())
      .finally(() => {
        this.#running = undefined;
      });
  }
}

import { DelayedError } from "bullmq";
import { pino, type Logger } from "pino";
import { ulid } from "ulidx";
import type { Sql, TransactionSql } from "#hub/db/client.ts";
import { AppendRetry, type InTransaction } from "#hub/log/append-in-transaction.ts";
import type { AppendCommand, StoredEvent } from "#hub/log/types.ts";
import { attemptCommand, refundCommand, type Source } from "./apply.ts";
import { carryOut, type Outcome } from "./carry-out.ts";
import { carryOutRefund, refundNotConfigured, type LookAgain } from "./carry-out-refund.ts";
import { AT_ONCE, lanesOf } from "./lanes.ts";
import type { PaymentProviderPort } from "./provider-port.ts";
import { PAYMENTS_QUEUE, requestStore, type ClaimedRequest } from "./requests.ts";
import { purgeNowAndThen } from "#consumers/purging.ts";
import { ownerName } from "#consumers/runner/owner.ts";
import { jobIds } from "#consumers/runner/trace.ts";
import { queueWorker } from "#consumers/runner/queue-worker.ts";
import { PaymentStates } from "./states.ts";
import { refundTries, takeUnnamed } from "./unnamed.ts";

/** What the worker asks of the log; the runner's port has the same two. */
export type PaymentsLog = {
  appendInTransaction(tx: TransactionSql, commands: readonly AppendCommand[]): Promise<InTransaction>;
  publish(events: readonly StoredEvent[]): void;
};
export type PaymentWorkerOptions = {
  /** The consumers' role. */
  readonly sql: Sql;
  readonly redisUrl: string;
  readonly log: PaymentsLog;
  readonly processName: string;
  readonly providers: ReadonlyMap<string, PaymentProviderPort>;
  readonly logger?: Logger;
  readonly timing?: Partial<PaymentTiming>;
};
export type PaymentTiming = {
  /** First step of every back-off. */
  readonly baseMs: number;
  /** A dead worker's requests are taken up again after so long; longer than the calls of a claim (`leaseMsFor`). */
  readonly leaseMs: number;
  readonly sweepMs: number;
  /** An attempt is over so long after it was made, instead of when it says itself: for tests. */
  readonly expireAfterMs?: number;
};
export type PaymentWorker = { stop(): Promise<void> };

const TIMING: PaymentTiming = { baseMs: 1_000, leaseMs: 30_000, sweepMs: 1_000 };
const OVERDUE_MS = 1_500;
/** A job whose lane is full comes back for what the lane's own turn or the sweep has not done. */
const LANE_FULL_MS = 5_000;
/** Jobs that only find their lane full, or their row done. */
const IN_PASSING = 8;
const MOST_APPENDS = 20;

/** Asks providers for what the consumer wrote down, and writes into the log what it hears. BullMQ wakes it and spaces its tries; the row in Postgres decides (RUN-3). */
export function startPaymentWorker(options: PaymentWorkerOptions): PaymentWorker {
  const { sql, log, providers } = options;
  const logger = options.logger ?? pino({ level: "silent" });
  const timing = { ...TIMING, ...options.timing };
  const store = requestStore(sql, ownerName(options.processName), timing.leaseMs);
  const running = new Set<Promise<unknown>>();
  const swept = new Set<string>();
  const lanes = lanesOf(attend);
  let stopping = false;

  /** How long until there is something to do for this row; null: nothing any more. */
  async function run(id: string): Promise<number | null> {
    if (stopping) return null;
    const waiting = await store.waiting(id);
    if (!waiting) return null;
    const leave = lanes.enter(id, waiting.provider, waiting.kind);
    if (!leave) return LANE_FULL_MS;
    try {
      return await carriedOut(id);
    } finally {
      leave();
    }
  }

  async function carriedOut(id: string): Promise<number | null> {
    const request = await store.claim(id);
    if (!request) return store.waitMs(id);
    const outcome = await ask(request);
    await conclude(request, outcome);
    logger.info({ request: request.id, ...jobIds(request), provider: request.provider, kind: request.kind, outcome: outcome.outcome, againInMs: outcome.againInMs }, "provider asked");
    if (outcome.againInMs !== null) return outcome.againInMs;
    for (const next of await store.following(request)) void attend(next);
    return null;
  }

  /** Fails never: what comes to nothing the sweep finds. */
  function attend(id: string): Promise<unknown> {
    return work(id).catch((error: unknown) => logger.warn({ request: id, err: error }, "a provider was not asked"));
  }

  async function statesOf(request: ClaimedRequest): Promise<PaymentStates> {
    return sql.begin(async (tx) => {
      const read = new PaymentStates(tx);
      await read.load([{ stream: request.payment_id, kind: "payment" }, ...(request.refund_id === null ? [] : [{ stream: request.refund_id, kind: "refund" as const }])]);
      return read;
    });
  }

  async function lookAgain(request: ClaimedRequest): Promise<Awaited<ReturnType<LookAgain>>> {
    const [states, paidUnnamed] = await Promise.all([statesOf(request), store.isPaidUnnamed(request)]);
    return { refund: request.refund_id === null ? undefined : states.get("refund", request.refund_id), paidUnnamed };
  }

  async function ask(request: ClaimedRequest): Promise<Outcome> {
    const provider = providers.get(request.provider);
    const states = await statesOf(request);
    const payment = states.get("payment", request.payment_id);
    if (!payment) return { outcome: "no-payment", reports: [], againInMs: null };
    const refund = request.refund_id === null ? undefined : states.get("refund", request.refund_id);
    if (!provider) {
      logger.error({ provider: request.provider, ...jobIds(request) }, "a provider is not among PAYMENT_PROVIDERS");
      if (refund) return refundNotConfigured(request, refund, timing.baseMs);
      return request.kind === "start"
        ? { outcome: "not-configured", reports: [{ said: "failed", from: "provider", reason: "not-configured" }], againInMs: null }
        : { outcome: "not-configured", reports: [], againInMs: 60_000 };
    }
    if (request.kind === "refund") return refund ? carryOutRefund(request, refund, provider, timing.baseMs, () => lookAgain(request)) : { outcome: "no-refund", reports: [], againInMs: null };
    const expiresAt = timing.expireAfterMs === undefined ? Date.parse(payment.request?.expiresAt ?? payment.createdAt) : Date.parse(payment.createdAt) + timing.expireAfterMs;
    return carryOut({ request, payment, provider, baseMs: timing.baseMs, expired: Date.now() > expiresAt, isQueued: (kind) => store.isQueued(request.payment_id, kind) });
  }

  /** The row's end and what it brought are one transaction; a busy log only makes it try again. */
  async function conclude(request: ClaimedRequest, outcome: Outcome): Promise<void> {
    const now = new Date().toISOString();
    const commandIds = [...outcome.reports, outcome.refund, "unnamed"].map(() => ulid());
    const payout = request.refund_id === null ? undefined : { merchant: request.merchant_id, refund: request.refund_id, payment: request.payment_id };
    for (let tried = 1; ; tried++) {
      try {
        const { events } = await sql.begin(async (tx) => {
          // Of two tries that end at once one is the last.
          if (payout) await refundTries(tx, payout);
          const mine = outcome.againInMs === null ? await store.finish(tx, request, outcome.outcome) : await store.again(tx, request, outcome.outcome, outcome.againInMs);
          if (!mine) return { events: [] as readonly StoredEvent[] };
          const unnamed = payout && (await takeUnnamed(tx, payout, outcome.refund?.said === "success" ? outcome.refund : undefined));
          return log.appendInTransaction(tx, await commandsOf(tx, request, outcome, commandIds, now, unnamed));
        });
        if (events.length > 0) log.publish(events);
        return;
      } catch (error) {
        if (!(error instanceof AppendRetry) || tried >= MOST_APPENDS) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20 * tried));
      }
    }
  }

  async function work(id: string): Promise<number | null> {
    const going = run(id);
    running.add(going);
    try {
      return await going;
    } finally {
      running.delete(going);
    }
  }

  const queue = queueWorker({
    redisUrl: options.redisUrl,
    queue: PAYMENTS_QUEUE,
    logger,
    concurrency: providers.size * (AT_ONCE.payments + AT_ONCE.refunds) + IN_PASSING,
    /** A job is one row's way: it comes back when the row may be tried again, and ends when the row has ended. */
    async work(job, token) {
      // `prq_<ulid>-<who woke it>`: a second bell for one row must not be swallowed by the first that waits.
      const id = (job.id ?? "").split("-")[0] ?? "";
      const againInMs = await work(id);
      if (againInMs === null) return;
      await job.moveToDelayed(Date.now() + againInMs, token);
      throw new DelayedError();
    },
  });
  const purging = purgeNowAndThen("payment requests", (limit) => store.purge(limit), logger);
  let sweeping: Promise<void> | undefined;
  const sweep = async () => {
    for (const id of await store.overdue(OVERDUE_MS, AT_ONCE)) if (!swept.has(id)) void sweepUp(id);
  };
  // Nobody waits for it: the next sweep may be for another provider.
  const sweepUp = async (id: string) => {
    swept.add(id);
    await attend(id);
    swept.delete(id);
  };
  const timer = setInterval(() => {
    sweeping ??= sweep()
      .catch((error: unknown) => logger.warn({ err: error }, "payments cannot reach Postgres"))
      .finally(() => (sweeping = undefined));
  }, timing.sweepMs);

  return {
    async stop() {
      stopping = true;
      clearInterval(timer);
      purging.stop();
      await queue.stop();
      await Promise.race([Promise.allSettled([...running, sweeping]), new Promise((resolve) => setTimeout(resolve, 3_000))]);
    },
  };
}

async function commandsOf(tx: TransactionSql, request: ClaimedRequest, outcome: Outcome, commandIds: readonly string[], now: string, unnamed: string | undefined): Promise<AppendCommand[]> {
  const states = new PaymentStates(tx);
  const commands: AppendCommand[] = [];
  const source = (i: number): Source => {
    const commandId = commandIds[i] ?? ulid();
    return { commandId, organizer: request.organizer_id, merchant: request.merchant_id, correlationId: request.correlation ?? request.payment_id, ...(request.traceparent === null ? {} : { traceparent: request.traceparent }), now };
  };
  for (const [i, report] of outcome.reports.entries()) commands.push(...(await attemptCommand(states, request.payment_id, report, source(i))));
  if (outcome.refund && request.refund_id !== null) commands.push(...(await refundCommand(states, request.refund_id, request.payment_id, { request: request.id, ...outcome.refund }, source(outcome.reports.length))));
  if (unnamed !== undefined && request.refund_id !== null) commands.push(...(await refundCommand(states, request.refund_id, request.payment_id, { said: "success", currency: unnamed }, source(outcome.reports.length + 1))));
  return commands;
}

import type { ParsedEvent } from "#hub/log/types.ts";
import { Ahead } from "./ahead.ts";
import { alarm } from "./alarm.ts";
import { markSuspects, moveCheckpoint } from "./checkpoint.ts";
import { tellCommitted, type CommittedDeps } from "./committed.ts";
import { withoutDiscarded, type WaitingDecision } from "./dead-letters.ts";
import type { Batch } from "./entry-queue.ts";
import { againAfterMs, failureKind } from "./failures.ts";
import type { Gate } from "./gate.ts";
import { runHandler } from "./handler-run.ts";
import type { Lease, Leases } from "./leases.ts";
import { park } from "./parking.ts";
import { Progress, type ProgressDeps } from "./progress.ts";
import { keysOf } from "./separate.ts";
import { SingleEvents, type SingleEventsDeps } from "./single-events.ts";
import { Turns } from "./turns.ts";

export type WorkerDeps = Omit<ProgressDeps, "onDue"> &
  Omit<CommittedDeps, "waitedMs"> &
  Pick<SingleEventsDeps, "sql" | "hooks" | "read" | "watch" | "consumer" | "suspects" | "parkedMost" | "retryWaits"> & {
    readonly leases: Leases;
    /** Bounds the transactions of the group. */
    readonly gate: Gate;
    /** The lease is gone. */
    onFenced(worker: ShardWorker): void;
  };

/** One (group, shard): what it holds is lost with the lease, Postgres has the rest. */
export class ShardWorker {
  readonly lease: Lease;
  readonly #deps: WorkerDeps & CommittedDeps;
  readonly #progress: Progress;
  readonly #singles: SingleEvents;
  readonly #ahead: Ahead;
  readonly #turns: Turns;
  readonly #abort = new AbortController();
  readonly #linger = alarm(() => {
    this.#waitedMs = this.#lingerMs;
    this.wake();
  });
  readonly #lingerMs: number;
  /** What the batch at hand waited for company. */
  #waitedMs = 0;
  /** Events up to here are applied one by one. */
  #singleTo: bigint;
  /** So many events may have been in the batch in which the last owner died. */
  #probation: number;
  /** A commit may have happened whose answer was lost, or the lease may be somebody else's. */
  #uncertain = false;
  #parkedHadTurn = false;
  readonly #decisions: WaitingDecision[] = [];

  constructor(deps: WorkerDeps, lease: Lease) {
    this.#deps = { ...deps, waitedMs: () => this.#waitedMs };
    this.lease = lease;
    this.#lingerMs = deps.consumer.policy.lingerMs ?? 0;
    const wake = () => this.wake();
    this.#progress = new Progress({ ...deps, onDue: wake }, lease);
    this.#singles = new SingleEvents({
      ...this.#deps,
      lease,
      signal: this.#abort.signal,
      keysOf: keysOf(deps.consumer, deps.read, deps.logger),
      onReached: (position) => this.#progress.reached(position),
      onDue: wake,
    });
    this.#ahead = new Ahead(lease.shard, deps.read);
    this.#turns = new Turns({ gate: deps.gate, turn: () => this.#turn(), onFailure: (error, failures) => this.#onFailure(error, failures) });
    this.#singleTo = lease.suspectTo;
    this.#probation = lease.unclean ? deps.consumer.policy.batchSize : 0;
  }

  get persisted(): bigint {
    return this.#progress.persisted;
  }

  /** Events queued here and not yet applied: the reader pauses a shard that has many. */
  get waiting(): number {
    return this.#progress.waiting;
  }

  get parked(): { readonly length: number; readonly full: number } {
    return this.#singles.parked;
  }

  /** False at a hole. */
  offer(position: bigint, text: string): boolean {
    const follows = this.#progress.offer(position, text);
    if (follows && this.#progress.wanted === 0 && this.#turns.rest && !this.#uncertain) this.#progress.skipTo(position);
    else this.#ring();
    return follows;
  }

  /** Answers whether there is something that nobody had told. */
  noticeHead(head: bigint): boolean {
    const isNews = this.#progress.noticeHead(head);
    if (isNews) this.wake();
    return isNews;
  }

  decide(decision: WaitingDecision): void {
    if (this.#decisions.some((known) => known.id === decision.id)) return;
    this.#decisions.push(decision);
    this.wake();
  }

  wake(): void {
    this.#turns.wake();
  }

  /** Finishes the turn under way and writes the checkpoint; `abort` ends a handler that is still at it. */
  async close(abort: Promise<void>): Promise<void> {
    this.#stop();
    void abort.then(() => this.#abort.abort());
    await this.#turns.ended();
    if (!this.#abort.signal.aborted) await this.#progress.flush().catch(() => {});
  }

  /** The lease is lost: nothing that this worker writes would be committed. */
  drop(): void {
    this.#stop();
    this.#abort.abort();
  }

  #stop(): void {
    for (const part of [this.#turns, this.#progress, this.#singles, this.#linger]) part.stop();
  }

  #ring(): void {
    if (this.#lingerMs > 0 && this.#progress.wanted < this.#deps.consumer.policy.batchSize) return this.#linger.set(this.#lingerMs);
    this.#waitedMs = 0;
    this.wake();
  }

  #onFailure(error: unknown, failures: number): number {
    const { logger, consumer } = this.#deps;
    const kind = failureKind(error);
    this.#uncertain = true;
    const level = kind === "event" ? "error" : failures % 20 === 4 ? "warn" : "debug";
    logger[level]({ group: consumer.group, shard: this.lease.shard, failures: failures + 1, err: error }, "turn failed, tried again");
    return kind === "fenced" && failures === 0 ? 0 : againAfterMs(failures, Math.random());
  }

  /** True when there may be more to do. */
  async #turn(): Promise<boolean> {
    if (this.#uncertain && !(await this.#lookAgain())) return false;
    await this.#singles.look();
    await this.#progress.flushIfDue();
    const decision = this.#decisions[0];
    if (decision !== undefined) {
      await this.#singles.carryOut(decision);
      this.#decisions.shift();
      return true;
    }
    const due = this.#singles.nextDue();
    const batch = this.#singles.hasRoom() ? await this.#nextBatch() : undefined;
    if (due !== undefined && (batch === undefined || !this.#parkedHadTurn)) {
      this.#parkedHadTurn = true;
      await this.#singles.tryParked(due, this.#batchSize());
      return true;
    }
    this.#parkedHadTurn = false;
    if (batch === undefined) {
      this.#singles.watchRetries();
      return false;
    }
    await this.#apply(batch);
    return true;
  }

  async #lookAgain(): Promise<boolean> {
    const { group, shard, fence, logEpoch } = this.lease;
    const found = await this.#deps.leases.look(group, shard, fence);
    if (found === undefined || found.logEpoch !== logEpoch || found.position < this.persisted) {
      this.drop();
      this.#deps.onFenced(this);
      return false;
    }
    if (found.position > this.persisted) this.#progress.reached(found.position);
    this.#singles.doubt();
    this.#uncertain = false;
    return true;
  }

  #nextBatch(): Promise<Batch | undefined> {
    const limit = this.#singleTo > this.#progress.applied ? 1 : this.#batchSize();
    return this.#progress.next(limit, this.#deps.consumer.policy.batchSize);
  }

  /** A batch that keeps meeting somebody else's lock or version gets smaller. */
  #batchSize(): number {
    return Math.max(1, this.#deps.consumer.policy.batchSize >> Math.min(this.#turns.failures, 9));
  }

  async #apply(batch: Batch): Promise<void> {
    const { consumer, sql } = this.#deps;
    const events = batch.entries.map((entry) => this.#ahead.take(entry));
    const ofType = events.filter((event) => consumer.policy.takesEverything === true || consumer.types.includes(event.envelope.type));
    const isGivenAgain = ofType[0] !== undefined && ofType[0].position <= this.lease.replayedTo;
    const wanted = isGivenAgain ? await withoutDiscarded(sql, this.lease, ofType) : ofType;
    const last = wanted.at(-1);
    if (last === undefined) return this.#progress.skipTo(batch.to);
    if (last.position <= this.#singleTo) {
      if (!(await this.#singles.tryNext(last, this.persisted))) await this.#applyTogether([last], batch.to);
      return;
    }
    if (this.#probation > 0) await markSuspects(sql, this.lease, batch.to);
    try {
      await this.#applyTogether(wanted, batch.to);
      this.#probation = Math.max(0, this.#probation - wanted.length);
    } catch (error) {
      if (failureKind(error) !== "event") throw error;
      this.#singleTo = batch.to;
    }
  }

  async #applyTogether(wanted: readonly ParsedEvent[], to: bigint): Promise<void> {
    const { hooks, clock, consumer } = this.#deps;
    const { lease } = this;
    const { free, behind } = this.#singles.separate(wanted);
    const from = this.persisted;
    const point = { group: lease.group, shard: lease.shard, positions: free.map((event) => event.position), single: false };
    const run = runHandler({
      ...this.#deps,
      lease,
      events: free,
      point,
      signal: this.#abort.signal,
      async settle(tx, commits) {
        await Promise.all([park(tx, lease, behind.map(({ event, keys }) => ({ event, keys, dueAt: null })), new Date(clock.now())), moveCheckpoint(tx, lease, from, to, commits)]);
      },
    });
    const next = consumer.policy.takesEverything === true ? Promise.resolve([]) : this.#progress.behind(to, consumer.policy.batchSize);
    const result = await this.#ahead.during(run, next);
    this.#singles.putBehind(behind);
    this.#progress.reached(to);
    tellCommitted(this.#deps, lease, free, result);
    await hooks.afterCommit?.(point);
  }
}

import type { Logger } from "pino";
import type { Sql } from "#hub/db/client.ts";
import type { ParsedEvent } from "#hub/log/types.ts";
import { holdCheckpoint, markSuspects, moveCheckpoint } from "./checkpoint.ts";
import { carryOut, type WaitingDecision } from "./dead-letters.ts";
import { entryQueue, type Batch, type EntryQueue } from "./entry-queue.ts";
import { againAfterMs, failureKind } from "./failures.ts";
import type { Gate } from "./gate.ts";
import { runHandler, type RunResult } from "./handler-run.ts";
import type { Lease, Leases } from "./leases.ts";
import { parkedLine, type ParkedLine } from "./parked-line.ts";
import { park, parkedOf } from "./parking.ts";
import type { Clock, RunnerHooks, RunnerLog } from "./ports.ts";
import type { RunnerObserver } from "./stats.ts";
import type { ReadEvent } from "./readable.ts";
import { keysOf, parseEvent, separate, type KeysOf } from "./separate.ts";
import { tryEvent, type TrialResult } from "./trial.ts";
import { idsOf } from "./trace.ts";
import type { ConsumerDefinition } from "./types.ts";

/** Due retries are looked for so often while there are any: the clock may be a test's. */
const RETRY_LOOK_MS = 50;
const SKIPPED_BEFORE_FLUSH = 2_000n;

export type WorkerDeps = {
  readonly sql: Sql;
  readonly log: RunnerLog;
  readonly clock: Clock;
  readonly hooks: RunnerHooks;
  readonly logger: Logger;
  readonly observe?: RunnerObserver;
  readonly read: ReadEvent;
  readonly consumer: ConsumerDefinition;
  readonly leases: Leases;
  /** Bounds the transactions of the group. */
  readonly gate: Gate;
  /** One at a time in the whole process, for events that may have killed a process: nobody else is counted with them. */
  readonly suspects: Gate;
  readonly skipFlushMs: number;
  readonly isOfInterest: (text: string) => boolean;
  wake(queue: string, jobId: string): void;
  /** The checkpoint stands at `position` in Postgres. */
  onPersisted(shard: number, position: bigint): void;
  /** The lease is gone. */
  onFenced(worker: ShardWorker): void;
};

/** One (group, shard): what it holds is lost with the lease, Postgres has the rest. */
export class ShardWorker {
  readonly lease: Lease;
  readonly #deps: WorkerDeps;
  readonly #queue: EntryQueue;
  readonly #keysOf: KeysOf;
  readonly #abort = new AbortController();
  #parked: ParkedLine = parkedLine();
  #parkedKnown = false;
  /** Everything up to here is applied or of no interest. */
  #applied: bigint;
  /** Everything up to here is in the checkpoint. */
  #persisted: bigint;
  /** Events up to here are applied one by one. */
  #singleTo: bigint;
  /** So many events may have been in the batch in which the last owner died. */
  #probation: number;
  /** The attempt that this process began last, if it ended by nobody's fault. */
  #resumable: bigint | undefined;
  #failures = 0;
  #uncertain = false;
  #turnTaken: Promise<void> | undefined;
  #again = false;
  #backsOff = false;
  #closing = false;
  #parkedHadTurn = false;
  #decisions: WaitingDecision[] = [];
  #flushDue = false;
  #flushTimer: NodeJS.Timeout | undefined;
  #lingerTimer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #backoffTimer: NodeJS.Timeout | undefined;

  constructor(deps: WorkerDeps, lease: Lease) {
    this.#deps = deps;
    this.lease = lease;
    this.#applied = lease.position;
    this.#persisted = lease.position;
    this.#queue = entryQueue(lease.position, deps.isOfInterest);
    this.#keysOf = keysOf(deps.consumer, deps.read, deps.logger);
    this.#singleTo = lease.suspectTo;
    this.#probation = lease.unclean ? deps.consumer.policy.batchSize : 0;
  }

  get persisted(): bigint {
    return this.#persisted;
  }

  /** Events queued here and not yet applied: the reader pauses a shard that has many. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** False at a hole. */
  offer(position: bigint, text: string): boolean {
    const follows = this.#queue.offer(position, text);
    if (follows && this.#queue.wanted === 0 && this.#rests) this.#skipTo(position);
    else this.#ring();
    return follows;
  }

  /** Nothing is under way and nothing is in doubt. */
  get #rests(): boolean {
    return this.#turnTaken === undefined && !this.#uncertain && !this.#backsOff && !this.#closing;
  }

  #ring(): void {
    const { lingerMs = 0, batchSize } = this.#deps.consumer.policy;
    if (lingerMs === 0 || this.#queue.wanted >= batchSize) return this.wake();
    this.#lingerTimer ??= setTimeout(() => {
      this.#lingerTimer = undefined;
      this.wake();
    }, lingerMs);
  }

  /** Answers whether there is something that nobody had told. */
  noticeHead(head: bigint): boolean {
    this.#queue.noticeHead(head);
    if (this.#queue.missingAfter() === undefined) return false;
    this.wake();
    return true;
  }

  decide(decision: WaitingDecision): void {
    if (this.#decisions.some((known) => known.id === decision.id)) return;
    this.#decisions.push(decision);
    this.wake();
  }

  wake(): void {
    this.#again = true;
    if (this.#turnTaken !== undefined || this.#backsOff || this.#closing) return;
    this.#turnTaken = this.#takeTurns().finally(() => {
      this.#turnTaken = undefined;
      if (this.#again) this.wake();
    });
  }

  /** Finishes the turn under way and writes the checkpoint; `abort` ends a handler that is still at it. */
  async close(abort: Promise<void>): Promise<void> {
    this.#closing = true;
    void abort.then(() => this.#abort.abort());
    this.#clearTimers();
    await this.#turnTaken;
    if (!this.#abort.signal.aborted) await this.#flush().catch(() => {});
  }

  /** The lease is lost: nothing that this worker writes would be committed. */
  drop(): void {
    this.#closing = true;
    this.#abort.abort();
    this.#clearTimers();
  }

  #clearTimers(): void {
    clearTimeout(this.#flushTimer);
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#backoffTimer);
    clearTimeout(this.#lingerTimer);
    this.#flushTimer = undefined;
    this.#retryTimer = undefined;
  }

  async #takeTurns(): Promise<void> {
    while (this.#again && !this.#closing && !this.#backsOff) {
      this.#again = false;
      const leave = await this.#deps.gate.enter();
      try {
        if (!this.#closing && (await this.#turn())) this.#again = true;
        this.#failures = 0;
      } catch (error) {
        this.#onFailure(error);
      } finally {
        leave();
      }
    }
  }

  #onFailure(error: unknown): void {
    if (this.#closing) return;
    const { logger, consumer } = this.#deps;
    const kind = failureKind(error);
    this.#uncertain = true;
    const delayMs = kind === "fenced" && this.#failures === 0 ? 0 : againAfterMs(this.#failures, Math.random());
    this.#failures += 1;
    const level = kind === "event" ? "error" : this.#failures % 20 === 5 ? "warn" : "debug";
    logger[level]({ group: consumer.group, shard: this.lease.shard, failures: this.#failures, err: error }, "turn failed, tried again");
    this.#backsOff = true;
    this.#backoffTimer = setTimeout(() => {
      this.#backsOff = false;
      this.wake();
    }, delayMs);
  }

  /** True when there may be more to do. */
  async #turn(): Promise<boolean> {
    if (this.#uncertain && !(await this.#lookAgain())) return false;
    if (!this.#parkedKnown) await this.#loadParked();
    if (this.#flushDue) await this.#flush();
    const decision = this.#decisions[0];
    if (decision !== undefined) {
      await this.#carryOut(decision);
      return true;
    }
    const due = this.#parked.nextDue(this.#deps.clock.now());
    const batch = await this.#nextBatch();
    if (due !== undefined && (batch === undefined || !this.#parkedHadTurn)) {
      this.#parkedHadTurn = true;
      await this.#tryParked(due);
      return true;
    }
    this.#parkedHadTurn = false;
    if (batch === undefined) {
      this.#watchRetries();
      return false;
    }
    await this.#apply(batch);
    return true;
  }

  /** After a failure: the commit may have happened, and the lease may be somebody else's. */
  async #lookAgain(): Promise<boolean> {
    const { leases } = this.#deps;
    const { group, shard, fence, logEpoch } = this.lease;
    const found = await leases.look(group, shard, fence);
    if (found === undefined || found.logEpoch !== logEpoch || found.position < this.#persisted) {
      this.drop();
      this.#deps.onFenced(this);
      return false;
    }
    if (found.position > this.#persisted) this.#reached(found.position);
    this.#parkedKnown = false;
    this.#uncertain = false;
    return true;
  }

  async #loadParked(): Promise<void> {
    const line = parkedLine();
    for (const entry of await parkedOf(this.#deps.sql, this.lease)) line.put(entry);
    this.#parked = line;
    this.#parkedKnown = true;
  }

  async #nextBatch(): Promise<Batch | undefined> {
    const { log, consumer } = this.#deps;
    // A batch that keeps meeting somebody else's lock or version gets smaller.
    const limit = this.#singleTo > this.#applied ? 1 : Math.max(1, consumer.policy.batchSize >> Math.min(this.#failures, 9));
    const after = this.#queue.missingAfter();
    if (after !== undefined) {
      for (const event of await log.readRange(this.lease.shard, after, Math.max(200, consumer.policy.batchSize))) {
        this.#queue.offer(event.position, event.text);
      }
    }
    return this.#queue.peek(limit);
  }

  async #apply(batch: Batch): Promise<void> {
    const { consumer } = this.#deps;
    const wanted = batch.entries.map((entry) => parseEvent(this.lease.shard, entry.text ?? "")).filter((event) => consumer.policy.takesEverything === true || consumer.types.includes(event.envelope.type));
    const last = wanted.at(-1);
    if (last === undefined) return this.#skipTo(batch.to);
    if (last.position <= this.#singleTo) return this.#tryNext(last, batch);
    if (this.#probation > 0) await markSuspects(this.#deps.sql, this.lease, batch.to);
    try {
      await this.#applyTogether(wanted, batch.to);
      this.#probation = Math.max(0, this.#probation - wanted.length);
    } catch (error) {
      if (failureKind(error) !== "event") throw error;
      this.#singleTo = batch.to;
    }
  }

  async #applyTogether(wanted: readonly ParsedEvent[], to: bigint): Promise<void> {
    const { sql, log, hooks, read, consumer, clock } = this.#deps;
    const { lease } = this;
    const { free, behind } = separate(wanted, this.#parked, this.#keysOf);
    const from = this.#persisted;
    const point = { group: lease.group, shard: lease.shard, positions: free.map((event) => event.position), single: false };
    const result = await runHandler({
      sql,
      log,
      hooks,
      read,
      consumer,
      events: free,
      point,
      signal: this.#abort.signal,
      async settle(tx) {
        const waiting = behind.map(({ event, keys }) => ({ event, keys, dueAt: null }));
        await park(tx, lease, waiting, new Date(clock.now()));
        await moveCheckpoint(tx, lease, from, to);
      },
    });
    for (const { event, keys } of behind) this.#parked.put({ position: event.position, keys, dueAtMs: null, dead: false });
    this.#reached(to);
    this.#deps.observe?.applied(lease.group, free, clock.now());
    this.#tell(free);
    this.#afterCommit(result);
    await hooks.afterCommit?.(point);
  }

  async #tryNext(event: ParsedEvent, batch: Batch): Promise<void> {
    const keys = this.#keysOf(event);
    if (this.#parked.blocks(keys)) await this.#applyTogether([event], batch.to);
    else await this.#try(event, keys, this.#persisted);
  }

  async #tryParked(position: bigint): Promise<void> {
    const entry = this.#parked.get(position);
    const [stored] = await this.#deps.log.readRange(this.lease.shard, position - 1n, 1);
    if (entry === undefined || stored?.position !== position) throw new Error(`parked event ${position} is not in the log`);
    await this.#try(parseEvent(this.lease.shard, stored.text), entry.keys, undefined);
  }

  async #try(event: ParsedEvent, keys: readonly string[], checkpoint: bigint | undefined): Promise<void> {
    const { hooks, logger } = this.#deps;
    const { position } = event;
    const isSuspect = checkpoint === undefined || position <= this.lease.suspectTo;
    const leave = isSuspect ? await this.#deps.suspects.enter() : undefined;
    let result: TrialResult;
    try {
      const trial = {
        event,
        keys,
        resumed: this.#resumable === position,
        onBegun: () => void (this.#resumable = position),
        ...(checkpoint === undefined ? {} : { checkpoint }),
      };
      result = await tryEvent({ ...this.#deps, lease: this.lease, signal: this.#abort.signal }, trial);
    } finally {
      leave?.();
    }
    this.#resumable = undefined;
    this.#parked.remove(position);
    if (result.result === "parked") this.#parked.put(result.entry);
    if (checkpoint !== undefined) this.#reached(position);
    if (result.result === "applied") {
      this.#deps.observe?.applied(this.lease.group, [event], this.#deps.clock.now());
      this.#tell([event]);
      this.#afterCommit(result.run);
    } else {
      if (result.how !== "newer") this.#deps.observe?.failed(this.lease.group, result.how === "cut-off");
      this.#deps.log.publish(result.appended);
      const { reason, attempts } = result;
      const dead = result.result === "dead" || result.entry.dead;
      logger[dead ? "error" : "warn"](
        { group: this.lease.group, shard: this.lease.shard, position: position.toString(), ...idsOf(event), attempts, reason },
        dead ? "event is a dead letter" : "event failed and is parked",
      );
    }
    await hooks.afterCommit?.({ group: this.lease.group, shard: this.lease.shard, positions: [position], single: true });
  }

  async #carryOut(decision: WaitingDecision): Promise<void> {
    const { sql, clock } = this.#deps;
    const at = new Date(clock.now());
    const again = await sql.begin(async (tx) => {
      const result = await carryOut(tx, this.lease, decision, at);
      await holdCheckpoint(tx, this.lease);
      return result;
    });
    this.#decisions.shift();
    if (decision.decision === "discard") this.#parked.remove(decision.position);
    if (again !== undefined) {
      this.#parked.put({ position: decision.position, keys: (again as { keys: string[] }).keys, dueAtMs: at.getTime(), dead: false });
    }
  }

  /** Foreign events cost no transaction of their own: the checkpoint follows a little later. */
  #skipTo(to: bigint): void {
    this.#queue.dropThrough(to);
    if (to <= this.#applied) return;
    this.#applied = to;
    if (to - this.#persisted >= SKIPPED_BEFORE_FLUSH) return this.#flushNow();
    this.#flushTimer ??= setTimeout(() => {
      this.#flushTimer = undefined;
      this.#flushNow();
    }, this.#deps.skipFlushMs);
  }

  #flushNow(): void {
    this.#flushDue = true;
    this.wake();
  }

  async #flush(): Promise<void> {
    this.#flushDue = false;
    if (this.#applied === this.#persisted) return;
    await moveCheckpoint(this.#deps.sql, this.lease, this.#persisted, this.#applied);
    this.#reached(this.#applied);
  }

  #reached(position: bigint): void {
    this.#persisted = position;
    if (position > this.#applied) this.#applied = position;
    this.#queue.dropThrough(position);
    this.#deps.onPersisted(this.lease.shard, position);
  }

  #tell(events: readonly ParsedEvent[]): void {
    const { logger } = this.#deps;
    if (!logger.isLevelEnabled("debug")) return;
    for (const event of events) logger.debug({ group: this.lease.group, shard: this.lease.shard, position: event.position.toString(), ...idsOf(event) }, "applied");
  }

  #afterCommit(result: RunResult): void {
    this.#deps.log.publish(result.appended);
    for (const [queue, jobId] of result.wakes) this.#deps.wake(queue, jobId);
  }

  #watchRetries(): void {
    if (!this.#parked.waitsForTime()) return;
    this.#retryTimer ??= setTimeout(() => {
      this.#retryTimer = undefined;
      if (this.#parked.nextDue(this.#deps.clock.now()) !== undefined) this.wake();
      else this.#watchRetries();
    }, RETRY_LOOK_MS);
  }
}

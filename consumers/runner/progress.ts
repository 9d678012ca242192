import { alarm } from "./alarm.ts";
import { entryQueue, type Batch, type EntryQueue, type QueuedEntry } from "./entry-queue.ts";
import type { Lease } from "./leases.ts";
import type { RunnerLog } from "./ports.ts";
import type { Skipped } from "./skipped.ts";

export type ProgressDeps = {
  readonly log: RunnerLog;
  readonly skipped: Skipped;
  readonly skipFlushMs: number;
  readonly isOfInterest: (text: string) => boolean;
  /** The checkpoint stands at `position` in Postgres. */
  onPersisted(shard: number, position: bigint): void;
  /** What was skipped should be in the checkpoint by now. */
  onDue(): void;
};

const SKIPPED_BEFORE_FLUSH = 2_000n;
const PAGE = 200;

/** How far one (group, shard) is: what waits, what is applied, and what of it the checkpoint says. */
export class Progress {
  readonly #deps: ProgressDeps;
  readonly #lease: Lease;
  readonly #queue: EntryQueue;
  /** Everything up to here is applied or of no interest. */
  #applied: bigint;
  /** Everything up to here is in the checkpoint. */
  #persisted: bigint;
  #due = false;
  /** A page of Postgres on its way into the queue. */
  #reading: Promise<void> | undefined;
  readonly #flushes = alarm(() => this.#flushNow());

  constructor(deps: ProgressDeps, lease: Lease) {
    this.#deps = deps;
    this.#lease = lease;
    this.#queue = entryQueue(lease.position, deps.isOfInterest);
    this.#applied = lease.position;
    this.#persisted = lease.position;
  }

  get applied(): bigint {
    return this.#applied;
  }

  get persisted(): bigint {
    return this.#persisted;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** How many of those that wait are of interest. */
  get wanted(): number {
    return this.#queue.wanted;
  }

  /** False at a hole. */
  offer(position: bigint, text: string): boolean {
    return this.#queue.offer(position, text);
  }

  /** Answers whether there is something that nobody had told. */
  noticeHead(head: bigint): boolean {
    this.#queue.noticeHead(head);
    return this.#queue.length === 0 && this.#queue.missingAfter() !== undefined;
  }

  async next(limit: number, pageSize: number): Promise<Batch | undefined> {
    if (this.#queue.length === 0) await this.#readOn(pageSize);
    return this.#queue.peek(limit);
  }

  /** What is wanted behind the position, at most so much; read from Postgres when the queue has less and there is more. */
  async behind(position: bigint, limit: number): Promise<readonly QueuedEntry[]> {
    if (this.#queue.wanted < 2 * limit) await this.#readOn(limit);
    return this.#queue.behind(position, limit);
  }

  async #readOn(pageSize: number): Promise<void> {
    this.#reading ??= this.#readPage(pageSize).finally(() => (this.#reading = undefined));
    await this.#reading;
  }

  async #readPage(pageSize: number): Promise<void> {
    const after = this.#queue.missingAfter();
    if (after === undefined) return;
    for (const event of await this.#deps.log.readRange(this.#lease.shard, after, Math.max(PAGE, pageSize))) {
      this.#queue.offer(event.position, event.text);
    }
  }

  /** Foreign events cost no transaction of their own: the checkpoint follows a little later. */
  skipTo(to: bigint): void {
    this.#queue.dropThrough(to);
    if (to <= this.#applied) return;
    this.#applied = to;
    if (to - this.#persisted >= SKIPPED_BEFORE_FLUSH) this.#flushNow();
    else this.#flushSoon();
  }

  /** The checkpoint stands there. */
  reached(position: bigint): void {
    this.#persisted = position;
    if (position > this.#applied) this.#applied = position;
    this.#queue.dropThrough(position);
    this.#deps.onPersisted(this.#lease.shard, position);
  }

  async flushIfDue(): Promise<void> {
    if (this.#due) await this.flush();
  }

  async flush(): Promise<void> {
    this.#due = false;
    const to = this.#applied;
    if (to === this.#persisted) return;
    if (await this.#deps.skipped.follow(this.#lease, this.#persisted, to)) this.reached(to);
    else this.#flushSoon();
  }

  stop(): void {
    this.#flushes.stop();
  }

  /** At a moment that is the same for all shards of all consumers, so that they go in one statement. */
  #flushSoon(): void {
    const { skipFlushMs } = this.#deps;
    this.#flushes.set(skipFlushMs - (performance.now() % skipFlushMs));
  }

  #flushNow(): void {
    this.#due = true;
    this.#deps.onDue();
  }
}

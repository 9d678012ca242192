import type { Logger } from "pino";
import type { QueueSeen } from "#hub/log/queue-seen.ts";
import type { WaitingDecision } from "./dead-letters.ts";
import { gate } from "./gate.ts";
import { leaseName, type Lease } from "./leases.ts";
import { ShardWorker, type WorkerDeps } from "./shard-worker.ts";
import type { WantedStream } from "./stream-reader.ts";
import { typeFilter } from "./type-filter.ts";

/** Of a shard with so many events waiting no more are kept: they are read from Postgres when it is their turn. */
const READ_AHEAD = 2_000;

export type GroupDeps = Omit<WorkerDeps, "gate" | "isOfInterest" | "onPersisted" | "onFenced"> & {
  readonly concurrency: number;
  readonly logger: Logger;
  /** The group's checkpoint on a stream, for Redis to show. */
  mark(shard: number, epoch: string, group: string, position: bigint): void;
  /** How far the process has read a stream. */
  readTo(shard: number, epoch: string): bigint | undefined;
  /** What is held has changed. */
  readAnew(): void;
  /** A lease was lost: look sooner than planned. */
  onChange(): void;
};

/** One consumer in one process: the shards that it owns here. */
export class GroupRunner {
  readonly #deps: GroupDeps;
  readonly #workerDeps: WorkerDeps;
  readonly #held = new Map<number, ShardWorker>();
  /** Shards being handed over: still leased, not read any more. */
  readonly #leaving = new Set<number>();
  #leftToPostgres = 0;

  constructor(deps: GroupDeps) {
    this.#deps = deps;
    this.#workerDeps = {
      ...deps,
      gate: gate(deps.concurrency),
      isOfInterest: deps.consumer.policy.takesEverything === true ? () => true : typeFilter(deps.consumer.types),
      wake: (queue, jobId, traceparent) => deps.wake(queue, jobId, traceparent),
      onPersisted: (shard, position) => this.#onPersisted(shard, position),
      onFenced: (worker) => {
        this.#forget(worker);
        deps.onChange();
      },
    };
  }

  get group(): string {
    return this.#deps.consumer.group;
  }

  get size(): number {
    return this.#held.size;
  }

  holds(shard: number): boolean {
    return this.#held.has(shard) || this.#leaving.has(shard);
  }

  add(lease: Lease): void {
    const worker = new ShardWorker(this.#workerDeps, lease);
    this.#held.set(lease.shard, worker);
    this.#onPersisted(lease.shard, worker.persisted);
    // What the process has read of the shard already, for others, comes from Postgres.
    worker.noticeHead(this.#deps.readTo(lease.shard, lease.logEpoch) ?? 0n);
    worker.wake();
  }

  /** Where the checkpoints of the shards held here stand in Postgres. */
  persisted(): ReadonlyMap<string, bigint> {
    return new Map([...this.#held.values()].map(({ lease, persisted }) => [leaseName(lease), persisted]));
  }

  /** Lets go of shards whose lease is not mine any more, or whose checkpoint is not where it was left. */
  keepOnly(isAsLeft: (lease: Lease) => boolean): void {
    for (const worker of this.#held.values()) {
      if (isAsLeft(worker.lease)) continue;
      worker.drop();
      this.#forget(worker);
    }
  }

  /** Hands over `count` shards in good order; answers before it is done, since a handler may take its time. */
  giveUp(count: number): void {
    for (const worker of [...this.#held.values()].slice(-count)) {
      const { shard, fence } = worker.lease;
      this.#forget(worker);
      this.#leaving.add(shard);
      void worker
        .close(new Promise(() => {}))
        .then(() => this.#deps.leases.release(this.group, shard, fence))
        .catch((error: unknown) => this.#deps.logger.debug({ group: this.group, shard, err: error }, "a shard is released later"))
        .finally(() => this.#leaving.delete(shard));
    }
    this.#deps.readAnew();
  }

  /** What Postgres has: found by the slow look, or told by nobody else. */
  noticeHeads(heads: readonly bigint[]): void {
    for (const [shard, worker] of this.#held) worker.noticeHead(heads[shard] ?? 0n);
  }

  decide(decision: WaitingDecision): void {
    this.#held.get(decision.shard)?.decide(decision);
  }

  /** The fullest shard's: each has its bound. */
  queues(): readonly QueueSeen[] {
    const workers = [...this.#held.values()];
    const most = (of: (worker: ShardWorker) => number) => Math.max(0, ...workers.map(of));
    return [
      { queue: `${this.group}/read-ahead`, length: most(({ waiting }) => waiting), bound: READ_AHEAD, full: this.#leftToPostgres },
      { queue: `${this.group}/parked`, length: most(({ parked }) => parked.length), bound: this.#deps.parkedMost, full: workers.reduce((sum, { parked }) => sum + parked.full, 0) },
    ];
  }

  async stop(abort: Promise<void>): Promise<void> {
    await Promise.all([...this.#held.values()].map((worker) => worker.close(abort)));
  }

  wanted(): readonly WantedStream[] {
    return [...this.#held.values()].map(({ lease, persisted }) => ({ shard: lease.shard, epoch: lease.logEpoch, after: persisted }));
  }

  onEntry(shard: number, epoch: string, position: bigint, text: string): void {
    const worker = this.#held.get(shard);
    if (worker === undefined || worker.lease.logEpoch !== epoch) return;
    if (worker.waiting < READ_AHEAD) return void worker.offer(position, text);
    worker.noticeHead(position);
    this.#leftToPostgres += 1;
  }

  #forget(worker: ShardWorker): void {
    if (this.#held.get(worker.lease.shard) === worker) this.#held.delete(worker.lease.shard);
  }

  #onPersisted(shard: number, persisted: bigint): void {
    const worker = this.#held.get(shard);
    if (worker !== undefined) this.#deps.mark(shard, worker.lease.logEpoch, this.group, persisted);
  }
}

import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { entryId, streamKey } from "#hub/log/keys.ts";
import type { WaitingDecision } from "./dead-letters.ts";
import { gate } from "./gate.ts";
import type { Lease } from "./leases.ts";
import { ShardWorker, type WorkerDeps } from "./shard-worker.ts";
import { StreamReader, type WantedStream } from "./stream-reader.ts";
import { typeFilter } from "./type-filter.ts";

/** A shard with so many events waiting is not read further until they are applied. */
const READ_AHEAD = 2_000;

export type GroupDeps = Omit<WorkerDeps, "gate" | "isOfInterest" | "onPersisted" | "onFenced"> & {
  readonly redisUrl: string;
  readonly owner: string;
  readonly blockMs: number;
  readonly concurrency: number;
  readonly logger: Logger;
  ack(key: string, group: string, ids: readonly string[]): void;
  commands(): Redis | undefined;
  /** The reader came or went, or a lease was lost: look sooner than planned. */
  onChange(): void;
};

type Held = { readonly worker: ShardWorker; readonly unacked: Set<bigint>; paused: boolean; missed: number };

/** One consumer in one process: its reader and the shards that it owns here. */
export class GroupRunner {
  readonly #deps: GroupDeps;
  readonly #workerDeps: WorkerDeps;
  readonly #held = new Map<number, Held>();
  /** Shards being handed over: still leased, not read any more. */
  readonly #leaving = new Set<number>();
  readonly #reader: StreamReader;
  #reading = false;

  constructor(deps: GroupDeps) {
    this.#deps = deps;
    this.#workerDeps = {
      ...deps,
      gate: gate(deps.concurrency),
      isOfInterest: typeFilter(deps.consumer.types),
      wake: (queue, jobId) => deps.wake(queue, jobId),
      onPersisted: (shard, position) => this.#onPersisted(shard, position),
      onFenced: (worker) => {
        this.#forget(worker);
        deps.onChange();
      },
    };
    this.#reader = new StreamReader({
      redisUrl: deps.redisUrl,
      group: this.group,
      consumer: deps.owner,
      blockMs: deps.blockMs,
      logger: deps.logger,
      wanted: () => this.#wanted(),
      onEntry: (shard, position, text) => this.#onEntry(shard, position, text),
      onState: (reading) => {
        this.#reading = reading;
        deps.onChange();
      },
    });
  }

  get group(): string {
    return this.#deps.consumer.group;
  }

  get reading(): boolean {
    return this.#reading;
  }

  get size(): number {
    return this.#held.size;
  }

  holds(shard: number): boolean {
    return this.#held.has(shard) || this.#leaving.has(shard);
  }

  add(lease: Lease): void {
    const worker = new ShardWorker(this.#workerDeps, lease);
    this.#held.set(lease.shard, { worker, unacked: new Set(), paused: false, missed: 0 });
    this.#reader.forget(lease.shard, lease.logEpoch);
    worker.wake();
  }

  /** After a change of what is held. */
  readAnew(): void {
    this.#reader.changed(this.#deps.commands());
  }

  /** Lets go of shards whose lease is not mine any more. */
  keepOnly(isMine: (lease: Lease) => boolean): void {
    for (const { worker } of this.#held.values()) {
      if (isMine(worker.lease)) continue;
      worker.drop();
      this.#forget(worker);
    }
  }

  /** Hands over `count` shards in good order; answers before it is done, since a handler may take its time. */
  giveUp(count: number): void {
    for (const { worker } of [...this.#held.values()].slice(-count)) {
      const { shard, fence } = worker.lease;
      this.#forget(worker);
      this.#leaving.add(shard);
      void worker
        .close(new Promise(() => {}))
        .then(() => this.#deps.leases.release(this.group, shard, fence))
        .catch((error: unknown) => this.#deps.logger.debug({ group: this.group, shard, err: error }, "a shard is released later"))
        .finally(() => this.#leaving.delete(shard));
    }
    this.readAnew();
  }

  /** Twice in a row behind what Postgres has, while Redis seems to work: the group's place in the stream is put right. */
  noticeHeads(heads: readonly bigint[]): void {
    for (const [shard, held] of this.#held) {
      const missed = held.worker.noticeHead(heads[shard] ?? 0n);
      held.missed = missed ? held.missed + 1 : 0;
      if (held.missed < 2 || !this.#reading) continue;
      held.missed = 0;
      this.#reader.forget(shard, held.worker.lease.logEpoch);
    }
  }

  decide(decision: WaitingDecision): void {
    this.#held.get(decision.shard)?.worker.decide(decision);
  }

  async stop(abort: Promise<void>): Promise<void> {
    const workers = [...this.#held.values()].map(({ worker }) => worker);
    await Promise.all([this.#reader.stop(), ...workers.map((worker) => worker.close(abort))]);
  }

  #forget(worker: ShardWorker): void {
    if (this.#held.get(worker.lease.shard)?.worker === worker) this.#held.delete(worker.lease.shard);
  }

  #wanted(): WantedStream[] {
    const wanted: WantedStream[] = [];
    for (const [shard, held] of this.#held) {
      held.paused = held.worker.waiting > READ_AHEAD;
      if (!held.paused) wanted.push({ shard, epoch: held.worker.lease.logEpoch, persisted: held.worker.persisted });
    }
    return wanted;
  }

  #onEntry(shard: number, position: bigint, text: string | null): void {
    const held = this.#held.get(shard);
    if (held === undefined) return;
    const { worker, unacked } = held;
    if (position <= worker.persisted) {
      this.#deps.ack(streamKey(shard, worker.lease.logEpoch), this.group, [entryId(position)]);
      return;
    }
    unacked.add(position);
    if (text === null) worker.noticeHead(position);
    else worker.offer(position, text);
  }

  #onPersisted(shard: number, persisted: bigint): void {
    const held = this.#held.get(shard);
    if (held === undefined) return;
    const ids: string[] = [];
    for (const position of held.unacked) {
      if (position > persisted) continue;
      held.unacked.delete(position);
      ids.push(entryId(position));
    }
    this.#deps.ack(streamKey(shard, held.worker.lease.logEpoch), this.group, ids);
    if (held.paused && held.worker.waiting < READ_AHEAD / 2) this.readAnew();
  }
}

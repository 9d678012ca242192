import { streamKey } from "#hub/log/keys.ts";
import { clusterOf } from "#hub/log/redis-address.ts";
import { SHARD_COUNT } from "#shared/shards.ts";
import { GroupMarks } from "./group-marks.ts";
import { StreamReader, type StreamReaderOptions } from "./stream-reader.ts";

type Lane = { readonly reader: StreamReader; readonly marks: GroupMarks };

/**
 * A process's connections to Redis: one to read and one to tell for all shards; in a cluster for each shard, since no
 * command may name streams of two slots.
 */
export class RedisLanes {
  readonly #lanes: readonly Lane[];

  constructor(options: Omit<StreamReaderOptions, "ofKey">) {
    const { redisUrl, wanted } = options;
    const alone = clusterOf(redisUrl) === undefined;
    this.#lanes = alone
      ? [{ reader: new StreamReader(options), marks: new GroupMarks(redisUrl) }]
      : Array.from({ length: SHARD_COUNT }, (_, shard) => {
          // The slot follows from the shard: all epochs of a stream are on one node.
          const ofKey = streamKey(shard, "");
          const reader = new StreamReader({ ...options, ofKey, wanted: () => wanted().filter((stream) => stream.shard === shard) });
          return { reader, marks: new GroupMarks(redisUrl, ofKey) };
        });
  }

  /** True while every stream can be read. */
  get reading(): boolean {
    return this.#lanes.every(({ reader }) => reader.reading);
  }

  /** What has been brought of a stream; undefined for one that is not read yet. */
  position(shard: number, epoch: string): bigint | undefined {
    return this.#laneOf(shard)?.reader.position(shard, epoch);
  }

  /** Of what Postgres had a while ago something is not read yet. */
  lacks(epoch: string, heads: readonly bigint[]): boolean {
    return this.#lanes.some(({ reader }) => reader.lacks(epoch, heads));
  }

  /** Reads over other connections. */
  reopen(): void {
    for (const { reader } of this.#lanes) reader.reopen();
  }

  mark(shard: number, epoch: string, group: string, position: bigint): void {
    this.#laneOf(shard)?.marks.mark(streamKey(shard, epoch), group, position);
  }

  /** The set of wanted streams changed. */
  changed(): void {
    for (const { reader, marks } of this.#lanes) reader.changed(marks.connection);
  }

  async stopReading(): Promise<void> {
    await Promise.all(this.#lanes.map(({ reader }) => reader.stop()));
  }

  /** Tells what is left, within the time given. */
  async stopTelling(withinMs: number): Promise<void> {
    await Promise.all(this.#lanes.map(({ marks }) => marks.stop(withinMs)));
  }

  #laneOf(shard: number): Lane | undefined {
    return this.#lanes.length === 1 ? this.#lanes[0] : this.#lanes[shard];
  }
}

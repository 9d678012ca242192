import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { entryId, positionOf, streamKey } from "#hub/log/keys.ts";
import { RedisLoop } from "#hub/log/redis-loop.ts";
import { pause, within } from "#hub/log/waiting.ts";
import { againAfterMs } from "./failures.ts";
import { openRedis } from "./redis-connection.ts";

/** A shard that somebody here works on, and from where it is read if it is not being read yet. */
export type WantedStream = { readonly shard: number; readonly epoch: string; readonly after: bigint };

export type StreamReaderOptions = {
  readonly redisUrl: string;
  /** In a cluster: a key of the one slot whose streams are read here. */
  readonly ofKey?: string;
  readonly blockMs: number;
  readonly logger: Logger;
  /** What to read now; asked before every read. */
  wanted(): readonly WantedStream[];
  onEntry(stream: { readonly shard: number; readonly epoch: string }, position: bigint, text: string): void;
  /** The connection came or went. */
  onState(reading: boolean): void;
};

type Reply = [key: string, entries: [id: string, fields: string[]][]][] | null;

const COUNT = 200;
/** Between two reads that brought something: a batch of the hub reaches its shards one by one, and each would end a read. */
const PACE_MS = 5;
/** Time that an answer may take beyond BLOCK. */
const GRACE_MS = 2_000;
const UNBLOCK_AGAIN_MS = 20;

/**
 * RUN-1: the one blocking connection of a process, over the streams of all shards that it works on, for all of its
 * consumers (in a cluster one for each shard). It rings the bell and brings the text along; what is applied is decided
 * by position elsewhere, so nobody has to be asked what was read before: ADR 0006.
 */
export class StreamReader {
  readonly #options: StreamReaderOptions;
  readonly #positions = new Map<string, bigint>();
  readonly #between = pause();
  readonly #loop: RedisLoop;
  #connectionId: string | undefined;
  #blocked = false;
  #reads = 0;
  #reading = false;

  constructor(options: StreamReaderOptions) {
    this.#options = options;
    this.#loop = new RedisLoop({
      open: () => openRedis(options.redisUrl, "comanda:reader", options.ofKey),
      work: (redis, worked) => this.#keepReading(redis, worked),
      onLost: (error, failures) => {
        this.#tell(false);
        options.logger[failures === 3 ? "warn" : "debug"]({ err: error }, "Redis cannot be read; events come from Postgres");
      },
      pauseMs: (failures) => againAfterMs(failures, Math.random()) / 2,
    });
  }

  get reading(): boolean {
    return this.#reading;
  }

  /** What has been brought of a stream; undefined for one that is not read yet. */
  position(shard: number, epoch: string): bigint | undefined {
    return this.#positions.get(streamKey(shard, epoch));
  }

  /** The set of wanted streams changed: ends a blocking read by way of another connection. */
  changed(commands: Redis | undefined): void {
    this.#between.rouse();
    if (this.#blocked && commands !== undefined) void this.#unblock(commands, this.#reads);
  }

  /** Of what Postgres had a while ago something is not read yet: Redis does not have it, or this is not the Redis that is written to any more. */
  lacks(epoch: string, heads: readonly bigint[]): boolean {
    return heads.some((head, shard) => (this.position(shard, epoch) ?? head) < head);
  }

  /** Reads over another connection. */
  reopen(): void {
    this.#loop.disconnect();
  }

  /** One that overtakes its XREAD on the way to Redis finds nobody blocked: it is said again until that read has ended. */
  async #unblock(commands: Redis, read: number): Promise<void> {
    while (this.#blocked && this.#reads === read && this.#connectionId !== undefined) {
      const ended = await within(GRACE_MS, commands.client("UNBLOCK", this.#connectionId)).catch(() => undefined);
      if (ended !== 0) return;
      await new Promise((resolve) => setTimeout(resolve, UNBLOCK_AGAIN_MS));
    }
  }

  async stop(): Promise<void> {
    this.#loop.stop();
    this.#between.rouse();
    this.#loop.disconnect();
    await this.#loop.done;
    this.#tell(false);
  }

  async #keepReading(redis: Redis, worked: () => void): Promise<void> {
    try {
      this.#connectionId = String(await within(GRACE_MS, redis.client("ID")));
      while (!this.#loop.stopped) {
        await this.#readOnce(redis);
        worked();
        this.#tell(true);
      }
    } finally {
      this.#connectionId = undefined;
    }
  }

  #tell(reading: boolean): void {
    if (this.#reading === reading) return;
    this.#reading = reading;
    this.#options.onState(reading);
  }

  async #readOnce(redis: Redis): Promise<void> {
    const streams = this.#streams();
    if (streams.size === 0) {
      await within(GRACE_MS, redis.ping());
      return this.#between.wait(this.#options.blockMs);
    }
    this.#blocked = true;
    this.#reads += 1;
    try {
      const reply = await this.#call(redis, [...streams.keys()]);
      this.#blocked = false;
      for (const [key, entries] of reply ?? []) {
        const stream = streams.get(key);
        if (stream !== undefined) this.#deliver(stream, key, entries);
      }
      if (reply !== null) await this.#between.wait(PACE_MS);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith("UNBLOCKED")) throw error;
    } finally {
      this.#blocked = false;
    }
  }

  /** By key; what nobody wants any more is forgotten, so that it begins anew where its next owner stands. */
  #streams(): ReadonlyMap<string, WantedStream> {
    const streams = new Map(this.#options.wanted().map((wanted) => [streamKey(wanted.shard, wanted.epoch), wanted]));
    for (const key of this.#positions.keys()) if (!streams.has(key)) this.#positions.delete(key);
    for (const [key, { after }] of streams) if (!this.#positions.has(key)) this.#positions.set(key, after);
    return streams;
  }

  #call(redis: Redis, keys: readonly string[]): Promise<Reply> {
    const { blockMs } = this.#options;
    const ids = keys.map((key) => entryId(this.#positions.get(key) ?? 0n));
    return within(blockMs + GRACE_MS, redis.call("XREAD", "COUNT", String(COUNT), "BLOCK", String(blockMs), "STREAMS", ...keys, ...ids) as Promise<Reply>);
  }

  #deliver(stream: WantedStream, key: string, entries: readonly (readonly [id: string, fields: readonly string[]])[]): void {
    for (const [id, fields] of entries) {
      const position = positionOf(id);
      this.#positions.set(key, position);
      this.#options.onEntry(stream, position, fields[1] ?? "");
    }
  }
}

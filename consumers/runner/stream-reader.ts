import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { entryId, positionOf, streamKey } from "#hub/log/keys.ts";
import { againAfterMs } from "./failures.ts";
import { openRedis, within } from "./redis-connection.ts";

/** A shard that is to be read, and where its checkpoint stands in Postgres. */
export type WantedStream = { readonly shard: number; readonly epoch: string; readonly persisted: bigint };

export type StreamReaderOptions = {
  readonly redisUrl: string;
  readonly group: string;
  /** The Redis consumer: this process. */
  readonly consumer: string;
  readonly blockMs: number;
  readonly logger: Logger;
  /** What to read now; asked before every read. */
  wanted(): readonly WantedStream[];
  /** A null text: the entry is pending, but was trimmed. */
  onEntry(shard: number, position: bigint, text: string | null): void;
  /** The connection came or went. */
  onState(reading: boolean): void;
};

type Entry = [id: string, fields: string[] | null];
type Reply = [key: string, entries: Entry[]][] | null;

const COUNT = 200;
/** Time that an answer may take beyond BLOCK. */
const GRACE_MS = 2_000;

/**
 * RUN-1: the one blocking connection of a group, over the streams of all shards that it owns (in a cluster there would be
 * one reader per shard: nothing here knows how many there are). It rings the bell and brings the text along; what is
 * applied is decided by position elsewhere.
 */
export class StreamReader {
  readonly #options: StreamReaderOptions;
  #redis: Redis | undefined;
  #connectionId: string | undefined;
  /** Streams whose group is known to stand at the checkpoint, in this process's lease. */
  #prepared = new Map<string, number>();
  /** Entries that were delivered and may be unseen: read before anything new. */
  #pendingFirst = true;
  #stopped = false;
  #blocked = false;
  #rouse: (() => void) | undefined;
  #reading = false;
  readonly #done: Promise<void>;

  constructor(options: StreamReaderOptions) {
    this.#options = options;
    this.#done = this.#run();
  }

  /** The set of wanted streams changed: ends a blocking read by way of another connection. */
  changed(commands: Redis | undefined): void {
    this.#rouse?.();
    if (this.#blocked && this.#connectionId !== undefined) void commands?.client("UNBLOCK", this.#connectionId).catch(() => {});
  }

  /** The group's place in a stream is in doubt: it is put back to the checkpoint. */
  forget(shard: number, epoch: string): void {
    this.#prepared.delete(streamKey(shard, epoch));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#rouse?.();
    this.#redis?.disconnect(false);
    await this.#done;
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#stopped; ) {
      try {
        this.#redis = await openRedis(this.#options.redisUrl, `comanda:${this.#options.group}`);
        this.#connectionId = String(await within(GRACE_MS, this.#redis.client("ID")));
        this.#pendingFirst = true;
        while (!this.#stopped) {
          await this.#readOnce(this.#redis);
          failures = 0;
          this.#tell(true);
        }
      } catch (error) {
        if (this.#stopped) break;
        this.#tell(false);
        failures += 1;
        this.#options.logger[failures === 3 ? "warn" : "debug"]({ group: this.#options.group, err: error }, "Redis cannot be read; events come from Postgres");
        await this.#pause(againAfterMs(failures, Math.random()) / 2);
      } finally {
        this.#redis?.disconnect(false);
        this.#redis = undefined;
        this.#connectionId = undefined;
      }
    }
    this.#tell(false);
  }

  #tell(reading: boolean): void {
    if (this.#reading === reading) return;
    this.#reading = reading;
    this.#options.onState(reading);
  }

  async #pause(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#rouse = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
    this.#rouse = undefined;
  }

  async #readOnce(redis: Redis): Promise<void> {
    const wanted = this.#options.wanted();
    if (wanted.length === 0) {
      await within(GRACE_MS, redis.ping());
      return this.#pause(this.#options.blockMs);
    }
    try {
      await this.#prepare(redis, wanted);
      if (this.#pendingFirst) {
        await this.#readPending(redis, wanted);
        this.#pendingFirst = false;
      }
      if (!(await this.#readNew(redis, wanted))) this.#pendingFirst = true;
    } catch (error) {
      // A stream or its group is gone (FLUSHALL, XGROUP DESTROY): the connection is as good as before.
      if (!(error instanceof Error) || !/^(NOGROUP|UNBLOCKED)/.test(error.message)) throw error;
      this.#prepared.clear();
      this.#pendingFirst = true;
    }
  }

  /** Makes each group, or puts it back to the checkpoint, and removes consumers of former owners: positions decide, not they. */
  async #prepare(redis: Redis, wanted: readonly WantedStream[]): Promise<void> {
    const { group, consumer } = this.#options;
    for (const { shard, epoch, persisted } of wanted) {
      const key = streamKey(shard, epoch);
      if (this.#prepared.has(key)) continue;
      const made = await within(GRACE_MS, redis.xgroup("CREATE", key, group, entryId(persisted), "MKSTREAM").then(
        () => true,
        (error: unknown) => {
          if (error instanceof Error && error.message.startsWith("BUSYGROUP")) return false;
          throw error;
        },
      ));
      if (!made) {
        await within(GRACE_MS, redis.xgroup("SETID", key, group, entryId(persisted)));
        for (const name of namesOf(await within(GRACE_MS, redis.xinfo("CONSUMERS", key, group)))) {
          if (name !== consumer) await within(GRACE_MS, redis.xgroup("DELCONSUMER", key, group, name));
        }
      }
      this.#prepared.set(key, shard);
    }
  }

  async #readPending(redis: Redis, wanted: readonly WantedStream[]): Promise<void> {
    const from = new Map(wanted.map(({ shard, epoch }) => [streamKey(shard, epoch), "0"]));
    while (from.size > 0) {
      const reply = await this.#call(redis, 0, [...from.keys()], [...from.values()]);
      for (const key of [...from.keys()]) {
        const last = reply?.find(([name]) => name === key)?.[1].at(-1);
        if (last === undefined) from.delete(key);
        else from.set(key, last[0]);
      }
      this.#deliver(reply, wanted);
    }
  }

  /** False when nothing came within BLOCK. */
  async #readNew(redis: Redis, wanted: readonly WantedStream[]): Promise<boolean> {
    const keys = wanted.map(({ shard, epoch }) => streamKey(shard, epoch));
    this.#blocked = true;
    try {
      const reply = await this.#call(redis, this.#options.blockMs, keys, keys.map(() => ">"));
      this.#deliver(reply, wanted);
      return reply !== null;
    } finally {
      this.#blocked = false;
    }
  }

  #call(redis: Redis, blockMs: number, keys: readonly string[], ids: readonly string[]): Promise<Reply> {
    const { group, consumer } = this.#options;
    const block = blockMs > 0 ? ["BLOCK", String(blockMs)] : [];
    const args = ["GROUP", group, consumer, "COUNT", String(COUNT), ...block, "STREAMS", ...keys, ...ids];
    return within(blockMs + GRACE_MS, redis.call("XREADGROUP", ...args) as Promise<Reply>);
  }

  #deliver(reply: Reply, wanted: readonly WantedStream[]): void {
    if (reply === null) return;
    const shards = new Map(wanted.map(({ shard, epoch }) => [streamKey(shard, epoch), shard]));
    for (const [key, entries] of reply) {
      const shard = shards.get(key);
      if (shard === undefined) continue;
      for (const [id, fields] of entries) this.#options.onEntry(shard, positionOf(id), fields?.[1] ?? null);
    }
  }
}

function namesOf(consumers: unknown): string[] {
  if (!Array.isArray(consumers)) return [];
  return consumers.flatMap((one: unknown) => {
    if (!Array.isArray(one)) return [];
    const name: unknown = one[one.indexOf("name") + 1];
    return typeof name === "string" ? [name] : [];
  });
}

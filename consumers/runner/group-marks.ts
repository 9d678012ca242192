import type { Redis } from "ioredis";
import { entryId, positionOf } from "#hub/log/keys.ts";
import { RedisLoop } from "#hub/log/redis-loop.ts";
import { pause, within } from "#hub/log/waiting.ts";
import { againAfterMs } from "./failures.ts";
import { openRedis } from "./redis-connection.ts";

type Mark = { readonly key: string; readonly group: string; readonly position: bigint };

/** Between two tellings: the last position of each group on each stream is all that is told. */
const EVERY_MS = 100;
const IDLE_MS = 2_000;
const ANSWER_MS = 2_000;

/**
 * RUN-1: every consumer is a group on every stream, which stands where its checkpoint stands in Postgres: told after
 * COMMIT, never awaited, so that Redis's own tools (XINFO GROUPS: last-delivered-id, lag) show the truth. Nothing is
 * read by way of the groups, so one that is destroyed or moved by hand harms nobody, and is put right with its next mark.
 */
export class GroupMarks {
  readonly #waiting = new Map<string, Mark>();
  /** Of a stream: how many entries it ever had, less its last position. Redis counts a group's lag by it. */
  readonly #offsets = new Map<string, bigint | undefined>();
  /** Of one who has nothing to tell; the pace between two tellings is kept. */
  readonly #idle = pause();
  readonly #loop: RedisLoop;

  constructor(url: string, ofKey?: string) {
    this.#loop = new RedisLoop({
      open: () => openRedis(url, "comanda:groups", ofKey),
      work: (redis, worked) => this.#keepTelling(redis, worked),
      pauseMs: (failures) => againAfterMs(failures, Math.random()),
    });
  }

  /** For short commands of others; undefined while Redis is away. */
  get connection(): Redis | undefined {
    return this.#loop.connection;
  }

  mark(key: string, group: string, position: bigint): void {
    this.#waiting.set(`${group} ${key}`, { key, group, position });
    if (this.#waiting.size === 1) this.#idle.rouse();
  }

  /** Tells what is left, within the time given. */
  async stop(withinMs: number): Promise<void> {
    this.#loop.stop();
    this.#idle.rouse();
    await within(withinMs, this.#loop.done).catch(() => {});
    this.#loop.disconnect();
  }

  async #keepTelling(redis: Redis, worked: () => void): Promise<void> {
    this.#offsets.clear();
    while (!this.#loop.stopped) {
      await this.#tellAll(redis);
      worked();
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
      if (this.#waiting.size === 0 && !this.#loop.stopped) await this.#idle.wait(IDLE_MS);
      if (this.#waiting.size === 0) await within(ANSWER_MS, redis.ping());
    }
    await this.#tellAll(redis);
  }

  async #tellAll(redis: Redis): Promise<void> {
    const marks = [...this.#waiting];
    this.#waiting.clear();
    try {
      const missing = await this.#tell(redis, "SETID", marks.map(([, mark]) => mark));
      for (const { key } of missing) this.#offsets.delete(key);
      await this.#tell(redis, "CREATE", missing);
    } catch (error) {
      for (const [name, mark] of marks) if (!this.#waiting.has(name)) this.#waiting.set(name, mark);
      throw error;
    }
  }

  /** Answers the marks of groups that are not there. A stream without entries has no groups: there is nothing to be behind of. */
  async #tell(redis: Redis, how: "SETID" | "CREATE", marks: readonly Mark[]): Promise<Mark[]> {
    if (marks.length === 0) return [];
    await this.#learnOffsets(redis, new Set(marks.map(({ key }) => key)));
    const pipeline = redis.pipeline();
    for (const { key, group, position } of marks) {
      const offset = this.#offsets.get(key);
      const read = offset === undefined ? [] : ["ENTRIESREAD", String(position + offset > 0n ? position + offset : 0n)];
      pipeline.call("XGROUP", how, key, group, entryId(position), ...read);
    }
    const errors = ((await within(ANSWER_MS, pipeline.exec())) ?? []).map(([error]) => error);
    const other = errors.find((error) => error !== null && !/^NOGROUP|key to exist/.test(error.message));
    if (other !== undefined && other !== null) throw other;
    return marks.filter((_, i) => errors[i]?.message.startsWith("NOGROUP") === true);
  }

  /** Undefined stays undefined for a stream that is not there, and for a Redis before 7, which does not count. */
  async #learnOffsets(redis: Redis, keys: ReadonlySet<string>): Promise<void> {
    const unknown = [...keys].filter((key) => this.#offsets.get(key) === undefined);
    if (unknown.length === 0) return;
    const pipeline = redis.pipeline();
    for (const key of unknown) pipeline.xinfo("STREAM", key);
    const answers = await within(ANSWER_MS, pipeline.exec());
    for (const [i, key] of unknown.entries()) this.#offsets.set(key, offsetOf(answers?.[i]?.[1]));
  }
}

function offsetOf(stream: unknown): bigint | undefined {
  if (!Array.isArray(stream)) return undefined;
  const field = (name: string): unknown => (stream.includes(name) ? stream[stream.indexOf(name) + 1] : undefined);
  const added = field("entries-added");
  const last = field("last-generated-id");
  return added === undefined || typeof last !== "string" ? undefined : BigInt(String(added)) - positionOf(last);
}

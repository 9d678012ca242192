import type { Redis } from "ioredis";
import { againAfterMs } from "./failures.ts";
import { openRedis, within } from "./redis-connection.ts";

/**
 * Acks after COMMIT, on a connection that never blocks, and never awaited: they only keep Redis's own tools truthful
 * (RUN-1). What is lost here is acked when the pending list is read again.
 */
export class AckLane {
  readonly #url: string;
  readonly #waiting = new Map<string, { key: string; group: string; ids: string[] }>();
  #redis: Redis | undefined;
  #wake: (() => void) | undefined;
  #stopped = false;
  #done: Promise<void>;

  constructor(url: string) {
    this.#url = url;
    this.#done = this.#run();
  }

  /** For short commands of others; undefined while Redis is away. */
  get connection(): Redis | undefined {
    return this.#redis;
  }

  ack(key: string, group: string, ids: readonly string[]): void {
    if (ids.length === 0 || this.#redis === undefined) return;
    const name = `${group} ${key}`;
    const waiting = this.#waiting.get(name) ?? { key, group, ids: [] };
    waiting.ids.push(...ids);
    this.#waiting.set(name, waiting);
    this.#wake?.();
  }

  /** Sends what is left, within the time given. */
  async stop(withinMs: number): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    await within(withinMs, this.#done).catch(() => {});
    this.#redis?.disconnect(false);
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#stopped; ) {
      try {
        this.#redis = await openRedis(this.#url, "comanda:acks");
        failures = 0;
        while (!this.#stopped) {
          await this.#sendAll(this.#redis);
          if (this.#waiting.size === 0 && !this.#stopped) await this.#pause(2_000);
          if (this.#waiting.size === 0) await within(2_000, this.#redis.ping());
        }
        await this.#sendAll(this.#redis);
      } catch {
        this.#waiting.clear();
        failures += 1;
      } finally {
        this.#redis?.disconnect(false);
        this.#redis = undefined;
      }
      if (!this.#stopped) await this.#pause(againAfterMs(failures, Math.random()));
    }
  }

  async #sendAll(redis: Redis): Promise<void> {
    while (this.#waiting.size > 0) {
      const acks = [...this.#waiting.values()];
      this.#waiting.clear();
      const pipeline = redis.pipeline();
      for (const { key, group, ids } of acks) pipeline.xack(key, group, ...ids);
      const answers = await within(2_000, pipeline.exec());
      for (const [error] of answers ?? []) if (error !== null) throw error;
    }
  }

  async #pause(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
    this.#wake = undefined;
  }
}

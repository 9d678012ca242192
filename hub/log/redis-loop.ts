import type { Redis } from "ioredis";
import { pause } from "./waiting.ts";

export type RedisLoopOptions = {
  open(): Promise<Redis>;
  /** Goes on until it throws, or `stopped` is true; `worked` forgets the failures before. */
  work(redis: Redis, worked: () => void): Promise<void>;
  /** The `failures`-th in a row. */
  onLost?(error: unknown, failures: number): void;
  pauseMs(failures: number): number;
};

/** Works over one connection after another: a connection that failed, or had a read given up on it, is never used again. */
export class RedisLoop {
  readonly #options: RedisLoopOptions;
  readonly #between = pause();
  #redis: Redis | undefined;
  #stopped = false;
  readonly done: Promise<void>;

  constructor(options: RedisLoopOptions) {
    this.#options = options;
    // A turn later: `work` asks its owner, who is being made.
    this.done = Promise.resolve().then(() => this.#run());
  }

  /** Undefined while Redis is away. */
  get connection(): Redis | undefined {
    return this.#redis;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** What is under way ends by itself, or with the connection. */
  stop(): void {
    this.#stopped = true;
    this.#between.rouse();
  }

  disconnect(): void {
    this.#redis?.disconnect(false);
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#stopped; ) {
      try {
        this.#redis = await this.#options.open();
        await this.#options.work(this.#redis, () => (failures = 0));
      } catch (error) {
        if (this.#stopped) return;
        failures += 1;
        this.#options.onLost?.(error, failures);
      } finally {
        this.#redis?.disconnect(false);
        this.#redis = undefined;
      }
      if (!this.#stopped) await this.#between.wait(this.#options.pauseMs(failures));
    }
  }
}

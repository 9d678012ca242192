import { alarm } from "./alarm.ts";
import type { Gate } from "./gate.ts";

export type TurnsOptions = {
  readonly gate: Gate;
  /** True when there may be more to do. */
  turn(): Promise<boolean>;
  /** Answers after how many milliseconds the next turn may be; `failures` were in a row before this one. */
  onFailure(error: unknown, failures: number): number;
};

/** One turn at a time, through the group's gate, as long as there is something to do; after a failure not before its time. */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #backoff = alarm(() => {
    this.#backsOff = false;
    this.wake();
  });
  #taken: Promise<void> | undefined;
  #again = false;
  #backsOff = false;
  #closed = false;
  #failures = 0;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** In a row. */
  get failures(): number {
    return this.#failures;
  }

  /** Nothing is under way, and nothing is waited for. */
  get rest(): boolean {
    return this.#taken === undefined && !this.#backsOff && !this.#closed;
  }

  wake(): void {
    this.#again = true;
    if (!this.rest) return;
    this.#taken = this.#take().finally(() => {
      this.#taken = undefined;
      if (this.#again) this.wake();
    });
  }

  /** No further turn begins. */
  stop(): void {
    this.#closed = true;
    this.#backoff.stop();
  }

  /** The turn that was under way is over. */
  async ended(): Promise<void> {
    await this.#taken;
  }

  async #take(): Promise<void> {
    const { gate, turn, onFailure } = this.#options;
    while (this.#again && !this.#closed && !this.#backsOff) {
      this.#again = false;
      const leave = await gate.enter();
      try {
        if (!this.#closed && (await turn())) this.#again = true;
        this.#failures = 0;
      } catch (error) {
        if (this.#closed) continue;
        this.#backsOff = true;
        this.#backoff.set(onFailure(error, this.#failures));
        this.#failures += 1;
      } finally {
        leave();
      }
    }
  }
}

import type { RealtimeLimits } from "./limits.ts";

export type DeliveryLimits = Pick<RealtimeLimits, "manyDeliveries" | "togetherMs">;

const LOOK_MS = 1_000;

/**
 * What one audience is sent, in order: at once, as long as it is less than `manyDeliveries` a second. Above, a frame waits up to `togetherMs` for the next
 * ones, so that a socket gets them in one write: writes are most of what a delivery costs (ADR 0017).
 */
export class Deliveries {
  readonly #send: (message: string) => void;
  readonly #limits: DeliveryLimits;
  readonly #now: () => number;
  readonly #held: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #lookedAt: number;
  #since = 0;
  #many: boolean;

  /** `now`: milliseconds of a clock that never goes back. */
  constructor(send: (message: string) => void, limits: DeliveryLimits, now: () => number = () => performance.now()) {
    this.#send = send;
    this.#limits = limits;
    this.#now = now;
    this.#lookedAt = now();
    this.#many = limits.manyDeliveries === 0;
  }

  add(message: string, sockets: number): void {
    this.#count(sockets);
    if (!this.#many && this.#held.length === 0) return this.#send(message);
    this.#held.push(message);
    this.#timer ??= setTimeout(() => this.flush(), this.#limits.togetherMs);
  }

  /** Whoever joins afterwards gets nothing of what was added before. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const message of this.#held.splice(0)) this.#send(message);
  }

  #count(sockets: number): void {
    const elapsed = this.#now() - this.#lookedAt;
    if (elapsed >= LOOK_MS) {
      this.#many = (this.#since * 1_000) / elapsed >= this.#limits.manyDeliveries;
      this.#lookedAt += elapsed;
      this.#since = 0;
    }
    this.#since += sockets;
  }
}

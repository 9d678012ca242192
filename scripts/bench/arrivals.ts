import { setTimeout as sleep } from "node:timers/promises";

/** So long a second one of something may come after the last that was waited for. */
const DOUBLES_MS = 300;

/** Counts each of what was sent at each of its receivers, so that no double hides a loss. */
export class Arrivals {
  readonly #receivers: number;
  readonly #counts = new Map<string, Uint16Array>();
  #missing = 0;
  #doubled = 0;

  /** Every one of so many receivers is to get everything, once. */
  constructor(receivers: number) {
    this.#receivers = receivers;
  }

  sent(id: string): void {
    if (this.#counts.has(id)) return;
    this.#counts.set(id, new Uint16Array(this.#receivers));
    this.#missing += this.#receivers;
  }

  /** Whether it was sent and is the first that came of it to this receiver. */
  came(id: string, receiver: number): boolean {
    const counts = this.#counts.get(id);
    if (counts === undefined) return false;
    const before = counts[receiver] ?? 0;
    counts[receiver] = before + 1;
    if (before === 0) this.#missing--;
    else this.#doubled++;
    return before === 0;
  }

  get missing(): number {
    return this.#missing;
  }

  /** Every further one of the same counts. */
  get doubled(): number {
    return this.#doubled;
  }

  get isComplete(): boolean {
    return this.#missing === 0;
  }
}

/** Until all has come, at most so long, and a moment longer for doubles. */
export async function settled(all: readonly Arrivals[], lateMs: number): Promise<void> {
  for (const until = performance.now() + lateMs; all.some((one) => !one.isComplete) && performance.now() < until; ) await sleep(10);
  await sleep(DOUBLES_MS);
}

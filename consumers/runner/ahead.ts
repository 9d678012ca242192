import type { ParsedEvent } from "#hub/log/types.ts";
import type { QueuedEntry } from "./entry-queue.ts";
import type { ReadEvent } from "./readable.ts";
import { parseEvent } from "./separate.ts";

/** So many are read before whoever waits for the thread has it again: a millisecond or less. */
const AT_A_TIME = 8;

/**
 * Reads the events of the next batch while Postgres has this one, a few at a time: a consumer that is behind waits for Postgres half of its time, and reading
 * an event and holding it against its schema is what it has left to do.
 */
export class Ahead {
  readonly #shard: number;
  readonly #read: ReadEvent;
  readonly #events = new Map<bigint, ParsedEvent>();

  constructor(shard: number, read: ReadEvent) {
    this.#shard = shard;
    this.#read = read;
  }

  /** The entry's event, which is not kept any longer. */
  take({ position, text }: QueuedEntry): ParsedEvent {
    const known = this.#events.get(position);
    this.#events.delete(position);
    return known ?? parseEvent(this.#shard, position, text ?? "");
  }

  /** Until `work` ends or nothing is left. What was read for an earlier batch and not taken goes. What cannot be had now is had when its turn has come. */
  async during<T>(work: Promise<T>, next: Promise<readonly QueuedEntry[]>): Promise<T> {
    this.#events.clear();
    let over = false;
    const end = () => (over = true);
    work.then(end, end);
    const entries = await Promise.race([next.catch(() => []), work.then(() => [], () => [])]);
    for (let i = 0; i < entries.length; i += AT_A_TIME) {
      await new Promise((resolve) => setImmediate(resolve));
      if (over) break;
      for (const entry of entries.slice(i, i + AT_A_TIME)) this.#readOne(entry);
    }
    return work;
  }

  /** What cannot be read is found out again, and counted, when its turn has come. */
  #readOne({ position, text }: QueuedEntry): void {
    const event = parseEvent(this.#shard, position, text ?? "");
    try {
      this.#read(event.envelope);
    } catch {
      return;
    }
    this.#events.set(position, event);
  }
}

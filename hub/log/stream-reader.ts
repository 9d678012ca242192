import type { Redis } from "ioredis";
import { positionOf, streamKey } from "./keys.ts";
import { RedisLoop } from "./redis-loop.ts";
import type { StoredEvent } from "./types.ts";
import { pause, within } from "./waiting.ts";

export type StreamReaderOptions = {
  /** A connection of its own: a blocking read holds everything behind it. */
  readonly open: () => Redis | Promise<Redis>;
  /** In a cluster one shard a reader, since a read over several slots is refused; else all 16. */
  readonly shards: readonly number[];
  readonly epoch: () => string;
  /** The last position each shard has; read anew for every call. */
  readonly position: (shard: number) => bigint;
  /**
   * Whole commands: a publisher writes a command atomically, and a page that may cut one is not given its end. The next
   * read waits for the promise.
   */
  readonly onEvents: (shard: number, events: readonly StoredEvent[], epoch: string) => Promise<void>;
  readonly onHealth: (up: boolean) => void;
  readonly blockMs: number;
};

const PAGE = 500;
/** A read that brought back only what this process wrote itself: a hub that works alone would read all of it a second time. */
const ECHO_PAUSE_MS = 15;
/** A read that outlives its own BLOCK by so much is lost. */
const SILENCE_MS = 3_000;
const PAUSE_MS = [20, 100, 300, 1_000];

/** Reads streams by position with no group: nothing to acknowledge, and a lost reply is read again. */
export function createStreamReader(options: StreamReaderOptions): { reopen(): void; stop(): Promise<void> } {
  let page = PAGE;
  const between = pause();
  const loop = new RedisLoop({
    open: async () => {
      const redis = await options.open();
      await ready(redis);
      return redis;
    },
    async work(redis, worked) {
      while (!loop.stopped) {
        await once(redis);
        worked();
        options.onHealth(true);
      }
    },
    onLost: () => options.onHealth(false),
    pauseMs: (failures) => PAUSE_MS[Math.min(failures, PAUSE_MS.length) - 1] ?? 0,
  });

  return {
    /** Reads over another connection. */
    reopen: () => loop.disconnect(),
    async stop() {
      loop.stop();
      loop.disconnect();
      between.rouse();
      await loop.done;
    },
  };

  async function once(redis: Redis): Promise<void> {
    const asked = page;
    page = PAGE;
    const epoch = options.epoch();
    const { shards } = options;
    const keys = shards.map((shard) => streamKey(shard, epoch));
    const ids = shards.map((shard) => `${options.position(shard)}-0`);
    const reply = await within(options.blockMs + SILENCE_MS, redis.xread("COUNT", asked, "BLOCK", options.blockMs, "STREAMS", ...keys, ...ids));
    let isNews = reply === null;
    for (const [key, entries] of reply ?? []) {
      const shard = shards[keys.indexOf(key)];
      if (shard === undefined) continue;
      const events = entries.map(([id, fields]) => toEvent(shard, id, fields));
      isNews ||= (events.at(-1)?.position ?? 0n) > options.position(shard);
      const whole = entries.length < asked ? events : withoutLastCommand(events);
      if (whole.length === 0) page = asked * 4;
      else await options.onEvents(shard, whole, epoch);
    }
    if (!isNews) await between.wait(ECHO_PAUSE_MS);
  }

  async function ready(connection: Redis): Promise<void> {
    for (let i = 0; i < 40 && !loop.stopped && connection.status !== "ready"; i++) await between.wait(25);
  }
}

const COMMAND_ID = /"commandid":"([0-9A-Z]{26})"/;

function toEvent(shard: number, id: string, fields: readonly string[]): StoredEvent {
  const text = fields[fields.indexOf("e") + 1] ?? "";
  return { shard, position: positionOf(id), commandId: commandIdOf(text), text };
}

/** Data comes before the extension and may hold the same words (an id in somebody's note): the last one is the envelope's. */
function commandIdOf(text: string): string {
  const at = text.lastIndexOf('"commandid":"');
  const found = COMMAND_ID.exec(text.slice(at));
  if (found?.[1] === undefined) throw new Error("an entry without a command id is in the stream");
  return found[1];
}

/** The next page begins with the last command again; nothing is left of a page that is one command. */
function withoutLastCommand(events: readonly StoredEvent[]): readonly StoredEvent[] {
  const last = events.at(-1)?.commandId;
  const cut = events.findIndex(({ commandId }) => commandId === last);
  return cut > 0 ? events.slice(0, cut) : [];
}

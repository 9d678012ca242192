import { readFileSync } from "node:fs";
import { Redis } from "ioredis";
import type { Sql } from "#hub/db/client.ts";
import { appendInTransaction } from "#hub/log/append-in-transaction.ts";
import { entryId, streamKey } from "#hub/log/keys.ts";
import type { AppendCommand, StoredEvent } from "#hub/log/types.ts";
import { shardOf } from "#shared/shards.ts";
import { newId, ulid } from "./place.ts";

const FIXTURES = new URL("../../shared/events/fixtures.json", import.meta.url);
const AT_ONCE = 500;
const AT = "2026-11-20T19:00:00.000Z";

/** An event's data as the catalogue's own tests have it: every field that there can be. */
export function fixture(type: string): Record<string, unknown> {
  const found = (JSON.parse(readFileSync(FIXTURES, "utf8")) as Record<string, Record<string, unknown>>)[`${type} v1`];
  if (found === undefined) throw new Error(`there is no fixture of ${type}`);
  return found;
}

export type Filling = { readonly merchant: string; readonly subject: string; readonly type: string; readonly data: unknown };

/** Appends the events through the log's only door, a command each, and publishes them; answers them in the order of their shards. */
export async function fillLog(sql: Sql, redisUrl: string, epoch: string, fillings: readonly Filling[]): Promise<StoredEvent[]> {
  const redis = new Redis(redisUrl);
  const organizer = newId("organizer");
  const all: StoredEvent[] = [];
  try {
    for (let i = 0; i < fillings.length; i += AT_ONCE) {
      const commands = fillings.slice(i, i + AT_ONCE).map((filling) => commandOf(organizer, filling));
      // One transaction waits for the lock of one shard only.
      const byShard = Map.groupBy(commands, ({ merchantId = "" }) => shardOf(merchantId));
      for (const ofShard of byShard.values()) {
        const { events } = await sql.begin((tx) => appendInTransaction(tx, ofShard));
        if (events.length !== ofShard.length) throw new Error("the log refused what it was filled with");
        const told = redis.pipeline();
        for (const { shard, position, text } of events) told.xadd(streamKey(shard, epoch), entryId(position), "e", text);
        await told.exec();
        all.push(...events);
      }
    }
    return all;
  } finally {
    redis.disconnect();
  }
}

function commandOf(organizerId: string, { merchant, subject, type, data }: Filling): AppendCommand {
  const commandId = ulid();
  return {
    commandId,
    hash: "0".repeat(64),
    organizerId,
    merchantId: merchant,
    actor: "system",
    source: "/hub",
    correlationId: commandId,
    changes: [{ stream: subject, kind: "bench", expected: "any", events: [{ id: newId("event"), type, data, dataversion: 1, occurredat: AT, businessdate: "2026-11-20" }] }],
    counts: [],
    answer: "{}",
  };
}

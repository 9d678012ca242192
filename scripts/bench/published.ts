import { Redis } from "ioredis";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "#hub/db/client.ts";
import { positionOf, streamKey } from "#hub/log/keys.ts";
import type { Stack } from "../services/stack.ts";
import { judge, type Answered, type Found, type Judged } from "./answered.ts";

const WITHIN_MS = 10_000;
const AT_ONCE = 5_000;
const COMMAND_ID = /"commandid":"([0-9A-Z]{26})"/;

export type Servers = Pick<Stack, "adminUrl" | "redis">;

/** What stands on the streams of Redis, read beside the product. */
export type Streams = {
  /** Resolves when the shard's stream has the position; throws after ten seconds without it. */
  reach(shard: number, position: number): Promise<void>;
  /** Every answered command's events, in the log and on the streams. */
  judge(answered: readonly Answered[]): Promise<Judged>;
  close(): Promise<void>;
};

export async function openStreams({ adminUrl, redis: { url } }: Servers): Promise<Streams> {
  const sql = connect(adminUrl, { max: 1, statementTimeoutMs: 60_000 });
  const redis = new Redis(url);
  const [meta] = await sql<{ epoch: string }[]>`select epoch from log_meta`;
  const keyOf = (shard: number) => streamKey(shard, meta?.epoch ?? "");

  async function head(shard: number): Promise<number> {
    const info = (await redis.xinfo("STREAM", keyOf(shard)).catch(() => [])) as unknown[];
    return Number(positionOf(String(info[info.indexOf("last-generated-id") + 1] ?? "0-0")));
  }

  /** From the first of a round to what is there now: a second writing would lie behind the first. */
  async function entries(shard: number, from: number): Promise<{ readonly found: readonly Found[]; readonly keptFrom: number }> {
    const [[first] = []] = await redis.xrange(keyOf(shard), "-", "+", "COUNT", 1);
    const found: Found[] = [];
    for (let start = `${from}-0`; ; ) {
      const page = await redis.xrange(keyOf(shard), start, "+", "COUNT", AT_ONCE);
      for (const [id, [, text = ""]] of page) found.push({ shard, position: Number(positionOf(id)), commandId: COMMAND_ID.exec(text.slice(text.lastIndexOf('"commandid":"')))?.[1] ?? "" });
      if (page.length < AT_ONCE) break;
      start = `(${page.at(-1)?.[0]}`;
    }
    return { found, keptFrom: Number(positionOf(first ?? "0-0")) };
  }

  return {
    async reach(shard, position) {
      for (const until = performance.now() + WITHIN_MS; (await head(shard)) < position; await sleep(1)) {
        if (performance.now() > until) throw new Error(`shard ${shard} is not published up to ${position} after ${WITHIN_MS / 1000} s`);
      }
    },
    async judge(answered) {
      const written: Found[] = [];
      const published: Found[] = [];
      const keptFrom = new Map<number, number>();
      for (const [shard, of] of Map.groupBy(answered, (one) => one.shard)) {
        const from = of.reduce((least, one) => Math.min(least, one.from), Number.POSITIVE_INFINITY);
        const rows = await sql<{ position: bigint; commandId: string }[]>`select position, command_id as "commandId" from events where shard = ${shard} and position >= ${from}::bigint`;
        for (const { position, commandId } of rows) written.push({ shard, position: Number(position), commandId });
        const stream = await entries(shard, from);
        for (const one of stream.found) published.push(one);
        keptFrom.set(shard, stream.keptFrom);
      }
      return { log: judge(answered, written), streams: judge(answered, published, keptFrom) };
    },
    async close() {
      redis.disconnect();
      await sql.end();
    },
  };
}

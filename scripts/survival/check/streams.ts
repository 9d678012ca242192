import { streamKey } from "#hub/log/keys.ts";
import { connectAnyRedis } from "#hub/log/redis.ts";
import { grouped, type Finding, type History } from "./history.ts";

/** LOG-6: Redis carries the end of each shard's log: gapless up to the head, the very text that Postgres has. */
export async function checkStreams(redisUrl: string, epoch: string, { all }: History): Promise<Finding[]> {
  const redis = connectAnyRedis(redisUrl, { enableOfflineQueue: true, maxRetriesPerRequest: 20 });
  try {
    const shards = grouped(all, ({ shard }) => shard);
    const findings = [...shards].map(async ([shard, events]) => {
      const entries = await redis.xrange(streamKey(shard, epoch), "-", "+");
      const expected = events.slice(-entries.length).map(({ position, text }) => `${position}-0 ${text}`);
      const actual = entries.map(([id, fields]) => `${id} ${fields[1]}`);
      if (entries.length === 0) return [`stream of shard ${shard} is empty`];
      const wrong = actual.findIndex((entry, i) => entry !== expected[i]);
      return wrong < 0 ? [] : [`stream of shard ${shard} has ${entries[wrong]?.[0]} where the log has ${expected[wrong]?.split(" ")[0]}`];
    });
    return (await Promise.all(findings)).flat();
  } finally {
    redis.disconnect();
  }
}

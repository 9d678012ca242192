import { hash } from "node:crypto";
import { streamKey } from "./keys.ts";
import type { AnyRedis } from "./redis.ts";
import type { StoredEvent } from "./types.ts";

/**
 * Appends what follows on the stream's last id and nothing else, so that any number of publishers may send the same
 * events in any order (LOG-6). Whole commands come in one call, and a script is atomic: no reader sees half of one.
 * Answers the last position now in the stream, -1 for a stream that has none (a group may have made it empty).
 */
const SCRIPT = `
local last = -1
local info = redis.pcall('XINFO', 'STREAM', KEYS[1])
if not info.err then
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then last = tonumber(string.match(info[i + 1], '^%d+')) end
  end
  if last == 0 then last = -1 end
end
local start = tonumber(ARGV[2])
for i = 3, #ARGV, 2 do
  local position = tonumber(ARGV[i])
  if position == last + 1 or (last == -1 and position == start) then
    redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], ARGV[i] .. '-0', 'e', ARGV[i + 1])
    last = position
  elseif position > last then
    break
  end
end
return tostring(last)
`;

export type PublishCall = {
  readonly shard: number;
  readonly epoch: string;
  readonly events: readonly StoredEvent[];
  /** Entries kept, about. */
  readonly maxLength: number;
  /** Where a stream without entries may begin; 0 for nowhere. */
  readonly start: bigint;
};

const SHA1 = hash("sha1", SCRIPT);

/** The last position of the stream afterwards; undefined when it has none. */
export async function publishToStream(redis: AnyRedis, { shard, epoch, events, maxLength, start }: PublishCall): Promise<bigint | undefined> {
  const args = [1, streamKey(shard, epoch), maxLength, String(start), ...events.flatMap(({ position, text }) => [String(position), text])] as const;
  const last = await redis.evalsha(SHA1, ...args).catch((error: unknown) => {
    // A Redis that was restarted or flushed of scripts learns it again.
    if (error instanceof Error && error.message.startsWith("NOSCRIPT")) return redis.eval(SCRIPT, ...args);
    throw error;
  });
  const position = BigInt(String(last));
  return position < 0n ? undefined : position;
}

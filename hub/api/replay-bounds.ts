import type { z } from "zod";
import type { replay } from "#shared/commands/operation.ts";
import { heads } from "#hub/log/read.ts";
import type { Hub } from "./hub.ts";
import type { Field } from "./refusals.ts";

/** What a replay begins after has happened: a mistyped position or time would go through and do nothing. */
export async function beyondTheLog(hub: Pick<Hub, "sql" | "now">, { from }: z.output<typeof replay>): Promise<readonly Field[]> {
  if (from.kind === "time") return Date.parse(from.at) > hub.now() ? [{ path: "input.from.at", rule: "must not be later than now" }] : [];
  const head = (await heads(hub.sql))[from.shard] ?? 0n;
  return BigInt(from.after) > head ? [{ path: "input.from.after", rule: `must not be beyond the last position of shard ${from.shard}, which is ${head}` }] : [];
}

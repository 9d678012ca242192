import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Sql } from "#hub/db/client.ts";
import { shardOf } from "#shared/shards.ts";
import { createAppendLane } from "./append-lane.ts";
import { encodeCommand } from "./encode.ts";
import { change, command, newMerchant } from "./testing/commands.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

const stalled = newMerchant();

function elsewhere() {
  for (;;) {
    const other = newMerchant();
    if (shardOf(other.merchantId) !== shardOf(stalled.merchantId)) return other;
  }
}

const OPTIONS = { onCommitted: () => {}, onRepeat: () => {}, batchCommands: 64, batchSize: 1e6, queueCommands: 100, queueOfOwner: 100, busyMs: 3_000, awayMs: 3_000, answerMs: 3_000 };

/** A log whose one shard is locked by somebody, and stays so. */
function lockedLog(onCall: () => void): Sql {
  const sql = (text: readonly string[], ...values: readonly unknown[]) => {
    if (!text[0]?.includes("log_append")) return text;
    // The shard of each command, in the order of log_append's parameters.
    const shards = JSON.parse(String(values[6]).replace("{", "[").replace("}", "]")) as number[];
    onCall();
    const each = <T>(of: (shard: number) => T) => shards.map(of);
    const isLocked = (shard: number) => shard === shardOf(stalled.merchantId);
    return Promise.resolve([{ outcome: each((shard) => (isLocked(shard) ? "busy" : "appended")), from_position: each(() => 1n), recorded: each(() => "2026-11-22T00:00:00.000Z"), detail: each(() => ""), base: each(() => 0n) }]);
  };
  return sql as unknown as Sql;
}

test("a command does not wait for the pause between the tries of a shard that is locked", async () => {
  let tried = false;
  const lane = createAppendLane({ ...OPTIONS, open: () => lockedLog(() => (tried = true)), now: () => 0 });
  void lane.append(encodeCommand(command(stalled, [change("a", 0)])));
  const turn = () => new Promise((passed) => setImmediate(passed));
  while (!tried) await turn();
  await turn();
  // No timer ends by itself here.
  expect(await lane.append(encodeCommand(command(elsewhere(), [change("b", 0)])))).toMatchObject({ outcome: "appended" });
});

test("those who waited too long behind one that tries a locked shard are refused with it, not one try each", async () => {
  let tries = 0;
  let clock = 0;
  const lane = createAppendLane({ ...OPTIONS, open: () => lockedLog(() => tries++), now: () => clock });
  const asked = Array.from({ length: 20 }, (_, i) => lane.append(encodeCommand(command(stalled, [change(`a${i}`, 0)]))));
  while (tries === 0) await new Promise((passed) => setImmediate(passed));
  clock = 3_001;
  await vi.advanceTimersByTimeAsync(3_001);
  for (const outcome of await Promise.all(asked)) expect(outcome).toEqual({ outcome: "unavailable", reason: "shard-busy" });
  expect(tries).toBeLessThanOrEqual(3);
});

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
function lockedLog(onCall: () => void, lockedShard: (shard: number) => boolean = (shard) => shard === shardOf(stalled.merchantId)): Sql {
  const sql = (text: readonly string[], ...values: readonly unknown[]) => {
    if (!text[0]?.includes("log_append")) return text;
    // The shard of each command, in the order of log_append's parameters.
    const shards = JSON.parse(String(values[6]).replace("{", "[").replace("}", "]")) as number[];
    onCall();
    const each = <T>(of: (shard: number) => T) => shards.map(of);
    return Promise.resolve([{ outcome: each((shard) => (lockedShard(shard) ? "busy" : "appended")), from_position: each(() => 1n), recorded: each(() => "2026-11-22T00:00:00.000Z"), detail: each(() => ""), base: each(() => 0n) }]);
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

test("a shard that was held for a moment is tried again after 3 ms, however many commands of it were in the batch", async () => {
  let [clock, tries, held] = [0, 0, true];
  const lane = createAppendLane({ ...OPTIONS, open: () => lockedLog(() => tries++, () => held), now: () => clock });
  const asked = Promise.all(Array.from({ length: 20 }, (_, i) => lane.append(encodeCommand(command(stalled, [change(`a${i}`, 0)])))));
  while (tries === 0) await new Promise((passed) => setImmediate(passed));
  held = false;
  clock = 3;
  await vi.advanceTimersByTimeAsync(3);
  for (const outcome of await asked) expect(outcome).toMatchObject({ outcome: "appended" });
  // All of them, one that tries, and the others with what it found.
  expect(tries).toBe(3);
});

test("a shard that nobody waits for any more is as good as free to the next command", async () => {
  const other = elsewhere();
  const locked = new Set([shardOf(stalled.merchantId), shardOf(other.merchantId)]);
  let clock = 0;
  const lane = createAppendLane({ ...OPTIONS, busyMs: 100, open: () => lockedLog(() => {}, (shard) => locked.has(shard)), now: () => clock });
  const pass = async (ms: number) => {
    for (let i = 0; i < ms; i++) {
      clock++;
      await vi.advanceTimersByTimeAsync(1);
      await new Promise((passed) => setImmediate(passed));
    }
  };
  const refused = lane.append(encodeCommand(command(stalled, [change("a", 0)])));
  await pass(200);
  expect(await refused).toEqual({ outcome: "unavailable", reason: "shard-busy" });
  locked.delete(shardOf(stalled.merchantId));
  void lane.append(encodeCommand(command(other, [change("b", 0)])));
  await pass(60);
  // The other shard's next try is some time away, and no timer ends by itself here.
  expect(await lane.append(encodeCommand(command(stalled, [change("c", 0)])))).toMatchObject({ outcome: "appended" });
});

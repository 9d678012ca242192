import { expect, test } from "vitest";
import { createAppendQueue } from "./append-queue.ts";
import { encodeCommand } from "./encode.ts";
import { change, command, newMerchant } from "./testing/commands.ts";
import { shardOf } from "#shared/shards.ts";
import type { CountChange } from "./types.ts";

const owner = newMerchant();
let clock = 0;
const now = () => clock;

function elsewhere() {
  for (;;) {
    const other = newMerchant();
    if (shardOf(other.merchantId) !== shardOf(owner.merchantId)) return other;
  }
}

/** Another place of the same shard. */
function beside() {
  for (;;) {
    const other = newMerchant();
    if (other.merchantId !== owner.merchantId && shardOf(other.merchantId) === shardOf(owner.merchantId)) return other;
  }
}

function waiting(stream: string, options: { by?: typeof owner; since?: number; counts?: CountChange[]; commandId?: string } = {}) {
  const { by = owner, since = 0, counts = [], ...rest } = options;
  return { encoded: encodeCommand(command(by, [change(stream, 0)], { counts, ...rest })), since, stream };
}

const streams = (batch: { stream: string }[]) => batch.map(({ stream }) => stream);

test("LOG-2: a batch has one command for each aggregate, and the order of an aggregate's commands is kept", () => {
  const queue = createAppendQueue<ReturnType<typeof waiting>>({ batchSize: 1e6, now });
  const [a1, b1, a2, ab, b2] = [waiting("a"), waiting("b"), waiting("a"), waiting("a"), waiting("b")];
  for (const each of [a1, b1, a2, ab, b2]) queue.push(each);
  expect(queue.takeBatch(10)).toEqual([a1, b1]);
  expect(queue.takeBatch(10)).toEqual([a2, b2]);
  expect(queue.takeBatch(10)).toEqual([ab]);
  expect(queue.length).toBe(0);
});

test("LOG-2: a command that waits for one of its aggregates keeps later commands from the others", () => {
  const queue = createAppendQueue<ReturnType<typeof waiting>>({ batchSize: 1e6, now });
  const split = { ...waiting("x"), encoded: encodeCommand(command(owner, [change("a", 0), change("c", 0)])) };
  for (const each of [waiting("a"), split, waiting("c")]) queue.push(each);
  expect(streams(queue.takeBatch(10))).toEqual(["a"]);
  expect(streams(queue.takeBatch(10))).toEqual(["x"]);
  expect(streams(queue.takeBatch(10))).toEqual(["c"]);
});

test("LOG-2: a batch has one command for each counted product", () => {
  const queue = createAppendQueue<ReturnType<typeof waiting>>({ batchSize: 1e6, now });
  const counts = [{ product: "prd_1", take: "1" }];
  for (const stream of ["a", "b"]) queue.push(waiting(stream, { counts }));
  expect(streams(queue.takeBatch(10))).toEqual(["a"]);
  expect(streams(queue.takeBatch(10))).toEqual(["b"]);
});

test("LOG-2: a batch has one command for each command id, whoever sends it", () => {
  const queue = createAppendQueue<ReturnType<typeof waiting>>({ batchSize: 1e6, now });
  const { commandId } = waiting("a").encoded.command;
  for (const by of [owner, elsewhere()]) queue.push(waiting("a", { by, commandId }));
  expect(queue.takeBatch(10)).toHaveLength(1);
  expect(queue.takeBatch(10)).toHaveLength(1);
});

test("LOG-2: a shard whose lock was busy sends one command to try, and other shards have the room", () => {
  const queue = createAppendQueue<ReturnType<typeof waiting>>({ batchSize: 1e6, now });
  const other = elsewhere();
  for (let i = 0; i < 20; i++) queue.push(waiting(`a${i}`));
  for (let i = 0; i < 20; i++) queue.push(waiting(`b${i}`, { by: other }));
  queue.shardWasBusy(shardOf(owner.merchantId), true);
  clock += 3;
  const batch = queue.takeBatch(10);
  expect(streams(batch).filter((stream) => stream.startsWith("a"))).toEqual(["a0"]);
  expect(batch).toHaveLength(10);
  queue.putBack(batch.filter(({ stream }) => stream === "a0"));
  queue.shardWasBusy(shardOf(owner.merchantId), false);
  expect(streams(queue.takeBatch(100)).filter((stream) => stream.startsWith("a"))).toEqual(Array.from({ length: 20 }, (_, i) => `a${i}`));
});

test("a crowded shard shares the batch with the others", () => {
  const queue = createAppendQueue<ReturnType<typeof waiting>>({ batchSize: 1e6, now });
  for (let i = 0; i < 100; i++) queue.push(waiting(`a${i}`));
  queue.push(waiting("b", { by: elsewhere() }));
  expect(streams(queue.takeBatch(4))).toContain("b");
});

test("a flood from one place takes turns with another place of the same shard, whoever came first", () => {
  const queue = createAppendQueue<ReturnType<typeof waiting>>({ batchSize: 1e6, now });
  const neighbour = beside();
  for (let i = 0; i < 1_000; i++) queue.push(waiting(`flood${i}`));
  for (let i = 0; i < 5; i++) queue.push(waiting(`tap${i}`, { by: neighbour }));
  expect(streams(queue.takeBatch(4)).filter((stream) => stream.startsWith("tap"))).toEqual(["tap0", "tap1"]);
  expect(streams(queue.takeBatch(20)).filter((stream) => stream.startsWith("tap"))).toEqual(["tap2", "tap3", "tap4"]);
  expect(queue.waitingOf(waiting("flood").encoded)).toBe(1_000 - 2 - 17);
  expect(queue.waitingOf(waiting("tap", { by: neighbour }).encoded)).toBe(0);
});

test("of a busy shard one command tries, another place's each time", () => {
  const queue = createAppendQueue<ReturnType<typeof waiting>>({ batchSize: 1e6, now });
  for (let i = 0; i < 3; i++) queue.push(waiting(`a${i}`));
  for (let i = 0; i < 3; i++) queue.push(waiting(`b${i}`, { by: beside() }));
  queue.shardWasBusy(shardOf(owner.merchantId), true);
  clock += 3;
  const probes = [queue.takeBatch(10), queue.takeBatch(10)];
  for (const probe of probes) expect(probe).toHaveLength(1);
  expect(new Set(probes.map((probe) => probe[0]?.encoded.command.merchantId)).size).toBe(2);
});

test("a busy shard is tried after 3 ms, and less and less often while somebody keeps it, and leaves no pause behind", () => {
  const queue = createAppendQueue<ReturnType<typeof waiting>>({ batchSize: 1e6, now });
  const pauses: number[] = [];
  expect(queue.restMs()).toBe(Infinity);
  queue.push(waiting("a"));
  expect(queue.restMs()).toBe(0);
  for (let tries = 0; tries < 14; tries++) {
    queue.putBack(queue.takeBatch(10));
    queue.shardWasBusy(shardOf(owner.merchantId), true);
    pauses.push(queue.restMs());
    clock += queue.restMs() - 1;
    expect(queue.takeBatch(10)).toEqual([]);
    clock += 1;
  }
  expect(pauses).toEqual([3, 3, 3, 3, 3, 3, 3, 3, 6, 12, 24, 48, 48, 48]);
  queue.shardWasBusy(shardOf(owner.merchantId), true);
  queue.push(waiting("b", { by: elsewhere() }));
  expect(queue.restMs()).toBe(0);
  expect(streams(queue.takeBatch(10))).toEqual(["b"]);
  queue.shardWasBusy(shardOf(owner.merchantId), false);
  expect(queue.restMs()).toBe(0);
});

test("a stream that two places name has one command in a batch", () => {
  const queue = createAppendQueue<ReturnType<typeof waiting>>({ batchSize: 1e6, now });
  queue.push(waiting("a"));
  queue.push(waiting("a", { by: beside() }));
  expect(queue.takeBatch(10)).toHaveLength(1);
  expect(queue.takeBatch(10)).toHaveLength(1);
});

test("a batch is bounded by its size, and a command that is larger alone is a batch", () => {
  const queue = createAppendQueue<ReturnType<typeof waiting>>({ batchSize: 10, now });
  for (const stream of ["a", "b"]) queue.push(waiting(stream));
  expect(queue.takeBatch(10)).toHaveLength(1);
  expect(queue.takeBatch(10)).toHaveLength(1);
});

test("those who have waited too long are taken out, the others stay in order", () => {
  const queue = createAppendQueue<ReturnType<typeof waiting>>({ batchSize: 1e6, now });
  for (const [i, since] of [1, 5, 2, 6].entries()) queue.push(waiting(`a${i}`, { since }));
  expect(streams(queue.takeOlderThan(2)).sort()).toEqual(["a0", "a2"]);
  expect(streams(queue.takeBatch(10))).toEqual(["a1", "a3"]);
});

test("those of one shard who have waited too long are taken out without the others'", () => {
  const queue = createAppendQueue<ReturnType<typeof waiting>>({ batchSize: 1e6, now });
  queue.push(waiting("a"));
  queue.push(waiting("b", { by: elsewhere() }));
  expect(streams(queue.takeOlderThan(0, shardOf(owner.merchantId)))).toEqual(["a"]);
  expect(streams(queue.takeBatch(10))).toEqual(["b"]);
});

test("LOG-2: any number of commands that guard a stream share a batch, one that writes it waits for them and they for it", () => {
  const queue = createAppendQueue<{ readonly encoded: ReturnType<typeof encodeCommand>; readonly since: number; readonly name: string }>({ batchSize: 1e6, now });
  const guards = (name: string) => ({ name, since: 0, encoded: encodeCommand(command(owner, [change(name, 0), { stream: "count", kind: "countdown", expected: 0, events: [] }])) });
  for (const name of ["a", "b"]) queue.push(guards(name));
  queue.push({ name: "writer", since: 0, encoded: encodeCommand(command(owner, [change("count", 0)])) });
  queue.push(guards("c"));
  const names = (batch: readonly { readonly name: string }[]) => batch.map(({ name }) => name);
  expect(names(queue.takeBatch(10))).toEqual(["a", "b"]);
  expect(names(queue.takeBatch(10))).toEqual(["writer"]);
  expect(names(queue.takeBatch(10))).toEqual(["c"]);
});

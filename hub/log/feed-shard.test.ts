import fc from "fast-check";
import { expect, test } from "vitest";
import { createShardFeed } from "./feed-shard.ts";
import type { StoredEvent } from "./types.ts";

/** Commands of the given sizes, one after the other. */
function log(sizes: readonly number[]): StoredEvent[][] {
  let position = 0n;
  return sizes.map((size, command) =>
    Array.from({ length: size }, () => ({ shard: 0, position: ++position, commandId: `c${command}`, text: `${position}` })),
  );
}

test("whatever comes, in any order, twice or thrice: every command once, whole, in order", () => {
  const deliveries = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 20 }).chain((sizes) =>
    fc.record({ commands: fc.constant(log(sizes)), order: fc.array(fc.nat({ max: sizes.length - 1 }), { maxLength: 80 }) }),
  );
  fc.assert(
    fc.property(deliveries, fc.integer({ min: 1, max: 30 }), ({ commands, order }, most) => {
      const feed = createShardFeed(0, 0n, most);
      const frames = order.flatMap((index) => feed.accept(commands[index] ?? []));
      // At last everything in order, as Postgres would give it.
      frames.push(...feed.accept(commands.flat()));
      expect(frames.map(({ events }) => events)).toEqual(commands);
      expect(feed.hole).toBe(false);
      expect(feed.position).toBe(commands.flat().at(-1)?.position);
    }),
  );
});

test("what comes after a hole is held up to a bound, all of a command or none", () => {
  const [, second, third, fourth] = log([1, 2, 2, 2]);
  const feed = createShardFeed(0, 0n, 3);
  expect(feed.accept(second ?? [])).toEqual([]);
  expect(feed.accept(third ?? [])).toEqual([]);
  expect(feed.hole).toBe(true);
  const [first] = log([1]);
  expect(feed.accept(first ?? []).map(({ to }) => to)).toEqual([1n, 3n]);
  expect(feed.early).toEqual({ length: 0, bound: 3, full: 2 });
  expect(feed.accept(fourth ?? [])).toEqual([]);
  expect(feed.hole).toBe(true);
  expect(feed.early).toEqual({ length: 2, bound: 3, full: 2 });
});

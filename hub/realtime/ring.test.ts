import fc from "fast-check";
import { expect, test } from "vitest";
import type { RoomFrame } from "./frames.ts";
import { createRing } from "./ring.ts";

test("RT-2: a ring gives all frames after a position, or says that it cannot", () => {
  const frames = fc.array(fc.record({ gap: fc.integer({ min: 0, max: 3 }), events: fc.integer({ min: 1, max: 4 }), size: fc.integer({ min: 1, max: 50 }) }), { maxLength: 60 });
  fc.assert(
    fc.property(frames, fc.bigInt(0n, 250n), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 300 }), (steps, asked, most, bytes) => {
      const ring = createRing(5n, { frames: most, bytes });
      const all: RoomFrame[] = [];
      let position = 5n;
      for (const { gap, events, size } of steps) {
        const from = position + BigInt(gap) + 1n;
        const to = from + BigInt(events) - 1n;
        const frame: RoomFrame = { owner: { organizerId: "org_1" }, shard: 0, from, to, commandId: "c", at: "", events: [], topics: 0, size };
        position = to;
        all.push(frame);
        ring.push(frame);
      }
      const given = ring.since(asked);
      if (given !== undefined) expect(given).toEqual(all.filter((frame) => frame.to > asked));
      // The bounds are generous enough that the last frame is always there.
      expect(ring.since(position)).toEqual([]);
      if (asked < 5n) expect(given).toBeUndefined();
    }),
  );
});

test("it forgets the oldest by number and by size", () => {
  const frame = (to: bigint, size: number): RoomFrame => ({ owner: { organizerId: "org_1" }, shard: 0, from: to, to, commandId: "c", at: "", events: [], topics: 0, size });
  const ring = createRing(0n, { frames: 3, bytes: 100 });
  for (let n = 1n; n <= 4n; n++) ring.push(frame(n, 10));
  expect(ring.since(0n)).toBeUndefined();
  expect(ring.since(1n)?.map((each) => each.to)).toEqual([2n, 3n, 4n]);
  ring.push(frame(5n, 95));
  expect(ring.since(3n)).toBeUndefined();
  expect(ring.since(4n)?.map((each) => each.to)).toEqual([5n]);
});

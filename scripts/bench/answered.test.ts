import { expect, test } from "vitest";
import { answeredAt, judge, type Found } from "./answered.ts";

const answered = [
  { commandId: "A", shard: 3, from: 11, to: 12 },
  { commandId: "B", shard: 3, from: 13, to: 14 },
  { commandId: "C", shard: 7, from: 11, to: 11 },
];
const found = (commandId: string, shard: number, ...positions: number[]): Found[] => positions.map((position) => ({ commandId, shard, position }));
const all = [...found("A", 3, 11, 12), ...found("B", 3, 13, 14), ...found("C", 7, 11), ...found("X", 7, 12)];

test("all that was answered is there once, beside what others wrote", () => {
  expect(judge(answered, all)).toEqual({ missing: 0, doubled: 0 });
});

test("a command that lacks an event is missing, and one that is there again is double, whatever the sum", () => {
  const without = all.filter(({ commandId, position }) => !(commandId === "B" && position === 14));
  expect(judge(answered, [...without, ...found("A", 3, 20)])).toEqual({ missing: 1, doubled: 1 });
  expect(judge(answered, [...all, ...found("C", 7, 11)])).toEqual({ missing: 0, doubled: 1 });
});

test("of a stream that keeps only so much, what it has let go of was in it", () => {
  expect(judge(answered, all.filter(({ shard, position }) => shard === 7 || position >= 14), new Map([[3, 14]]))).toEqual({ missing: 0, doubled: 0 });
  expect(judge(answered, all.filter(({ position }) => position > 14), new Map([[3, 14]]))).toEqual({ missing: 2, doubled: 0 });
});

test("an answer tells where its events are", () => {
  const answer = '{"result":{"data":{"json":{"ok":true,"result":{"check":"chk_1"},"at":{"shard":3,"from":"11","to":"12"}}}}}';
  expect(answeredAt("A", answer)).toEqual(answered[0]);
  expect(() => answeredAt("A", '{"ok":true,"at":null}')).toThrow(/without events/);
});

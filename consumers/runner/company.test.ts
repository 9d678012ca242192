import { expect, test } from "vitest";
import { company } from "./company.ts";

const ALL = Array.from({ length: 16 }, (_, shard) => shard);

test("RUN-3e: batches of few shards wait as the policy says, of many longer, and never longer than a second", () => {
  const few = company(250, () => 0);
  expect(ALL.map((shard) => few.waitMs(shard))).toEqual([250, 250, 250, 250, 500, 500, 500, 500, 750, 750, 750, 750, 1_000, 1_000, 1_000, 1_000]);
  const audit = company(500, () => 0);
  expect(ALL.map((shard) => audit.waitMs(shard)).at(-1)).toBe(1_000);
  const none = company(0, () => 0);
  expect(ALL.map((shard) => none.waitMs(shard))).toEqual(ALL.map(() => 0));
});

test("RUN-3e: who was busy a while ago makes nobody wait", () => {
  let clock = 0;
  const group = company(250, () => clock);
  for (const shard of ALL) group.waitMs(shard);
  expect(group.waitMs(15)).toBe(1_000);
  clock = 2_001;
  expect(group.waitMs(3)).toBe(250);
});

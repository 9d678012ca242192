import { afterAll, beforeAll, expect, test } from "vitest";
import { leases } from "./leases.ts";
import { skipped } from "./skipped.ts";
import { openBench, type Bench } from "./testing/bench.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

/** Every shard of the group, leased, and where its checkpoint stands. */
async function taken(group: string) {
  const book = leases(bench.sql, group, group, [group], 60_000);
  await book.register();
  const shards = await book.take(group, 16);
  const stands = async () => {
    const rows = await bench.sql<{ shard: number; position: bigint }[]>`select shard, position from consumer_checkpoints where consumer_group = ${group} order by shard`;
    return rows.map(({ position }) => Number(position));
  };
  return { shards, stands };
}

test("RUN-1e: checkpoints that only passed events of others move together, in one statement", async () => {
  const { shards, stands } = await taken("together");
  const [before] = await bench.sql<{ xid: string }[]>`select pg_current_xact_id()::text as xid`;
  const skips = skipped(bench.sql);
  const moved = await Promise.all(shards.map((lease, i) => skips.follow(lease, 0n, BigInt(i + 1))));
  expect(moved).toEqual(Array(16).fill(true));
  expect(await stands()).toEqual(shards.map((_, i) => i + 1));
  const rows = await bench.sql<{ xid: string }[]>`select distinct xmin::text as xid from consumer_checkpoints where consumer_group = 'together'`;
  expect(rows).toHaveLength(1);
  expect(Number(rows[0]?.xid)).toBeGreaterThan(Number(before?.xid));
});

test("RUN-2b: one that was taken over, stands elsewhere or is held by somebody stays where it is, and keeps none of the others", async () => {
  const { shards, stands } = await taken("apart");
  const skips = skipped(bench.sql);
  await bench.sql`update consumer_checkpoints set fence = fence + 1 where consumer_group = 'apart' and shard = 1`;
  await bench.sql`update consumer_checkpoints set position = 5 where consumer_group = 'apart' and shard = 2`;
  const moved = await bench.sql.begin(async (tx) => {
    await tx`select from consumer_checkpoints where consumer_group = 'apart' and shard = 3 for update`;
    return Promise.all(shards.map((lease) => skips.follow(lease, 0n, 9n)));
  });
  expect(moved).toEqual(shards.map((_, shard) => shard === 0 || shard > 3));
  expect(await stands()).toEqual(shards.map((_, shard) => [9, 0, 5, 0][shard] ?? 9));
});

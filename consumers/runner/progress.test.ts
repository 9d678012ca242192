import { expect, test, vi } from "vitest";
import type { Lease } from "./leases.ts";
import { Progress } from "./progress.ts";

const text = (position: bigint) => `event ${position}`;

/** A shard whose first `told` events came by Redis; of all others only the head is known. */
function behind(told: number, head: bigint) {
  const readRange = vi.fn((_shard: number, after: bigint, limit: number) => {
    const positions = Array.from({ length: limit }, (_, i) => after + BigInt(i + 1)).filter((position) => position <= head);
    return Promise.resolve(positions.map((position) => ({ position, text: text(position) })));
  });
  const deps = { log: { readRange }, skipped: { follow: () => Promise.resolve(true) }, skipFlushMs: 1_000, isOfInterest: () => true, onPersisted: () => {}, onDue: () => {} };
  const progress = new Progress(deps as never, { shard: 0, position: 0n } as Lease);
  for (let i = 1n; i <= BigInt(told); i++) progress.offer(i, text(i));
  progress.noticeHead(head);
  return { progress, readRange };
}

test("what follows the batch under way is read from Postgres meanwhile, once for all who ask, and never when enough is queued", async () => {
  const { progress, readRange } = behind(500, 2_000n);
  const batch = await progress.next(500, 500);
  expect(batch?.to).toBe(500n);
  expect(readRange).not.toHaveBeenCalled();
  const [next, same] = await Promise.all([progress.behind(500n, 500), progress.behind(500n, 500)]);
  expect(next.map(({ position }) => position)).toEqual(Array.from({ length: 500 }, (_, i) => BigInt(501 + i)));
  expect(same).toEqual(next);
  expect(readRange.mock.calls).toEqual([[0, 500n, 500]]);
  await progress.behind(500n, 500);
  expect(readRange).toHaveBeenCalledTimes(1);
  progress.reached(500n);
  expect((await progress.next(500, 500))?.to).toBe(1_000n);
  expect(readRange).toHaveBeenCalledTimes(1);
});

test("a page that is on its way when its batch is done is waited for, and not read twice", async () => {
  const { progress, readRange } = behind(10, 20n);
  await progress.next(10, 10);
  const early = progress.behind(10n, 10);
  progress.reached(10n);
  expect((await progress.next(10, 10))?.to).toBe(20n);
  await early;
  expect(readRange).toHaveBeenCalledTimes(1);
});

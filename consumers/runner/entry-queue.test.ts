import { expect, test } from "vitest";
import { entryQueue } from "./entry-queue.ts";

const queue = (applied: bigint) => entryQueue(applied, (text) => text.startsWith("y"));

test("RUN-1: only the position that follows gets in; a hole asks for Postgres", () => {
  const q = queue(10n);
  expect(q.offer(9n, "y9")).toBe(true);
  expect(q.offer(12n, "y12")).toBe(false);
  expect(q.missingAfter()).toBe(10n);
  expect(q.offer(11n, "y11")).toBe(true);
  expect(q.offer(11n, "y11 again")).toBe(true);
  expect(q.offer(12n, "y12")).toBe(true);
  expect(q.missingAfter()).toBeUndefined();
  expect(q.peek(10)).toEqual({ entries: [{ position: 11n, text: "y11" }, { position: 12n, text: "y12" }], to: 12n });
  q.dropThrough(11n);
  expect(q.peek(10)?.to).toBe(12n);
  q.dropThrough(12n);
  expect(q.peek(10)).toBeUndefined();
  expect(q.missingAfter()).toBeUndefined();
});

test("RUN-1: events of no interest are covered by the batch and do not fill it", () => {
  const q = queue(0n);
  for (const [i, text] of ["n", "y", "n", "n", "y", "n", "y", "n"].entries()) q.offer(BigInt(i + 1), text);
  const batch = q.peek(2);
  expect(batch?.entries.map(({ position }) => position)).toEqual([2n, 5n]);
  expect(batch?.to).toBe(6n);
});

test("RUN-1: a head told by Postgres is missing until it was read; a checkpoint found further on drops what was queued", () => {
  const q = queue(0n);
  q.noticeHead(3n);
  expect(q.missingAfter()).toBe(0n);
  q.offer(1n, "y");
  expect(q.missingAfter()).toBe(1n);
  q.dropThrough(3n);
  expect(q.missingAfter()).toBeUndefined();
  expect(q.length).toBe(0);
  expect(q.offer(3n, "y")).toBe(true);
  expect(q.length).toBe(0);
  expect(q.offer(4n, "y")).toBe(true);
  expect(q.length).toBe(1);
});

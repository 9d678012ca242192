import fc from "fast-check";
import { expect, test } from "vitest";
import { parkedLine, type ParkedEntry } from "./parked-line.ts";

const entry = (position: bigint, keys: string[], dueAtMs: number | null = null, dead = false): ParkedEntry => ({ position, keys, dueAtMs, dead });

test("RUN-4: an event may run when it is first in every line that it stands in, and due", () => {
  const line = parkedLine();
  line.put(entry(1n, ["a"], 100));
  line.put(entry(2n, ["a", "b"]));
  line.put(entry(3n, ["b"]));
  line.put(entry(4n, ["c"], 50));
  expect(line.blocks(["b"])).toBe(true);
  expect(line.blocks(["d"])).toBe(false);
  expect(line.nextDue(60)).toBe(4n);
  line.remove(4n);
  expect(line.nextDue(99)).toBeUndefined();
  expect(line.waitsForTime()).toBe(true);
  expect(line.nextDue(100)).toBe(1n);
  line.remove(1n);
  expect(line.nextDue(0)).toBe(2n);
  line.remove(2n);
  expect(line.nextDue(0)).toBe(3n);
  line.remove(3n);
  expect(line.size).toBe(0);
  expect(line.blocks(["a", "b", "c"])).toBe(false);
});

test("RUN-4: a dead letter that blocks holds its line without ever being due", () => {
  const line = parkedLine();
  line.put(entry(1n, ["a"], null, true));
  line.put(entry(2n, ["a"]));
  expect(line.nextDue(1e15)).toBeUndefined();
  expect(line.waitsForTime()).toBe(false);
  line.put(entry(1n, ["a"], 5));
  expect(line.nextDue(5)).toBe(1n);
});

test("RUN-4: a dead letter that is tried again stands before whatever was parked since", () => {
  const line = parkedLine();
  line.put(entry(7n, ["a"], 0));
  line.put(entry(3n, ["a"], 0));
  expect(line.nextDue(0)).toBe(3n);
});

test("RUN-4: whatever is put and removed, the next one is as a search over all lines says", () => {
  const entries = fc.uniqueArray(
    fc.record({ position: fc.bigInt({ min: 1n, max: 40n }), keys: fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { minLength: 1 }), dead: fc.boolean(), dueAtMs: fc.option(fc.nat(10)) }),
    { selector: ({ position }) => position, maxLength: 25 },
  );
  fc.assert(
    fc.property(entries, fc.array(fc.nat(24)), fc.nat(10), (all, removed, now) => {
      const line = parkedLine();
      for (const one of all) line.put(one);
      for (const i of removed) if (all[i] !== undefined) line.remove(all[i].position);
      const gone = new Set(removed.map((i) => all[i]?.position));
      const left = all.filter(({ position }) => !gone.has(position)).sort((a, b) => Number(a.position - b.position));
      const expected = left.find((one) => !one.dead && (one.dueAtMs ?? 0) <= now && !left.some((other) => other.position < one.position && other.keys.some((key) => one.keys.includes(key))));
      expect(line.nextDue(now)).toBe(expected?.position);
      expect(line.size).toBe(left.length);
      const through = new Set<bigint>();
      for (const one of left) {
        const before = left.filter((other) => other.position < one.position && other.keys.some((key) => one.keys.includes(key)));
        if (!one.dead && one.dueAtMs === null && before.every(({ position }) => through.has(position))) through.add(one.position);
      }
      expect(line.together(25)).toEqual([...through]);
    }),
  );
});

test("RUN-4: those that never failed go together, each behind all that it waits for", () => {
  const line = parkedLine();
  for (const one of [entry(1n, ["a"], 100), entry(2n, ["a"]), entry(3n, ["b"]), entry(4n, ["b", "c"]), entry(5n, ["c"]), entry(6n, ["d"], null, true), entry(7n, ["b", "d"]), entry(8n, ["c"])]) line.put(one);
  expect(line.together(9)).toEqual([3n, 4n, 5n, 8n]);
  expect(line.together(2)).toEqual([3n, 4n]);
  line.put({ ...entry(4n, ["b", "c"]), alone: true });
  expect(line.together(9)).toEqual([3n]);
  line.remove(1n);
  expect(line.together(9)).toEqual([2n, 3n]);
});

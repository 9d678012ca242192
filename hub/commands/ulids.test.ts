import { decodeTime } from "ulidx";
import { expect, test } from "vitest";
import { ULID_PATTERN } from "#shared/ids.ts";
import { createUlids } from "./ulids.ts";

test("ULIDs are well formed, rise, carry their time, and none comes twice", () => {
  let now = Date.parse("2026-11-20T10:00:00.000Z");
  const next = createUlids(() => now);
  const made: string[] = [];
  for (let i = 0; i < 20_000; i++) {
    if (i % 700 === 0) now += 1;
    if (i === 9_000) now -= 60_000;
    made.push(next());
  }
  expect(made.every((ulid) => ULID_PATTERN.test(ulid))).toBe(true);
  expect([...made].sort()).toEqual(made);
  expect(new Set(made).size).toBe(made.length);
  expect(decodeTime(made[0] ?? "")).toBe(Date.parse("2026-11-20T10:00:00.001Z"));
});

test("two makers do not meet", () => {
  const [one, two] = [createUlids(() => 0), createUlids(() => 0)];
  const made = Array.from({ length: 5_000 }, () => [one(), two()]).flat();
  expect(new Set(made).size).toBe(made.length);
});

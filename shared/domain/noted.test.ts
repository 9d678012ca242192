import { expect, test } from "vitest";
import { notes } from "./noted.ts";
import { sameJson } from "./same.ts";

test("a note is found on its object, and on nothing that was made of it", () => {
  const lengths = notes<object, number>();
  const other = notes<object, number>();
  const shares = { a: 1, b: 2 };
  expect(lengths.of(shares)).toBeUndefined();
  expect(lengths.note(shares, 2)).toBe(2);
  expect([lengths.of(shares), other.of(shares)]).toEqual([2, undefined]);
  expect(lengths.of({ ...shares, c: 3 })).toBeUndefined();
  expect(lengths.of(structuredClone(shares))).toBeUndefined();
});

test("nobody who lists, compares or writes the object sees a note", () => {
  const shares = { a: 1, b: 2 };
  notes<object, string>().note(shares, "two");
  const listed: string[] = [];
  for (const key in shares) listed.push(key);
  expect(listed).toEqual(["a", "b"]);
  expect(JSON.stringify(shares)).toBe('{"a":1,"b":2}');
  expect(sameJson(shares, { a: 1, b: 2 })).toBe(true);
  expect(shares).toStrictEqual({ a: 1, b: 2 });
});

test("of what is frozen nothing is noted, and the answer is the same", () => {
  const lengths = notes<object, number>();
  const frozen = Object.freeze({ a: 1 });
  expect(lengths.note(frozen, 1)).toBe(1);
  expect(lengths.of(frozen)).toBeUndefined();
});

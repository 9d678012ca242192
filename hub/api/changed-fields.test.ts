import { expect, test } from "vitest";
import { changedFields } from "./changed-fields.ts";

test("what an event changed: fields, and of a table the things in it", () => {
  const before = { label: "T5", covers: 2, items: { a: { quantity: "1" }, b: { quantity: "1" } }, tags: ["x"] };
  const after = { label: "T6", covers: 2, items: { a: { quantity: "2" }, c: { quantity: "1" } }, tags: ["x"] };
  expect(changedFields(before, after)).toEqual([
    { field: "label", before: "T5", after: "T6" },
    { field: "items.a", before: { quantity: "1" }, after: { quantity: "2" } },
    { field: "items.b", before: { quantity: "1" }, after: null },
    { field: "items.c", before: null, after: { quantity: "1" } },
  ]);
  expect(changedFields(undefined, { id: "x" })).toEqual([{ field: "id", before: null, after: "x" }]);
  expect(changedFields(before, { ...before, tags: ["x"] })).toEqual([]);
});

import { expect, test } from "vitest";
import { canonicalJson, commandHash } from "./canonical.ts";

test("the order of fields and absent fields do not matter, the order of items does", () => {
  expect(canonicalJson({ b: [1, "x"], a: undefined, c: { e: null, d: true } })).toBe('{"b":[1,"x"],"c":{"d":true,"e":null}}');
  expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]));
});

test("LOG-4: the hash tells type, version, actor, merchant and input apart", () => {
  const base = { type: "order.send", version: 1, actor: "staff:a", merchant: "m", input: { order: "o" } };
  const hashes = [base, { ...base, type: "x" }, { ...base, version: 2 }, { ...base, actor: "staff:b" }, { ...base, merchant: "n" }, { ...base, input: {} }].map(commandHash);
  expect(new Set(hashes).size).toBe(hashes.length);
});

import { expect, test } from "vitest";
import { addressHash } from "./address-hash.ts";

test("an address is the same whenever it is hashed, another under another secret, and not to be seen", () => {
  const [one, again, other] = [addressHash("a secret of sixteen"), addressHash("a secret of sixteen"), addressHash("another of sixteen")];
  expect(one("10.0.0.7")).toMatch(/^[A-Za-z0-9_-]{22}$/);
  expect(one("10.0.0.7")).toBe(one("10.0.0.7"));
  expect(again("10.0.0.7")).toBe(one("10.0.0.7"));
  expect(new Set([one("10.0.0.7"), one("10.0.0.8"), other("10.0.0.7")]).size).toBe(3);
});

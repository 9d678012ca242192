import { expect, test } from "vitest";
import { ULID_PATTERN } from "#shared/ids.ts";
import { derivedUlid } from "./derived-ulid.ts";

const SOURCE = "evt_01M7XM7MNGFRX6TBAPE0NPT8WN";

test("LOG-4: the same for every delivery, another for every salt, in the source's month", () => {
  expect(derivedUlid(SOURCE, "kitchen/open")).toBe(derivedUlid(SOURCE.slice(4), "kitchen/open"));
  expect(derivedUlid(SOURCE, "kitchen/open")).not.toBe(derivedUlid(SOURCE, "kitchen/add"));
  expect(derivedUlid(SOURCE, "a")).toMatch(ULID_PATTERN);
  expect(derivedUlid(SOURCE, "a").slice(0, 10)).toBe("01M7XM7MNG");
});

test("what is no ULID is refused", () => {
  expect(() => derivedUlid("evt_1", "a")).toThrow();
});

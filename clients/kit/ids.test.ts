import { decodeTime } from "ulidx";
import { expect, test } from "vitest";
import { ULID_PATTERN } from "#shared/ids.ts";
import { newCommandId } from "./ids.ts";

test("a command's id is of the hub's time, also when an earlier one came from a clock that was ahead", () => {
  const ahead = newCommandId(Date.UTC(2031, 0, 1));
  const right = newCommandId(Date.UTC(2026, 10, 20));
  for (const id of [ahead, right]) expect(id).toMatch(ULID_PATTERN);
  expect(decodeTime(right)).toBe(Date.UTC(2026, 10, 20));
});

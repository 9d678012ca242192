import { expect, test } from "vitest";
import { lastingKey } from "./lasting-key.ts";

test("a bill keeps its pane when the hub names it, and another bill has one of its own", () => {
  const guessed = lastingKey(null, "chk_guessed", true);
  const named = lastingKey(guessed, "chk_named", true);
  expect([guessed.key, named], "the pane fell back to cash when the first items' answer came").toEqual(["chk_guessed", { check: "chk_named", key: "chk_guessed" }]);
  expect(lastingKey(named, "chk_named", false)).toBe(named);
  expect(lastingKey(named, "chk_other", false)).toEqual({ check: "chk_other", key: "chk_other" });
});

import { describe, expect, it } from "vitest";
import { steadyList } from "./steady-list.ts";

describe("a steady list", () => {
  const [a, b, c] = [{ id: "a" }, { id: "b" }, { id: "c" }];

  it("is the same one while it holds the same", () => {
    const steady = steadyList<object>();
    const first = steady([a, b]);
    expect(steady([a, b])).toBe(first);
    expect(steady([a, { id: "b" }])).not.toBe(first);
  });

  it.each([[[a]], [[a, b, c]], [[b, a]], [[]]])("is a new one when anything else is there: %j", (next) => {
    const steady = steadyList<object>();
    const first = steady([a, b]);
    expect(steady(next)).toBe(next);
    expect(steady([a, b])).not.toBe(first);
  });
});

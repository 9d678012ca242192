import { expect, test } from "vitest";
import { tidy } from "./arrange.ts";
import { neighbour } from "./neighbour.ts";

// a c e
// b d f   and g on the next page
const places = tidy(["a", "b", "c", "d", "e", "f", "g"].map((id) => ({ id, height: 40, columns: 1 })), { columns: 3, height: 100, gap: 10 });

test("arrows go to the nearest card that way, and stay at the edge", () => {
  expect(neighbour(places, 0, "a", "down")).toBe("b");
  expect(neighbour(places, 0, "b", "down")).toBe("b");
  expect(neighbour(places, 0, "b", "right")).toBe("d");
  expect(neighbour(places, 0, "f", "left")).toBe("d");
  expect(neighbour(places, 0, "f", "up")).toBe("e");
  expect(neighbour(places, 0, "f", "right")).toBe("f");
});

test("with none selected, or one of another page, the first", () => {
  expect(neighbour(places, 0, null, "left")).toBe("a");
  expect(neighbour(places, 0, "g", "down")).toBe("a");
  expect(neighbour(places, 1, "a", "up")).toBe("g");
});

import { expect, test } from "vitest";
import { tidy } from "./arrange.ts";
import { neighbour } from "./neighbour.ts";

// a b c
// d e f   and g on the next page
const places = tidy(["a", "b", "c", "d", "e", "f", "g"].map((id) => ({ id, height: 40, columns: 1 })), { columns: 3, height: 100, gap: 10 });

test("arrows go to the nearest card that way, and stay at the edge", () => {
  expect(neighbour(places, 0, "a", "down")).toBe("d");
  expect(neighbour(places, 0, "d", "down")).toBe("d");
  expect(neighbour(places, 0, "d", "right")).toBe("e");
  expect(neighbour(places, 0, "f", "left")).toBe("e");
  expect(neighbour(places, 0, "f", "up")).toBe("c");
  expect(neighbour(places, 0, "f", "right")).toBe("f");
});

test("with none selected, or one of another page, the first", () => {
  expect(neighbour(places, 0, null, "left")).toBe("a");
  expect(neighbour(places, 0, "g", "down")).toBe("a");
  expect(neighbour(places, 1, "a", "up")).toBe("g");
});

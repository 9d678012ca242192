import { expect, test } from "vitest";
import { borneOf, halfOf, piecesOf } from "./share-words.ts";

const share = (quantity: string, numerator = 1, denominator = 1) => ({ quantity, numerator, denominator });

test("pieces are counted, a shared bottle is a fraction", () => {
  expect(borneOf(share("2"))).toEqual({ count: "2", fraction: null });
  expect(borneOf(share("5", 3, 5))).toEqual({ count: "3", fraction: null });
  expect(borneOf(share("1", 1, 2))).toEqual({ count: null, fraction: "1/2" });
  expect(borneOf(share("0.25"))).toEqual({ count: "0.25", fraction: null });
  expect(borneOf(share("1", 1, 9))).toEqual({ count: null, fraction: "1/9" });
  expect(borneOf(share("2", 1, 9))).toEqual({ count: null, fraction: "1/9 of 2" });
});

test("only whole pieces are moved one by one", () => {
  expect(piecesOf(share("5"))).toBe(5);
  expect(piecesOf(share("5", 3, 5))).toBe(3);
  expect(piecesOf(share("1", 1, 9))).toBe(1);
  expect(piecesOf(share("1", 1, 2))).toBe(1);
});

test("half of a line is said as a quantity, of what cannot be divided there is none", () => {
  expect(halfOf(share("3"))).toBe("1.5");
  expect(halfOf(share("1"))).toBe("0.5");
  expect(halfOf(share("5", 3, 5))).toBe("1.5");
  expect(halfOf(share("0.25"))).toBe("0.125");
  expect(halfOf(share("0.125"))).toBeNull();
  expect(halfOf(share("1", 1, 3))).toBeNull();
  expect(halfOf({ ...share("1"), kind: "stored-value" })).toBeNull();
  expect(halfOf({ ...share("1"), combo: { combo: "itm_menu", name: "Lunch" } })).toBeNull();
});

import { describe, expect, test } from "vitest";
import type { ProductState } from "#shared/domain/menu/state.ts";
import { findProducts } from "./find-products.ts";

const product = (number: number, name: string, active = true) => ({ id: `p${number}`, number, names: { button: name, kitchen: name, receipt: name }, active }) as unknown as ProductState;
const menu = [product(1, "Latte"), product(2, "Flat White"), product(12, "Phở bò"), product(13, "Phở gà"), product(21, "Crème brûlée"), product(22, "Bún chả đặc biệt"), product(30, "Old soup", false)];
const names = (query: string) => findProducts(menu, query).map((found) => found.names.button);

describe("screen rule 4: search answers from two letters or a number", () => {
  test("accents are not needed", () => {
    expect(names("pho")).toEqual(["Phở bò", "Phở gà"]);
    expect(names("brul")).toEqual(["Crème brûlée"]);
    expect(names("dac")).toEqual(["Bún chả đặc biệt"]);
  });

  test("several words may begin anywhere", () => {
    expect(names("bo ph")).toEqual(["Phở bò"]);
    expect(names("WHITE")).toEqual(["Flat White"]);
  });

  test("a number finds by its beginning, the exact one first", () => {
    expect(names("2")).toEqual(["Flat White", "Crème brûlée", "Bún chả đặc biệt"]);
    expect(names("12")).toEqual(["Phở bò"]);
  });

  test("one letter, nothing and what is not sold find nothing", () => {
    expect(names("p")).toEqual([]);
    expect(names(" ")).toEqual([]);
    expect(names("old")).toEqual([]);
  });

  test("of a menu of 2,000 as many are shown as a screen takes", () => {
    const large = Array.from({ length: 2000 }, (_, i) => product(i + 1, `Dish ${i} with phở and crème`));
    expect(findProducts(large, "pho cr")).toHaveLength(30);
  });
});

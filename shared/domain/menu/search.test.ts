import { describe, expect, test } from "vitest";
import { id } from "../testing/given.ts";
import { place } from "../testing/place.ts";
import { foldText, searchIndex, searchProducts } from "./search.ts";

const products = place().all("product");
const find = (query: string) => searchProducts(searchIndex(products), query).map((product) => product.names.button);

describe("search (screens, 4)", () => {
  test("two letters, diacritics folded: pho finds Phở", () => {
    expect(find("pho")).toEqual(["Phở bò"]);
    expect(find("PHỞ BÒ")).toEqual(["Phở bò"]);
    expect(find("tirami")).toEqual(["Tiramisù"]);
    expect(find("bo")).toEqual(["Phở bò"]);
    expect(find("bo ph")).toEqual(["Phở bò"]);
    expect(foldText("Đặc Straße Łódź Crème brûlée")).toBe("dac strasse lodz creme brulee");
  });

  test("one letter finds nothing, a number finds from its first digit, the exact one first", () => {
    expect(find("p")).toEqual([]);
    expect(find("2")).toEqual(["Burger", "Phở bò"]);
    expect(find("21")).toEqual(["Phở bò"]);
    expect(find("99")).toEqual([]);
  });

  test("beginnings of names come before beginnings of words before the middle of words", () => {
    const names = ["Iced Latte", "Chocolatte", "Latte"];
    const index = searchIndex(
      names.map((name, i) => ({ ...(products[4] as (typeof products)[number]), id: id("product", i), version: 1, number: i + 1, names: { button: name, kitchen: name, receipt: name } })),
    );
    expect(searchProducts(index, "latte").map((p) => p.names.button)).toEqual(["Latte", "Iced Latte", "Chocolatte"]);
  });

  test("what is off the menu is not found", () => {
    expect(searchProducts(searchIndex(products.map((p) => ({ ...p, active: false }))), "pho")).toEqual([]);
  });

});

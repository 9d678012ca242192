import { expect, test } from "vitest";
import { madeNowhere, rowsOf, rulesOf, twice, type RouteRow } from "./routes-draft.ts";

const row = (key: number, what: string, serviceType: RouteRow["serviceType"], ...stations: string[]): RouteRow => ({ key, what, serviceType, stations });
const isProduct = (id: string) => id.startsWith("prd");

test("a route for one kind of service counts before one for all, whichever was typed first", () => {
  const rows = [row(0, "cat_grill", "all", "grill"), row(1, "cat_grill", "takeaway", "counter"), row(2, "prd_steak", "all", "grill"), row(3, "all", "all", "kitchen")];
  const rules = rulesOf(rows, isProduct);
  expect(rules).toEqual([
    { category: "cat_grill", serviceType: "takeaway", stations: ["counter"] },
    { category: "cat_grill", stations: ["grill"] },
    { product: "prd_steak", stations: ["grill"] },
    { stations: ["kitchen"] },
  ]);
  expect(rulesOf(rowsOf(rules), isProduct)).toEqual(rules);
});

test("of two for the same the second is told, and what nobody makes is named", () => {
  expect([...twice([row(0, "cat_bar", "all", "bar"), row(1, "cat_bar", "takeaway", "bar"), row(2, "cat_bar", "all", "grill")])]).toEqual([2]);
  const products = [{ id: "prd_tea", category: "cat_bar" }, { id: "prd_card", category: "cat_gifts" }];
  expect(madeNowhere(products, [{ category: "cat_bar", stations: ["bar"] }]).map(({ id }) => id)).toEqual(["prd_card"]);
});

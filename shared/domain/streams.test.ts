import { expect, test } from "vitest";
import { id } from "./testing/given.ts";
import { eur, place } from "./testing/place.ts";
import { tillStream } from "./streams.ts";

const MERCHANT = id("merchant", 1);

test.each([
  ["decomposed accents", "Cafe\u0301 1"],
  ["a no-break space", "Caf\u00e9\u00a01"],
  ["two spaces", "Caf\u00e9  1"],
  ["space around it", " Caf\u00e9 1\t"],
  ["full-width digits", "Caf\u00e9 \uff11"],
  ["capitals, decomposed", "CAFE\u0301 1"],
])("DOM-16: a till's name with %s is the same till", (_, name) => {
  expect(tillStream(MERCHANT, name)).toBe(tillStream(MERCHANT, "Caf\u00e9 1"));
});

test("DOM-16: other names are other tills", () => {
  expect(new Set(["Till 1", "Till 2", "Till1", "Bar"].map((name) => tillStream(MERCHANT, name))).size).toBe(4);
});

test("DOM-16: twins of one name meet, and closing frees the name for each of them", () => {
  const w = place();
  w.does("drawer.open", { drawer: id("drawer", 31), name: "Cafe\u0301\u00a01", float: eur(1) });
  expect(w.refuses("drawer.open", { drawer: id("drawer", 32), name: "Caf\u00e9 1", float: eur(1) })).toMatchObject({ refused: "drawer-open", drawer: id("drawer", 31) });
  w.does("drawer.close", { drawer: id("drawer", 31), counted: eur(1) });
  w.does("drawer.open", { drawer: id("drawer", 32), name: "caf\u00e9  1", float: eur(1) });
});

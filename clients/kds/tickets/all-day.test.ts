import { expect, test } from "vitest";
import { item, ticket, voided } from "../testing/tickets.ts";
import { allDayCounts } from "./all-day.ts";

test("product and variant by what is still to be made, the most first", () => {
  const counts = allDayCounts([
    ticket(1, { items: [item("Latte", { variant: "Large", quantity: "2" }), item("Espresso")] }),
    ticket(2, { items: [item("Latte", { variant: "Large" }), item("Latte", { item: "itm_other" }), item("Wine", { quantity: "0.5", status: "cooking" })] }),
  ]);
  expect(counts.map(({ quantity, name, variant }) => [quantity, name, variant])).toEqual([
    ["3", "Latte", "Large"],
    ["1", "Espresso", null],
    ["1", "Latte", null],
    ["0.5", "Wine", null],
  ]);
});

test("screen rule 12: held, ready and void are not counted", () => {
  const items = [item("Burger", { status: "ready" }), item("Steak", voided())];
  expect(allDayCounts([ticket(1, { items }), ticket(2, { status: "held" })])).toEqual([]);
});

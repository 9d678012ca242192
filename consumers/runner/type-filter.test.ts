import { expect, test } from "vitest";
import { typeFilter } from "./type-filter.ts";

test("an envelope of a wanted type is never missed, wherever its type stands", () => {
  const wanted = typeFilter(["sale.order.sent", "sale.check.closed"]);
  expect(wanted(JSON.stringify({ data: { note: "x" }, type: "sale.order.sent" }))).toBe(true);
  expect(wanted('{"type" : "sale.check.closed"}')).toBe(true);
});

test("other types are told by a look at the text", () => {
  const wanted = typeFilter(["sale.order.sent"]);
  expect(wanted(JSON.stringify({ type: "sale.order.sentinel" }))).toBe(false);
  expect(wanted(JSON.stringify({ type: "saleXorder.sent" }))).toBe(false);
  expect(wanted(JSON.stringify({ type: "sale.order.fired", data: { note: '"type":"sale.order.sent"' } }))).toBe(false);
  expect(typeFilter([])('{"type":""}')).toBe(false);
});

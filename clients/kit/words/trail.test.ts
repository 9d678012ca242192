import { expect, test } from "vitest";
import { EVENTS } from "#shared/events/catalog.ts";
import { capability } from "#shared/events/identity.ts";
import { entityInWords, eventInWords, inShort, rightInWords, valueInWords } from "./trail.ts";

test("what happened, to what, and by what right is told in words", () => {
  expect(eventInWords("sale.kitchen-ticket-item.ready")).toBe("Kitchen ticket item: ready");
  expect(eventInWords("allocation.usage.coversChanged")).toBe("Usage: covers changed");
  expect(eventInWords("approval.requested")).toBe("Approval: requested");
  for (const { type } of EVENTS) expect(eventInWords(type)).toMatch(/^[A-Z][a-z ]+: [a-z ]+$/);
  expect(entityInWords({ kind: "check", name: "5", number: "R-000012" })).toBe("Bill 5, receipt R-000012");
  expect(entityInWords({ kind: "check", name: "5", number: null })).toBe("Bill 5");
  expect(entityInWords({ kind: "product", name: "Latte", number: "10" })).toBe("Product Latte, number 10");
  expect(entityInWords({ kind: "payment", name: null, number: null })).toBe("Payment");
  for (const one of capability.options) expect(rightInWords(one)).not.toBe(one);
  expect(rightInWords("loyalty.grant")).toBe("loyalty.grant");
});

test("a value is told whole, and an erased guest's as that", () => {
  const long = "x".repeat(5_000);
  expect(valueInWords({ long }, "line")).toBe(`{"long":"${long}"}`);
  expect(inShort("shares.shr_01M8033DAMEP4VBG5EX7FY4JYV: a word", 120)).toBe("shares.shr_…FY4JYV: a word");
  expect(inShort(long, 120)).toBe(`${"x".repeat(120)}…`);
  expect(valueInWords({ a: [1] }, "block")).toBe('{\n  "a": [\n    1\n  ]\n}');
  expect(valueInWords("erased-AAAAAAAAAAAAAAAAAAAAAA", "line")).toBe("Guest, erased");
  expect([valueInWords(null, "line"), valueInWords(false, "line"), valueInWords(0, "line")]).toEqual(["–", "false", "0"]);
});

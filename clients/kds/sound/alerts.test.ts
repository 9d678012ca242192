import { expect, test } from "vitest";
import { item, ticket, voided } from "../testing/tickets.ts";
import { alertBetween, heardOf } from "./alerts.ts";

const one = heardOf([ticket(1)]);

test("a new ticket is heard once, the first look is silent", () => {
  expect(alertBetween(null, one)).toBeNull();
  expect(alertBetween(one, heardOf([ticket(1), ticket(2)]))).toBe("ticket");
  expect(alertBetween(one, one)).toBeNull();
});

test("a fired course is heard, a bumped ticket is not", () => {
  const held = ticket(2, { status: "held" });
  expect(alertBetween(heardOf([ticket(1)], [held]), heardOf([ticket(1), ticket(2)]))).toBe("ticket");
  expect(alertBetween(one, heardOf([]))).toBeNull();
});

test("a recalled ticket comes by the cook's own hand", () => {
  expect(alertBetween(heardOf([]), heardOf([ticket(1, { recalled: 1 })]))).toBeNull();
});

test("a void is heard before a new ticket, of a held course too, and again when more is void", () => {
  expect(alertBetween(one, heardOf([ticket(1, { items: [item("Burger", voided())] }), ticket(2)]))).toBe("void");
  expect(alertBetween(one, heardOf([ticket(1)], [ticket(2, { items: [item("Burger", voided())] })]))).toBe("void");
  const part = (quantity: string) => heardOf([ticket(1, { items: [item("Burger", { voided: { quantity, reason: "", by: "", acknowledged: false } })] })]);
  expect(alertBetween(part("1"), part("2"))).toBe("void");
});

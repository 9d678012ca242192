import { expect, test } from "vitest";
import { id } from "../testing/given.ts";
import { add, burgerItem, eur, latteItem, phoItem, place, seated, send, TABLES } from "../testing/place.ts";
import { checkTotals } from "./totals.ts";

/** Numbers that went wrong elsewhere, through the commands that people use. */
const SALES_TAX = { taxes: ["food", "drink"].map((code) => ({ code, name: "Sales tax", rate: "0.08375", inclusive: false })), serviceCharge: null, rounding: { mode: "half-up" as const, level: "check" as const }, cashStep: 1 };
const into = [1, 2, 3].map((n) => id("check", 9_000_000 + n));

test("a bill of 100.03 whose seats are taxed one by one came to 100.02: over the family it stays 100.03, for each seat its own", () => {
  const w = seated(SALES_TAX);
  const { check } = add(w, burgerItem(1, { seat: 1 }), phoItem(2, { seat: 1 }), phoItem(3, { seat: 2 }), phoItem(4, { seat: 2 }), phoItem(5, { seat: 3 }), phoItem(6, { seat: 4 }), burgerItem(7, { seat: 4 }));
  send(w, 1, 2, 3, 4, 5, 6, 7);
  expect(checkTotals(w.get("check", check) ?? never())).toMatchObject({ net: "9230", tax: "773", total: "10003" });
  const shares = Object.values(w.get("check", check)?.shares ?? {});
  const seats = [[3, 4], [5], [6, 7]].map((items, n) => ({ check: into[n] ?? "", lines: items.map((item) => ({ share: shares.find((share) => share.item === id("item", item))?.share ?? "" })) }));
  w.does("check.split", { operation: id("operation", 1), check, into: seats });
  const parts = [check, ...into].map((one) => checkTotals(w.get("check", one) ?? never()));
  expect(parts.reduce((sum, { total }) => sum + BigInt(total), 0n)).toBe(10003n);
  // Alone they would be 229.48, 209.38, 104.69 and 229.48 of a unit: 229 + 209 + 105 + 229 = 772.
  expect(parts.reduce((sum, { tax }) => sum + BigInt(tax), 0n)).toBe(773n);
});

test("0.02 in four is 0.01, 0.01, 0 and 0: the last guest pays nothing, and is not owed a unit (flo#269)", () => {
  const w = seated();
  const { check } = add(w, phoItem(1));
  send(w, 1);
  w.does("payment.takeCard", { payment: id("payment", 1), check, amount: eur(1248), slip: "1" });
  w.does("check.setParts", { check, parts: [1, 2, 3, 4].map((n) => ({ part: id("part", n), name: `Guest ${n}` })) });
  const amounts = [1, 2, 3, 4].map((n) => w.attempt("payment.takeCard", { payment: id("payment", 1 + n), check, part: id("part", n), slip: "1" }));
  expect(amounts.map((answer) => (answer.ok ? answer.result.tender.amount.amount : answer.refusal.refused))).toEqual(["1", "1", "nothing-due", "nothing-due"]);
  expect(checkTotals(w.get("check", check) ?? never()).due).toBe("0");
});

test("a bottle over four seats: four quarters of it, which are the bottle's price to the unit", () => {
  const w = seated();
  const { check } = add(w, latteItem(1, { variant: "large", seat: 1 }), phoItem(2, { seat: 1 }));
  send(w, 1, 2);
  const bottle = Object.values(w.get("check", check)?.shares ?? {}).find(({ item }) => item === id("item", 1))?.share ?? "";
  // Of what is left each time: a quarter of all, a third of three quarters, half of the last half.
  w.does("check.split", { operation: id("operation", 1), check, into: into.map((one, n) => ({ check: one, lines: [{ share: bottle, fraction: { numerator: 1, denominator: 4 - n } }] })) });
  const quarters = into.map((one) => checkTotals(w.get("check", one) ?? never()).total);
  expect([...quarters].sort()).toEqual(["112", "112", "113"]);
  expect(BigInt(checkTotals(w.get("check", check) ?? never()).total) - 1250n).toBe(450n - quarters.reduce((sum, total) => sum + BigInt(total), 0n));
});

test("a party of three and one of five that join are eight guests, and their bills stay two", () => {
  const w = place();
  const [three, five] = [id("party", 1), id("party", 2)];
  w.does("party.seat", { party: three, order: id("order", 1), tables: [TABLES.t5], covers: 3, whenOccupied: "refuse" });
  w.does("party.seat", { party: five, order: id("order", 2), tables: [TABLES.t6], covers: 5, whenOccupied: "refuse" });
  expect(w.does("party.join", { operation: id("operation", 1), source: five, target: three }).result.covers).toBe(8);
});

function never(): never {
  throw new Error("it is there");
}

import { expect, test } from "vitest";
import { id } from "../testing/given.ts";
import { eur } from "../testing/place.ts";
import { refundedName } from "./refund-quantity.ts";
import { checkOf, dining, MANAGER } from "./testing.ts";

/** A third of a phở at 12.50, and two thirds of a burger at 14.90, paid and closed on a bill of their own. */
function fractions() {
  const { w, check } = dining();
  const [pho, burger] = Object.values(checkOf(w, check).shares).sort((a, b) => a.item.localeCompare(b.item));
  const own = id("check", 50);
  const lines = [
    { share: pho?.share ?? "", fraction: { numerator: 1, denominator: 3 } },
    { share: burger?.share ?? "", fraction: { numerator: 2, denominator: 3 } },
  ];
  w.does("check.split", { operation: id("operation", 1), check, into: [{ check: own, lines }] });
  w.does("payment.takeCard", { payment: id("payment", 1), check: own, slip: "1" });
  w.does("check.close", { check: own });
  const shares = Object.values(checkOf(w, own).shares);
  return { w, own, shareOf: (name: string) => shares.find((share) => share.name.startsWith(name))?.share ?? expect.unreachable() };
}

test("a third of an item that goes back read as one of it, to who agrees and on the paper: it says its part, as the receipt does", () => {
  const { w, own, shareOf } = fractions();
  const receipt = checkOf(w, own).receipt?.lines.map(({ name, amount }) => [name, amount]);
  expect(receipt).toEqual([["Phở bò (1/3)", eur(417)], ["Burger (2/3)", eur(993)]]);
  const asked = { refund: id("refund", 1), check: own, what: { kind: "items" as const, items: [{ share: shareOf("Ph") }, { share: shareOf("Burger") }] }, reason: "cold" };
  expect(w.refuses("payment.refund", asked)).toMatchObject({ refused: "approval-required", subject: { items: receipt?.map(([name, amount]) => ({ name, quantity: "1", amount })) } });
  w.does("payment.refund", asked, MANAGER);
  expect(w.get("refund", id("refund", 1))?.document.lines.map(({ name, quantity, amount }) => [name, quantity, amount])).toEqual(receipt?.map(([name, amount]) => [name, "1", amount]));
  expect(w.refuses("payment.refund", { ...asked, refund: id("refund", 2) }, MANAGER)).toMatchObject({ refused: "item-refunded", left: "0" });
});

test("a name that is cut within a pair loses the half, and keeps its part", () => {
  const combo = { combo: id("item", 1), name: "c".repeat(39) };
  const name = `${"n".repeat(38)}\u{1F354}`;
  expect(refundedName({ name, combo, quantity: "1", numerator: 1, denominator: 1 })).toBe(`${combo.name}: ${"n".repeat(38)}`);
  expect(refundedName({ name: `${"n".repeat(32)}\u{1F354}`, combo, quantity: "1", numerator: 1, denominator: 3 })).toBe(`${combo.name}: ${"n".repeat(32)} (1/3)`);
});

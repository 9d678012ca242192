import { expect, test } from "vitest";
import type { RefundDocument } from "#shared/events/payment.ts";
import { checkOf, shareOf } from "../testing/checks.ts";
import { isWholeGroup, refundGroupsOf, withGroup, type ChosenLines } from "./refund-choices.ts";

const combo = { combo: "itm_menu", name: "Lunch menu" };
const named = (name: string, n: number, more: Parameters<typeof shareOf>[1]) => ({ ...shareOf(String(n), more), name });
const burger = named("Burger", 1, { price: "1490" });
const menuBurger = named("Burger", 2, { price: "1200", combo });
const menuCola = named("Cola", 3, { price: "300", combo });
const waters = named("Still water", 4, { price: "300", quantity: "5" });
const bill = (refunded: readonly { readonly share: string; readonly quantity: string }[] = []) =>
  checkOf("a", [burger, menuBurger, menuCola, waters], refunded.length === 0 ? {} : { refunds: [{ refund: "rfd_1", document: { lines: refunded } as unknown as RefundDocument }] });
const told = (check: ReturnType<typeof bill>) => refundGroupsOf(check).map(({ name, price, lines }) => [name, price, lines.map((line) => [line.words, line.price])]);

test("a part of a combo could not be told from the same dish alone: each says its combo and its price", () => {
  expect(told(bill())).toEqual([
    [null, 1490n, [["Burger", 1490n]]],
    ["Lunch menu", 1500n, [["Lunch menu: Burger", 1200n], ["Lunch menu: Cola", 300n]]],
    [null, 1500n, [["5 × Still water", 1500n]]],
  ]);
});

test("a combo is chosen whole with one tap, and let go with another", () => {
  const menu = refundGroupsOf(bill())[1] ?? expect.unreachable();
  const none: ChosenLines = new Map();
  const all = withGroup(new Map([[menuCola.share, null]]), menu);
  expect([...all.keys()].sort()).toEqual([menuBurger.share, menuCola.share]);
  expect([isWholeGroup(none, menu), isWholeGroup(all, menu)]).toEqual([false, true]);
  expect(withGroup(all, menu)).toEqual(none);
});

test("what was refunded before is not chosen with the rest, and what is left has the price of what is left", () => {
  const check = bill([{ share: menuBurger.share, quantity: "1" }, { share: waters.share, quantity: "2" }]);
  expect(told(check).slice(1)).toEqual([
    ["Lunch menu", 300n, [["Lunch menu: Burger (refunded)", 1200n], ["Lunch menu: Cola", 300n]]],
    [null, 900n, [["3 × Still water (of 5, the others were refunded)", 900n]]],
  ]);
  const menu = refundGroupsOf(check)[1] ?? expect.unreachable();
  expect([...withGroup(new Map(), menu).keys()]).toEqual([menuCola.share]);
});

import { expect, test } from "vitest";
import type { DrawerState } from "#shared/domain/cash/state.ts";
import { nameToOpen, ownDrawer } from "./own-drawer.ts";

const drawer = (name: string): DrawerState => {
  const none = { amount: "0", currency: "EUR" };
  const nothing = { count: 0, amount: none };
  const sums = { taken: nothing, tips: none, returned: nothing, returnedTips: none, paidIn: nothing, paidOut: nothing, tipsPaid: nothing, accountsPaidOut: nothing, dropped: nothing };
  return { id: `drw_${name}`, name, float: none, expected: none, openedAt: "2026-03-01T10:00:00.000Z", openedBy: { staff: "stf_1", name: "Ana" }, ...sums, movements: [], closed: null };
};
const [till, bar] = [drawer("till 1"), drawer("Bar")];

test("cash went to the drawer that somebody had opened last, at another till: it goes to the tablet's own, opened or chosen on it, by whichever spelling", () => {
  expect(ownDrawer([till, bar], "Till 1")).toBe(till);
  expect(ownDrawer([bar, till], "Bar")).toBe(bar);
});

test("with the own till closed a tablet has none, though another one is open", () => {
  expect(ownDrawer([bar], "Till 1")).toBeUndefined();
});

test("a tablet that never had one takes the only one that is open, and asks when there are several", () => {
  expect(ownDrawer([bar], null)).toBe(bar);
  expect(ownDrawer([till, bar], null)).toBeUndefined();
  expect(ownDrawer([], null)).toBeUndefined();
});

test("a drawer that is about to be opened has the name of the own till, or the first number that is free", () => {
  expect(nameToOpen([], null)).toBe("Till 1");
  expect(nameToOpen([till, bar], null)).toBe("Till 2");
  expect(nameToOpen([bar], "Terrace")).toBe("Terrace");
  expect(nameToOpen([bar, till], "Bar")).toBe("Till 2");
});

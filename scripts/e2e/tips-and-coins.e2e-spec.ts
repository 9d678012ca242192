import { billOn } from "./people/bill.ts";
import { cashierOn } from "./people/cashier.ts";
import { typeOnPad } from "./people/device.ts";
import { signIn } from "./people/person.ts";
import { cutIn, isInSight } from "./people/uncut.ts";
import { waiterOn } from "./people/waiter.ts";
import { expect, test } from "./restaurant.ts";

const SMALL = { width: 1024, height: 768 };

test("a tip in cash is of coins that exist, and is changed only by what is typed; what is handed back is said before and after", async ({ restaurant }) => {
  const till = await restaurant.device("Sofia's till", "Till and tablet", SMALL);
  await signIn(till, "Sofia", "9999");
  const sofia = { ...billOn(till), ...waiterOn(till), ...cashierOn(till) };
  const { page, tap, payment, bill } = { ...sofia, tap: till.tap };
  await sofia.goToFloor();
  const opens = await page.getByRole("link", { name: "Open drawer" }).isVisible();
  if (opens) await sofia.openDrawer("10000");
  await sofia.goToFloor();
  await sofia.seat("T6", 2);
  await sofia.openCategory("Kitchen");
  await sofia.add("Carbonara");
  await sofia.send();
  await sofia.openBill();

  // Of 14.85 five parts of a hundred are 0.74, which no coins make.
  await tap(payment.getByRole("radio", { name: "Cash", exact: true }));
  await tap(payment.getByRole("button", { name: /^Tip:/ }));
  await tap(payment.getByRole("button", { name: /^Tip 5\s%/ }));
  const exact = payment.getByRole("button", { name: "Exact cash" });
  await expect(exact).toHaveText("Exact €15.60");
  for (const digit of ["Delete digit", "Delete digit"]) await tap(payment.getByRole("button", { name: digit }));
  await typeOnPad(till, "Amount", "201");
  await expect(payment.getByRole("alert")).toHaveText("No coins make €2.01: €2.00 or €2.05");
  await expect(exact).toBeDisabled();
  await tap(payment.getByRole("button", { name: "Delete digit" }));
  await typeOnPad(till, "Amount", "0");
  await expect(payment.getByRole("alert")).toHaveCount(0);
  await tap(exact);
  await expect(bill).toContainText("tip €2.00");

  const dialog = page.getByRole("dialog");
  const change = async () => {
    await tap(bill.getByRole("button", { name: /^Cash, / }));
    await tap(dialog.getByRole("button", { name: "Change the tip, now €2.00" }));
  };
  await change();
  await expect(dialog.getByRole("button", { name: "Type the tip" })).toBeDisabled();
  // Enter with nothing typed took the tip away without a question.
  await page.evaluate(() => (document.activeElement instanceof HTMLElement ? document.activeElement.blur() : undefined));
  await page.keyboard.press("Enter");
  await typeOnPad(till, "Tip", "200");
  await expect(dialog.getByRole("button", { name: "The tip is €2.00 already" })).toBeDisabled();
  for (let digit = 0; digit < 3; digit++) await tap(dialog.getByRole("button", { name: "Delete digit" }));
  await typeOnPad(till, "Tip", "0");
  await expect(dialog.getByRole("button", { name: "Take the tip of €2.00 away" })).toBeEnabled();
  await typeOnPad(till, "Tip", "51");
  await expect(dialog.getByRole("status", { name: "Coins" })).toHaveText("No coins make €0.51: €0.50 or €0.55");
  await tap(dialog.getByRole("button", { name: "Delete digit" }));
  await typeOnPad(till, "Tip", "0");
  await expect(dialog.getByRole("status", { name: "Coins" })).toHaveText("Hand back €1.50 in cash");
  const confirm = dialog.getByRole("button", { name: "Tip €0.50" });
  expect(await isInSight(confirm)).toBe(true);
  expect(await cutIn(dialog)).toEqual([]);
  await tap(confirm);
  await expect(dialog).toContainText("The tip is changed");
  await expect(dialog).toContainText("Hand back €1.50 in cash");
  await expect(sofia.said).toHaveText("Tip €0.50. Hand back €1.50 in cash");
  await tap(dialog.getByRole("button", { name: "Done" }));
  await expect(dialog).toHaveCount(0);
  await expect(bill).toContainText("tip €0.50");
  await sofia.closeCheck();
  await sofia.clearTable();
  await expect(sofia.table("T6")).toBeVisible();
  if (opens) await sofia.closeDrawer("11535");
});

test("in a refund by items a combo is told from the same dish alone, goes back whole with one tap, and is named on the slip", async ({ restaurant }) => {
  const till = await restaurant.device("Sofia's till", "Till and tablet", SMALL);
  await signIn(till, "Sofia", "9999");
  const sofia = { ...billOn(till), ...waiterOn(till), ...cashierOn(till) };
  const { page, payment } = sofia;
  await sofia.goToFloor();
  await sofia.seat("T6", 2);
  await sofia.openCategory("Kitchen");
  await sofia.add("Carbonara");
  await sofia.openCategory("Menus & gifts");
  await till.tap(sofia.product("Lunch menu"));
  for (const part of ["Carbonara", "Cola", "Tiramisù"]) await till.tap(sofia.sheet.getByRole("button", { name: new RegExp(`^${part}`) }));
  await expect(sofia.sheet).toHaveCount(0);
  await sofia.send();
  await sofia.openBill();
  await sofia.cardByHand("4761");
  await sofia.closeCheck();

  const dialog = page.getByRole("dialog");
  const goesBack = dialog.getByRole("status").filter({ hasText: "Goes back" });
  await till.tap(payment.getByRole("button", { name: "Refund", exact: true }));
  await till.tap(dialog.getByText("Items", { exact: true }));
  const items = dialog.getByRole("group", { name: "Items" });
  await expect(items.getByRole("button", { name: /^Carbonara €13\.50$/ })).toBeVisible();
  const menu = items.getByRole("group", { name: "Lunch menu" });
  await expect(menu.getByRole("button", { pressed: false })).toHaveText([/^Lunch menu, all of it €19\.90$/, /^Lunch menu: Carbonara €/, /^Lunch menu: Cola €/, /^Lunch menu: Tiramisù €/]);
  await till.tap(menu.getByRole("button", { name: /^Lunch menu, all of it/ }));
  await expect(menu.getByRole("button", { pressed: true })).toHaveCount(4);
  // With the service charge of 10 %.
  await expect(goesBack).toContainText("€21.89");
  expect(await cutIn(dialog)).toEqual([]);
  await till.tap(menu.getByRole("button", { name: /^Lunch menu: Cola/ }));
  await expect(menu.getByRole("button", { pressed: true })).toHaveCount(2);
  await till.tap(menu.getByRole("button", { name: /^Lunch menu, all of it/ }));
  await till.tap(dialog.getByRole("button", { name: "Guest complained" }));
  await till.tap(dialog.getByRole("button", { name: "Refund €21.89" }));
  await till.tap(dialog.getByRole("button", { name: "Done" }));
  const { text } = await restaurant.printers.slipWith("Receipts", /1x Lunch menu: Carbonara/);
  expect(text).toMatch(/1x Lunch menu: Cola/);
  await sofia.clearTable();
});

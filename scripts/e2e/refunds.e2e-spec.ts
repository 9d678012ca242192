import { billOn } from "./people/bill.ts";
import { cashierOn } from "./people/cashier.ts";
import { typeOnPad } from "./people/device.ts";
import { keyboardOn } from "./people/keyboard.ts";
import { managerOn } from "./people/manager.ts";
import { signIn } from "./people/person.ts";
import { cutIn } from "./people/uncut.ts";
import { waiterOn } from "./people/waiter.ts";
import { expect, test, type Restaurant } from "./restaurant.ts";

/** Two at table 5 have had one dish, and Sofia looks at their bill of €14.85. */
async function billOfCarbonara(restaurant: Restaurant) {
  const till = await restaurant.device("Sofia's till", "Till and tablet", { width: 1024, height: 768 });
  await signIn(till, "Sofia", "9999");
  const sofia = { ...billOn(till), ...waiterOn(till), ...cashierOn(till) };
  await carbonaraAtTable5(sofia);
  return sofia;
}

async function carbonaraAtTable5(waiter: Awaited<ReturnType<Restaurant["ana"]>>) {
  await waiter.goToFloor();
  await waiter.seat("T5", 2);
  await waiter.openCategory("Kitchen");
  await waiter.add("Carbonara");
  await waiter.send();
  await waiter.openBill();
}

test("a tip goes back with all of the bill or alone, by keyboard, and nothing is offered that is gone", async ({ restaurant }) => {
  const sofia = await billOfCarbonara(restaurant);
  const { device: till, page } = sofia;
  const { tap } = till;
  await tap(sofia.payment.getByText("Card by hand"));
  await tap(sofia.payment.getByRole("button", { name: /^Tip/ }));
  await typeOnPad(till, "Amount", "300");
  await tap(sofia.payment.getByRole("button", { name: /^Slip number/ }));
  await typeOnPad(till, "Amount", "4751");
  await tap(sofia.payment.getByRole("button", { name: "Take card €17.85" }));
  await sofia.closeCheck();

  const { enter } = keyboardOn(till);
  const refund = sofia.payment.getByRole("button", { name: "Refund", exact: true });
  const dialog = page.getByRole("dialog");
  const goesBack = dialog.getByRole("status").filter({ hasText: "Goes back" });
  const isInDialog = () => expect.poll(() => page.evaluate(() => document.activeElement?.closest('[role="dialog"]') !== null)).toBe(true);
  await enter(refund);
  await tap(dialog.getByText("All of it"));
  await expect(goesBack).toContainText("€14.85");
  await dialog.getByRole("switch", { name: "With the tip of €3.00" }).press("Space");
  await expect(goesBack).toContainText("€17.85");

  // The choice has the keyboard, and the pad hears the digits all the same.
  await tap(dialog.getByText("Amount", { exact: true }));
  await expect(dialog.getByRole("radio", { name: "Amount" })).toBeFocused();
  await page.keyboard.type("1250");
  await expect(dialog.getByText("€12.50")).toBeVisible();
  await expect(dialog).toContainText("Up to €14.85 can go back.");
  await page.keyboard.type("0");
  await expect(dialog.getByRole("alert")).toHaveText("At most €14.85 can go back.");
  await expect(dialog.getByRole("button", { name: "Guest complained" })).toBeDisabled();

  await tap(dialog.getByText("Items", { exact: true }));
  await enter(dialog.getByRole("button", { name: "Carbonara" }));
  await enter(dialog.getByRole("button", { name: "Guest complained" }));
  await expect(dialog.getByRole("group", { name: "Goes back" })).toContainText("Card by hand: refund it at its terminal€14.85");
  await isInDialog();
  await enter(dialog.getByRole("button", { name: "Refund €14.85" }));
  await expect(dialog).toContainText(/Refund R\d+ is done/);
  await isInDialog();
  await enter(dialog.getByRole("button", { name: "Done" }));
  await expect(dialog).toHaveCount(0);

  await enter(refund);
  await expect(dialog).toContainText("The tip of €3.00 is all that is left of it.");
  await expect(dialog.getByRole("group", { name: "Items" })).toHaveCount(0);
  await expect(goesBack).toContainText("€3.00");
  await enter(dialog.getByRole("button", { name: "Guest complained" }));
  await enter(dialog.getByRole("button", { name: "Refund €3.00" }));
  await enter(dialog.getByRole("button", { name: "Done" }));
  await expect(dialog).toHaveCount(0);
  await expect(refund).toHaveCount(0);
  await sofia.clearTable();
});

test("the day's paper is read on the screen as it is printed: what was sold, by rate, how it was paid, and of what was made what went back", async ({ restaurant }) => {
  const office = await restaurant.device("Sofia's papers", "Today", { width: 1024, height: 768 });
  await signIn(office, "Sofia", "9999");
  const { page, tap } = office;
  await managerOn(office).seeTab("Day");
  await tap(page.getByRole("button", { name: "X of the day so far" }));
  await tap(page.getByRole("region", { name: "Reports" }).getByRole("button", { name: /^X \d+ business day/ }).first());
  const paper = page.getByRole("dialog");
  await expect(paper.getByRole("row", { name: /^TOTAL EUR/ })).toBeVisible();
  await expect(paper.getByRole("row", { name: /^Tax, VAT 10 % on €/ })).toBeVisible();
  const rows = (await paper.getByRole("row").allInnerTexts()).map((row) => row.split("\t").map((cell) => cell.trim()));
  /** What stands between the two and no part of another row, in cents; the last is what it is to sum to. */
  const upTo = (last: string, from: RegExp) => {
    const end = rows.findIndex(([name]) => name?.startsWith(last));
    const begin = rows.slice(0, end).findLastIndex(([name = ""]) => !from.test(name)) + 1;
    return rows.slice(begin, end + 1).filter(([name = ""]) => !name.startsWith("after ")).map(([, amount = ""]) => Number(amount.replace("−", "-").replace(/[^-\d]/g, "")));
  };
  for (const amounts of [upTo("TOTAL", /^(Net sales|after|Service charge|Tax$|Gift cards sold|Rounding)/), upTo("REFUNDED", /returned$|^Returned|^Rounding in coins|^Not given back/)]) {
    expect(amounts.length).toBeGreaterThan(2);
    expect(amounts.slice(0, -1).reduce((sum, each) => sum + each, 0)).toBe(amounts.at(-1));
  }
  expect(rows.find(([name]) => name === "Tips returned")?.[1]).toMatch(/^−€/);
  expect(await cutIn(paper)).toEqual([]);
});

test("a refund is not said to be done before its provider has given the money back, nor when it refuses to", async ({ restaurant }) => {
  const sofia = await billOfCarbonara(restaurant);
  const { device: till, page } = sofia;
  const { tap } = till;
  await restaurant.providers.behave("terminal-1", { mood: "ok", ms: 100 });
  await sofia.charge("Card terminal");
  await sofia.closeCheck();

  await restaurant.providers.behave("terminal-1", { mood: "refund-fails" });
  await tap(sofia.payment.getByRole("button", { name: "Refund", exact: true }));
  const dialog = page.getByRole("dialog");
  await tap(dialog.getByText("All of it"));
  await tap(dialog.getByRole("button", { name: "Guest complained" }));
  await tap(dialog.getByRole("button", { name: "Refund €14.85" }));
  await expect(dialog).toContainText(/Refund R\d+ is not paid back in full: a provider said no/);
  await expect(dialog.getByRole("group", { name: "Goes back" })).toContainText("it said no");
  await expect(page.getByText(/Refund R\d+ is done/)).toHaveCount(0);
  await tap(dialog.getByRole("button", { name: "Done" }));

  await restaurant.providers.behave("terminal-1", { mood: "ok", ms: 100 });
  const owed = sofia.payment.getByRole("group", { name: "To resolve" });
  await tap(owed.getByRole("button", { name: "Try again" }));
  await expect(owed).toHaveCount(0);
  await expect(sofia.payment).toContainText("Back by Card, done");
  await sofia.clearTable();
});

test("a refund that its provider never answers is not owed for ever: with a manager's yes it was paid, or it was not and goes again", async ({ restaurant }) => {
  const ana = await restaurant.ana();
  const { device: till, payment } = ana;
  const { tap } = till;
  const { enter } = keyboardOn(till);
  const owed = payment.getByRole("group", { name: "To resolve" });
  const point = owed.getByRole("alert");
  const calm = () => restaurant.providers.behave("terminal-1", { mood: "ok", ms: 100 });

  for (const mood of ["lose-connection", "offline"] as const) {
    await carbonaraAtTable5(ana);
    await calm();
    await ana.charge("Card terminal");
    await ana.closeCheck();
    await restaurant.providers.behave("terminal-1", { mood });
    await tap(payment.getByRole("button", { name: "Refund", exact: true }));
    const dialog = till.page.getByRole("dialog");
    await tap(dialog.getByText("All of it"));
    await tap(dialog.getByRole("button", { name: "Guest complained" }));
    await tap(dialog.getByRole("button", { name: "Refund €14.85" }));
    await ana.approvedBy("Sofia", "9999");
    await expect(point).toContainText("Nobody knows whether €14.85 was given back", { timeout: 90_000 });

    if (mood === "lose-connection") {
      await tap(point.getByRole("button", { name: "It was paid" }));
      await expect(dialog).toContainText("The guest was given it back");
      await ana.approvedBy("Sofia", "9999");
      await calm();
    } else {
      await enter(point.getByRole("button", { name: "It was not paid" }));
      await expect(dialog).toContainText("The guest was not given it back");
      await ana.approvedBy("Sofia", "9999");
      await expect(point).toContainText("The guest still waits for it: Seen at the provider: not paid.");
      await calm();
      await enter(point.getByRole("button", { name: "Try again" }));
    }
    await expect(owed).toHaveCount(0);
    await expect(payment).toContainText("Back by Card, done");
    await ana.clearTable();
  }
});

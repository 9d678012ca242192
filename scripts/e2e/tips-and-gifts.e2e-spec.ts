import { billOn } from "./people/bill.ts";
import { cashierOn } from "./people/cashier.ts";
import { signIn } from "./people/person.ts";
import { waiterOn } from "./people/waiter.ts";
import { CAFE, expect, test } from "./restaurant.ts";

test("a gift card is sold and pays for two parties whose orders became one, as far as it goes", async ({ restaurant }) => {
  const ana = await restaurant.ana();
  const { page, tap } = ana.device;
  await ana.goToFloor();
  await ana.seat("11", 2);
  await ana.openCategory("Menus & gifts");
  await ana.add("Gift card", { choices: ["50"] });
  await ana.send();
  await ana.openBill();
  await ana.cardByHand("4721");
  await ana.closeCheck();
  await ana.printReceipt();
  const { text } = await restaurant.printers.slipWith("Receipts", /Gift card 50 .*\n +No\. /);
  const code = /No\. (\S+)/.exec(text)?.[1] ?? "";
  await ana.clearTable();

  for (const [table, dishes] of [["7", ["Lasagne"]], ["11", ["Carbonara", "Carbonara", "Carbonara"]]] as const) {
    await ana.goToFloor();
    await ana.seat(table, 2);
    await ana.openCategory("Kitchen");
    for (const dish of dishes) await ana.add(dish);
    await ana.send();
  }
  await ana.joinParty(/^Table 7,/);
  const joined = ana.order.getByRole("region", { name: "Joined order" });
  await expect(joined).toContainText("Lasagne");
  await ana.mergeOrders();
  await expect(joined).toHaveCount(0);
  await expect(ana.line("Lasagne")).toHaveCount(1);
  await ana.undoFromMenu("Undo merging the orders");
  await expect(joined).toContainText("Lasagne");

  await ana.openBill();
  await expect(ana.proof).toContainText("2 parts make the whole: €60.50");
  await tap(page.getByRole("button", { name: "More for Table" }));
  await tap(page.getByRole("menuitem", { name: "Merge all into Table" }));
  await expect(ana.due).toHaveText("€60.50");
  await tap(ana.payment.getByRole("radio", { name: "Gift card" }));
  await ana.payment.getByLabel("Number of the card").fill(code.toLowerCase().replaceAll("-", " "));
  await ana.payment.getByLabel("Number of the card").press("Enter");
  await expect(ana.payment.getByRole("status")).toHaveText("On the card: €50.00, €10.50 stays to be paid");
  await tap(ana.payment.getByRole("button", { name: "Take €50.00 from the card" }));
  await expect(ana.due).toHaveText("€10.50");
  await ana.cardByHand("4722");
  await ana.closeCheck();
  await ana.clearTable();
});

test("a card is held, the tip is written on the slip, and both are taken", async ({ restaurant }) => {
  await restaurant.providers.behave("terminal-1", { mood: "ok", ms: 300 });
  const till = await restaurant.device("Café till", "Till and tablet", { width: 1024, height: 768 }, CAFE);
  await signIn(till, "Noah", "9999");
  const noah = { ...cashierOn(till), ...waiterOn(till) };
  await noah.goToFloor();
  await noah.seat("3", 2);
  await noah.openCategory("Plates");
  await noah.add("Avocado toast");
  await noah.send();
  await noah.openBill();
  await till.tap(noah.payment.getByRole("radio", { name: "Card terminal" }));
  await till.tap(noah.payment.getByRole("button", { name: "Hold $13.61, tip on the slip" }));
  await expect(noah.payment).toContainText("$13.61 is held on the card");
  await till.tap(noah.payment.getByRole("button", { name: /^Tip 20\s%/ }));
  await expect(noah.payment.getByText("Tip on the slip", { exact: true }).locator("+ p")).toHaveText("$2.72");
  await till.tap(noah.payment.getByRole("button", { name: "Take $16.33" }));
  await expect(noah.payment.getByText("Paid", { exact: true })).toBeVisible();
  await expect(noah.bill).toContainText("tip $2.72");
  await noah.closeCheck();
  await noah.clearTable();
});

const HOUR_MS = 3_600_000;

test("a terminal that tells late is waited for; what it takes after it was cancelled and paid otherwise is there to be given back", async ({ restaurant }) => {
  const { providers } = restaurant;
  const till = await restaurant.device("Café till", "Till and tablet", { width: 1024, height: 768 }, CAFE);
  await signIn(till, "Noah", "9999");
  const noah = { ...billOn(till), ...cashierOn(till), ...waiterOn(till) };
  await noah.goToFloor();
  await noah.seat("4", 2);
  await noah.openCategory("Plates");
  await noah.add("Avocado toast");
  await noah.send();
  await noah.openBill();
  await noah.equally(2);
  const paid = till.page.getByRole("group", { name: "Payment parts" }).getByRole("button", { name: /paid$/ });
  await providers.behave("terminal-1", { mood: "late", ms: 2500 });
  await noah.charge("Card terminal");
  await expect(noah.payment.getByRole("status")).toContainText("is asking the guest");
  await expect(paid).toHaveCount(1);

  await providers.behave("terminal-1", { mood: "success-after-expiry", ms: HOUR_MS });
  await noah.charge("Card terminal");
  await till.tap(noah.payment.getByRole("button", { name: "Cancel" }));
  await expect(noah.payment.getByRole("status")).toContainText(/cancelled, \$\d+\.\d\d was not taken/);
  // What was chosen is still chosen.
  await expect(noah.payment.getByRole("radio", { name: "Card terminal" })).toBeChecked();
  await noah.cardByHand("4723");
  await expect(noah.payment.getByText("Paid", { exact: true })).toBeVisible();
  await providers.guestPays("terminal-1");
  const point = noah.payment.getByRole("alert", { name: /^\$\d+\.\d\d came and pays for nothing/ });
  await expect(point.getByRole("button", { name: "Give back in cash" })).toBeDisabled();
  await till.tap(point.getByRole("button", { name: "Give back the way it came" }));
  await expect(point).toHaveCount(0);
  await providers.behave("terminal-1", { mood: "ok", ms: 300 });
  await noah.closeCheck();
  await noah.clearTable();
});

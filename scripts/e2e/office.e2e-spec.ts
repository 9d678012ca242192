import type { Locator } from "@playwright/test";
import { signIn } from "./people/person.ts";
import { cashierOn } from "./people/cashier.ts";
import { typeOnPad } from "./people/device.ts";
import { managerOn } from "./people/manager.ts";
import { waiterOn } from "./people/waiter.ts";
import { expect, test, WARUNG, type Restaurant } from "./restaurant.ts";

/** What a manager keeps besides the bills, in rupiah: nothing of it is seen in the other places. */
test.describe.configure({ mode: "serial" });

/** What stands under these words. */
const figure = (within: Locator, name: string) => within.getByText(name, { exact: true }).locator("+ b");

async function budi(restaurant: Restaurant) {
  const till = await restaurant.device("Warung till", "Till and tablet", { width: 1024, height: 768 }, WARUNG);
  await signIn(till, "Budi", "9999");
  return { ...waiterOn(till), ...cashierOn(till), ...managerOn(till) };
}

test("a firm's bill is written on its account, which is changed, blocked, paid in cash to the nearest hundred, and read as a statement", async ({ restaurant }) => {
  const manager = await budi(restaurant);
  const { page } = manager;
  const { tap } = manager.device;
  const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
  await manager.openDrawer("500000");
  await manager.seeTab("Accounts");
  await tap(button("New account"));
  const form = page.getByRole("dialog");
  await form.getByRole("textbox", { name: "Name" }).fill("PT Cikini");
  await form.getByRole("textbox", { name: "Limit, IDR" }).fill("100000");
  await tap(form.getByRole("button", { name: "Open the account" }));
  const account = manager.panel("PT Cikini");
  await expect(figure(account, "Owed")).toHaveText("Rp\u00a00");

  await manager.goToFloor();
  await manager.seat("1", 2);
  await manager.add("Sate ayam");
  await manager.send();
  await manager.openBill();
  await manager.payOnAccount("PT Cikini");
  await manager.closeCheck();
  await manager.clearTable();
  await expect(manager.table("1")).toHaveAccessibleDescription(/^free/);

  // 52.500, service 2.625, PB1 10 % of both: 60.637,50.
  await manager.seeTab("Accounts");
  await tap(page.getByRole("button", { name: /^PT Cikini/ }));
  await expect(figure(account, "Owed")).toHaveText("Rp\u00a060.638");
  await expect(account.getByRole("region", { name: "Statement" })).toContainText("On account taken");
  await tap(account.getByRole("button", { name: "Block" }));
  await expect(figure(account, "Free")).toHaveText("blocked");
  await tap(account.getByRole("button", { name: "Unblock" }));

  await tap(account.getByRole("button", { name: "Take a payment" }));
  const paying = page.getByRole("dialog");
  await typeOnPad(manager.device, "Amount paid", "70000");
  await expect(paying.getByRole("alert")).toContainText("is owed");
  await tap(paying.getByRole("button", { name: "All of it" }));
  await expect(paying).toContainText("Rounded from");
  await tap(paying.getByRole("button", { name: /^Take Rp.60\.600$/ }));
  await expect(figure(account, "Owed")).toHaveText("Rp\u00a00");
  await expect(account.getByRole("region", { name: "Statement" })).toContainText("Account paid: Cash");
});

test("what comes back to a firm that has paid is paid out in coins, on a line of its own in the drawer, and its account is closed only when that is meant", async ({ restaurant }) => {
  const manager = await budi(restaurant);
  const { page } = manager;
  const { tap } = manager.device;
  await manager.seeBills();
  await manager.openBillOf(/^Table 1 Receipt/);
  expect(await manager.refundItem("Sate ayam", "Not as it should be")).toContain("Off the account");
  await manager.seeTab("Accounts");
  await tap(page.getByRole("button", { name: /^PT Cikini/ }));
  const account = manager.panel("PT Cikini");
  await expect(figure(account, "Too much")).toHaveText("Rp\u00a060.638");
  await tap(account.getByRole("button", { name: /^Pay out / }));
  await tap(page.getByRole("dialog").getByRole("button", { name: /^Pay out Rp.60\.600$/ }));
  await expect(figure(account, "Owed")).toHaveText("Rp\u00a00");

  await manager.goToDrawer();
  await expect(manager.movements).toContainText("Account paid out PT Cikini");
  await manager.report();
  await tap(manager.reports.getByRole("button", { name: /^X/ }).first());
  const paper = page.getByRole("dialog");
  await expect(paper.getByRole("row", { name: /^- Accounts paid out \(1\)/ })).toContainText("60.600");
  await expect(paper.getByRole("row", { name: /^Expected/ })).toBeVisible();
  await expect(paper).not.toContainText("Given back");
  await tap(paper.getByRole("button", { name: "Close" }));

  await manager.seeTab("Accounts");
  await tap(page.getByRole("button", { name: /^PT Cikini/ }));
  await tap(account.getByRole("button", { name: "Close", exact: true }));
  await tap(account.getByRole("button", { name: "Keep it open" }));
  await tap(account.getByRole("button", { name: "Close", exact: true }));
  await tap(account.getByRole("button", { name: "Close PT Cikini for good" }));
  await expect(page.getByRole("button", { name: /^PT Cikini/ })).toHaveCount(0);
});

test("of two managers who change one policy at once the second is told and looks again; what goes to which station is changed and seen on the other screen", async ({ restaurant }) => {
  const manager = await budi(restaurant);
  const office = await restaurant.device("Warung office", "Today", { width: 1280, height: 800 }, WARUNG);
  await signIn(office, "Budi", "9999");
  const other = managerOn(office);
  for (const each of [manager, other]) await each.seeTab("Policies");
  const tips = (page: typeof office.page) => page.getByLabel("Suggested tips, in percent");
  await tips(office.page).fill("7");
  await tips(manager.page).fill("5, 15");
  await manager.device.tap(manager.page.getByRole("button", { name: "Save", exact: true }));
  await expect(office.page.getByRole("alert")).toContainText("Somebody else has changed");
  await expect(office.page.getByRole("button", { name: "Save", exact: true })).toBeDisabled();
  await office.tap(office.page.getByRole("button", { name: "Look again, without what I typed" }));
  await expect(tips(office.page)).toHaveValue("5, 15");
  // Rupiah are charged whole, since they are shown so; and no coin is half of what is charged.
  const unit = office.page.getByLabel("Smallest amount charged, IDR");
  await expect(unit).toHaveValue("1");
  await unit.fill("200");
  await office.tap(office.page.getByRole("button", { name: "Save", exact: true }));
  await expect(office.page.getByText(/smallest cash must be a multiple of Rp.200/)).toBeVisible();

  for (const each of [manager, other]) {
    await each.seeTab("Menu");
    await each.device.tap(each.device.page.getByText("Where it is made"));
  }
  const stations = ({ page }: typeof office) => page.getByRole("group", { name: "Route 1", exact: true }).getByRole("group", { name: "Made at" });
  const added = (await stations(office).getByRole("button", { pressed: false }).first().textContent()) ?? "";
  await office.tap(stations(office).getByRole("button", { name: added, exact: true }));
  await office.tap(office.page.getByRole("button", { name: "Save the routes" }));
  await expect(stations(manager.device).getByRole("button", { name: added, exact: true, pressed: true })).toBeVisible();
});

test("an hour that makes drinks cheaper is made, seen on the buttons, and removed; what is wrong with it is said at its field", async ({ restaurant }) => {
  const manager = await budi(restaurant);
  const { page } = manager;
  const { tap } = manager.device;
  await manager.seeTab("Happy hours");
  await expect(manager.panel("Happy hours")).toContainText("Jam senja");
  await tap(page.getByRole("button", { name: "New happy hour" }));
  const form = page.getByRole("form", { name: "New happy hour" });
  await form.getByLabel("From").fill("00:00");
  await form.getByLabel("To", { exact: true }).fill("00:00");
  await tap(form.getByRole("button", { name: "Save" }));
  for (const fault of ["It needs a name", "It ends when it begins", "Choose a category or a product", "A percentage above 0 and below 100"]) await expect(form).toContainText(fault);
  await form.getByLabel("Name").fill("Sepanjang hari");
  await form.getByLabel("To", { exact: true }).fill("23:59");
  for (const day of ["Saturday", "Sunday"]) await tap(form.getByRole("button", { name: day }));
  await tap(form.getByRole("group", { name: "Categories" }).getByRole("button", { name: "Penutup" }));
  await form.getByLabel("Per cent").fill("50");
  await expect(form.getByRole("region", { name: "Prices then" })).toContainText("Rp\u00a012.000");
  await tap(form.getByRole("button", { name: "Save" }));
  await expect(manager.panel("Happy hours")).toContainText("every day 00:00–23:59");

  await manager.goToFloor();
  await manager.seat("2", 2);
  await manager.openCategory("Penutup");
  await expect(manager.product("Pisang goreng")).toContainText("Rp\u00a012.000");
  await manager.seeTab("Happy hours");
  await tap(page.getByRole("button", { name: /^Sepanjang hari (now )?every day/ }));
  await tap(page.getByRole("button", { name: "Remove" }));
  await tap(page.getByRole("button", { name: "Remove Sepanjang hari for good" }));
  await expect(manager.panel("Happy hours")).not.toContainText("Sepanjang hari");
});

test("a delivery is taken in and paid out of the drawer, costs are as it cost, and a count finds what is missing", async ({ restaurant }) => {
  const manager = await budi(restaurant);
  const { page } = manager;
  const { tap } = manager.device;
  await manager.seeTab("Stock");
  await tap(page.getByRole("button", { name: "Goods received" }));
  const form = page.getByRole("form", { name: "Goods received" });
  await form.getByRole("textbox", { name: "From", exact: true }).fill("Pasar Cikini");
  const line = form.getByRole("group", { name: "Line 1" });
  await tap(line.getByRole("combobox", { name: "What" }));
  await tap(page.getByRole("option", { name: "Kopi" }));
  await line.getByLabel("How much, g").fill("2000");
  await line.getByLabel("Net cost, IDR").fill("240000");
  await line.getByLabel("Tax, IDR").fill("24000");
  await tap(form.getByText("Cash out of the drawer"));
  await expect(form).toContainText("With tax Rp\u00a0264.000");
  await tap(form.getByRole("button", { name: "Take it in" }));
  await tap(page.getByRole("button", { name: /^Kopi/ }));
  const coffee = manager.panel("Kopi");
  await expect(figure(coffee, "Cost")).toHaveText("Rp\u00a0120.000 for 1000 g");
  await expect(figure(coffee, "On the shelf")).toHaveText("4500 g");
  await expect(coffee.getByRole("region", { name: "Movements" })).toContainText("Received");

  await tap(coffee.getByRole("button", { name: "Count" }));
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Counted, g").fill("4250");
  await expect(dialog.getByRole("status")).toHaveText("Missing: 250 g, Rp\u00a030.000");
  await tap(dialog.getByRole("button", { name: "Write down the count" }));
  await expect(figure(coffee, "On the shelf")).toHaveText("4250 g");
  await tap(coffee.getByRole("button", { name: "Change the cost" }));
  await page.getByRole("dialog").getByLabel("Cost, IDR").fill("125000");
  await tap(page.getByRole("dialog").getByRole("button", { name: "Costs this from now on" }));
  await expect(figure(coffee, "Cost")).toHaveText("Rp\u00a0125.000 for 1000 g");
  await manager.seeBooks();
  await tap(page.getByRole("button", { name: /^1300/ }));
  await expect(manager.panel("Account statement")).toContainText("Received from Pasar Cikini");
  await expect(manager.panel("Account statement")).toContainText("Stock count");
});

test("the operator's figures stay on the wall when nobody touches the screen, and whoever wants more signs in", async ({ restaurant }) => {
  const wall = await restaurant.device("Wall", "Till and tablet", { width: 1024, height: 768 }, WARUNG);
  const { page } = wall;
  // The page's own time, so that five minutes pass at once; nobody else uses this device.
  await page.clock.install();
  await wall.loadAnew();
  await signIn(wall, "Budi", "9999");
  await managerOn(wall).seeTab("Operation");
  const printers = page.getByRole("region", { name: "Printers", exact: true });
  await expect(printers).toContainText("no trouble known");
  await expect(page.getByRole("region", { name: "Consumers", exact: true }).getByRole("row", { name: /^kitchen / })).toBeVisible();
  await page.clock.fastForward("05:10");
  const onWall = page.getByRole("dialog", { name: "Operation, only to look at" });
  await expect(onWall.getByRole("region", { name: "Printers", exact: true })).toContainText("no trouble known");
  await expect(onWall.getByRole("button")).toHaveText(["Sign in"]);
  await expect(onWall.getByRole("textbox")).toHaveCount(0);
  await wall.tap(onWall.getByRole("button", { name: "Sign in" }));
  await expect(page.getByRole("dialog", { name: "Sign in" })).toBeVisible();
  await signIn(wall, "Budi", "9999");
  await expect(page.getByRole("tab", { name: "Operation", exact: true })).toHaveAttribute("aria-selected", "true");
});

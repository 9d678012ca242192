import { signIn } from "./people/person.ts";
import { cashierOn } from "./people/cashier.ts";
import { typeOnPad } from "./people/device.ts";
import { managerOn } from "./people/manager.ts";
import { waiterOn } from "./people/waiter.ts";
import { expect, test, WARUNG, type Restaurant } from "./restaurant.ts";

/** What a manager keeps besides the bills, in rupiah: nothing of it is seen in the other places. */
test.describe.configure({ mode: "serial" });

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
  await expect(account.getByLabel("Owed")).toHaveText("Rp\u00a00");

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
  await expect(account.getByLabel("Owed")).toHaveText("Rp\u00a060.638");
  await expect(account.getByRole("region", { name: "Statement" })).toContainText("House account taken");
  await tap(account.getByRole("button", { name: "Block" }));
  await expect(account.getByLabel("Free")).toHaveText("blocked");
  await tap(account.getByRole("button", { name: "Unblock" }));

  await tap(account.getByRole("button", { name: "Take a payment" }));
  const paying = page.getByRole("dialog");
  await typeOnPad(manager.device, "Amount paid", "70000");
  await expect(paying.getByRole("alert")).toContainText("is owed");
  await tap(paying.getByRole("button", { name: "All of it" }));
  await expect(paying).toContainText("Rounded from");
  await tap(paying.getByRole("button", { name: /^Take Rp.60\.600$/ }));
  await expect(account.getByLabel("Owed")).toHaveText("Rp\u00a00");
  await expect(account.getByRole("region", { name: "Statement" })).toContainText("House account paid: Cash");
});

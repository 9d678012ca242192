import { connect } from "#hub/db/client.ts";
import { adminUrlIn } from "../start/postgres-step.ts";
import { keyboardOn } from "./people/keyboard.ts";
import { managerOn } from "./people/manager.ts";
import { signIn } from "./people/person.ts";
import { addresses } from "./product.ts";
import { expect, test, WARUNG } from "./restaurant.ts";

/** A printer that nothing is printed on is asked again and again (PRN-27), and a dead one takes 2 s to be found dead. */
const NOTICED = { timeout: 45_000 };
/** One try and five more (RUN-4), and a machine that plays a whole restaurant. */
const GIVEN_UP = { timeout: 120_000 };

test("what a consumer gave up is seen by the operator, tried again by keyboard for a reason, and done after all", async ({ restaurant }) => {
  const office = await restaurant.device("Warung office", "Till and tablet", { width: 1024, height: 768 }, WARUNG);
  await signIn(office, "Budi", "9999");
  const manager = managerOn(office);
  const { page, tap } = office;
  const shelf = manager.panel("Kopi").getByText("On the shelf", { exact: true }).locator("+ b");
  const letters = manager.panel("Events that were given up");
  const postgres = connect(adminUrlIn(addresses().data) ?? "", { max: 1 });
  try {
    // The stock's table takes anything but this count, so its consumer fails, whatever it does.
    await postgres`alter table stock_levels add constraint not_this_count check (on_hand <> 777) not valid`;
    await manager.seeTab("Stock");
    await tap(page.getByRole("button", { name: /^Kopi/ }));
    await tap(manager.panel("Kopi").getByRole("button", { name: "Count" }));
    await page.getByRole("dialog").getByLabel("Counted, g").fill("777");
    await tap(page.getByRole("dialog").getByRole("button", { name: "Write down the count" }));
    await manager.seeTab("Operation");
    const again = letters.getByRole("button", { name: /^Try again: stock: Ingredient: counted · Ingredient Kopi/ });
    await expect(again).toBeVisible(GIVEN_UP);
    await expect(letters).toContainText("not_this_count");
    await expect(letters).toContainText("6 attempts");
    await postgres`alter table stock_levels drop constraint not_this_count`;

    await keyboardOn(office).enter(again);
    await keyboardOn(office).enter(page.getByRole("dialog").getByRole("button", { name: "The cause is gone" }));
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(letters).toContainText("done after all");
    await expect(letters).toContainText(/Tried again by Budi, .*: The cause is gone/);
    // The button that was pressed is gone; the keyboard is still where it was.
    await expect(letters.getByRole("heading", { name: "Events that were given up" })).toBeFocused();
  } finally {
    await postgres`alter table stock_levels drop constraint if exists not_this_count`;
    await postgres.end();
  }
  await manager.seeTab("Stock");
  await tap(page.getByRole("button", { name: /^Kopi/ }));
  await expect(shelf).toHaveText("777 g");
});

test("a printer that is switched off while nothing is printed is alerted with its cause, and so is that it is back", async ({ restaurant }) => {
  const office = await restaurant.device("Warung office", "Till and tablet", { width: 1024, height: 768 }, WARUNG);
  await signIn(office, "Budi", "9999");
  const manager = managerOn(office);
  await manager.seeTab("Operation");
  const alerts = office.page.getByRole("alert");
  await expect(manager.panel("Printers")).toContainText("no trouble known");
  await restaurant.printers.behave("Warung", { mood: "offline" });
  try {
    await expect(alerts).toContainText("The printer Warung does not answer.", NOTICED);
    await expect(manager.panel("Printers")).toContainText(/Warung.*, since /);
  } finally {
    await restaurant.printers.behave("Warung", { mood: "ok" });
  }
  await expect(manager.panel("Printers")).toContainText("no trouble known", NOTICED);
  await expect(office.page.getByText("The printer Warung does not answer.")).toHaveCount(0, NOTICED);
});

test("a consumer's place in every shard of the log is a tap away, and a key", async ({ restaurant }) => {
  const office = await restaurant.device("Warung office", "Till and tablet", { width: 1024, height: 768 }, WARUNG);
  await signIn(office, "Budi", "9999");
  const { page, tap } = office;
  await managerOn(office).seeTab("Operation");
  const open = page.getByRole("button", { name: "Positions of stock", exact: true });
  const dialog = page.getByRole("dialog", { name: "Positions of stock" });
  await tap(open);
  await expect(dialog.getByRole("row")).toHaveCount(17);
  await expect(dialog.getByRole("row").nth(16)).toHaveText(/^15\d+\d+\d+$/);
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await keyboardOn(office).enter(open);
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(open).toBeFocused();
});

import type { Page } from "@playwright/test";
import { billOn } from "./people/bill.ts";
import { cashierOn } from "./people/cashier.ts";
import { typeOnPad, type Device, type Size } from "./people/device.ts";
import { keyboardOn } from "./people/keyboard.ts";
import { managerOn } from "./people/manager.ts";
import { signIn } from "./people/person.ts";
import { waiterOn } from "./people/waiter.ts";
import { CAFE, expect, test, type Restaurant } from "./restaurant.ts";

const SMALL: Size = { width: 1024, height: 768 };

async function at(restaurant: Restaurant, device: string, name: string, pin: string) {
  const till = await restaurant.device(device, "Till and tablet", SMALL, CAFE);
  await signIn(till, name, pin);
  return { ...billOn(till), ...waiterOn(till), ...cashierOn(till), ...keyboardOn(till) };
}
const drawerNamed = (page: Page, name: string) => page.getByRole("region", { name: "Drawer", exact: true }).getByRole("heading", { name, exact: true });
const hasKeyboard = (page: Page) => expect.poll(() => page.evaluate(() => document.activeElement !== null && document.activeElement !== document.body)).toBe(true);

/** Clears the table, and goes to the drawer in the very call that the answer comes in, while the bill is still drawn. */
async function toTheDrawerAtTheAnswer({ page, clearTable }: Awaited<ReturnType<typeof at>>) {
  await page.evaluate(() => {
    const send = window.fetch;
    window.fetch = async (...args) => {
      const answer = await send(...args);
      if (!(args[0] instanceof Request ? args[0].url : String(args[0])).includes("party.clear")) return answer;
      window.fetch = send;
      await new Promise<void>((letGo) => Object.assign(window, { letGo }));
      return answer;
    };
  });
  await clearTable();
  await expect.poll(() => page.evaluate(() => "letGo" in window)).toBe(true);
  await page.getByRole("link", { name: "Drawer" }).evaluate((link: HTMLElement) => {
    link.click();
    (window as unknown as { letGo(): void }).letGo();
  });
}

/** Served and sent, with its bill open. */
async function coffee(who: Awaited<ReturnType<typeof at>>, table: string) {
  await who.goToFloor();
  await who.seat(table, 1);
  await who.openCategory("Coffee");
  await who.add("Drip coffee");
  await who.send();
  await who.openBill();
  await who.device.tap(who.payment.getByRole("radio", { name: "Cash", exact: true }));
}

async function openAs(device: Device, name: string, float: string) {
  const { page, tap } = device;
  await page.getByRole("textbox", { name: "Drawer" }).fill(name);
  await typeOnPad(device, "Float", float);
  await tap(page.getByRole("main").getByRole("button", { name: "Open drawer" }));
  await expect(drawerNamed(page, name)).toBeVisible();
}

test("each of two tills has its own drawer: cash goes into that, the other stays as it is, and what a count came to stays in sight", async ({ restaurant }) => {
  const noah = await at(restaurant, "Café bar", "Noah", "9999");
  await noah.device.tap(noah.page.getByRole("link", { name: "Open drawer" }));
  await openAs(noah.device, "Bar", "20000");

  const jess = await at(restaurant, "Café front", "Jess", "1111");
  const { page, device } = jess;
  await jess.goToDrawer();
  await device.tap(page.getByRole("button", { name: "Another drawer" }));
  await openAs(device, "Till 1", "10000");
  await expect(jess.said).toHaveText("Till 1 is open, float $100.00");
  await expect(page.getByRole("region", { name: "Other drawers" })).toContainText("Bar opened by Noah");
  await expect(drawerNamed(noah.page, "Bar")).toBeVisible();

  await jess.goToFloor();
  await jess.seat("5", 1);
  await jess.openCategory("Coffee");
  await jess.add("Drip coffee");
  await jess.send();
  await jess.openBill();
  await device.tap(jess.payment.getByRole("radio", { name: "Cash", exact: true }));
  const drawers = jess.payment.getByRole("radiogroup", { name: "Cash drawer" });
  await expect(drawers.getByRole("radio", { name: "Till 1" })).toBeChecked();
  await jess.exactCash();
  await jess.closeCheck();
  // Regression: the answer took her away from the drawer, to the floor.
  await toTheDrawerAtTheAnswer(jess);
  await expect(drawerNamed(page, "Till 1")).toBeVisible();
  await expect(page.getByRole("button", { name: "Table 5" })).toHaveCount(0);

  await jess.closeDrawer("10354");
  await expect(jess.lastCount.first()).toContainText("Till 1 closed");
  await expect(jess.lastCount.first()).toContainText("Difference$0.00");
  await expect(page.getByRole("region", { name: "Other drawers" })).toContainText("Bar opened by Noah");

  // Its own till is closed: nobody's cash goes to the bar unless somebody says so, and then also after the tablet is started anew.
  await device.tap(page.getByRole("button", { name: "Use Bar on this tablet" }));
  await expect(drawerNamed(page, "Bar")).toBeVisible();
  await device.loadAnew();
  await expect(drawerNamed(page, "Bar")).toBeVisible();
});

test("at the drawer by keyboard: what was done is said, the keyboard is never lost, and no Enter closes a drawer that nobody has counted", async ({ restaurant }) => {
  const noah = await at(restaurant, "Café bar", "Noah", "9999");
  const { page, enter } = noah;
  const task = page.getByRole("region", { name: "Drawer task" });
  await noah.goToDrawer();
  await enter(page.getByRole("button", { name: "Drop to the safe" }));
  await expect(task).toContainText("Typed wrongly, it is taken back by Pay in, from the safe.");
  await page.keyboard.type("99900");
  const drop = task.getByRole("button", { name: /^Drop to the safe/ });
  await enter(drop);
  await expect(page.getByRole("alert")).toContainText("There is not that much cash in the drawer. Count it");
  await expect(drop).toBeFocused();
  for (let digit = 0; digit < 5; digit++) await page.keyboard.press("Backspace");
  await page.keyboard.type("999999900");
  await page.keyboard.press("Enter");
  await expect(task.getByRole("alert")).toHaveText("That is more than a drawer holds. Type the amount a second time.");
  await expect(noah.movements).toHaveCount(0);
  await page.keyboard.type("1000");
  await enter(drop);
  await expect(noah.said).toHaveText("Dropped: $10.00, Too much cash in the drawer");
  await hasKeyboard(page);
  await enter(page.getByRole("button", { name: "Pay in" }));
  await page.keyboard.type("2500");
  await enter(task.getByRole("button", { name: /^Pay in/ }));
  await expect(noah.said).toHaveText("Paid in: $25.00, Change from the bank");
  await hasKeyboard(page);
  const x = page.getByRole("button", { name: "X report" });
  await enter(x);
  await expect(noah.said).toHaveText("X 1 of Bar is printed");
  await expect(x).toBeFocused();

  await enter(page.getByRole("button", { name: "Count and close" }));
  const count = async (digits: string) => {
    await page.keyboard.type(digits);
    await enter(task.getByRole("button", { name: "Close drawer" }));
  };
  await count("9999999999");
  await expect(task.getByRole("heading", { name: "Count it once more" })).toBeFocused();
  // Whether the pad hears it or the button has it, Enter only goes on to the question, and then does nothing.
  await count("21500");
  await expect(task.getByRole("heading", { name: "Close Bar with this count?" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(task).toContainText("$215.00");
  await task.getByRole("textbox", { name: "Note" }).fill("Two coins in the street");
  await enter(task.getByRole("button", { name: "Yes, close Bar" }));
  await expect(noah.said).toHaveText(/^Bar is closed, Z \d+$/);
  await expect(page.getByRole("heading", { name: /^Bar closed, Z \d+$/ })).toBeFocused();
  await expect(noah.lastCount.first()).toContainText("Difference$0.00");
});

test("the day that was closed is headed by the one that money belongs to now", async ({ restaurant }) => {
  const office = managerOn((await at(restaurant, "Café bar", "Noah", "9999")).device);
  const { tap } = office.device;
  await office.seeTab("Day");
  const day = office.panel("Business day");
  const heading = day.getByRole("heading", { name: /^Business day \d{4}-\d\d-\d\d$/ });
  const before = (await heading.textContent()) ?? "";
  await tap(day.getByRole("button", { name: "Close the day, Z" }));
  await tap(day.getByRole("button", { name: /^Close .* for good$/ }));
  await expect(heading).not.toHaveText(before);
  await expect(day).toContainText(`${before.slice("Business day ".length)} is closed: what is taken now belongs to ${((await heading.textContent()) ?? "").slice("Business day ".length)}.`);
});

test("with drawers open that it does not use a tablet first asks which one its cash is of, and tells of one that was closed meanwhile", async ({ restaurant }) => {
  const noah = await at(restaurant, "Café bar", "Noah", "9999");
  await noah.device.tap(noah.page.getByRole("link", { name: "Open drawer" }));
  await openAs(noah.device, "Bar", "20000");
  const jess = await at(restaurant, "Café front", "Jess", "1111");
  await jess.goToDrawer();
  await jess.device.tap(jess.page.getByRole("button", { name: "Another drawer" }));
  await openAs(jess.device, "Till 1", "10000");

  const back = await at(restaurant, "Café back", "Noah", "9999");
  const { device, page, payment } = back;
  await coffee(back, "4");
  const which = payment.getByRole("group", { name: "Which drawer is the cash of?" });
  await expect(which.getByRole("button")).toHaveText(["Bar", "Till 1"]);
  await expect(payment.getByRole("group", { name: "Float" })).toHaveCount(0);
  await device.tap(payment.getByRole("button", { name: "Open another drawer" }));
  await expect(payment).toContainText("Till 2 is not open. Count its float to take cash.");

  await back.cardByHand("7");
  await back.closeCheck();
  await device.tap(payment.getByRole("button", { name: "Refund", exact: true }));
  const dialog = page.getByRole("dialog");
  await device.tap(dialog.getByText("In cash", { exact: true }));
  await expect(dialog.getByRole("alert")).toHaveText("What goes back in cash comes out of a drawer: choose which one.");
  await device.tap(dialog.getByRole("button", { name: "Not now" }));
  await back.clearTable();

  // Away from the hub, while somebody else counts the drawer that the cash was to go into.
  await coffee(jess, "5");
  await jess.page.context().setOffline(true);
  await jess.exactCash();
  await noah.goToDrawer();
  await noah.device.tap(noah.page.getByRole("button", { name: "Use Till 1 on this tablet" }));
  await noah.closeDrawer("10000");
  await expect(noah.lastCount.first()).toContainText("Till 1 closed");
  await jess.page.context().setOffline(false);
  const told = "Till 1 has been closed meanwhile. Use another drawer, or open one.";
  await expect(jess.said).toHaveText(told);
  await expect(jess.page.getByRole("alert")).toContainText(told);
  await jess.device.tap(jess.payment.getByRole("group", { name: "Which drawer is the cash of?" }).getByRole("button", { name: "Bar" }));
  await jess.exactCash();
  await jess.closeCheck();
  await jess.clearTable();
});

test("a finger that taps twice takes the cash of one guest and leaves the table; who refunds hands over, and nobody else is told to", async ({ restaurant }) => {
  const jess = await at(restaurant, "Café front", "Jess", "1111");
  const noah = await at(restaurant, "Café bar", "Noah", "9999");
  await coffee(jess, "5");
  await jess.equally(3);
  const guests = jess.page.getByRole("group", { name: "Payment parts" }).getByRole("button");
  const twice = async (name: string) => {
    const button = jess.payment.getByRole("button", { name, exact: true });
    await expect(button).toBeEnabled();
    // By the page's own clock, which the bill's rest goes by too, however busy the machine is; what lies there by then has the second tap.
    await button.evaluate(async (element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      for (let tap = 0; tap < 2; tap++) {
        document.elementFromPoint(x + width / 2, y + height / 2)?.closest("button")?.click();
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    });
  };
  for (let paid = 1; paid <= 3; paid++) {
    await twice("Exact cash");
    await expect(guests.filter({ hasText: "paid" })).toHaveCount(paid);
  }
  await twice("Close check");
  await expect(jess.payment.getByRole("heading", { name: "Closed" })).toBeVisible();
  await expect(jess.payment.getByRole("button", { name: "Clear table" })).toBeEnabled();
  await expect(jess.payment.getByRole("button", { name: "Print receipt" })).toBeVisible();

  const { payment, device, page } = noah;
  await noah.openTable("5");
  await noah.openBill();
  await device.tap(payment.getByRole("button", { name: "Refund", exact: true }));
  const dialog = page.getByRole("dialog");
  await device.tap(dialog.getByText("All of it"));
  await device.tap(dialog.getByText("Bar", { exact: true }));
  await device.tap(dialog.getByRole("button", { name: "Guest complained" }));
  await device.tap(dialog.getByRole("button", { name: /^Refund \$/ }));
  await device.tap(dialog.getByRole("button", { name: "Done" }));
  await expect(payment.getByRole("group", { name: /^Refund R/ })).toContainText("Hand over in cash");
  await expect(jess.payment).toContainText(/Refund R\d+ by Noah/);
  await expect(jess.payment.getByRole("group", { name: /^Refund R/ })).toContainText("Noah hands over in cash");

  // Whoever is elsewhere when the answer comes stays there.
  const clearing = /\/trpc\/party\.clear/;
  const answered = jess.page.waitForResponse(clearing);
  await jess.page.route(clearing, async (route) => {
    await jess.device.tap(jess.page.getByRole("link", { name: "Drawer" }));
    await expect(jess.reports).toBeVisible();
    await route.continue();
  });
  await jess.device.tap(jess.payment.getByRole("button", { name: "Clear table" }));
  await answered;
  await noah.goToFloor();
  await expect(noah.table("5")).toHaveAccessibleDescription(/free/);
  await expect(jess.reports).toBeVisible();
});

test("a paper that a manager left open is not read by the cashier who unlocks the tablet", async ({ restaurant }) => {
  const noah = await at(restaurant, "Café bar", "Noah", "9999");
  await noah.goToDrawer();
  await noah.report();
  const x = noah.reports.getByRole("button", { name: /^X/ }).first();
  await noah.device.tap(x);
  const paper = noah.page.getByRole("dialog");
  await expect(paper).toContainText("Expected");
  // As a tablet does by itself that nobody touches: with all that is open.
  await noah.page.getByRole("button", { name: "Lock, Noah", includeHidden: true }).dispatchEvent("click");
  await signIn(noah.device, "Jess", "1111");
  await expect(noah.reports).toBeVisible();
  await expect(paper).toHaveCount(0);
  await noah.device.tap(x);
  await expect(paper).toContainText("Float");
  await expect(paper).not.toContainText("Expected");
  await noah.page.keyboard.press("Escape");
});

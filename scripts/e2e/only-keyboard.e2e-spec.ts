import { keyboardOn } from "./people/keyboard.ts";
import { expect, test } from "./restaurant.ts";

test("two who eat are served, their bill split by seat, paid and closed by keyboard alone", async ({ restaurant }) => {
  const ana = await restaurant.ana();
  const { page } = ana.device;
  const { enter } = keyboardOn(ana.device);
  const seat = (number: number) => ana.order.getByRole("button", { name: `Seat ${number}`, exact: true });
  const taps = await ana.device.tapsFor(async () => {
    await enter(page.getByRole("link", { name: "Floor" }));
    await enter(ana.table("T7"));
    await enter(ana.sheet.getByRole("button", { name: "2 covers", exact: true }));
    await expect(ana.title("Table T7")).toBeVisible();
    for (const [number, dish] of [[1, "Carbonara"], [2, "Lasagne"]] as const) {
      await enter(seat(number));
      await enter(ana.product(dish));
      await expect(ana.line(dish)).toBeVisible();
    }
    await enter(ana.order.getByRole("button", { name: "Send", exact: true }));
    await enter(page.getByRole("button", { name: "Pay", exact: true }));
    await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
    const methods = ana.payment.getByRole("radio");
    const [cash, second] = [methods.nth(0), methods.nth(1)];
    await enter(cash);
    for (const [key, method] of [["ArrowRight", second], ["ArrowLeft", cash], ["ArrowUp", methods.last()], ["ArrowDown", cash]] as const) {
      await page.keyboard.press(key);
      await expect(method).toBeFocused();
      await expect(method).toBeChecked();
      expect(await methods.evaluateAll((all) => all.filter((each) => each.tabIndex === 0).length)).toBe(1);
    }
    // Asked of somebody over the dialog that it was asked from, and left: the keyboard is where it was before both.
    const more = page.getByRole("button", { name: /^More for / });
    await enter(more);
    await enter(page.getByRole("menuitem", { name: "Discount, on the house, staff meal" }), "ArrowDown");
    await enter(page.getByRole("dialog").getByRole("button", { name: "Regular guest" }));
    await expect(page.getByRole("button", { name: "Ask on their device" })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(more).toBeFocused();
    const actions = page.getByRole("toolbar", { name: "Bill actions" });
    const heading = page.getByRole("heading", { level: 1 });
    await enter(ana.billLines("Lasagne"));
    await expect(ana.said).toHaveText("1 selected");
    await enter(ana.selection.getByRole("button", { name: "New part" }));
    await expect(ana.parts).toHaveCount(2);
    await expect(ana.said).toHaveText("Lasagne moved to a new part");
    await expect(heading).toBeFocused();
    await enter(ana.billLines("Carbonara"));
    await enter(ana.selection.getByRole("button", { name: "Share with some" }));
    await expect(ana.selection.getByText("Tap the heads of those who share")).toBeFocused();
    for (let more = 2; more > 0; more--) {
      await expect(page.getByRole("button", { name: /^Also: / })).toHaveCount(more);
      await enter(page.getByRole("button", { name: /^Also: / }).first());
    }
    await enter(ana.selection.getByRole("button", { name: "Share among 2" }));
    await expect(ana.said).toHaveText("Carbonara shared with all");
    await expect(heading).toBeFocused();
    for (const noun of ["sharing", "moving items"]) {
      await enter(actions.getByRole("button", { name: /^Undo/ }));
      await expect(ana.said).toHaveText(`Undone: ${noun}`);
    }
    await expect(ana.parts).toHaveCount(0);
    await enter(actions.getByRole("button", { name: "By seat" }));
    await expect(ana.parts).toHaveCount(2);
    await expect(ana.said).toHaveText("Divided by seat");
    for (const number of [1, 2]) {
      await enter(ana.payment.getByRole("button", { name: "Exact cash" }));
      await expect(ana.part(`Seat ${number}`)).toContainText("Paid");
      await expect(ana.payment.getByRole("heading", { name: number === 1 ? /^Seat 2\W+Due/ : "Paid" })).toBeFocused();
    }
    await expect(ana.said).toHaveText("Seat 2, Paid");
    await enter(ana.payment.getByRole("button", { name: "Close 2 checks" }));
    await expect(ana.said).toHaveText("Seat 2, Closed");
    await expect(ana.payment.getByRole("heading", { name: "Closed" })).toBeFocused();
    await enter(ana.payment.getByRole("button", { name: "Clear table" }));
    await expect(ana.table("T7")).toHaveAccessibleDescription(/^free/);
  });
  expect(taps).toBe(0);
});

test("what is typed into a dialog or on the lock is heard by nothing behind it: no PIN on the pad, and no Enter that takes cash", async ({ restaurant }) => {
  const ana = await restaurant.ana();
  const { page, tap } = ana.device;
  await ana.takeaway("Rosa", 20);
  await ana.add("Carbonara");
  await ana.send();
  await ana.openBill();
  await tap(ana.payment.getByRole("radio", { name: "Cash", exact: true }));
  const received = ana.payment.getByText("Received").locator("..");
  await expect(received).toContainText("exact");

  await ana.discount(25, "Regular guest");
  await tap(page.getByRole("dialog").getByRole("button", { name: "Sofia", exact: true }));
  await page.keyboard.type("9999");
  await expect(received).toContainText("exact");
  await page.keyboard.down("Enter");
  // Held down: heard again when the dialog has gone.
  await expect(ana.said).toHaveText(/^Discount/);
  await page.keyboard.down("Enter");
  await page.keyboard.up("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(ana.bill).toContainText("Discount");
  await expect(received).toContainText("exact");
  await expect(ana.payment.getByRole("heading", { name: "Paid" })).toHaveCount(0);

  await tap(page.getByRole("button", { name: "Lock, Ana" }));
  const lock = page.getByRole("dialog", { name: "Sign in" });
  await tap(lock.getByRole("button", { name: "Ana", exact: true }));
  await page.keyboard.type("3333");
  await expect(lock).toHaveCount(0);
  await expect.poll(() => page.evaluate(() => document.activeElement !== document.body)).toBe(true);
  await expect(received).toContainText("exact");
  await tap(ana.payment.getByRole("button", { name: "Exact cash" }));
  await expect(ana.payment.getByRole("heading", { name: "Paid" })).toBeVisible();
});

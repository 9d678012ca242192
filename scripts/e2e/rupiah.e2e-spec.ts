import type { Locator } from "@playwright/test";
import { billOn } from "./people/bill.ts";
import { cashierOn } from "./people/cashier.ts";
import { typeOnPad, type Size } from "./people/device.ts";
import { signIn } from "./people/person.ts";
import { cutIn, isInSight } from "./people/uncut.ts";
import { waiterOn } from "./people/waiter.ts";
import { expect, test, WARUNG } from "./restaurant.ts";

const NBSP = "\u00a0";
const SMALL: Size = { width: 1024, height: 768 };

/** As a finger that is quicker than Playwright's, which looks for the button each time. */
async function pressOften(button: Locator, times: number): Promise<void> {
  await button.evaluate(async (element: HTMLElement, presses) => {
    for (let press = 0; press < presses; press++) {
      element.click();
      await new Promise(requestAnimationFrame);
    }
  }, times);
}

test("nobody can pay a sen: three equal parts make the whole as it is shown, what is shown as due can be typed, and a terminal is asked for whole rupiah", async ({ restaurant }) => {
  const till = await restaurant.device("Warung till", "Till and tablet", SMALL, WARUNG);
  await signIn(till, "Budi", "9999");
  const budi = { ...billOn(till), ...waiterOn(till), ...cashierOn(till) };
  await budi.goToFloor();
  await budi.seat("6", 3);
  for (let seat = 1; seat <= 3; seat++) {
    await budi.toSeat(seat);
    await budi.add("Soto ayam");
  }
  await budi.send();
  await budi.openBill();

  // Three at 39.900 with 5 % and 10 % are 138.253,50, and each 46.084,50.
  await budi.bySeat();
  await expect(budi.parts).toHaveCount(3);
  for (const [seat, rupiah] of [[1, "46.085"], [2, "46.085"], [3, "46.084"]] as const) await expect(budi.part(`Seat ${seat}`)).toContainText(`Rp${NBSP}${rupiah}`);
  await expect(budi.proof).toContainText(`3 parts make the whole: Rp${NBSP}138.254`);
  await budi.undo();
  await expect(budi.parts).toHaveCount(0);

  // Undone at once, while the hub has not answered yet.
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  await till.page.route(/\/trpc\/check\./, async (route) => {
    await answered;
    await route.continue();
  });
  await budi.bySeat();
  await expect(budi.parts).toHaveCount(3);
  await budi.undo();
  await expect(budi.parts).toHaveCount(0);
  answer();
  await expect(budi.said).toHaveText(/^Undone: /);
  await till.page.unrouteAll({ behavior: "wait" });
  await expect(budi.parts).toHaveCount(0);

  await budi.equally(3);
  const guests = budi.page.getByRole("group", { name: "Payment parts" }).getByRole("button");
  await expect(guests).toHaveText([/46\.085/, /46\.085/, /46\.084/]);
  await expect(budi.due).toHaveText(`Rp${NBSP}46.085`);
  await budi.cardByHand("1", "46085");
  await expect(guests.filter({ hasText: /paid/i })).toHaveCount(1);

  await restaurant.providers.behave("terminal-1", { mood: "ok", ms: 300 });
  await budi.charge("Card terminal");
  await expect(guests.filter({ hasText: /paid/i })).toHaveCount(2);
  expect(await restaurant.providers.lastAmount("terminal-1")).toBe("4608500");

  await expect(budi.due).toHaveText(`Rp${NBSP}46.084`);
  await budi.cardByHand("2", "46084");
  await budi.closeCheck();
  await budi.clearTable();
  await expect(budi.table("6")).toHaveAccessibleDescription(/^free/);
});

test("no amount on its way to be paid is cut, on either tablet, and the button that takes it stays in sight below what is not sent", async ({ restaurant }) => {
  const at = async (size: Size) => {
    const till = await restaurant.device(`Warung ${size.width}`, "Till and tablet", size, WARUNG);
    await signIn(till, "Budi", "9999");
    return { ...billOn(till), ...waiterOn(till), ...cashierOn(till) };
  };
  const small = await at(SMALL);
  await small.goToFloor();
  // Another story may have left it open.
  if (await small.page.getByRole("link", { name: "Open drawer" }).isVisible()) await small.openDrawer("5000000");
  await small.goToFloor();
  await small.seat("5", 2);
  for (let plate = 0; plate < 28; plate++) await small.add("Sate ayam");
  await small.openCategory("Penutup");
  await small.add("Pisang goreng");
  await small.openBill();
  const large = await at({ width: 1280, height: 800 });
  await large.openTable("5");
  await large.openBill();

  const take = /^Take |missing$/;
  const isWhole = async (payment: Locator, words: RegExp) => {
    expect(await cutIn(payment)).toEqual([]);
    const pad = payment.getByRole("group", { name: "Amount", exact: true });
    for (const shown of [payment.getByRole("button", { name: words }), pad.getByRole("button", { name: "Delete digit" })]) expect(await isInSight(shown)).toBe(true);
  };
  for (const { device, payment, due } of [small, large]) {
    const fill = async (field: RegExp, digits: string) => {
      await device.tap(payment.getByRole("button", { name: field }));
      await typeOnPad(device, "Amount", digits);
    };
    await expect(payment).toContainText("have not been sent");
    await expect(due).toHaveText(`Rp${NBSP}1.725.570`);
    await device.tap(payment.getByRole("radio", { name: "Cash", exact: true }));
    await isWhole(payment, take);
    // A digit more than the hub takes is none.
    await fill(/^Received/, "999999990");
    await expect(payment.getByRole("button", { name: /^Received/ })).toContainText("99.999.999");
    await isWhole(payment, take);
    await fill(/^Tip/, "99999999");
    await isWhole(payment, take);
    await fill(/^Part of it/, "99999999");
    for (const method of ["Cash", "Card by hand"]) {
      await device.tap(payment.getByRole("radio", { name: method, exact: true }));
      await expect(payment.getByRole("alert")).toHaveText(`At most Rp${NBSP}1.725.570 is due.`);
      await isWhole(payment, take);
    }
    await device.tap(payment.getByRole("radio", { name: "Gift card" }));
    await isWhole(payment, /from the card$/);
  }
  // With a second drawer open the pane says which one the cash is of.
  await large.goToDrawer();
  await large.device.tap(large.page.getByRole("button", { name: "Another drawer" }));
  await large.device.tap(large.page.getByRole("main").getByRole("button", { name: "Open drawer" }));
  await large.openTable("5");
  await large.openBill();
  for (const { device, payment } of [small, large]) {
    await device.tap(payment.getByRole("radio", { name: "Cash", exact: true }));
    // Asked in large letters where the tablet had none of its own before.
    await device.tap(payment.getByRole("radiogroup", { name: /drawer/ }).or(payment.getByRole("group", { name: "Which drawer is the cash of?" })).getByText("Till 1"));
    await expect(payment.getByRole("radiogroup", { name: "Cash drawer" }).getByRole("radio", { name: "Till 1" })).toBeChecked();
    await isWhole(payment, take);
  }
  await large.goToDrawer();
  await large.device.tap(large.page.getByRole("button", { name: "Use Till 2 on this tablet" }));
  await typeOnPad(large.device, "Count", "00");
  await large.device.tap(large.page.getByRole("button", { name: "Close drawer" }));
  await large.device.tap(large.page.getByRole("button", { name: "Yes, close Till 2" }));
  await expect(large.lastCount.first()).toContainText("Till 2 closed");
  await small.sendUnsent();
  await small.goToFloor();
  await small.openTable("5");
  await small.openBill();
  await small.cardByHand("3");
  await small.closeCheck();
  await small.clearTable();
  await small.closeDrawer("5000000");
  await expect(small.lastCount.first()).toContainText("Till 1 closed");
});

test("of a bill of millions every amount to be handed over is whole, and of each of its equal parts", async ({ restaurant }) => {
  const till = await restaurant.device("Warung till", "Till and tablet", SMALL, WARUNG);
  await signIn(till, "Budi", "9999");
  const budi = { ...billOn(till), ...waiterOn(till), ...cashierOn(till) };
  const { page, tap } = budi.device;
  await budi.goToFloor();
  const opens = await page.getByRole("link", { name: "Open drawer" }).isVisible();
  if (opens) await budi.openDrawer("5000000");
  await budi.goToFloor();
  await budi.seat("4", 2);
  const fry = async (pieces: number) => {
    await budi.openCategory("Penutup");
    await budi.add("Pisang goreng");
    await tap(budi.line("Pisang goreng").last());
    await pressOften(budi.order.getByRole("button", { name: "One more" }), pieces - 1);
    await expect(budi.line("Pisang goreng").last()).toContainText(String(pieces));
    await tap(budi.order.getByRole("button", { name: "Done" }));
  };
  for (const pieces of [99, 99]) await fry(pieces);
  await budi.send();
  await budi.openBill();
  const quick = budi.payment.getByRole("button", { name: /^Cash Rp/ });
  const handOver = async (...amounts: readonly string[]) => {
    await tap(budi.payment.getByRole("radio", { name: "Cash", exact: true }));
    await expect(quick).toHaveText(amounts);
    expect(await cutIn(budi.payment)).toEqual([]);
  };
  await handOver("5.490.000", "5.500.000");
  await budi.equally(2);
  await expect(budi.due).toHaveText(`Rp${NBSP}2.744.280`);
  await handOver("2.750.000", "2.760.000", "2.800.000");
  await budi.undo();

  await budi.goToFloor();
  await budi.openTable("4");
  for (const pieces of [95, 95]) await fry(pieces);
  await budi.send();
  await budi.openBill();
  await expect(budi.due).toHaveText(`Rp${NBSP}10.755.360`);
  await handOver("10.760.000", "10.800.000");
  await budi.cardByHand("4");
  await budi.closeCheck();
  await budi.clearTable();
  if (opens) await budi.closeDrawer("5000000");
});

test("the largest amount in euro that can be typed is whole in its field", async ({ restaurant }) => {
  const till = await restaurant.device("Sofia's till", "Till and tablet", SMALL);
  await signIn(till, "Sofia", "9999");
  const sofia = { ...waiterOn(till), ...cashierOn(till) };
  const { page, payment, device } = sofia;
  await sofia.goToFloor();
  const opens = await page.getByRole("link", { name: "Open drawer" }).isVisible();
  if (opens) await sofia.openDrawer("10000");
  await sofia.goToFloor();
  await sofia.seat("9", 1);
  await sofia.openCategory("Kitchen");
  await sofia.add("Carbonara");
  await sofia.send();
  await sofia.openBill();
  await device.tap(payment.getByRole("radio", { name: "Cash", exact: true }));
  for (const field of ["Received", "Tip"]) {
    await device.tap(payment.getByRole("button", { name: new RegExp(`^${field}:`) }));
    await typeOnPad(device, "Amount", "5003388888");
    await expect(payment.getByRole("button", { name: new RegExp(`^${field}:`) })).toContainText("50,033,888.88");
    expect(await cutIn(payment)).toEqual([]);
  }
  await sofia.cardByHand("5");
  await sofia.closeCheck();
  await sofia.clearTable();
  if (opens) await sofia.closeDrawer("10000");
});

import type { Browser, Page } from "@playwright/test";
import { billOn } from "../e2e/people/bill.ts";
import { cashierOn } from "../e2e/people/cashier.ts";
import { cookAt, passOn } from "../e2e/people/cook.ts";
import { openDevice, typeOnPad, type Device, type Size } from "../e2e/people/device.ts";
import { expect } from "../e2e/people/expect.ts";
import { managerOn } from "../e2e/people/manager.ts";
import { signIn } from "../e2e/people/person.ts";
import { waiterOn } from "../e2e/people/waiter.ts";
import type { ShownRestaurant } from "./restaurant.ts";

const TABLET: Size = { width: 1280, height: 800 };
const OFFICE_SCREEN: Size = { width: 1280, height: 1080 };
const KITCHEN_SCREEN: Size = { width: 1920, height: 1080 };

/** Goes through the README's screens; `keep` takes what is on the page. */
export async function takePictures(browser: Browser, restaurant: ShownRestaurant, keep: (file: string, page: Page) => Promise<void>): Promise<void> {
  const open = (name: string, link: string, size: Size) => openDevice(browser, { name, home: restaurant.url, place: restaurant.place.profile.name, link, size });
  const keepLive = async (file: string, { page }: Device) => {
    await expect(page.getByRole("status", { name: "Connected" })).toBeVisible();
    await keep(file, page);
  };
  const tablet = async (person: string, link = "Till and tablet", size = TABLET) => {
    const device = await open(person, link, size);
    await signIn(device, person, restaurant.place.people.find(({ name }) => name === person)?.pin ?? "");
    return device;
  };

  const mai = waiterOn(await tablet("Mai"));
  await expect(mai.table("5")).toHaveAccessibleDescription(/2 covers/);
  await keepLive("pos-floor.png", mai.device);
  await mai.openTable("5");
  await mai.openCategory("Grill");
  await expect(mai.line("Burger")).toContainText("NO Onions");
  await keepLive("pos-order.png", mai.device);
  await showSheet(mai.device);
  await keep("pos-sheet.png", mai.device.page);

  const till = await tablet("Ana");
  const ana = { ...billOn(till), ...waiterOn(till), ...cashierOn(till) };
  await ana.openTable("4");
  await ana.openBill();
  await ana.cardByHand("4711", "4000");
  await expect(ana.bill).toContainText("Card, slip 4711");
  await typeOnPad(till, "Amount", "10000");
  await keepLive("pos-pay.png", till);
  await ana.openTable("14");
  await ana.openBill();
  await ana.bySeat();
  await ana.select(null, "Barolo");
  await ana.shareWithAll();
  await ana.exactCash();
  await expect(ana.part("Seat 1")).toContainText("Paid");
  await ana.select("Seat 3", "Panna cotta");
  await keepLive("pos-split.png", till);

  for (const [station, ticket] of [["Bar", "11"], ["Grill", "9"]] as const) {
    const cook = cookAt(await open(station, station, KITCHEN_SCREEN));
    await cook.allowSound();
    await expect(cook.ticket(ticket).first()).toBeVisible();
    await keepLive(`kds-${station.toLowerCase()}.png`, cook.device);
  }
  const pass = passOn(await open("Pass", "Pass", KITCHEN_SCREEN));
  await cookAt(pass.device).allowSound();
  await expect(pass.order("9")).toBeVisible();
  await keepLive("kds-pass.png", pass.device);

  const sofia = managerOn(await tablet("Sofia", "Today", OFFICE_SCREEN));
  await expect(sofia.panel("Trial balance")).toContainText("Balanced");
  await keepLive("manager-today.png", sofia.device);
  await sofia.device.page.setViewportSize(TABLET);
  await sofia.seeBills();
  await sofia.openBillOf(/^Table 14 paid/);
  await expect(sofia.timeline).toContainText("Shared items");
  await keepLive("manager-timeline.png", sofia.device);

  const context = await browser.newContext({ viewport: { width: 1600, height: 1000 }, locale: "en-GB", timezoneId: restaurant.place.profile.zone });
  const preview = await context.newPage();
  await preview.goto(restaurant.slips);
  const drawn = () => preview.locator("img").evaluateAll((slips) => slips.length > 0 && slips.every((slip) => (slip as HTMLImageElement).naturalHeight > 0));
  await expect.poll(drawn, { timeout: 90_000 }).toBe(true);
  await keep("printer-slips.png", preview);
}

/** A burger with its wishes, before the last forced choice closes the sheet. */
async function showSheet({ page, tap }: Device): Promise<void> {
  await tap(page.getByRole("region", { name: "Menu" }).getByRole("button", { name: "Burger", exact: true }));
  const sheet = page.getByRole("dialog");
  for (const name of ["Onions", "Bacon", "Allergy: nuts"]) await tap(sheet.getByRole("button", { name, exact: true }));
}

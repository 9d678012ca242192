import type { Locator } from "@playwright/test";
import type { Device } from "./device.ts";
import { expect } from "./expect.ts";

export type Wishes = {
  readonly quantity?: number;
  /** Options of the sheet, each as often as it has to be touched, the forced ones last: they close it. */
  readonly choices: readonly string[];
  readonly allergies?: readonly string[];
};

export type Waiter = ReturnType<typeof waiterOn>;

/** What a waiter does on a tablet, touch by touch. */
export function waiterOn(device: Device) {
  const { page, tap } = device;
  const menu = page.getByRole("region", { name: "Menu" });
  const order = page.getByRole("complementary", { name: "Order" });
  const sheet = page.getByRole("dialog");
  const table = (name: string) => page.getByRole("button", { name: `Table ${name}`, exact: true });
  const product = (name: string) => menu.getByRole("button", { name, exact: true });
  const line = (words: string | RegExp) => order.getByRole("option").filter({ hasText: words });

  return {
    device,
    sheet,
    table,
    product,
    order,
    line,
    title: (name: string) => order.getByRole("heading", { name, exact: true }),
    async goToFloor() {
      await tap(page.getByRole("link", { name: "Floor" }));
      await expect(table("1")).toBeVisible();
    },
    /** Wherever this tablet is now. */
    async openTable(name: string) {
      const heading = order.getByRole("heading", { name: `Table ${name}` });
      if (await heading.isVisible()) return;
      await tap(page.getByRole("link", { name: "Floor" }));
      await tap(table(name));
      await expect(heading).toBeVisible();
    },
    async askCovers(name: string) {
      await tap(table(name));
      await expect(sheet.getByText("How many?")).toBeVisible();
    },
    async pickCovers(covers: number) {
      await tap(sheet.getByRole("button", { name: `${covers} covers`, exact: true }));
    },
    async seat(name: string, covers: number) {
      await tap(table(name));
      await tap(sheet.getByRole("button", { name: `${covers} covers`, exact: true }));
      await expect(order.getByRole("heading", { name: `Table ${name}` })).toBeVisible();
    },
    async toSeat(seat: number) {
      await tap(order.getByRole("button", { name: `Seat ${seat}`, exact: true }));
    },
    async openCategory(name: string) {
      await tap(menu.getByRole("tab", { name, exact: true }));
    },
    async add(name: string, wishes?: Wishes) {
      await tap(product(name));
      if (!wishes) return;
      for (let more = 1; more < (wishes.quantity ?? 1); more++) await tap(sheet.getByRole("button", { name: "More" }));
      for (const allergy of wishes.allergies ?? []) await tap(sheet.getByRole("button", { name: `Allergy: ${allergy}` }));
      for (const choice of wishes.choices) await tap(sheet.getByRole("button", { name: option(choice) }));
      await expect(sheet).toHaveCount(0);
    },
    /** Of the line that was added last and is still selected by nobody. */
    async oneMore(words: string) {
      await tap(line(words));
      await tap(order.getByRole("button", { name: "One more" }));
      await tap(order.getByRole("button", { name: "Done" }));
    },
    async send() {
      await tap(order.getByRole("button", { name: "Send", exact: true }));
    },
    async sendTheRest() {
      await tap(order.getByRole("button", { name: /^Send the rest/ }));
    },
    async fireNextCourse() {
      await tap(order.getByRole("button", { name: /^Fire course/ }));
    },
    async voidLine(words: string | RegExp, reason: string) {
      await tap(line(words));
      await tap(order.getByRole("button", { name: "Void", exact: true }));
      await tap(sheet.getByRole("button", { name: reason }));
      // Somebody may have to agree: that is another dialog.
      await expect(sheet.filter({ hasText: "The kitchen reads it" })).toHaveCount(0);
    },
    async moveParty(to: string) {
      await tap(order.getByRole("button", { name: "More for this table" }));
      await tap(page.getByRole("menuitem", { name: "Move to another table" }));
      await tap(sheet.getByRole("button", { name: `Table ${to}`, exact: true }));
      await expect(sheet).toHaveCount(0);
    },
    /** What the notice that offers to undo stands on, of all that can be touched. */
    async underTheNotice(words: string): Promise<readonly string[]> {
      return page.getByRole("alert").filter({ hasText: words }).last().evaluate((notice) => {
        const { left, width, top, height } = notice.getBoundingClientRect();
        const under = [0.02, 0.25, 0.5, 0.75, 0.98].flatMap((x) => [0.05, 0.5, 0.95].map((y) => document.elementFromPoint(left + width * x, top + height * y)));
        const touched = under.map((each) => each?.closest("a, button, input, [role=option]")).filter((each) => each && !notice.contains(each));
        return [...new Set(touched.map((each) => each?.getAttribute("aria-label") ?? each?.textContent ?? ""))];
      });
    },
    async joinParty(which: RegExp) {
      await tap(order.getByRole("button", { name: "More for this table" }));
      await tap(page.getByRole("menuitem", { name: "Join with another party" }));
      await tap(sheet.getByRole("button", { name: which }));
      await expect(sheet).toHaveCount(0);
    },
    async handOverTo(name: string) {
      await tap(order.getByRole("button", { name: "More for this table" }));
      await tap(page.getByRole("menuitem", { name: "Hand over to another waiter" }));
      await tap(sheet.getByRole("button", { name: `${name}: this table` }));
      await expect(sheet).toHaveCount(0);
    },
    /** Of those who joined. */
    async mergeOrders() {
      await tap(order.getByRole("button", { name: "More for this table" }));
      await tap(page.getByRole("menuitem", { name: "Merge their orders into one" }));
    },
    /** Also when the offer to undo it has gone. */
    async undoFromMenu(words: string) {
      await tap(order.getByRole("button", { name: "More for this table" }));
      await tap(page.getByRole("menuitem", { name: words }));
    },
    /** What was offered to be undone. */
    async undoLast() {
      await tap(page.getByRole("alert").getByRole("button", { name: "Undo" }).last());
    },
    async takeaway(name: string, minutes: number) {
      await tap(page.getByRole("link", { name: /^Takeaway/ }));
      await tap(page.getByRole("button", { name: "New takeaway" }));
      await sheet.getByRole("textbox", { name: "Name" }).fill(name);
      await tap(sheet.getByRole("button", { name: `In ${minutes} minutes` }));
      await tap(sheet.getByRole("button", { name: "Take the order" }));
      await expect(order.getByRole("heading", { name: `Pickup ${name}` })).toBeVisible();
    },
  };
}

/** "Shot", "EXTRA Shot": an option is named by what was last said of it. */
function option(name: string): RegExp {
  return new RegExp(`^(NO |EXTRA |LIGHT |ON SIDE )?${name}$`);
}

export type LineState = "Unsent" | "Held" | "Sent" | "On screen" | "Cooking" | "Ready" | "Void";

/** What the tablet says of an item, in words. */
export async function expectState(line: Locator, state: LineState): Promise<void> {
  await expect(line).toContainText(state);
}

export async function expectPrinted(line: Locator): Promise<void> {
  await expect(line.getByLabel("printed")).toBeVisible();
}

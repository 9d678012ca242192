import { readFileSync } from "node:fs";
import type { Device } from "./device.ts";
import { expect } from "./expect.ts";

export type Manager = ReturnType<typeof managerOn>;

/** What a manager sees and sets. */
export function managerOn(device: Device) {
  const { page, tap } = device;
  const panel = (name: string) => page.getByRole("region", { name, exact: true });
  const counted = (product: string) => page.getByRole("group", { name: product, exact: true });

  return {
    device,
    /** A tile or a box of the day. */
    panel,
    async seeTab(name: string) {
      await tap(page.getByRole("link", { name: "Today" }));
      await tap(page.getByRole("tab", { name, exact: true }));
    },
    async seeToday() {
      await tap(page.getByRole("link", { name: "Today" }));
      await tap(page.getByRole("tab", { name: "Today" }));
    },
    /** Two taps, wherever the manager is. */
    async approve(asker: string) {
      await tap(page.getByRole("button", { name: /to approve$/ }));
      await tap(page.getByRole("group", { name: `${asker} asks` }).getByRole("button", { name: "Approve" }));
    },
    async seeBills() {
      await tap(page.getByRole("link", { name: "Today" }));
      await tap(page.getByRole("tab", { name: "Bills" }));
    },
    /** By the words on its row: "Table 14". */
    async openBillOf(words: RegExp) {
      await tap(page.getByRole("region", { name: "Bills" }).getByRole("button", { name: words }).first());
    },
    timeline: page.getByRole("region", { name: "Timeline" }),
    asItWas: page.getByRole("region", { name: "The bill as it was" }),
    /** Of the bill that is open: everything that was written of it. */
    async auditOfBill() {
      await tap(page.getByRole("region", { name: "Timeline" }).getByRole("button", { name: /^Audit of Bill / }));
      return page.getByRole("dialog");
    },
    /** Opened by the keyboard. */
    async entry(version: number) {
      await page.getByRole("dialog").getByRole("button", { name: new RegExp(`^Entry ${version},`) }).press("Enter");
      return page.getByRole("group", { name: `All of entry ${version}` });
    },
    async follow(name: string) {
      await tap(page.getByRole("dialog").getByRole("button", { name, exact: true }).first());
    },
    /** All of the line, or so many pieces `fewer`. Answers what was said to go back, and by which way, before it was confirmed. */
    async refundItem(item: string, reason: string, fewer = 0): Promise<string> {
      await tap(page.getByRole("region", { name: "Timeline" }).getByRole("button", { name: "Refund", exact: true }));
      const dialog = page.getByRole("dialog");
      await tap(dialog.getByRole("group", { name: "Items" }).getByRole("button", { name: item }).first());
      for (let step = 0; step < fewer; step++) await dialog.getByRole("group", { name: `Pieces of ${item}` }).getByRole("button", { name: "One piece fewer" }).press("Enter");
      await tap(dialog.getByRole("button", { name: reason }));
      const ways = dialog.getByRole("group", { name: "Goes back" });
      const said = (await ways.textContent()) ?? "";
      await tap(dialog.getByRole("button", { name: /^Refund / }));
      await expect(dialog).toContainText(/Refund R\d+ is done/);
      await expect(ways).toHaveText(said);
      await tap(dialog.getByRole("button", { name: "Done" }));
      return said;
    },
    async askToErase(name: string) {
      await tap(page.getByRole("link", { name: "Today" }));
      await tap(page.getByRole("tab", { name: "Guests" }));
      await page.getByRole("textbox", { name: "Search guests" }).fill(name);
      await tap(panel("Erase a guest").getByRole("button", { name: "Erase" }));
      await tap(page.getByRole("dialog").getByRole("button", { name: "The guest asked for it" }));
    },
    /** Not while the kitchen makes something of it. */
    async letItBeMade(item: string) {
      await expect(page.getByRole("dialog")).toContainText(`The kitchen still has ${item}, and needs to know for whom.`);
      await tap(page.getByRole("dialog").getByRole("button", { name: "Not now" }));
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toHaveCount(0);
    },
    /** Answers when nothing holds the name any more. */
    async seeErased() {
      await expect(panel("Erasures")).toContainText(/Erased: \d+ events/, { timeout: 60_000 });
      await expect(panel("Erase a guest")).toContainText("Nothing bears that name.");
    },
    async seeBooks() {
      await tap(page.getByRole("link", { name: "Today" }));
      await tap(page.getByRole("tab", { name: "Books" }));
    },
    /** The file that was saved. */
    async download(button: string | RegExp): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
      const saved = page.waitForEvent("download", { timeout: 60_000 });
      await tap(page.getByRole("button", { name: button }));
      const file = await saved;
      return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
    },
    async seeMenu() {
      await tap(page.getByRole("link", { name: "Today" }));
      await tap(page.getByRole("tab", { name: "Menu" }));
    },
    async markSoldOut(product: string) {
      await tap(page.getByRole("switch", { name: `${product} sold out` }));
    },
    async setCountdown(product: string, left: number) {
      await tap(counted(product).getByRole("button", { name: new RegExp(`^Set how many ${product} are left`) }));
      const dialog = page.getByRole("dialog");
      for (const digit of String(left)) await tap(dialog.getByRole("button", { name: digit, exact: true }));
      await tap(dialog.getByRole("button", { name: "Set", exact: true }));
    },
  };
}

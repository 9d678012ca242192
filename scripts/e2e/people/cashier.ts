import { typeOnPad, type Device } from "./device.ts";
import { expect } from "./expect.ts";

export type Cashier = ReturnType<typeof cashierOn>;

/** What a cashier does at the till. */
export function cashierOn(device: Device) {
  const { page, tap } = device;
  const bill = page.getByRole("region", { name: "Bill" });
  const payment = page.getByRole("complementary", { name: "Payment" });

  return {
    device,
    page,
    bill,
    payment,
    due: payment.getByRole("heading", { name: /Due/ }).locator("b"),
    /** After the drawer was closed. */
    lastCount: page.getByRole("main").getByRole("status"),
    change: payment.getByText("Change", { exact: true }).locator("+ p"),
    async openDrawer(float: string) {
      await tap(page.getByRole("link", { name: "Open drawer" }));
      await typeOnPad(device, "Float", float);
      await tap(page.getByRole("main").getByRole("button", { name: "Open drawer" }));
      await expect(page.getByRole("heading", { name: "Till 1" })).toBeVisible();
    },
    /** From the drawer's screen. */
    async openDrawerAgain(float: string) {
      await typeOnPad(device, "Float", float);
      await tap(page.getByRole("main").getByRole("button", { name: "Open drawer" }));
      await expect(page.getByRole("heading", { name: "Till 1" })).toBeVisible();
    },
    async closeDrawer(counted: string) {
      await tap(page.getByRole("link", { name: "Drawer" }));
      await typeOnPad(device, "Count", counted);
      await tap(page.getByRole("button", { name: "Close drawer" }));
      await tap(page.getByRole("button", { name: "Yes, close Till 1" }));
    },
    async goToDrawer() {
      await tap(page.getByRole("link", { name: "Drawer" }));
    },
    movements: page.getByRole("list", { name: "Movements" }),
    reports: page.getByRole("region", { name: "Reports" }),
    async payIn(amount: string, reason: string) {
      await tap(page.getByRole("button", { name: "Pay in" }));
      await tap(page.getByRole("button", { name: reason }));
      await typeOnPad(device, "Cash amount", amount);
      await tap(page.getByRole("button", { name: /^Pay in .\d/ }));
      await expect(page.getByRole("heading", { name: "Count what is in it" })).toBeVisible();
    },
    async drop(amount: string) {
      await tap(page.getByRole("button", { name: "Drop to the safe" }));
      await typeOnPad(device, "Cash amount", amount);
      await tap(page.getByRole("button", { name: /^Drop to the safe .\d/ }));
      await expect(page.getByRole("heading", { name: "Count what is in it" })).toBeVisible();
    },
    /** Asked of somebody who may say yes to it. */
    async payTips(person: string, amount: string) {
      await tap(page.getByRole("button", { name: "Pay tips", exact: true }));
      await tap(page.getByRole("group", { name: "To whom" }).getByRole("button", { name: new RegExp(`^${person}`) }));
      await typeOnPad(device, "Cash amount", amount);
      await tap(page.getByRole("button", { name: /^Pay tips .\d/ }));
    },
    async report() {
      await tap(page.getByRole("button", { name: "X report" }));
    },
    async openTakeaway(label: string) {
      await tap(page.getByRole("link", { name: /^Takeaway/ }));
      await tap(page.getByRole("button", { name: label }));
      await expect(page.getByRole("heading", { name: label })).toBeVisible();
    },
    /** From the order. */
    async openBill() {
      await tap(page.getByRole("button", { name: "Pay", exact: true }));
      await expect(payment).toBeVisible();
    },
    async cardByHand(slip: string, part?: string) {
      await tap(payment.getByText("Card by hand"));
      if (part !== undefined) {
        await tap(payment.getByRole("button", { name: /^Part of it/ }));
        await typeOnPad(device, "Amount", part);
        await tap(payment.getByRole("button", { name: /^Slip number/ }));
      }
      await typeOnPad(device, "Amount", slip);
      await tap(payment.getByRole("button", { name: /^Take card/ }));
    },
    async cash(received: string) {
      await typeOnPad(device, "Amount", received);
      await tap(payment.getByRole("button", { name: /^Take cash/ }));
    },
    async exactCash() {
      await tap(payment.getByRole("button", { name: "Exact cash" }));
    },
    /** "Card terminal", "QR code": one tap chooses it, the next one asks. */
    async charge(method: string) {
      await tap(payment.getByRole("radio", { name: method }));
      await tap(payment.getByRole("button", { name: /^(Charge|Show code for) / }));
    },
    async payOnAccount(name: string) {
      const onAccount = payment.getByRole("radio", { name: "On account" });
      // What is unsent is told above, and moves the buttons when it is sent.
      await expect(async () => {
        if (!(await onAccount.isChecked())) await tap(onAccount);
        await expect(onAccount).toBeChecked({ timeout: 2000 });
      }).toPass();
      await tap(payment.getByRole("button", { name: new RegExp(`^${name}`) }));
    },
    async sendUnsent() {
      await tap(payment.getByRole("button", { name: "Send now" }));
    },
    async closeCheck() {
      await tap(payment.getByRole("button", { name: "Close check" }));
      await expect(payment.getByText("Closed", { exact: true })).toBeVisible();
    },
    /** All paid parts in one tap. */
    async closeAll(parts: number) {
      await tap(payment.getByRole("button", { name: `Close ${parts} checks` }));
      await expect(payment.getByText("Closed", { exact: true })).toBeVisible();
    },
    async printReceipt() {
      await tap(payment.getByRole("button", { name: "Print receipt" }));
    },
    async clearTable() {
      await tap(payment.getByRole("button", { name: "Clear table" }));
    },
  };
}

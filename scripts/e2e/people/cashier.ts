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
    bill,
    payment,
    due: payment.getByLabel("Due"),
    /** After the drawer was closed. */
    lastCount: page.getByRole("main").getByRole("status"),
    change: payment.getByLabel("Change"),
    async openDrawer(float: string) {
      await tap(page.getByRole("link", { name: "Open drawer" }));
      await typeOnPad(device, "Float", float);
      await tap(page.getByRole("main").getByRole("button", { name: "Open drawer" }));
      await expect(page.getByRole("heading", { name: "Till 1" })).toBeVisible();
    },
    async closeDrawer(counted: string) {
      await tap(page.getByRole("link", { name: "Drawer" }));
      await typeOnPad(device, "Count", counted);
      await tap(page.getByRole("button", { name: "Close drawer" }));
    },
    async openTakeaway(label: string) {
      await tap(page.getByRole("link", { name: /^Takeaway/ }));
      await tap(page.getByRole("button", { name: label }));
      await expect(page.getByRole("heading", { name: label })).toBeVisible();
    },
    /** From the order. */
    async openBill() {
      await tap(page.getByRole("button", { name: "Pay", exact: true }));
      await expect(bill).toBeVisible();
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
    async sendUnsent() {
      await tap(payment.getByRole("button", { name: "Send now" }));
    },
    async closeCheck() {
      await tap(payment.getByRole("button", { name: "Close check" }));
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

import type { Device } from "./device.ts";

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
    async seeToday() {
      await tap(page.getByRole("link", { name: "Today" }));
      await tap(page.getByRole("tab", { name: "Today" }));
    },
    /** Two taps, wherever the manager is. */
    async approve(asker: string) {
      await tap(page.getByRole("button", { name: /to approve$/ }));
      await tap(page.getByRole("group", { name: `${asker} asks` }).getByRole("button", { name: "Approve" }));
    },
    async seeMenu() {
      await tap(page.getByRole("link", { name: "Today" }));
      await tap(page.getByRole("tab", { name: "Menu and countdowns" }));
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

import { typeOnPad, type Device } from "./device.ts";
import { expect } from "./expect.ts";

/** Taps the own name and enters the PIN, unless this person is at work here already. */
export async function signIn(device: Device, name: string, pin: string): Promise<void> {
  const { page, tap } = device;
  const lock = page.getByRole("dialog", { name: "Sign in" });
  const atWork = page.getByRole("button", { name: `Lock, ${name}` });
  await expect(lock.or(atWork)).toBeVisible();
  if (await atWork.isVisible()) return;
  await tap(lock.getByRole("button", { name, exact: true }));
  await typeOnPad(device, "PIN", pin);
  // With its last digit a PIN of known length signs in by itself.
  const enter = lock.getByRole("button", { name: "Sign in", exact: true });
  await expect(async () => {
    if (await enter.isVisible()) await enter.tap({ timeout: 2000 }).catch(() => undefined);
    await expect(atWork).toBeVisible({ timeout: 5000 });
  }).toPass();
}

import type { Locator } from "@playwright/test";
import type { Device } from "./device.ts";
import { expect } from "./expect.ts";

const MOST_TABS = 300;

/** Somebody who has no finger for the screen: the Tab key goes from one thing to the next, and back with Shift; Enter takes it. */
export function keyboardOn({ page }: Device) {
  async function goTo(target: Locator, way: string | null): Promise<void> {
    await expect(target).toBeEnabled();
    const isBehind = await target.evaluate((element) => document.activeElement !== document.body && element.compareDocumentPosition(document.activeElement ?? element) === Node.DOCUMENT_POSITION_FOLLOWING);
    const key = way ?? (isBehind ? "Shift+Tab" : "Tab");
    for (let pressed = 0; pressed < MOST_TABS; pressed++) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press(key);
    }
    throw new Error(`${MOST_TABS} times ${key} do not lead to ${target}`);
  }
  return {
    /** `way`: the key that goes on within what keeps the focus, such as a menu. */
    async enter(target: Locator, way: string | null = null) {
      await goTo(target, way);
      await page.keyboard.press("Enter");
    },
  };
}

import type { Browser, Locator, Page } from "@playwright/test";
import { expect } from "./expect.ts";

export type Size = { readonly width: number; readonly height: number };

/** Something with a screen that people touch. */
export type Device = {
  readonly name: string;
  readonly page: Page;
  tap(target: Locator): Promise<void>;
  /** How often `work` has touched the screen. */
  tapsFor(work: () => Promise<void>): Promise<number>;
  /** Errors that nothing caught; a screen has none. */
  readonly errors: readonly string[];
  /** False once the page was loaded anew: what it held in memory is gone. */
  isTheSamePage(): Promise<boolean>;
  /** For a story that loads the page anew on purpose: from then on it is the same page again. */
  loadAnew(): Promise<void>;
};

export type DeviceOptions = { readonly name: string; readonly home: string; readonly place: string; readonly link: string; readonly size: Size };

/** Opens the start page and takes the place's link, which pairs the device: what a new user does. */
export async function openDevice(browser: Browser, { name, home, place, link, size }: DeviceOptions): Promise<Device> {
  const context = await browser.newContext({ viewport: size, hasTouch: true, locale: "en-GB", reducedMotion: "reduce" });
  await context.addInitScript(countTones);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(`${name}: ${error.message}`));
  let taps = 0;
  const tap = async (target: Locator) => {
    taps++;
    await target.tap();
  };
  await page.goto(home);
  await tap(page.getByRole("navigation", { name: place, exact: true }).getByRole("link", { name: new RegExp(`^${link}`) }));
  await expect(page.getByText("Trying again by itself")).toHaveCount(0);
  const mark = () => page.evaluate(() => void Object.assign(window, { sinceOpened: true }));
  await mark();
  return {
    name,
    page,
    tap,
    async tapsFor(work) {
      const before = taps;
      await work();
      return taps - before;
    },
    errors,
    isTheSamePage: () => page.evaluate(() => "sinceOpened" in window),
    async loadAnew() {
      await page.reload();
      await mark();
    },
  };
}

/** Runs in the page: nobody hears a kitchen of tests, so its tones are counted. */
function countTones(): void {
  const heard = window as Window & { tones?: number };
  const { start } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (when) {
    heard.tones = (heard.tones ?? 0) + 1;
    start.call(this, when);
  };
}

/** Digits and the pad's other keys, one touch each. */
export async function typeOnPad(device: Device, pad: string, keys: string): Promise<void> {
  const group = device.page.getByRole("group", { name: pad, exact: true });
  for (const key of keys.match(/00|\d/g) ?? []) await device.tap(group.getByRole("button", { name: key, exact: true }));
}

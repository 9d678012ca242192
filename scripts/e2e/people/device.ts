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
  /** Labels that were on the screen and that a screen reader ignores. */
  unheardLabels(): readonly string[];
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
  const unheard = new Set<string>();
  await context.exposeFunction("tellUnheardLabel", (what: string) => void unheard.add(`${name}: ${what}`));
  await context.addInitScript(watchLabels);
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
    unheardLabels: () => [...unheard],
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

/** Runs in the page: a name on what has no role of its own is read out by nobody (ARIA 1.2, "naming prohibited"). Every screen that any story comes by is looked at. */
function watchLabels(): void {
  const NO_ROLE = new Set(["none", "presentation", "generic", "paragraph", "strong", "emphasis", "code", "caption", "deletion", "insertion", "subscript", "superscript", "term", "time"]);
  const PLAIN = "a:not([href]),b,bdi,bdo,body,code,dd,del,div,dl,dt,em,i,ins,label,mark,p,pre,q,s,small,span,strong,sub,sup,time,u";
  const { tellUnheardLabel } = window as unknown as { tellUnheardLabel(what: string): Promise<void> };
  function look(element: Element) {
    const label = element.getAttribute("aria-label") ?? element.getAttribute("aria-labelledby");
    const role = element.getAttribute("role");
    if (label === null || !(role === null ? element.matches(PLAIN) : NO_ROLE.has(role))) return;
    void tellUnheardLabel(`<${element.tagName.toLowerCase()}> "${label}"`);
  }
  const changes = new MutationObserver((records) => {
    for (const { target, addedNodes } of records) {
      if (target instanceof Element) look(target);
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        look(node);
        for (const inside of node.querySelectorAll("[aria-label], [aria-labelledby]")) look(inside);
      }
    }
  });
  changes.observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-label", "aria-labelledby", "role"] });
}

/** Digits and the pad's other keys, one touch each. */
export async function typeOnPad(device: Device, pad: string, keys: string): Promise<void> {
  const group = device.page.getByRole("group", { name: pad, exact: true });
  for (const key of keys.match(/00|\d/g) ?? []) await device.tap(group.getByRole("button", { name: key, exact: true }));
}

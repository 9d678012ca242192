import { chromium, type Browser, type Locator, type Page } from "@playwright/test";
import { operatorBearer } from "#hub/auth/operator-token.ts";
import { CHROMIUM_ARGS } from "../e2e/product.ts";
import { billOn } from "../e2e/people/bill.ts";
import { expect } from "../e2e/people/expect.ts";
import { signIn } from "../e2e/people/person.ts";
import type { Device } from "../e2e/people/device.ts";
import type { Stack } from "../services/stack.ts";
import { requireBrowser } from "../test/browser.ts";
import { handOf, openBill } from "./bill.ts";
import { PARTS } from "./large-bill.ts";
import { apiOf, WAITER, type BenchPlace } from "./place.ts";

const SLOWED = 4;
/** Of the parts so many are on the screen; the others follow right behind. */
const IN_VIEW = 6;
const UNSEEN_MS = 10_000;
/** A finger is down for so long; the tap is when it leaves. */
const FINGER_MS = 60;
const TILL = { width: 1280, height: 800 };

export type Drawn = { readonly name: string; readonly ms: readonly number[] };

type Watch = { drawn?: Promise<number> };

/** Runs in the page. From the tap that comes next to when the frame that first shows `selector` so often has been painted. */
function watchFor([selector, count]: readonly [selector: string, count: number]): void {
  const watch = window as Window & Watch;
  watch.drawn = new Promise((resolve) => {
    window.addEventListener(
      "click",
      ({ timeStamp }) => {
        const painted = new MessageChannel();
        painted.port1.onmessage = () => resolve(performance.now() - timeStamp);
        const look = () => {
          // A message that is posted in a frame's callback arrives when the frame has been painted.
          if (document.querySelectorAll(selector).length === count) painted.port2.postMessage(null);
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      },
      { capture: true, once: true },
    );
  });
}

/** A touch as a tablet has it. Playwright's own is down and up at once, and asks the page in between whether it hits what it was meant for. */
async function fingerOf(page: Page): Promise<(target: Locator) => Promise<void>> {
  const cdp = await page.context().newCDPSession(page);
  return async (target) => {
    await target.scrollIntoViewIfNeeded();
    const box = await target.boundingBox();
    if (box === null) throw new Error(`${String(target)} is not on the screen`);
    await cdp.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }] });
    await page.waitForTimeout(FINGER_MS);
    await cdp.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  };
}

async function till(browser: Browser, stack: Pick<Stack, "url" | "secret">, place: BenchPlace): Promise<Device> {
  const operator = apiOf(stack, operatorBearer(stack.secret, place));
  const { code } = await operator.auth.createPairingCode.mutate({ name: "Till", kind: "pos", station: null });
  const context = await browser.newContext({ viewport: TILL, hasTouch: true, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(`${stack.url}/pos/`);
  await page.getByRole("textbox", { name: "Pairing code" }).fill(code);
  await page.getByRole("button", { name: "Pair this device" }).click();
  const device: Device = { name: "Till", page, tap: await fingerOf(page), tapsFor: async () => 0, errors: [], unheardLabels: () => [], isTheSamePage: async () => true, loadAnew: async () => void (await page.reload()) };
  await signIn(device, WAITER.name, WAITER.pin);
  return device;
}

/** What a cashier does to a bill of 200 lines, each from the tap to the painted frame, on a tablet a quarter as fast as this machine. */
export async function measureDrawn(stack: Pick<Stack, "url" | "secret">, place: BenchPlace, rounds: number): Promise<readonly Drawn[]> {
  const executablePath = await requireBrowser();
  const { order } = await openBill(handOf(stack, place), place, "Wedding");
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGS] });
  try {
    const device = await till(browser, stack, place);
    const { page } = device;
    await page.goto(`${stack.url}/pos/pay/${order}`);
    await expect(page.getByRole("region", { name: "Bill", exact: true })).toBeVisible();
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Emulation.setCPUThrottlingRate", { rate: SLOWED });
    const taken = new Map<string, number[]>();
    // The first time, the browser has yet to compile what it runs.
    for (let round = -1; round < rounds; round++) {
      for (const [name, ms] of await oneRound(device)) if (round >= 0) taken.set(name, [...(taken.get(name) ?? []), ms]);
    }
    return [...taken].map(([name, ms]) => ({ name, ms }));
  } finally {
    await browser.close();
  }
}

/** From one bill and back to it. */
async function oneRound(device: Device): Promise<readonly (readonly [name: string, ms: number])[]> {
  const { page, tap: finger } = device;
  const bill = billOn(device);
  const results: [string, number][] = [];
  const drawn = async (name: string, selector: string, count: number, tap: () => Promise<unknown>) => {
    await page.evaluate(watchFor, [selector, count] as const);
    await tap();
    const ms = await Promise.race([page.evaluate(() => (window as Window & Watch).drawn ?? -1), page.waitForTimeout(UNSEEN_MS).then(() => null)]);
    if (ms === null) throw new Error(`"${name}" was not on the screen within ${UNSEEN_MS} ms`);
    results.push([name, ms]);
    await settled(page);
  };
  const undo = (name: string, selector: string, count: number) => drawn(name, selector, count, () => bill.undo());
  const partAt = (part: number) => `[data-part][aria-label^="Part ${part},"]`;
  const linesOn = (part: number) => `${partAt(part)} [data-share]`;

  await drawn("by seat", "[data-part]", PARTS, () => finger(page.getByRole("button", { name: "By seat" })));
  await drawn("select a line", '[data-share][aria-pressed="true"]', 1, () => finger(page.locator(linesOn(2)).first()));
  const moved = await page.locator(linesOn(2)).first().getAttribute("data-share");
  const movedOn = `${partAt(3)} [data-share="${moved}"]`;
  await drawn("move a line", movedOn, 1, () => finger(page.getByRole("button", { name: "Move to Seat 3", exact: true })));
  await undo("undo move", movedOn, 0);
  await finger(page.locator(linesOn(2)).first());
  await settled(page);
  const shared = `[data-part]:nth-child(-n+${IN_VIEW}) [data-share][aria-label*=", a part, 1/${PARTS},"]`;
  await drawn("share a line with 12 parts", shared, IN_VIEW, () => finger(page.getByRole("button", { name: "Share with all" })));
  await undo("undo share", shared, 0);
  await undo("undo by seat", "[data-part]", 1);
  await finger(page.getByRole("button", { name: "Equally" }));
  await settled(page);
  await drawn("equally", '[aria-label="Payment parts"] button', PARTS, () => finger(page.getByRole("dialog").getByRole("button", { name: `${PARTS} equal parts`, exact: true })));
  await finger(page.getByRole("button", { name: "Equally" }));
  await settled(page);
  await drawn("one again", '[aria-label="Payment parts"] button', 0, () => finger(page.getByRole("dialog").getByRole("button", { name: "No parts any more" })));
  return results;
}

/** Nothing is on its way and nothing is drawn any more. */
async function settled(page: Page): Promise<void> {
  await page.waitForTimeout(500);
}

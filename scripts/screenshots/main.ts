import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "@playwright/test";
import sharp from "sharp";
import { CHROMIUM_ARGS } from "../e2e/product.ts";
import { ROOT } from "../start/child.ts";
import { requireRedisServer } from "../start/redis-step.ts";
import { explain, say } from "../start/report.ts";
import { requireBrowser } from "../test/browser.ts";
import { takePictures } from "./pictures.ts";
import { openRestaurant } from "./restaurant.ts";

const FOLDER = join(ROOT, "docs/images");

/** Few colours are enough for a user interface, and a README is loaded often. */
async function keep(file: string, page: Page): Promise<void> {
  const picture = await page.screenshot({ animations: "disabled" });
  const small = await sharp(picture).png({ palette: true, colours: 192, dither: 0.4, effort: 10 }).toBuffer();
  writeFileSync(join(FOLDER, file), small);
  say(`${file.padEnd(20)} ${Math.ceil(small.length / 1024)} kB`);
}

async function takeAll(): Promise<void> {
  const executablePath = await requireBrowser();
  await requireRedisServer();
  mkdirSync(FOLDER, { recursive: true });
  const dir = mkdtempSync(join(tmpdir(), "comanda-screenshots-"));
  chmodSync(dir, 0o755);
  say("A restaurant is opened and an evening played ...");
  const restaurant = await openRestaurant(dir);
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGS] });
  try {
    await takePictures(browser, restaurant, keep);
  } finally {
    await browser.close();
    await restaurant.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

await takeAll().catch((error: unknown) => {
  console.error(explain(error));
  process.exit(1);
});

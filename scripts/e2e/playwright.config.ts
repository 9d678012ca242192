import { join } from "node:path";
import { defineConfig } from "@playwright/test";
import { ROOT } from "../start/child.ts";
import { findBrowser } from "../test/browser.ts";
import { CHROMIUM_ARGS } from "./product.ts";

/** The files are played one after the other, by name, on the same running product: evening.e2e-spec.ts finds it as it was seeded. */
const config = defineConfig({
  testDir: ".",
  testMatch: "*.e2e-spec.ts",
  outputDir: join(ROOT, "node_modules/.comanda-e2e"),
  globalSetup: "./global-setup.ts",
  workers: 1,
  retries: 0,
  fullyParallel: false,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: "list",
  use: {
    actionTimeout: 30_000,
    navigationTimeout: 60_000,
    screenshot: "only-on-failure",
    launchOptions: { executablePath: findBrowser() ?? "/usr/bin/chromium", args: [...CHROMIUM_ARGS] },
  },
});

export default config;

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { canInstall, installPackages } from "../start/debian.ts";
import { checkFonts } from "../start/fonts.ts";
import { cannotStart } from "../start/report.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const ELSEWHERE = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

export function findBrowser(): string | undefined {
  const given = process.env["CHROMIUM_PATH"];
  if (given) return given;
  const onPath = (process.env["PATH"] ?? "").split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...onPath, ...ELSEWHERE].find((path) => existsSync(path));
}

/** The Chromium that plays waiter, cook and cashier, with fonts for every script of the menu. */
export async function requireBrowser(): Promise<string> {
  if (findBrowser() === undefined && canInstall()) await installPackages(["chromium"]);
  const browser = findBrowser();
  if (browser === undefined) {
    throw cannotStart("Chromium is not on this machine: install Chromium or Chrome, or give its path in CHROMIUM_PATH.");
  }
  await checkFonts();
  return browser;
}

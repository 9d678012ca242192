import { spawnSync } from "node:child_process";
import { canInstall, installPackages } from "./debian.ts";
import { say } from "./report.ts";

/** Scripts that no code page of a printer has: they are drawn, and without a font as boxes. */
const DRAWN = { Vietnamese: "vi", Thai: "th", Chinese: "zh-cn", Japanese: "ja", Arabic: "ar", Cyrillic: "ru" } as const;
const PACKAGES = ["fontconfig", "fonts-noto-core", "fonts-noto-cjk"];

function missingScripts(): string[] {
  const list = spawnSync("fc-list", [":", "lang"], { encoding: "utf8", maxBuffer: 16 << 20 });
  const languages = new Set((list.stdout ?? "").split(/[\n|]/).map((part) => part.replace(":lang=", "")));
  return Object.entries(DRAWN).flatMap(([script, language]) => (languages.has(language) ? [] : [script]));
}

/** Tickets in other scripts need fonts; a kitchen can work without, so this warns and goes on. */
export async function checkFonts(): Promise<string> {
  if (process.platform !== "linux") return "those of the system";
  if (missingScripts().length > 0 && canInstall()) {
    await installPackages(PACKAGES).catch((error: unknown) => say(error instanceof Error ? error.message : String(error)));
  }
  const missing = missingScripts();
  if (missing.length === 0) return "there for every script on tickets";
  return `none for ${missing.join(", ")}: tickets would show boxes; install ${PACKAGES.slice(1).join(" and ")}`;
}

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./child.ts";
import { cannotStart } from "./report.ts";
import { runTool } from "./tool.ts";

const APPS = ["pos-web", "kds"];
const SKIPPED = new Set(["dist", "node_modules", ".data"]);
const STAMP = ".sources";

function* filesUnder(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (SKIPPED.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    else if (!/\.test\.tsx?$/.test(entry.name)) yield path;
  }
}

/** Of everything that a built client is made from. */
function hashOfSources(): string {
  const hash = createHash("sha256");
  for (const folder of ["clients", "shared"]) {
    for (const path of filesUnder(join(ROOT, folder))) hash.update(path.slice(ROOT.length)).update("\0").update(readFileSync(path)).update("\0");
  }
  for (const file of ["package-lock.json", "scripts/start/build.ts"]) hash.update(readFileSync(join(ROOT, file)));
  return hash.digest("hex");
}

function stampOf(app: string): string {
  const path = join(ROOT, "clients", app, "dist", STAMP);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

async function buildApp(app: string, stamp: string, started: (pid: number) => void): Promise<void> {
  const folder = join(ROOT, "clients", app);
  // Built aside and moved in whole: a hub that serves the old one never sees half of the new one.
  const aside = join(ROOT, "node_modules", ".comanda-build", `${app}.${process.pid}`);
  const vite = join(ROOT, "node_modules", "vite", "bin", "vite.js");
  // Whoever starts it: a test runner's own NODE_ENV would make React's slow variant for developers.
  const run = await runTool(process.execPath, [vite, "build", folder, "--outDir", aside, "--emptyOutDir", "--logLevel", "warn"], { NODE_ENV: "production" }, started);
  if (run.status !== 0) {
    rmSync(aside, { recursive: true, force: true });
    throw cannotStart(`The app in clients/${app} could not be built:\n${run.output.trim().split("\n").slice(0, 20).join("\n")}`);
  }
  writeFileSync(join(aside, STAMP), stamp);
  rmSync(join(folder, "dist"), { recursive: true, force: true });
  try {
    renameSync(aside, join(folder, "dist"));
  } catch {
    // Another start has just put the same there.
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Builds the apps whose sources changed since; answers their names. */
export async function buildClients(started: (pid: number) => void): Promise<string[]> {
  const stamp = hashOfSources();
  const stale = APPS.filter((app) => stampOf(app) !== stamp);
  for (const app of stale) await buildApp(app, stamp, started);
  return stale;
}

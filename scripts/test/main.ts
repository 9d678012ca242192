import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../start/child.ts";
import { requireRedisServer } from "../start/redis-step.ts";
import { explain, say } from "../start/report.ts";
import { sweepDeadRuns } from "../testing/run-directory.ts";
import { requireBrowser } from "./browser.ts";
import { addCounts, countLine, countPlaywright, countVitest, NOTHING, type Counts } from "./counts.ts";

/** Tests use servers of their own, whatever the environment says. */
const IGNORED = ["DATABASE_URL", "HUB_DATABASE_URL", "CONSUMER_DATABASE_URL", "REDIS_URL", "PORT", "COMANDA_DATA", "COMANDA_SECRET"];

const env: NodeJS.ProcessEnv = { ...process.env };
for (const name of IGNORED) delete env[name];

let current: ChildProcess | undefined;
let interrupted = false;

function run(command: string, args: readonly string[], extra: Readonly<Record<string, string>> = {}): Promise<number> {
  if (interrupted) return Promise.resolve(1);
  return new Promise((resolve) => {
    current = spawn(join(ROOT, "node_modules", ".bin", command), args, { cwd: ROOT, stdio: "inherit", env: { ...env, ...extra } });
    current.once("error", (error) => {
      console.error(error.message);
      resolve(1);
    });
    current.once("exit", (code) => resolve(code ?? 1));
  });
}

function reportIn<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch {
    return undefined;
  }
}

async function check(name: string, command: string, args: readonly string[] = []): Promise<Counts> {
  say(`\n== ${name}`);
  const code = await run(command, args);
  return code === 0 ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 };
}

async function vitest(dir: string, only: string | undefined): Promise<Counts> {
  say("\n== Tests");
  const outputFile = join(dir, "vitest.json");
  const args = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${outputFile}`];
  const code = await run("vitest", only === undefined ? args : [...args, only]);
  return countVitest(reportIn(outputFile), code);
}

async function browsers(dir: string, browser: string): Promise<Counts> {
  say("\n== The story in browsers");
  const outputFile = join(dir, "playwright.json");
  const code = await run("playwright", ["test", "-c", "scripts/e2e/playwright.config.ts", "--reporter=list,json"], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: outputFile,
    CHROMIUM_PATH: browser,
  });
  return countPlaywright(reportIn(outputFile), code);
}

async function everything(dir: string): Promise<Counts[]> {
  const browser = await requireBrowser();
  return [
    await check("Types", "tsc", ["-p", "tsconfig.json"]),
    await check("Lint", "oxlint"),
    await vitest(dir, undefined),
    await browsers(dir, browser),
  ];
}

async function all(only: string | undefined): Promise<Counts> {
  const dir = mkdtempSync(join(tmpdir(), "comanda-report-"));
  try {
    await requireRedisServer();
    return addCounts(only === undefined ? await everything(dir) : [await vitest(dir, only)]);
  } finally {
    rmSync(dir, { recursive: true, force: true });
    // A runner that was interrupted has not stopped its servers.
    await sweepDeadRuns();
  }
}

const { values } = parseArgs({ options: { only: { type: "string" } }, strict: true });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    interrupted = true;
    current?.kill(signal);
  });
}

const total = await all(values.only).catch((error: unknown): Counts => {
  console.error(explain(error));
  return { ...NOTHING, failed: 1 };
});
// Nothing may follow this line: it is what a person and the CI read.
process.stdout.write(`\n${countLine(total)}\n`, () => process.exit(total.failed > 0 || interrupted ? 1 : 0));

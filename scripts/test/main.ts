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

const running = new Set<ChildProcess>();
let interrupted = false;

type Ran = {
  /** The exit code. */
  readonly ended: Promise<number>;
  /** What it has said beside others is shown, and what it says from now on. */
  show(): void;
};

/** Beside: what it says is kept until it is shown. */
function run(command: string, args: readonly string[], { beside = false, extra = {} }: { readonly beside?: boolean; readonly extra?: Readonly<Record<string, string>> } = {}): Ran {
  if (interrupted) return { ended: Promise.resolve(1), show: () => {} };
  const child = spawn(join(ROOT, "node_modules", ".bin", command), args, { cwd: ROOT, stdio: beside ? ["ignore", "pipe", "pipe"] : "inherit", env: { ...env, ...extra } });
  running.add(child);
  const kept: Buffer[] = [];
  let hear = (said: Buffer): void => void kept.push(said);
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (said: Buffer) => hear(said));
  const ended = new Promise<number>((resolve) => {
    child.once("error", (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.once("close", (code) => resolve(code ?? 1));
  }).finally(() => running.delete(child));
  return {
    ended,
    show() {
      hear = (said) => void process.stdout.write(said);
      for (const said of kept.splice(0)) hear(said);
    },
  };
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
  const code = await run(command, args).ended;
  return code === 0 ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 };
}

async function vitest(name: string, dir: string, chosen: readonly string[]): Promise<Counts> {
  say(`\n== ${name}`);
  const outputFile = join(mkdtempSync(join(dir, "vitest-")), "report.json");
  const code = await run("vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${outputFile}`, ...chosen]).ended;
  return countVitest(reportIn(outputFile), code);
}

function browsers(dir: string, browser: string): { show(): Promise<Counts> } {
  const outputFile = join(dir, "playwright.json");
  const extra = { PLAYWRIGHT_JSON_OUTPUT_NAME: outputFile, CHROMIUM_PATH: browser };
  const { ended, show } = run("playwright", ["test", "-c", "scripts/e2e/playwright.config.ts", "--reporter=list,json"], { beside: true, extra });
  return {
    async show() {
      say("\n== The story in browsers");
      show();
      const code = await ended;
      return countPlaywright(reportIn(outputFile), code);
    },
  };
}

/** The story waits for its screens a third of the time: what needs the processor and no clock runs beside it. What kills processes has the machine to itself. */
async function everything(dir: string): Promise<Counts[]> {
  const story = browsers(dir, await requireBrowser());
  return [
    // One checker has less to do than several, and the story wants the other processor.
    await check("Types", "tsc", ["-p", "tsconfig.json", "--checkers", "1"]),
    await check("Lint", "oxlint"),
    await vitest("Tests that need no server", dir, ["--project", "pure"]),
    await story.show(),
    await vitest("Tests with servers", dir, ["--project", "services", "--project", "processes"]),
  ];
}

async function all(only: string | undefined): Promise<Counts> {
  const dir = mkdtempSync(join(tmpdir(), "comanda-report-"));
  try {
    await requireRedisServer();
    return addCounts(only === undefined ? await everything(dir) : [await vitest("Tests", dir, [only])]);
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
    for (const child of running) child.kill(signal);
  });
}

const total = await all(values.only).catch((error: unknown): Counts => {
  console.error(explain(error));
  return { ...NOTHING, failed: 1 };
});
// Nothing may follow this line: it is what a person and the CI read.
process.stdout.write(`\n${countLine(total)}\n`, () => process.exit(total.failed > 0 || interrupted ? 1 : 0));

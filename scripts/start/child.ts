import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, createWriteStream, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { hasExited, overChild, type RunningProcess } from "../services/server.ts";
import { cannotStart } from "./report.ts";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export type ChildOptions = {
  readonly name: string;
  readonly script: string;
  readonly args?: readonly string[];
  /** Loaded before the script; for tests. */
  readonly imports?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
};

/** The JSON line that a process prints when it is ready to work. */
export type Ready = Readonly<Record<string, unknown>>;

export type RunningChild = RunningProcess & { readonly ready: Ready };

const READY_WITHIN = 60_000;
/**
 * What a command makes is garbage when it is answered. With Node's own young heap of 16 MB a tenth of the time goes into sorting it out; and where V8 takes
 * what survived once for lasting, it makes it in the old heap from then on, where it keeps all that it names until the next full collection. Those come when
 * the old heap has grown by a tenth in a process that has time, which is every second under load, each a matter of 40 ms; here it may double.
 */
const HEAP = ["--max-semi-space-size=64", "--no-allocation-site-pretenuring", "--heap-growing-percent=100"];

function spawnChild(options: ChildOptions): ChildProcess {
  const log = openSync(options.logFile, "a");
  // A process group of its own: Ctrl-C reaches only the parent, which stops its children in order.
  const child = spawn(
    process.execPath,
    [...HEAP, ...["scripts/start/end-with-parent.mjs", ...(options.imports ?? [])].flatMap((path) => ["--import", join(ROOT, path)]), join(ROOT, options.script), ...(options.args ?? [])],
    { cwd: ROOT, detached: true, stdio: ["ignore", "pipe", log, "ipc"], env: { ...process.env, ...options.env } },
  );
  closeSync(log);
  return child;
}

function readyLine(line: string): Ready | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const said = JSON.parse(line) as Ready;
    return said["ready"] === true ? said : undefined;
  } catch {
    return undefined;
  }
}

export function lastLinesOf(logFile: string, count = 8): string {
  try {
    return readFileSync(logFile, "utf8").trim().split("\n").slice(-count).join("\n");
  } catch {
    return "";
  }
}

/** Spawns and waits for the ready line; output goes to the log file. */
function launch(options: ChildOptions, started: (pid: number) => void, onReady: (ready: Ready) => void): Promise<ChildProcess> {
  const child = spawnChild(options);
  if (child.pid !== undefined) started(child.pid);
  const log = createWriteStream(options.logFile, { flags: "a" });
  child.once("close", () => log.end());
  return new Promise((resolve, reject) => {
    // Once it is ready, a rejection has nobody to tell and does nothing.
    const failed = (what: string) => {
      clearTimeout(timer);
      reject(cannotStart(`${options.name} ${what}; the end of ${options.logFile}:\n${lastLinesOf(options.logFile)}`));
    };
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      failed(`was not ready within ${READY_WITHIN / 1000} s`);
    }, READY_WITHIN);
    child.once("exit", (code, signal) => failed(`ended before it was ready (${signal ?? `exit code ${code}`})`));
    child.once("error", (error) => failed(`could not be run (${error.message})`));
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on("line", (line) => {
      log.write(`${line}\n`);
      const ready = readyLine(line);
      if (ready === undefined || hasExited(child)) return;
      clearTimeout(timer);
      onReady(ready);
      resolve(child);
    });
  });
}

/** A process of ours under Node: `started` hears every pid, also of one that never becomes ready. */
export async function runChild(options: ChildOptions, started: (pid: number) => void): Promise<RunningChild> {
  let ready: Ready = {};
  const relaunch = () => launch(options, started, (said) => (ready = said));
  const running = overChild(await relaunch(), "SIGTERM", relaunch);
  return Object.defineProperty(running, "ready", { get: () => ready }) as RunningChild;
}

import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { postmaster } from "../services/postgres-files.ts";
import { freePort, hasExited, isRunning, waitFor } from "../services/server.ts";
import { ROOT } from "./child.ts";
import { superuserPassword } from "./postgres-step.ts";

export type StartRun = {
  readonly port: number;
  readonly data: string;
  readonly child: ChildProcess;
  /** Everything printed so far. */
  said(): string;
  until(pattern: RegExp, timeoutMs?: number): Promise<void>;
  /** The exit code. */
  exit(): Promise<number | null>;
  /** Processes of hub, consumers, printers and servers, by name. */
  processes(): ReadonlyMap<string, number>;
  /** The process that holds the data folder. */
  owner(): number;
  interrupt(): Promise<number | null>;
};

export type StartOptions = {
  readonly port?: number;
  readonly data?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly gid?: number;
};

export function dataDirectory(): string {
  const dir = mkdtempSync(join(tmpdir(), "comanda-data-"));
  chmodSync(dir, 0o755);
  return dir;
}

const SETTINGS = ["DATABASE_URL", "REDIS_URL", "PORT", "COMANDA_DATA"];

/** `npm start` as a user runs it, without npm: the same script, the same arguments. */
export async function runStart(options: StartOptions = {}): Promise<StartRun> {
  const port = options.port ?? (await freePort());
  const data = options.data ?? dataDirectory();
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SETTINGS.includes(name)));
  const args = options.args ?? ["--port", String(port), "--data", data];
  const child = spawn(process.execPath, [join(ROOT, "scripts/start.mjs"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...inherited, ...options.env },
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  });
  // After its last word, not only after its end.
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
  child.stderr?.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
  const run: StartRun = {
    port,
    data,
    child,
    said: () => text,
    async until(pattern, timeoutMs = 120_000) {
      await waitFor(`"${pattern.source}" after:\n${text}`, timeoutMs, () => {
        if (!pattern.test(text) && hasExited(child)) throw new Error(`npm start ended:\n${text}`);
        return pattern.test(text);
      });
    },
    async exit() {
      await closed;
      return child.exitCode;
    },
    processes: () => processesIn(data),
    owner: () => (JSON.parse(readFileSync(join(data, "lock.json"), "utf8")) as { pid: number }).pid,
    interrupt() {
      child.kill("SIGINT");
      return run.exit();
    },
  };
  return run;
}

/** What a start on this folder runs now, by name. */
export function processesIn(data: string): ReadonlyMap<string, number> {
  const noted = JSON.parse(readFileSync(join(data, "processes.json"), "utf8")) as { name: string; pid: number }[];
  return new Map(noted.filter(({ pid }) => isRunning(pid)).map(({ name, pid }) => [name, pid]));
}

/** A look into the embedded database of a running start. */
export async function queryData<T extends object>(data: string, query: string): Promise<readonly T[]> {
  const at = postmaster(join(data, "postgres"));
  const password = superuserPassword(readFileSync(join(data, "secret"), "utf8").trim());
  const sql = postgres(`postgres://postgres:${password}@127.0.0.1:${at?.port}/comanda`, { max: 1, onnotice: () => {} });
  try {
    return [...(await sql.unsafe<T[]>(query))];
  } finally {
    await sql.end();
  }
}

/** Every process on the machine that names the folder in its command. */
export function processesOn(data: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(data);
      } catch {
        return false;
      }
    })
    .map(Number);
}

export function isLocked(data: string): boolean {
  return existsSync(join(data, "lock.json"));
}

export function removeData(data: string): void {
  rmSync(data, { recursive: true, force: true });
}

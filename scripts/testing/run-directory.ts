import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endProcess, isRunning } from "../services/server.ts";

const PREFIX = "comanda-test-";

/** A folder for one run's servers; it notes its owner, so that a killed run can be cleared by the next. */
export function createRunDirectory(): string {
  const dir = mkdtempSync(join(tmpdir(), PREFIX));
  // Postgres runs as another user when we are root and must be able to walk in.
  chmodSync(dir, 0o755);
  mkdirSync(join(dir, "redis-databases"));
  mkdirSync(join(dir, "pids"));
  writeFileSync(join(dir, "owner"), String(process.pid));
  return dir;
}

/** Notes a server of the run, by the pid that is to be ended when the run itself cannot. */
export function notePid(dir: string, pid: number): void {
  writeFileSync(join(dir, "pids", String(pid)), "");
}

/** Ends the servers of runs whose owner was killed, and removes their folders. */
export async function sweepDeadRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const dir = join(tmpdir(), name);
    const owner = Number(readIfThere(join(dir, "owner")));
    if (!Number.isInteger(owner) || owner <= 0 || isRunning(owner)) continue;
    for (const pid of serversOf(dir)) await endProcess(pid, "SIGQUIT", 3_000);
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Only pids whose command line names the folder: a number may since belong to somebody else. */
function serversOf(dir: string): number[] {
  let noted: string[];
  try {
    noted = readdirSync(join(dir, "pids"));
  } catch {
    return [];
  }
  return noted.map(Number).filter((pid) => isRunning(pid) && readIfThere(`/proc/${pid}/cmdline`).includes(dir));
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

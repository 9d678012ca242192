import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endProcess, isRunning } from "../services/server.ts";
import { identityOf } from "../start/identity.ts";

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

/** Notes a server of the run as soon as it is spawned: it is to be ended when the run itself cannot. */
export function notePid(dir: string, pid: number): void {
  writeFileSync(join(dir, "pids", String(pid)), identityOf(pid) ?? "");
}

/** Ends the servers of runs whose owner was killed, and removes their folders. */
export async function sweepDeadRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const dir = join(tmpdir(), name);
    const owner = Number(readIfThere(join(dir, "owner")));
    if (!Number.isInteger(owner) || owner <= 0 || isRunning(owner)) continue;
    await endRun(dir);
  }
}

/** Ends what still runs of the run's servers, those that tests forgot included, and removes its folder. */
export async function endRun(dir: string): Promise<void> {
  await Promise.all(serversOf(dir).map((pid) => endProcess(pid, "SIGQUIT", 3_000)));
  // A process that has just been told to end may still write a file into what is being emptied.
  rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** A number may since belong to somebody else. */
function serversOf(dir: string): number[] {
  let noted: string[];
  try {
    noted = readdirSync(join(dir, "pids"));
  } catch {
    return [];
  }
  return noted.filter((pid) => identityOf(Number(pid)) === readIfThere(join(dir, "pids", pid))).map(Number);
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

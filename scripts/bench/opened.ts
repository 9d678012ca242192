import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRunning } from "../services/server.ts";

const EXITS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** What a bench has open, for whoever leaves at once. */
export type Opened = {
  readonly dir: string;
  /** Everything that was started and would stay; each is killed before the next is asked for. */
  running: () => Iterable<number>;
};

let opened: Opened | undefined;

/** Gives a bench a folder, as long as it takes. */
export async function inAFolder<Result>(use: (opened: Opened) => Promise<Result>): Promise<Result> {
  const mine: Opened = { dir: mkdtempSync(join(tmpdir(), "comanda-bench-")), running: () => [] };
  opened = mine;
  // Postgres does not run as root: its own user must get through.
  chmodSync(mine.dir, 0o755);
  try {
    return await use(mine);
  } finally {
    opened = undefined;
    remove(mine);
  }
}

/** Ctrl-C, a terminal that is closed, a parent that ends: nothing that was started stays, no process and no folder. */
export function leaveOnSignals(): void {
  for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"] as const) {
    // Not once: a second one, which the launcher passes on after the terminal's, would end us halfway.
    process.on(signal, () => {
      for (const pid of opened?.running() ?? []) if (isRunning(pid)) process.kill(pid, "SIGKILL");
      if (opened !== undefined) remove(opened);
      process.exit(EXITS[signal]);
    });
  }
}

/** What was killed a moment ago may still write there. */
const remove = ({ dir }: Opened) => rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });

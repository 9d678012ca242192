import { closeSync, existsSync, openSync, rmSync } from "node:fs";
import { cannotStart } from "./report.ts";

/** Before a run that takes minutes: throws one sentence when what it finds could not be written there. */
export function mustTakeJson(path: string): void {
  const wasThere = existsSync(path);
  try {
    closeSync(openSync(path, "a"));
  } catch (error) {
    throw cannotStart(`--json: ${path} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
  if (!wasThere) rmSync(path);
}

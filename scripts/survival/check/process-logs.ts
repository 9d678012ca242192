import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isConnectionLost, refusesWrites } from "#hub/log/failures.ts";
import type { Finding } from "./history.ts";

/** pino's levels. */
const ERROR = 50;
const FATAL = 60;

type Line = { readonly level?: number; readonly err?: { readonly code?: string } };

/** What the processes said: no error that neither a lost connection nor a Postgres that takes nothing (a full disk, a standby) explains, and nothing in any other words than their logger's. */
export function checkProcessLogs(dir: string): Finding[] {
  const names = readdirSync(dir).filter((name) => /^(hub|consumers)(-\d+)?\.log$/.test(name));
  if (names.length < 2) throw new Error(`there are no logs of hub and consumers in ${dir}`);
  return names.flatMap((name) => complaintsOf(readFileSync(join(dir, name), "utf8")).map((what) => `${name} said ${what}`));
}

export function complaintsOf(log: string): Finding[] {
  return log.split("\n").filter((line) => line.trim() !== "" && !isExpected(line));
}

/** Node tells of its own end, and libraries of what nobody listened to, in plain text. */
function isExpected(line: string): boolean {
  if (!line.startsWith("{")) return false;
  const { level = 0, err } = JSON.parse(line) as Line;
  if (level < ERROR) return true;
  const error = Object.assign(new Error(), { code: err?.code });
  return level < FATAL && (isConnectionLost(error) || refusesWrites(error) !== undefined);
}

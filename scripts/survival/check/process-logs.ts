import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "./history.ts";

/** pino's level of what needs a person. */
const FATAL = 60;
/** An outage is told with the error of the connection, or with our own word for it. */
const OUTAGE = /ECONN|EPIPE|ETIMEDOUT|CONNECT|CONNECTION|57P0|57014|55P03|53300|08\d\d\d|away|lost|terminat|shutting down|starting up|recovery|Redis|Connection is closed|no answer|unavailable/i;

type Line = { readonly level?: number; readonly msg?: string; readonly where?: string; readonly err?: { readonly message?: string; readonly code?: string } };

/** What the processes said: nothing that no outage explains, and nothing in any other words than their logger's. */
export function checkProcessLogs(dir: string): Finding[] {
  return ["hub", "consumers"].flatMap((name) =>
    readFileSync(join(dir, `${name}.log`), "utf8")
      .split("\n")
      .filter((line) => line.trim() !== "")
      .flatMap((line) => complaint(line).map((what) => `${name}: ${what}`)),
  );
}

function complaint(text: string): Finding[] {
  if (!text.startsWith("{")) return [`said outside of its log: ${text}`];
  const line = JSON.parse(text) as Line;
  const level = line.level ?? 0;
  if (level >= FATAL) return [text];
  if (level < 50) return [];
  const about = [line.msg, line.where, line.err?.message, line.err?.code].join(" ");
  return OUTAGE.test(about) ? [] : [text];
}
